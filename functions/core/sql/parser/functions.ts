import type { Argument, Expression, FunctionCall, Identifier, Path } from '../ast/index.ts';
import { parseModifiers, startsModifier } from './call-modifiers.ts';
import { type Cursor, commaList } from './cursor.ts';
import { failAt, failBare, failExpected } from './expected.ts';
import { parseExpression, startsExpression } from './expression.ts';
import { hintPart } from './hints.ts';
import { parsePath } from './names.ts';
import { parseOver } from './windows.ts';
import { parseWithin } from './within.ts';

/** A call from its opening parenthesis on. `first` holds the receiver of a chained call. */
export function parseCallRest(
  cursor: Cursor,
  name: Path,
  first: readonly Argument[],
  start: number,
  chained: boolean,
): FunctionCall {
  cursor.expectOp('(');
  const distinct = cursor.takeWord('DISTINCT');
  const star = cursor.takeOp('*');
  const own = callArguments(cursor, star);
  const modifiers = parseModifiers(cursor, star || own.length > 0);
  const hint = hintPart(cursor);
  const within = hint.hint === undefined && cursor.isWord('WITHIN') ? parseWithin(cursor) : undefined;
  const over = within === undefined && cursor.takeWord('OVER') ? parseOver(cursor) : undefined;
  return {
    kind: 'FunctionCall',
    span: cursor.spanFrom(start),
    name,
    distinct,
    star,
    arguments: first.length === 0 ? own : [...first, ...own],
    ...modifiers,
    chained,
    ...hint,
    ...(over === undefined ? {} : { over }),
    ...(within === undefined ? {} : { within }),
  };
}

/** After a `*` others may follow, as in a differentially private count. */
function callArguments(cursor: Cursor, star: boolean): Argument[] {
  if (star) return cursor.takeOp(',') ? commaList(cursor, callArgument) : [];
  if (cursor.isOp(')') || startsModifier(cursor)) return [];
  if (!startsExpression(cursor) && !cursor.isWord('SELECT')) failExpected(cursor, ')');
  return commaList(cursor, callArgument);
}

const queryAsArgument =
  'Each function argument is an expression, not a query; to use a query as an expression, the query must be ' +
  'wrapped with additional parentheses to make it a scalar subquery expression';

/** One argument of a function that gives a value. */
function callArgument(cursor: Cursor): Argument {
  if (cursor.isWord('SELECT')) failBare(queryAsArgument, cursor.token.start);
  const named = namedArgument(cursor);
  if (named !== undefined) return named;
  const { start } = cursor.token;
  const special = objectArgument(cursor, start, undefined) ?? lambdaArgument(cursor, start, undefined);
  if (special !== undefined) return special;
  const value = parseExpression(cursor);
  if (cursor.isOp('->')) return oddLambda(cursor, start, undefined, start, value);
  const alias = cursor.takeWord('AS') ? cursor.name() : undefined;
  const span = cursor.spanFrom(start);
  return { kind: 'PlainArgument', span, value, ...(alias === undefined ? {} : { alias }) };
}

/** `a.b -> ...`, `(a, 1) -> ...`: the grammar takes a path or a tuple for the parameters of a lambda. */
function oddLambda(
  cursor: Cursor,
  start: number,
  name: Identifier | undefined,
  headAt: number,
  head: Expression,
): Argument {
  const tuple = head.kind === 'StructConstructor' && head.tuple;
  cursor.foreign('lambda with parameters that are no names', cursor.token);
  cursor.advance();
  if (head.kind !== 'PathExpression' && !tuple) failAt('Expecting lambda argument list', headAt);
  const body = parseExpression(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'LambdaArgument', span, parameters: [], head, body, ...argumentName(name) };
}

