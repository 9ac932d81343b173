import type { Argument, Identifier, Path, TableExpression } from '../ast/index.ts';
import { aliasHere } from './aliases.ts';
import { type Cursor, commaList } from './cursor.ts';
import { failExpected } from './expected.ts';
import { startsExpression } from './expression.ts';
import { hintPart } from './hints.ts';
import { parseTableArgument } from './table-arguments.ts';
import { parseAfterwards, parsePivots } from './table-postfix.ts';

/** An argument that is a parenthesized query and nothing more may be a table. */
function tableArgument(cursor: Cursor): Argument {
  const argument = parseTableArgument(cursor);
  if (argument.kind !== 'PlainArgument' || argument.alias !== undefined) return argument;
  const { value, span } = argument;
  // a graph query between braces is a value
  const table = value.kind === 'ScalarSubquery' && value.query.body.kind !== 'GraphQuery';
  return table ? { kind: 'QueryArgument', span, query: value.query } : argument;
}

/** The arguments of a table function or procedure, with their parentheses; `close` reads the last one. */
export function tableArguments(cursor: Cursor, close = closeArguments): Argument[] {
  cursor.expectOp('(');
  if (cursor.takeOp(')')) return [];
  if (!startsExpression(cursor) && !cursor.isWord('SELECT')) failExpected(cursor, ')');
  const list = commaList(cursor, tableArgument);
  close(cursor);
  return list;
}

function closeArguments(cursor: Cursor): void {
  cursor.expectOp(')');
}

type TableFunction = Extract<TableExpression, { kind: 'TableFunction' }>;

/** A call of a table function in FROM, from its opening parenthesis on. */
export function parseTableFunction(
  cursor: Cursor,
  start: number,
  name: Path,
  lateral = false,
): TableFunction {
  const list = tableArguments(cursor);
  const hint = hintPart(cursor);
  const alias: Identifier | undefined = aliasHere(cursor);
  const postfix = parseAfterwards(cursor, parsePivots(cursor, alias));
  return {
    kind: 'TableFunction',
    span: cursor.spanFrom(start),
    name,
    arguments: list,
    ...hint,
    ...(alias === undefined ? {} : { alias }),
    ...(lateral ? { lateral: true as const } : {}),
    postfix,
  };
}
