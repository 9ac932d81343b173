import type { Expression, Identifier } from '../ast/index.ts';
import { parseConstructor } from './constructors.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseCallRest } from './functions.ts';
import { parseLiteral, parseParameter } from './literals.ts';
import { continuePath, functionKeywords, parsePath, pathOf } from './names.ts';
import { parseParenthesizedQuery, startsQuery } from './query.ts';
import { parseSpecialForm } from './special-forms.ts';

const subscriptAccessors = ['OFFSET', 'SAFE_OFFSET', 'ORDINAL', 'SAFE_ORDINAL', 'KEY', 'SAFE_KEY'] as const;

/** A value with everything that can follow it: fields, subscripts, chained calls. */
export function parseOperand(cursor: Cursor): Expression {
  const startIndex = cursor.index;
  const start = cursor.token.start;
  let base = parsePrimary(cursor);
  for (;;) {
    if (cursor.isOp('[')) base = subscript(cursor, base, start);
    else if (cursor.isOp('.')) {
      if (cursor.peek(1).op === '*') {
        cursor.dotStarFrom = startIndex;
        return base;
      }
      if (base.kind === 'IntLiteral' || base.kind === 'FloatLiteral') refuseNumberCall(cursor, startIndex);
      base = memberOf(cursor, base, start);
    } else if (cursor.isOp('(')) refuseCall(cursor, base);
    else if (cursor.isOp('{')) cursor.unsupported('braced constructor');
    else return base;
    cursor.chainSteps++;
  }
}

/** `1.f()` is none, `(1).f()` is a chained call. */
function refuseNumberCall(cursor: Cursor, startIndex: number): void {
  const bare = cursor.tokens[startIndex]!.op !== '(';
  const call = cursor.peek(2);
  if (bare && call.op === '(') cursor.fail('Unexpected "("', call);
}

function refuseCall(cursor: Cursor, base: Expression): never {
  if (base.kind === 'FunctionCall') cursor.fail('Double function call parentheses');
  return cursor.fail(
    'Function call cannot be applied to this expression. Function calls require a path, e.g. a.b.c()',
  );
}

function parsePrimary(cursor: Cursor): Expression {
  const { kind, op } = cursor.token;
  if (kind === 'quoted') return nameOrCall(cursor);
  if (kind === 'op') {
    if (op === '(') return parenthesized(cursor);
    if (op === '[') return arrayOf(cursor);
    if (op === '@@') return systemVariable(cursor);
    if (op === '{') cursor.unsupported('braced constructor');
    if (op === '**') cursor.unsupported('unpacking with **');
    return parseParameter(cursor) ?? cursor.unexpected();
  }
  const literal = parseLiteral(cursor);
  if (literal !== undefined) return literal;
  if (kind !== 'word') return cursor.unexpected();
  return parseSpecialForm(cursor) ?? parseConstructor(cursor) ?? nameOrCall(cursor);
}

function arrayOf(cursor: Cursor): Expression {
  return parseConstructor(cursor) ?? cursor.unexpected();
}

function systemVariable(cursor: Cursor): Expression {
  const start = cursor.advance().start;
  const path = parsePath(cursor);
  return { kind: 'SystemVariable', span: cursor.spanFrom(start), path };
}

const currentFunctions: ReadonlySet<string> = new Set([
  'CURRENT_DATE',
  'CURRENT_DATETIME',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
]);

/** A dotted name, or a call of the function that it names. */
function nameOrCall(cursor: Cursor): Expression {
  const token = cursor.token;
  const first =
    functionKeywords.has(token.word) && cursor.peek(1).op === '('
      ? cursor.nameOr(functionKeywords)
      : cursor.name();
  if (currentFunctions.has(token.word) && !cursor.isOp('(')) return bareCurrent(first);
  const path = pathOf(continuePath(cursor, [first]));
  if (cursor.isOp('(')) return parseCallRest(cursor, path, [], token.start, false);
  return { kind: 'PathExpression', span: path.span, path };
}

/** `CURRENT_DATE` without parentheses is a call all the same. */
function bareCurrent(name: Identifier): Expression {
  return {
    kind: 'FunctionCall',
    span: name.span,
    name: pathOf([name]),
    distinct: false,
    star: false,
    arguments: [],
    orderBy: [],
    chained: false,
  };
}

function parenthesized(cursor: Cursor): Expression {
  const start = cursor.token.start;
  if (startsQuery(cursor, 1)) {
    const query = parseParenthesizedQuery(cursor);
    return { kind: 'ScalarSubquery', span: cursor.spanFrom(start), query };
  }
  cursor.advance();
  const first = parseExpression(cursor);
  if (!cursor.isOp(',')) {
    cursor.expectOp(')');
    return first;
  }
  cursor.advance();
  const values = [first, ...commaList(cursor, parseExpression)];
  cursor.expectOp(')');
  const fields = values.map((value) => ({ span: value.span, value }));
  return { kind: 'StructConstructor', span: cursor.spanFrom(start), tuple: true, fields };
}

function subscript(cursor: Cursor, base: Expression, start: number): Expression {
  cursor.advance();
  const accessor = subscriptAccessors.find((word) => cursor.isWord(word));
  if (accessor !== undefined && wholeCallInBrackets(cursor)) {
    cursor.advance();
    cursor.advance();
    const index = parseExpression(cursor);
    cursor.expectOp(')');
    cursor.expectOp(']');
    return { kind: 'Subscript', span: cursor.spanFrom(start), base, accessor, index };
  }
  const index = parseExpression(cursor);
  cursor.expectOp(']');
  return { kind: 'Subscript', span: cursor.spanFrom(start), base, index };
}

/** `[OFFSET(...)]` and not `[OFFSET(...) + 1]` */
function wholeCallInBrackets(cursor: Cursor): boolean {
  const open = cursor.peek(1);
  return open.op === '(' && open.match >= 0 && cursor.tokens[open.match + 1]?.op === ']';
}

function memberOf(cursor: Cursor, base: Expression, start: number): Expression {
  cursor.advance();
  if (cursor.isOp('(')) return chainedPath(cursor, base, start);
  const field = cursor.nameOr(functionKeywords);
  if (!cursor.isOp('(')) return { kind: 'FieldAccess', span: cursor.spanFrom(start), base, field };
  return parseCallRest(cursor, pathOf([field]), [receiver(base)], start, true);
}

function receiver(value: Expression) {
  return { kind: 'PlainArgument' as const, span: value.span, value };
}

/** `x.(NET.HOST)()`; without a call after it this is an extension field, which BigQuery does not have. */
function chainedPath(cursor: Cursor, base: Expression, start: number): Expression {
  cursor.expectOp('(');
  const path = parsePath(cursor);
  cursor.expectOp(')');
  if (!cursor.isOp('(')) cursor.unsupported('generalized field access');
  return parseCallRest(cursor, path, [receiver(base)], start, true);
}