/** `name => value` in all its forms; nothing when no `=>` follows. */
export function namedArgument(cursor: Cursor): Argument | undefined {
  if (cursor.peek(1).op !== '=>' || !cursor.isName()) return undefined;
  const { start } = cursor.token;
  const name = cursor.name();
  cursor.advance();
  const special =
    objectArgument(cursor, start, name) ??
    lambdaArgument(cursor, start, name) ??
    columnsArgument(cursor, start, name) ??
    inputTableArgument(cursor, start, name);
  if (special !== undefined) return special;
  const valueAt = cursor.token.start;
  const value = parseExpression(cursor);
  if (cursor.isOp('->')) return oddLambda(cursor, start, name, valueAt, value);
  return { kind: 'NamedArgument', span: cursor.spanFrom(start), name, value };
}

const argumentName = (name: Identifier | undefined) => (name === undefined ? {} : { name });

const objectWords = ['MODEL', 'SEQUENCE', 'FUNCTION'] as const;

/** `MODEL m`, `SEQUENCE s`, `FUNCTION f`; each word alone is a name, and so it is before CLAMPED. */
function objectArgument(cursor: Cursor, start: number, name: Identifier | undefined): Argument | undefined {
  const object = objectWords.find((word) => cursor.isWord(word));
  const next = cursor.peek(1);
  if (object === undefined || !cursor.isName(next) || next.word === 'CLAMPED') return undefined;
  if (object !== 'MODEL') cursor.foreign(`${object} argument`);
  cursor.advance();
  const path = parsePath(cursor);
  return { kind: 'ObjectArgument', span: cursor.spanFrom(start), object, path, ...argumentName(name) };
}

/** `COLUMNS(expression)` */
export function columnsArgument(
  cursor: Cursor,
  start: number,
  name: Identifier | undefined,
): Argument | undefined {
  if (!cursor.isWord('COLUMNS') || cursor.peek(1).op !== '(') return undefined;
  cursor.foreign('COLUMNS argument');
  cursor.advance();
  cursor.expectOp('(');
  const columns = parseExpression(cursor);
  cursor.expectOp(')');
  return { kind: 'ColumnsArgument', span: cursor.spanFrom(start), columns, ...argumentName(name) };
}

/** `INPUT TABLE` */
export function inputTableArgument(
  cursor: Cursor,
  start: number,
  name: Identifier | undefined,
): Argument | undefined {
  if (!cursor.areWords('INPUT', 'TABLE')) return undefined;
  cursor.foreign('INPUT TABLE argument');
  cursor.advance();
  cursor.advance();
  return { kind: 'InputTableArgument', span: cursor.spanFrom(start), ...argumentName(name) };
}

/** `e -> e + 1`, `(a, b) -> a + b`, `() -> 1` */
function lambdaArgument(cursor: Cursor, start: number, name: Identifier | undefined): Argument | undefined {
  const { token } = cursor;
  const single = cursor.isName() && cursor.peek(1).op === '->';
  const several = token.op === '(' && token.match >= 0 && cursor.tokens[token.match + 1]?.op === '->';
  const none = token.op === '(' && cursor.peek(1).op === ')';
  if (!single && !none && !(several && holdsNames(cursor, token.match))) return undefined;
  const parameters = single ? [cursor.name()] : lambdaParameters(cursor);
  if (!cursor.takeOp('->')) cursor.fail(`Expected -> but got ${cursor.here()}`);
  const body: Expression = parseExpression(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'LambdaArgument', span, parameters, body, ...argumentName(name) };
}

/** Nothing but names and commas stands between this parenthesis and its match. */
function holdsNames(cursor: Cursor, close: number): boolean {
  for (let index = cursor.index + 1; index < close; index++) {
    const token = cursor.tokens[index]!;
    const odd = (index - cursor.index) % 2 === 1;
    if (odd ? !cursor.isName(token) : token.op !== ',') return false;
  }
  return true;
}

function lambdaParameters(cursor: Cursor): Identifier[] {
  cursor.expectOp('(');
  const parameters = cursor.isOp(')') ? [] : commaList(cursor, (at) => at.name());
  cursor.expectOp(')');
  return parameters;
}
