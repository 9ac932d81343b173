import type { Argument, Identifier } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { closeList, failBare } from './expected.ts';
import { parseExpression } from './expression.ts';
import { namedArgument } from './functions.ts';

const queryInUnnest =
  'The argument to UNNEST is an expression, not a query; to use a query as an expression, the query must be ' +
  'wrapped with additional parentheses to make it a scalar subquery expression';

/**
 * `UNNEST(array [AS alias], ... [, name => mode])`: at least one array, and at most one named argument
 * at the end.
 */
export function parseUnnestArguments(cursor: Cursor): readonly Argument[] {
  cursor.expectWord('UNNEST');
  cursor.expectOp('(');
  if (cursor.isWord('SELECT')) failBare(queryInUnnest, cursor.token.start);
  const found: Argument[] = [array(cursor)];
  while (cursor.takeOp(',')) {
    const mode = namedArgument(cursor);
    found.push(mode ?? array(cursor));
    if (mode === undefined) continue;
    cursor.expectOp(')');
    return found;
  }
  closeList(cursor);
  return found;
}

function array(cursor: Cursor): Argument {
  const { start } = cursor.token;
  const value = parseExpression(cursor);
  const alias: Identifier | undefined = cursor.takeWord('AS') ? cursor.name() : undefined;
  const span = cursor.spanFrom(start);
  return { kind: 'PlainArgument', span, value, ...(alias === undefined ? {} : { alias }) };
}
