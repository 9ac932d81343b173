import type { Expression, Query, QueryBody } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseFromClause } from './from.ts';
import { parseOrderByClause } from './order-by.ts';
import { parsePipes } from './pipes.ts';
import { parseQueryBody } from './set-operations.ts';
import { startsWithExpression } from './special-forms.ts';
import { parseWithClause } from './with.ts';

/** After a parenthesized query these go on with a query; anything else goes on with an expression or table. */
const afterQuery: ReadonlySet<string> = new Set(['UNION', 'INTERSECT', 'EXCEPT', 'ORDER', 'LIMIT']);
const setOperationModes: ReadonlySet<string> = new Set(['FULL', 'LEFT', 'INNER', 'OUTER']);
const setOperators: ReadonlySet<string> = new Set(['UNION', 'INTERSECT', 'EXCEPT']);

/** Whether a set operation begins at a token: `UNION`, `LEFT OUTER UNION`, ... */
export function startsSetOperation(cursor: Cursor, index: number): boolean {
  const at = (ahead: number): string => cursor.tokens[index + ahead]?.word ?? '';
  if (setOperators.has(at(0))) return at(0) !== 'EXCEPT' || cursor.tokens[index + 1]?.op !== '(';
  if (!setOperationModes.has(at(0))) return false;
  if (at(0) === 'OUTER') return true;
  return setOperators.has(at(1)) || (at(1) === 'OUTER' && setOperators.has(at(2)));
}

function goesOnAsQuery(cursor: Cursor, at: number): boolean {
  // `(query) AS name` may be an input of its own or a table in a join
  const named = cursor.tokens[at]?.word === 'AS' && cursor.isName(cursor.tokens[at + 1]);
  const index = named ? at + 2 : at;
  const token = cursor.tokens[index];
  if (token === undefined) return false;
  if (token.kind === 'eof' || token.op === ';' || token.op === ')' || token.op === '|>') return true;
  if (token.word === 'FOR' && cursor.tokens[index + 1]?.word === 'UPDATE') return true;
  return afterQuery.has(token.word) || startsSetOperation(cursor, index);
}

/** After `TABLE t` in parentheses these show that it was a query; a pipe operator does not. */
const afterTableClause: ReadonlySet<string> = new Set([
  'WHERE',
  'UNION',
  'INTERSECT',
  'EXCEPT',
  'ORDER',
  'LIMIT',
]);

/** Words that are followed by `(` and a query; TABLE is a name after other words and in a list of arguments. */
const beforeTableClause: ReadonlySet<string> = new Set(['EXISTS', 'ARRAY', 'EXTEND', 'AGGREGATE']);

/**
 * Whether `(TABLE t` begins a query. TABLE is no reserved word: `(table JOIN b)` and `f(table)` are none.
 * The token before the parenthesis and the one after the table decide, as in GoogleSQL.
 */
function tableClauseAt(cursor: Cursor, index: number): boolean {
  const before = cursor.tokens[index - 2];
  if (before !== undefined && !beforeTableClause.has(before.word)) {
    if (before.word === 'IN' || cursor.isName(before)) return false;
  }
  const name = cursor.tokens[index + 1]!;
  const next = cursor.tokens[index + 2];
  if (!cursor.isName(name) || next === undefined) return false;
  if (next.op === '(') return name.word !== 'PIVOT' && name.word !== 'UNPIVOT';
  return next.op === '.' || next.op === ')' || afterTableClause.has(next.word);
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
  if (word === 'TABLE') return tableClauseAt(cursor, index);
  return word === 'WITH' && !startsWithExpression(cursor, index - cursor.index);
}

const beforeQuery: ReadonlySet<string> = new Set(['THEN', 'ELSE', 'ALL', 'DISTINCT', 'CORRESPONDING']);

/** `(TABLE` where only what follows tells whether TABLE begins a query. */
function refuseTableName(cursor: Cursor): void {
  const before = cursor.peek(-1);
  const opens = cursor.index === 0 || before.op === ';' || before.op === '(' || before.op === ')';
  if (opens || beforeQuery.has(before.word) || tableClauseAt(cursor, cursor.index + 1)) return;
  if (before.word === 'AS' && !definesTable(cursor)) return;
  cursor.expectOp('(');
  cursor.unexpected();
}

