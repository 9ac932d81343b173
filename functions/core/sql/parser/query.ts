import type { CommonTable, Expression, Query, QueryBody, WithClause } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseFromClause } from './from.ts';
import { parsePipes } from './pipes.ts';
import { parseQueryBody } from './set-operations.ts';
import { parseOrderBy } from './windows.ts';

/** After a parenthesized query these go on with a query; anything else goes on with an expression or table. */
const afterQuery: ReadonlySet<string> = new Set(['UNION', 'INTERSECT', 'EXCEPT', 'ORDER', 'LIMIT']);
const setOperationModes: ReadonlySet<string> = new Set(['FULL', 'LEFT', 'INNER', 'OUTER']);
const setOperators: ReadonlySet<string> = new Set(['UNION', 'INTERSECT', 'EXCEPT']);

/** Whether a set operation begins at a token: `UNION`, `LEFT OUTER UNION`, ... */
export function startsSetOperation(cursor: Cursor, index: number): boolean {
  const at = (ahead: number): string => cursor.tokens[index + ahead]?.word ?? '';
  if (setOperators.has(at(0))) return true;
  if (!setOperationModes.has(at(0))) return false;
  return setOperators.has(at(1)) || (at(1) === 'OUTER' && setOperators.has(at(2)));
}

function goesOnAsQuery(cursor: Cursor, index: number): boolean {
  const token = cursor.tokens[index];
  if (token === undefined) return false;
  if (token.kind === 'eof' || token.op === ';' || token.op === ')' || token.op === '|>') return true;
  return afterQuery.has(token.word) || startsSetOperation(cursor, index);
}

/** `WITH (a AS 1, a)` is an expression. */
function withExpressionAt(cursor: Cursor, index: number): boolean {
  return cursor.tokens[index + 1]?.op === '(';
}

/**
 * Whether the token `ahead` begins a query, looking through parentheses:
 * `((SELECT 1) UNION ALL ...)` does, `((SELECT 1) + 1)` does not.
 */
export function startsQuery(cursor: Cursor, ahead: number): boolean {
  let index = cursor.index + ahead;
  while (cursor.tokens[index]?.op === '(') {
    const { match } = cursor.tokens[index]!;
    if (match < 0 || !goesOnAsQuery(cursor, match + 1)) return false;
    index++;
  }
  const word = cursor.tokens[index]?.word;
  if (word === 'SELECT' || word === 'FROM') return true;
  return word === 'WITH' && !withExpressionAt(cursor, index);
}

/** `( query )` */
export function parseParenthesizedQuery(cursor: Cursor): Query {
  cursor.expectOp('(');
  const query = parseQuery(cursor);
  cursor.expectOp(')');
  return query;
}

/** A query with its WITH, ORDER BY, LIMIT and pipe operators. */
export function parseQuery(cursor: Cursor): Query {
  return cursor.nested(queryBody);
}

function queryBody(cursor: Cursor): Query {
  const start = cursor.token.start;
  const withClause = cursor.isWord('WITH') ? parseWith(cursor) : undefined;
  if (withClause !== undefined && cursor.isOp('|>')) cursor.unexpected();
  const fromQuery = cursor.isWord('FROM');
  const body = fromQuery ? leadingFrom(cursor) : parseQueryBody(cursor);
  const orderBy = fromQuery ? [] : parseOrderBy(cursor);
  const { limit, offset } = fromQuery ? {} : parseLimit(cursor);
  if (cursor.areWords('FOR', 'UPDATE')) cursor.unsupported('FOR UPDATE');
  const pipes = parsePipes(cursor);
  return {
    kind: 'Query',
    span: cursor.spanFrom(start),
    ...(withClause === undefined ? {} : { with: withClause }),
    body,
    orderBy,
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
    pipes,
  };
}

function leadingFrom(cursor: Cursor): QueryBody {
  const start = cursor.token.start;
  const from = parseFromClause(cursor);
  return { kind: 'FromQuery', span: cursor.spanFrom(start), from };
}

/** `LIMIT ALL` sets no limit. */
export function parseLimit(cursor: Cursor): { limit?: Expression; offset?: Expression } {
  if (!cursor.takeWord('LIMIT')) return {};
  const limit = cursor.takeWord('ALL') ? undefined : parseExpression(cursor);
  const offset = cursor.takeWord('OFFSET') ? parseExpression(cursor) : undefined;
  return { ...(limit === undefined ? {} : { limit }), ...(offset === undefined ? {} : { offset }) };
}

export function parseWith(cursor: Cursor): WithClause {
  const start = cursor.expectWord('WITH').start;
  const recursive = cursor.isWord('RECURSIVE');
  if (recursive) cursor.advance();
  const tables = commaList(cursor, commonTable);
  return { kind: 'WithClause', span: cursor.spanFrom(start), recursive, tables };
}

function commonTable(cursor: Cursor): CommonTable {
  const start = cursor.token.start;
  if (cursor.isWord('SELECT') || cursor.isWord('FROM')) {
    cursor.fail('Trailing comma after the WITH clause before the main query is not allowed');
  }
  const name = cursor.name();
  if (cursor.isOp('(') && cursor.peek(1).op === ')') cursor.unsupported('WITH ... AS GROUP ROWS');
  cursor.expectWord('AS');
  if (!cursor.isOp('(')) cursor.expectOp('(');
  const query = parseParenthesizedQuery(cursor);
  if (cursor.areWords('WITH', 'DEPTH')) cursor.unsupported('WITH DEPTH');
  return { kind: 'CommonTable', span: cursor.spanFrom(start), name, query };
}
