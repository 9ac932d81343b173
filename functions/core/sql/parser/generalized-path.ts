import type { Expression } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { closePath, parsePath, parsePathAsFarAsNames } from './names.ts';
import { parseSubscript } from './operand.ts';

/**
 * A place in a value: `a.b`, `a.b[0].c`, `a.(p.extension).d`. A path expression as far as it is only names,
 * then fields, subscripts and extensions around it.
 */
export function parseGeneralizedPath(cursor: Cursor): Expression {
  const { start } = cursor.token;
  const path = parsePathAsFarAsNames(cursor);
  return placesIn(cursor, { kind: 'PathExpression', span: path.span, path }, start, true);
}

/** `(p.extension)`, `(p.extension).field`, `(p.extension).(q.other)`: how a path begins in an extension. */
export function parseExtensionPath(cursor: Cursor): Expression {
  const { start } = cursor.token;
  cursor.foreign('generalized field access');
  return placesIn(cursor, extension(cursor, start, undefined), start, false);
}

function placesIn(cursor: Cursor, first: Expression, start: number, subscripts: boolean): Expression {
  let base = first;
  for (;;) {
    if (subscripts && cursor.isOp('[')) base = parseSubscript(cursor, base, start);
    else if (cursor.isOp('.')) {
      cursor.advance();
      base = cursor.isOp('(') ? extension(cursor, start, base) : fieldOf(cursor, start, base);
    } else return base;
    cursor.chainSteps++;
  }
}

/** `.(a.b)`; inside of its parentheses another path of extensions may begin. */
function extension(cursor: Cursor, start: number, base: Expression | undefined): Expression {
  if (base !== undefined) cursor.foreign('generalized field access');
  cursor.expectOp('(');
  const path = parsePath(cursor);
  closePath(cursor);
  return {
    kind: 'ExtensionAccess',
    span: cursor.spanFrom(start),
    ...(base === undefined ? {} : { base }),
    path,
  };
}

function fieldOf(cursor: Cursor, start: number, base: Expression): Expression {
  const field = cursor.name();
  return { kind: 'FieldAccess', span: cursor.spanFrom(start), base, field };
}
