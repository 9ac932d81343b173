import type { CommonTable, Expression, RecursionDepth, WithClause } from '../ast/index.ts';
import { parseCount } from './counts.ts';
import { type Cursor, commaList } from './cursor.ts';
import { failBare, failExpected } from './expected.ts';
import { parseParenthesizedQuery } from './query.ts';
import { startsWithExpression } from './special-forms.ts';

/** `WITH [RECURSIVE] a AS (query), ...` */
export function parseWithClause(cursor: Cursor): WithClause {
  if (startsWithExpression(cursor, 0)) cursor.unexpected();
  const start = cursor.expectWord('WITH').start;
  const recursive = cursor.takeWord('RECURSIVE');
  const tables = commaList(cursor, commonTable);
  if (cursor.isOp('|>')) {
    cursor.fail(
      'A pipe operator cannot follow the WITH clause before the main query; The main query usually starts with SELECT or FROM here',
    );
  }
  return { kind: 'WithClause', span: cursor.spanFrom(start), recursive, tables };
}

/** The same as a pipe operator: a comma may trail, and what follows is a pipe again. */
export function parsePipeWith(cursor: Cursor): WithClause {
  const start = cursor.expectWord('WITH').start;
  const recursive = cursor.takeWord('RECURSIVE');
  const tables = [commonTable(cursor)];
  while (cursor.isOp(',') && cursor.isName(cursor.peek(1))) {
    cursor.advance();
    tables.push(commonTable(cursor));
  }
  const clause: WithClause = { kind: 'WithClause', span: cursor.spanFrom(start), recursive, tables };
  cursor.takeOp(',');
  return clause;
}

function commonTable(cursor: Cursor): CommonTable {
  const start = cursor.token.start;
  if (cursor.isWord('SELECT') || cursor.isWord('FROM')) {
    cursor.fail('Trailing comma after the WITH clause before the main query is not allowed');
  }
  const name = cursor.name();
  if (cursor.isOp('(')) refuseGroupRows(cursor);
  if (!cursor.takeWord('AS')) failExpected(cursor, '(', 'AS');
  const query = parseParenthesizedQuery(cursor);
  const depth = cursor.isWord('WITH') ? parseRecursionDepth(cursor) : undefined;
  const span = cursor.spanFrom(start);
  return { kind: 'CommonTable', span, name, query, ...(depth === undefined ? {} : { depth }) };
}

/** `f() AS GROUP ROWS`: an older name for the rows of a group, which GoogleSQL knows and has switched off. */
function refuseGroupRows(cursor: Cursor): never {
  cursor.expectOp('(');
  cursor.expectOp(')');
  cursor.expectWord('AS');
  const { start } = cursor.expectWord('GROUP');
  cursor.expectWord('ROWS');
  return failBare('GROUP ROWS is not supported.', start);
}

/** `WITH DEPTH [AS name] [BETWEEN a AND b | MAX b]` */
export function parseRecursionDepth(cursor: Cursor): RecursionDepth {
  cursor.foreign('WITH DEPTH');
  const { start } = cursor.expectWord('WITH');
  cursor.expectWord('DEPTH');
  const alias = cursor.takeWord('AS') ? cursor.name() : undefined;
  const bounds = depthBounds(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'RecursionDepth', span, ...(alias === undefined ? {} : { alias }), ...bounds };
}

function depthBounds(cursor: Cursor): Pick<RecursionDepth, 'lower' | 'upper'> {
  if (cursor.takeWord('MAX')) return { upper: depthBound(cursor) };
  if (!cursor.takeWord('BETWEEN')) return {};
  const lower = depthBound(cursor);
  cursor.expectWord('AND');
  return { lower, upper: depthBound(cursor) };
}

function depthBound(cursor: Cursor): Expression | 'UNBOUNDED' {
  if (cursor.takeWord('UNBOUNDED')) return 'UNBOUNDED';
  return parseCount(cursor);
}