/** Whether the AS before this stands in a WITH clause, not in front of the query of a statement. */
function definesTable(cursor: Cursor): boolean {
  const { op, word } = cursor.peek(-3);
  return op === ',' || word === 'WITH' || word === 'RECURSIVE';
}

/** `( query )` */
export function parseParenthesizedQuery(cursor: Cursor): Query {
  if (cursor.peek(1).word === 'TABLE') refuseTableName(cursor);
  cursor.expectOp('(');
  const query = parseQuery(cursor);
  cursor.expectOp(')');
  return query;
}

/** A query with WITH before it and everything that follows it: ORDER BY, LIMIT, pipe operators. */
export function parseQuery(cursor: Cursor): Query {
  return cursor.nested(queryHere);
}

function queryHere(cursor: Cursor): Query {
  const start = cursor.token.start;
  const withClause = cursor.isWord('WITH') ? parseWithClause(cursor) : undefined;
  const rest = cursor.isWord('FROM') ? fromQuery(cursor) : plainQuery(cursor);
  if (lockModeFollows(cursor)) cursor.unsupported('FOR UPDATE');
  const pipes = parsePipes(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'Query', span, ...(withClause === undefined ? {} : { with: withClause }), ...rest, pipes };
}

type Rest = Pick<Query, 'body' | 'orderHint' | 'orderBy' | 'limit' | 'limitAll' | 'offset'>;

function plainQuery(cursor: Cursor): Rest {
  const body = parseQueryBody(cursor);
  const order = parseOrderByClause(cursor);
  return { body, ...order, ...parseLimit(cursor) };
}

/** What follows a FROM query elsewhere has an operator of its own in a pipe. */
const instead: Readonly<Record<string, readonly [subject: string, advice: string]>> = {
  WHERE: ['WHERE', '`|> WHERE`'],
  SELECT: ['SELECT', '`|> SELECT`'],
  GROUP: ['GROUP BY', '`|> AGGREGATE`'],
  ORDER: ['ORDER BY', '`|> ORDER BY` or parentheses around the FROM query'],
  UNION: ['UNION', '`|> UNION` or parentheses around the FROM query'],
  INTERSECT: ['INTERSECT', '`|> INTERSECT` or parentheses around the FROM query'],
  EXCEPT: ['EXCEPT', '`|> EXCEPT` or parentheses around the FROM query'],
  LIMIT: ['LIMIT', '`|> LIMIT` or parentheses around the FROM query'],
};

/** EXCEPT without ALL or DISTINCT is an error of its own, wherever it stands. */
function exceptGoesOn(cursor: Cursor): boolean {
  const { word, op } = cursor.peek(1);
  return word === 'ALL' || word === 'DISTINCT' || op === '@';
}

function fromQuery(cursor: Cursor): Rest {
  const start = cursor.token.start;
  const from = parseFromClause(cursor);
  const body: QueryBody = { kind: 'FromQuery', span: cursor.spanFrom(start), from };
  const { word } = cursor.token;
  if (word === 'EXCEPT' && !exceptGoesOn(cursor)) return { body, orderBy: [] };
  const wrong = Object.hasOwn(instead, word) ? instead[word] : undefined;
  if (wrong !== undefined) {
    cursor.fail(`${wrong[0]} not supported after FROM query; Consider using pipe operator ${wrong[1]}`);
  }
  return { body, orderBy: [] };
}

/** `FOR UPDATE`; FOR alone would go on as FOR SYSTEM_TIME. */
export function lockModeFollows(cursor: Cursor): boolean {
  return cursor.isWord('FOR') && cursor.peek(1).word === 'UPDATE';
}

type Limit = Pick<Query, 'limit' | 'limitAll' | 'offset'>;
const noLimit: Limit = {};

/** `LIMIT n [OFFSET m]`; `LIMIT ALL` sets no limit. */
export function parseLimit(cursor: Cursor): Limit {
  if (!cursor.takeWord('LIMIT')) return noLimit;
  const count: Limit = cursor.takeWord('ALL') ? { limitAll: true } : { limit: parseExpression(cursor) };
  if (!cursor.takeWord('OFFSET')) return count;
  const offset: Expression = parseExpression(cursor);
  return { ...count, offset };
}
