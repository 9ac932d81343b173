import type { Argument, Expression, FunctionCall, Identifier, Path } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parsePath } from './names.ts';
import { parseOrderBy, parseOver } from './windows.ts';

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
  const own = star || endsArguments(cursor) ? [] : commaList(cursor, parseArgument);
  const modifiers = callModifiers(cursor);
  cursor.expectOp(')');
  cursor.refuseHint();
  if (cursor.isWord('WITHIN')) cursor.unsupported('WITHIN');
  const over = cursor.takeWord('OVER') ? parseOver(cursor) : undefined;
  return {
    kind: 'FunctionCall',
    span: cursor.spanFrom(start),
    name,
    distinct,
    star,
    arguments: first.length === 0 ? own : [...first, ...own],
    ...modifiers,
    chained,
    ...(over === undefined ? {} : { over }),
  };
}

const modifierWords: ReadonlySet<string> = new Set([
  'IGNORE',
  'RESPECT',
  'HAVING',
  'ORDER',
  'LIMIT',
  'WHERE',
  'GROUP',
]);

function endsArguments(cursor: Cursor): boolean {
  return cursor.isOp(')') || modifierWords.has(cursor.token.word);
}

/** What stands between the last argument and the closing parenthesis. */
function callModifiers(cursor: Cursor): Pick<FunctionCall, 'nullHandling' | 'having' | 'orderBy' | 'limit'> {
  const nullHandling = cursor.isWord('IGNORE') ? 'IGNORE' : cursor.isWord('RESPECT') ? 'RESPECT' : undefined;
  if (nullHandling !== undefined) {
    cursor.advance();
    cursor.expectWord('NULLS');
  }
  if (cursor.isWord('WHERE')) cursor.unsupported('WHERE in a function call');
  const having = havingModifier(cursor);
  if (cursor.isWord('GROUP')) cursor.unsupported('GROUP BY in a function call');
  if (cursor.isWord('CLAMPED')) cursor.unsupported('CLAMPED BETWEEN');
  if (cursor.areWords('WITH', 'REPORT')) cursor.unsupported('WITH REPORT');
  const orderBy = parseOrderBy(cursor);
  const limit = cursor.takeWord('LIMIT') ? parseExpression(cursor) : undefined;
  if (limit !== undefined && cursor.isWord('OFFSET')) cursor.unsupported('OFFSET in a function call');
  return {
    ...(nullHandling === undefined ? {} : { nullHandling }),
    ...(having === undefined ? {} : { having }),
    orderBy,
    ...(limit === undefined ? {} : { limit }),
  };
}

function havingModifier(cursor: Cursor): FunctionCall['having'] {
  if (!cursor.takeWord('HAVING')) return undefined;
  const type = cursor.isWord('MAX') ? 'MAX' : cursor.isWord('MIN') ? 'MIN' : undefined;
  if (type === undefined) return cursor.unexpected();
  cursor.advance();
  return { type, expression: parseExpression(cursor) };
}

const objectWords = ['TABLE', 'MODEL', 'CONNECTION'] as const;

/** One argument of a function or table function. */
export function parseArgument(cursor: Cursor): Argument {
  const start = cursor.token.start;
  if (cursor.isWord('SELECT')) {
    cursor.fail('A query as an argument needs parentheses of its own');
  }
  const named = cursor.isName() && cursor.peek(1).op === '=>';
  const name = named ? cursor.name() : undefined;
  if (named) cursor.advance();
  const special = objectArgument(cursor, start, name) ?? lambdaArgument(cursor, start, name);
  if (special !== undefined) return special;
  const value = parseExpression(cursor);
  if (name !== undefined) return { kind: 'NamedArgument', span: cursor.spanFrom(start), name, value };
  const alias = cursor.takeWord('AS') ? cursor.name() : undefined;
  const span = cursor.spanFrom(start);
  return { kind: 'PlainArgument', span, value, ...(alias === undefined ? {} : { alias }) };
}

/** `TABLE t`, `MODEL m`, `CONNECTION c`, `DESCRIPTOR(x)`; each word alone is a name. */
function objectArgument(cursor: Cursor, start: number, name: Identifier | undefined): Argument | undefined {
  const argumentName = name === undefined ? {} : { name };
  const next = cursor.peek(1);
  const object = objectWords.find((word) => cursor.isWord(word));
  if (object !== undefined && cursor.isName(next)) {
    cursor.advance();
    const path = parsePath(cursor);
    if (cursor.isOp('(')) cursor.unsupported('table function as a TABLE argument');
    if (cursor.isWord('WHERE')) cursor.unsupported('WHERE after a TABLE argument');
    return { kind: 'ObjectArgument', span: cursor.spanFrom(start), object, path, ...argumentName };
  }
  if (cursor.isWord('DESCRIPTOR') && next.op === '(') {
    cursor.advance();
    cursor.advance();
    const path = parsePath(cursor);
    if (cursor.isOp(',')) cursor.unsupported('DESCRIPTOR with several columns');
    cursor.expectOp(')');
    return {
      kind: 'ObjectArgument',
      span: cursor.spanFrom(start),
      object: 'DESCRIPTOR',
      path,
      ...argumentName,
    };
  }
  if (
    (cursor.isWord('SEQUENCE') || cursor.isWord('GRAPH') || cursor.isWord('FUNCTION')) &&
    cursor.isName(next)
  ) {
    cursor.unsupported(`${cursor.token.word} argument`);
  }
  if (cursor.areWords('INPUT', 'TABLE')) cursor.unsupported('INPUT TABLE argument');
  return undefined;
}

/** `e -> e + 1`, `(a, b) -> a + b`, `() -> 1` */
function lambdaArgument(cursor: Cursor, start: number, name: Identifier | undefined): Argument | undefined {
  const { token } = cursor;
  const single = cursor.isName() && cursor.peek(1).op === '->';
  const several = token.op === '(' && token.match >= 0 && cursor.tokens[token.match + 1]?.op === '->';
  if (!single && !several) return undefined;
  const parameters = single ? [cursor.name()] : lambdaParameters(cursor);
  cursor.expectOp('->');
  const body: Expression = parseExpression(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'LambdaArgument', span, parameters, body, ...(name === undefined ? {} : { name }) };
}

function lambdaParameters(cursor: Cursor): Identifier[] {
  cursor.expectOp('(');
  const parameters = cursor.isOp(')') ? [] : commaList(cursor, (at) => at.name());
  cursor.expectOp(')');
  return parameters;
}
