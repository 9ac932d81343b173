import type { Expression, Identifier } from '../ast/index.ts';
import { parseBracedConstructor, parseBracedRest } from './braced.ts';
import { parseConstructor } from './constructors.ts';
import { type Cursor, commaList } from './cursor.ts';
import { closeList, failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { parseCallRest } from './functions.ts';
import { parseLiteral, parseParameter } from './literals.ts';
import { closePath, continuePath, functionKeywords, parsePath, pathOf } from './names.ts';
import { parseParenthesizedQuery, startsQuery, startsSetOperation } from './query.ts';
import { parseSpecialForm } from './special-forms.ts';

const subscriptAccessors = ['OFFSET', 'SAFE_OFFSET', 'ORDINAL', 'SAFE_ORDINAL', 'KEY', 'SAFE_KEY'] as const;

/** A value with everything that can follow it: fields, subscripts, chained calls. */
export function parseOperand(cursor: Cursor): Expression {
  const startIndex = cursor.index;
  const start = cursor.token.start;
  return postfixes(cursor, parsePrimary(cursor), start, startIndex);
}

/** What can follow a value that is already read and began at `start`. */
export function parsePostfixes(cursor: Cursor, base: Expression, start: number): Expression {
  return postfixes(cursor, base, start, cursor.index);
}

function postfixes(cursor: Cursor, first: Expression, start: number, startIndex: number): Expression {
  let base = first;
  for (;;) {
    switch (cursor.token.op) {
      case '[':
        base = parseSubscript(cursor, base, start);
        break;
      case '.':
        if (cursor.peek(1).op === '*' && startIndex === cursor.selectItemFrom) return base;
        base = memberOf(cursor, base, start);
        break;
      case '(':
        refuseCall(cursor, base);
        break;
      case '{':
        base = parseBracedRest(cursor, base, start);
        break;
      default:
        return base;
    }
    cursor.chainSteps++;
  }
}

/** What stands between parentheses ends before the last token. */
const isBare = (cursor: Cursor, base: Expression): boolean => base.span.end === cursor.lastEnd;

function refuseCall(cursor: Cursor, base: Expression): never {
  const { failure, kind } = cursor.peek(1);
  if (kind === 'invalid' && failure !== undefined) throw failure;
  if (base.kind === 'FunctionCall' && isBare(cursor, base)) cursor.fail('Double function call parentheses');
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
    if (op === '{') return parseBracedConstructor(cursor);
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

const currentFunctions: ReadonlySet<string> = new Set([
  'CURRENT_DATE',
  'CURRENT_DATETIME',
  'CURRENT_TIME',
  'CURRENT_TIMESTAMP',
]);

/** A dotted name, or a call of the function that it names. */
function nameOrCall(cursor: Cursor): Expression {
  const token = cursor.token;
  const keyword = token.word !== '' && functionKeywords.has(token.word);
  if (keyword && startsSetOperation(cursor, cursor.index)) cursor.unexpected();
  const first = keyword ? cursor.nameOr(functionKeywords) : cursor.name();
  if (keyword && !cursor.isOp('(')) failExpected(cursor, '(');
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
  if (cursor.takeOp(')')) return first;
  cursor.expectOp(',');
  const values = [first, ...commaList(cursor, parseExpression)];
  closeList(cursor);
  const fields = values.map((value) => ({ span: value.span, value }));
  return { kind: 'StructConstructor', span: cursor.spanFrom(start), tuple: true, fields };
}

/** `base[index]` from the bracket on. */
export function parseSubscript(cursor: Cursor, base: Expression, start: number): Expression {
  cursor.advance();
  const accessor = subscriptAccessors.find((word) => cursor.isWord(word));
  if (accessor !== undefined && wholeCallInBrackets(cursor)) {
    const written = cursor.advance().name;
    cursor.advance();
    const index = parseExpression(cursor);
    cursor.expectOp(')');
    cursor.expectOp(']');
    return { kind: 'Subscript', span: cursor.spanFrom(start), base, accessor, written, index };
  }
  const index = parseExpression(cursor);
  cursor.expectOp(']');
  return { kind: 'Subscript', span: cursor.spanFrom(start), base, index };
}

/** `[OFFSET(x)]` and not `[OFFSET(x) + 1]`, nor anything that only a call can hold. */
function wholeCallInBrackets(cursor: Cursor): boolean {
  const open = cursor.peek(1);
  if (open.op !== '(' || open.match < 0 || cursor.tokens[open.match + 1]?.op !== ']') return false;
  const next = cursor.peek(2);
  return next.op !== ')' && next.op !== '*' && next.word !== 'DISTINCT' && !holdsMore(cursor, open.match);
}

/** A comma, a name or a clause between the parentheses: a call like any other. */
function holdsMore(cursor: Cursor, close: number): boolean {
  for (let index = cursor.index + 2; index < close; index++) {
    const token = cursor.tokens[index]!;
    if (token.match >= 0) index = token.match;
    else if (token.op === ',' || token.op === '=>' || token.op === '->' || callWords.has(token.word))
      return true;
  }
  return false;
}

const callWords: ReadonlySet<string> = new Set(
  'AS IGNORE RESPECT WHERE HAVING GROUP CLAMPED WITH ORDER LIMIT SELECT SEQUENCE MODEL FUNCTION'.split(' '),
);

function memberOf(cursor: Cursor, base: Expression, start: number): Expression {
  const bareNumber = (base.kind === 'IntLiteral' || base.kind === 'FloatLiteral') && isBare(cursor, base);
  cursor.advance();
  if (cursor.isOp('(')) return chainedPath(cursor, base, start, bareNumber);
  const field = cursor.nameOr(functionKeywords);
  if (!cursor.isOp('(')) return { kind: 'FieldAccess', span: cursor.spanFrom(start), base, field };
  if (bareNumber) cursor.fail('Unexpected "("');
  return parseCallRest(cursor, pathOf([field]), [receiver(base)], start, true);
}

function receiver(value: Expression) {
  return { kind: 'PlainArgument' as const, span: value.span, value };
}

/** `x.(NET.HOST)()`; without a call after it this is an extension of a proto, which BigQuery does not have. */
function chainedPath(cursor: Cursor, base: Expression, start: number, bareNumber: boolean): Expression {
  const at = cursor.expectOp('(');
  const path = parsePath(cursor);
  closePath(cursor);
  if (!cursor.isOp('(')) {
    cursor.foreign('generalized field access', at);
    return { kind: 'ExtensionAccess', span: cursor.spanFrom(start), base, path };
  }
  if (bareNumber) cursor.fail('Unexpected "("');
  return parseCallRest(cursor, path, [receiver(base)], start, true);
}
