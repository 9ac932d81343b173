import type {
  DeleteStatement,
  Expression,
  Identifier,
  InsertStatement,
  MergeStatement,
  Path,
  UpdateStatement,
} from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseFromClause, parseTable } from './from.ts';
import { optionalAlias, parsePath, parseTablePath } from './names.ts';
import { parseQuery } from './query.ts';
import { columnList } from './set-operations.ts';

const onlySpanner: ReadonlySet<string> = new Set(['IGNORE', 'OR', 'REPLACE', 'UPDATE']);

/** `INSERT [INTO] t [(columns)] VALUES (...) | query` */
export function parseInsert(cursor: Cursor): InsertStatement {
  const { start } = cursor.expectWord('INSERT');
  const { word } = cursor.token;
  const path = cursor.peek(1).op === '.' || cursor.peek(1).op === '[';
  if (onlySpanner.has(word) && !path) cursor.unsupported(`INSERT ${word}`);
  cursor.takeWord('INTO');
  const target = targetPath(cursor);
  const columns = cursor.isOp('(') && cursor.isName(cursor.peek(1)) ? columnList(cursor) : [];
  const content = insertContent(cursor);
  refuseTail(cursor);
  return { kind: 'InsertStatement', span: cursor.spanFrom(start), target, columns, ...content };
}

function insertContent(cursor: Cursor): Pick<InsertStatement, 'rows' | 'query'> {
  if (cursor.takeWord('VALUES')) return { rows: commaList(cursor, valuesRow) };
  if (cursor.isWord('TABLE')) cursor.unsupported('TABLE clause');
  return { query: parseQuery(cursor) };
}

function valuesRow(cursor: Cursor): Expression[] {
  cursor.expectOp('(');
  const row = commaList(cursor, newValue);
  cursor.expectOp(')');
  return row;
}

/** A value to store. DEFAULT is none that an expression could be. */
function newValue(cursor: Cursor): Expression {
  if (cursor.isWord('DEFAULT')) cursor.unsupported('DEFAULT as a value');
  return parseExpression(cursor);
}

function targetPath(cursor: Cursor): Path {
  const path = parseTablePath(cursor);
  if (cursor.isOp('[') || cursor.isOp('.')) cursor.unsupported('DML on part of a column');
  cursor.refuseHint();
  return path;
}

/** What may follow a DML statement elsewhere and not in BigQuery. */
function refuseTail(cursor: Cursor): void {
  if (cursor.isWord('ASSERT_ROWS_MODIFIED')) cursor.unsupported('ASSERT_ROWS_MODIFIED');
  if (cursor.areWords('THEN', 'RETURN')) cursor.unsupported('THEN RETURN');
  if (cursor.areWords('ON', 'CONFLICT')) cursor.unsupported('ON CONFLICT');
}

function targetAlias(cursor: Cursor): { readonly alias?: Identifier } {
  const alias = optionalAlias(cursor);
  if (cursor.areWords('WITH', 'OFFSET')) cursor.unsupported('DML on part of a column');
  return alias === undefined ? {} : { alias };
}

/** `UPDATE t [AS a] SET x = 1, ... [FROM ...] [WHERE ...]` */
export function parseUpdate(cursor: Cursor): UpdateStatement {
  const { start } = cursor.expectWord('UPDATE');
  const target = targetPath(cursor);
  const alias = targetAlias(cursor);
  cursor.expectWord('SET');
  const items = commaList(cursor, updateItem);
  const from = cursor.isWord('FROM') ? parseFromClause(cursor) : undefined;
  const where = cursor.takeWord('WHERE') ? parseExpression(cursor) : undefined;
  refuseTail(cursor);
  return {
    kind: 'UpdateStatement',
    span: cursor.spanFrom(start),
    target,
    ...alias,
    items,
    ...(from === undefined ? {} : { from }),
    ...(where === undefined ? {} : { where }),
  };
}

function updateItem(cursor: Cursor): { target: Path; value: Expression } {
  if (cursor.isOp('(')) cursor.unsupported('nested DML');
  const target = parsePath(cursor);
  if (cursor.isOp('[') || cursor.isOp('.')) cursor.unsupported('update of an array element');
  cursor.expectOp('=');
  return { target, value: newValue(cursor) };
}

/** `DELETE [FROM] t [AS a] [WHERE ...]` */
export function parseDelete(cursor: Cursor): DeleteStatement {
  const { start } = cursor.expectWord('DELETE');
  cursor.takeWord('FROM');
  const target = targetPath(cursor);
  const alias = targetAlias(cursor);
  const where = cursor.takeWord('WHERE') ? parseExpression(cursor) : undefined;
  refuseTail(cursor);
  return {
    kind: 'DeleteStatement',
    span: cursor.spanFrom(start),
    target,
    ...alias,
    ...(where === undefined ? {} : { where }),
  };
}

type MergeClause = MergeStatement['clauses'][number];

/** `MERGE [INTO] t [AS a] USING s ON c WHEN ...` */
export function parseMerge(cursor: Cursor): MergeStatement {
  const { start } = cursor.expectWord('MERGE');
  cursor.takeWord('INTO');
  const target = targetPath(cursor);
  const alias = targetAlias(cursor);
  cursor.expectWord('USING');
  const source = parseTable(cursor);
  if (source.kind === 'ParenthesizedJoin' || source.kind === 'TableFunction') cursor.unexpected();
  cursor.expectWord('ON');
  const on = parseExpression(cursor);
  const clauses: MergeClause[] = [];
  do clauses.push(mergeClause(cursor));
  while (cursor.isWord('WHEN'));
  return { kind: 'MergeStatement', span: cursor.spanFrom(start), target, ...alias, source, on, clauses };
}

function mergeClause(cursor: Cursor): MergeClause {
  cursor.expectWord('WHEN');
  const matched = matchedKind(cursor);
  const condition = cursor.takeWord('AND') ? parseExpression(cursor) : undefined;
  cursor.expectWord('THEN');
  return { matched, ...(condition === undefined ? {} : { condition }), ...mergeAction(cursor) };
}

function matchedKind(cursor: Cursor): MergeClause['matched'] {
  const not = cursor.takeWord('NOT');
  cursor.expectWord('MATCHED');
  if (!not) return 'MATCHED';
  if (!cursor.takeWord('BY')) return 'NOT_MATCHED_BY_TARGET';
  if (cursor.takeWord('SOURCE')) return 'NOT_MATCHED_BY_SOURCE';
  cursor.expectWord('TARGET');
  return 'NOT_MATCHED_BY_TARGET';
}

function mergeAction(cursor: Cursor): Pick<MergeClause, 'action' | 'columns' | 'values'> {
  if (cursor.takeWord('DELETE')) return { action: 'DELETE', columns: [], values: [] };
  if (cursor.takeWord('UPDATE')) {
    cursor.expectWord('SET');
    const items = commaList(cursor, updateItem);
    return {
      action: 'UPDATE',
      columns: items.map(oneColumn(cursor)),
      values: items.map((item) => item.value),
    };
  }
  cursor.expectWord('INSERT');
  const columns = cursor.isOp('(') ? columnList(cursor) : [];
  if (cursor.takeWord('ROW')) return { action: 'INSERT', columns, values: [] };
  cursor.expectWord('VALUES');
  return { action: 'INSERT', columns, values: valuesRow(cursor) };
}

const oneColumn =
  (cursor: Cursor) =>
  ({ target }: { target: Path }): Identifier =>
    target.parts.length === 1 ? target.parts[0]! : cursor.unsupported('MERGE that updates a field');
