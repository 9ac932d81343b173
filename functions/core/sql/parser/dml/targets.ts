import type { DmlTarget, Expression, GeneralizedPath, Identifier, Path } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { continuePath, parsePath, parseTablePath, pathOf } from '../names.ts';

/** What is changed: a table, whose project may have dashes, or a part of a column. */
export function parseDmlTarget(cursor: Cursor): DmlTarget {
  const path = parseTablePath(cursor);
  const [first] = path.parts;
  const dashed = first !== undefined && !first.quoted && first.name.includes('-');
  return dashed ? onlyPath(cursor, path) : generalized(cursor, path);
}

/** What an assignment sets: a column, a field of one, or what only nested statements reach. */
export function parseColumnTarget(cursor: Cursor, first: Identifier): DmlTarget {
  return generalized(cursor, pathOf(continuePath(cursor, [first])));
}

function onlyPath(cursor: Cursor, path: Path): Path {
  if (!cursor.isOp('.')) return path;
  cursor.advance();
  return cursor.unexpected();
}

function generalized(cursor: Cursor, path: Path): DmlTarget {
  if (!cursor.isOp('.') && !cursor.isOp('[')) return path;
  cursor.foreign('DML on part of a column');
  let base: Expression = { kind: 'PathExpression', span: path.span, path };
  while (cursor.isOp('.') || cursor.isOp('[')) {
    cursor.chainSteps++;
    base = cursor.takeOp('.') ? dotted(cursor, base) : element(cursor, base);
  }
  return base as GeneralizedPath;
}

function dotted(cursor: Cursor, base: Expression): GeneralizedPath {
  const { start } = base.span;
  if (!cursor.takeOp('(')) {
    const field = cursor.name();
    return { kind: 'FieldAccess', span: cursor.spanFrom(start), base, field };
  }
  const path = parsePath(cursor);
  if (!cursor.isOp(')')) failExpected(cursor, ')', '.');
  cursor.advance();
  return { kind: 'ExtensionAccess', span: cursor.spanFrom(start), base, path };
}

function element(cursor: Cursor, base: Expression): GeneralizedPath {
  cursor.expectOp('[');
  const index = parseExpression(cursor);
  cursor.expectOp(']');
  return { kind: 'Subscript', span: cursor.spanFrom(base.span.start), base, index };
}
