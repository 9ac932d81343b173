import type { MergeAction, MergeClause, MergeStatement, TableExpression } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { failAt, failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { parseTable } from '../from.ts';
import { given } from '../given.ts';
import { optionalAlias, parseTablePath } from '../names.ts';
import { startsQuery } from '../query.ts';
import { failAction, parseColumns } from './clauses.ts';
import { valuesRow } from './insert.ts';
import { parseUpdateItems } from './update.ts';

/** `MERGE [INTO] t [AS a] USING s ON c WHEN ...` */
export function parseMerge(cursor: Cursor): MergeStatement {
  const { start } = cursor.expectWord('MERGE');
  cursor.takeWord('INTO');
  const target = parseTablePath(cursor);
  const alias = optionalAlias(cursor);
  if (!cursor.isWord('USING') && alias === undefined) cursor.unexpected();
  cursor.expectWord('USING');
  const source = mergeSource(cursor);
  cursor.expectWord('ON');
  const on = parseExpression(cursor);
  const clauses: MergeClause[] = [];
  do clauses.push(mergeClause(cursor));
  while (cursor.isWord('WHEN'));
  const parts = { target, ...given({ alias }), source, on, clauses };
  return { kind: 'MergeStatement', span: cursor.spanFrom(start), ...parts };
}

/** They begin a table elsewhere. */
const noSource: ReadonlySet<string> = new Set(['LATERAL', 'GRAPH_TABLE', 'GROUP']);

/** A table, an array or a subquery; no join and no table function. */
function mergeSource(cursor: Cursor): TableExpression {
  if (cursor.isOp('(') && !startsQuery(cursor, 1)) {
    cursor.advance();
    return cursor.unexpected();
  }
  if (noSource.has(cursor.token.word)) cursor.unexpected();
  const { index } = cursor;
  if (cursor.isName()) {
    parseTablePath(cursor);
    if (cursor.isOp('(')) cursor.expectWord('ON');
    cursor.moveTo(index);
  }
  const table = parseTable(cursor);
  const postfix = 'postfix' in table ? table.postfix : [];
  const late = postfix.find(({ kind }) => kind !== 'Pivot' && kind !== 'Unpivot');
  return late === undefined ? table : failPostfix(cursor, late.span.start);
}

function failPostfix(cursor: Cursor, start: number): never {
  const word = /^\w+/.exec(cursor.text.slice(start))?.[0] ?? '';
  return failAt(`Expected keyword ON but got keyword ${word.toUpperCase()}`, start);
}

function mergeClause(cursor: Cursor): MergeClause {
  const { start } = cursor.expectWord('WHEN');
  const matched = matchedKind(cursor);
  const condition = cursor.takeWord('AND') ? parseExpression(cursor) : undefined;
  if (!cursor.isWord('THEN') && condition === undefined) failExpected(cursor, 'AND', 'THEN');
  cursor.expectWord('THEN');
  const action = mergeAction(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'MergeClause', span, matched, ...given({ condition }), action };
}

function matchedKind(cursor: Cursor): MergeClause['matched'] {
  if (cursor.takeWord('MATCHED')) return 'MATCHED';
  if (!cursor.isWord('NOT')) return failExpected(cursor, 'MATCHED', 'NOT');
  cursor.advance();
  cursor.expectWord('MATCHED');
  if (!cursor.takeWord('BY')) return 'NOT_MATCHED_BY_TARGET';
  if (cursor.takeWord('SOURCE')) return 'NOT_MATCHED_BY_SOURCE';
  if (!cursor.takeWord('TARGET')) return failExpected(cursor, 'SOURCE', 'TARGET');
  return 'NOT_MATCHED_BY_TARGET';
}

function mergeAction(cursor: Cursor): MergeAction {
  const { start } = cursor.token;
  if (cursor.takeWord('DELETE')) return { kind: 'MergeDelete', span: cursor.spanFrom(start) };
  if (cursor.takeWord('UPDATE')) {
    cursor.expectWord('SET');
    const items = parseUpdateItems(cursor);
    return { kind: 'MergeUpdate', span: cursor.spanFrom(start), items };
  }
  if (!cursor.isWord('INSERT')) return failAction(cursor);
  cursor.advance();
  const columns = cursor.isOp('(') ? parseColumns(cursor) : [];
  const values = insertedValues(cursor);
  return { kind: 'MergeInsert', span: cursor.spanFrom(start), columns, ...given({ values }) };
}

/** `VALUES (...)`, or nothing for ROW. */
function insertedValues(cursor: Cursor) {
  if (cursor.takeWord('ROW')) return undefined;
  if (!cursor.isWord('VALUES')) return failExpected(cursor, 'ROW', 'VALUES');
  cursor.advance();
  return valuesRow(cursor);
}
