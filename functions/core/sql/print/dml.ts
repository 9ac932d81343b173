import type {
  DeleteStatement,
  DmlStatement,
  DmlTarget,
  DmlVersion,
  InsertStatement,
  MergeAction,
  MergeStatement,
  OnConflict,
  ReturningClause,
  UpdateItem,
  UpdateStatement,
} from '../ast/index.ts';
import { printAny, printList, printName, printPath } from './expressions.ts';
import { printHint } from './hints.ts';
import type { Layout } from './layout.ts';
import { printQuery, printSelectItem } from './queries.ts';
import { printFrom, printTable } from './tables.ts';

export function printDml(statement: DmlStatement, layout: Layout): string {
  switch (statement.kind) {
    case 'InsertStatement':
      return printInsert(statement, layout);
    case 'UpdateStatement':
      return printUpdate(statement, layout);
    case 'DeleteStatement':
      return printDelete(statement, layout);
    case 'MergeStatement':
      return printMerge(statement, layout);
  }
}

const printTarget = (target: DmlTarget, layout: Layout): string =>
  target.kind === 'Path' ? printPath(target) : printAny(target, layout);

/** A condition or another clause on a line of its own, if it is there. */
const line = (text: string | undefined): readonly string[] => (text === undefined ? [] : [text]);

function printVersion(version: DmlVersion | undefined, layout: Layout): string {
  if (version === undefined) return '';
  if (version.kind === 'TemporalAt') return ` AT (${printAny(version.time, layout)})`;
  return ` WITH TIMESTAMP${version.alias === undefined ? '' : ` AS ${printName(version.alias)}`}`;
}

function printTail(
  node: InsertStatement | UpdateStatement | DeleteStatement,
  layout: Layout,
): readonly string[] {
  const { assertRowsModified: rows, returning } = node;
  return [
    ...line(rows && `ASSERT_ROWS_MODIFIED ${printAny(rows, layout)}`),
    ...line(returning && printReturning(returning, layout)),
  ];
}

function printReturning(clause: ReturningClause, layout: Layout): string {
  const name = clause.action === undefined ? '' : ` AS ${printName(clause.action)}`;
  const action = clause.withAction ? ` WITH ACTION${name}` : '';
  const items = clause.items.map((item) => printSelectItem(item, layout));
  return `THEN RETURN${action} ${items.join(', ')}`;
}

/** `INSERT INTO t (columns)` and what comes after its rows; both stand alone where a pipe gives the rows. */
function printInsert(node: InsertStatement, layout: Layout): string {
  const mode = node.mode === undefined ? '' : `OR ${node.mode} `;
  const columns = node.columns.length === 0 ? '' : ` (${node.columns.map(printName).join(', ')})`;
  const target = printTarget(node.target, layout) + printHint(node.hint, layout, ' ');
  const rows = node.rows?.map((row) => `(${printList(row, layout)})`).join(`,${layout.newline}`);
  return [
    `INSERT ${mode}INTO ${target}${printVersion(node.version, layout)}${columns}`,
    ...line(rows && `VALUES ${rows}`),
    ...line(node.query && printQuery(node.query, layout)),
    ...line(node.onConflict && printConflict(node.onConflict, layout)),
    ...printTail(node, layout),
  ].join(layout.newline);
}

function printConflict(clause: OnConflict, layout: Layout): string {
  const columns = clause.columns.length === 0 ? '' : ` (${clause.columns.map(printName).join(', ')})`;
  const named =
    clause.constraint === undefined ? '' : ` ON UNIQUE CONSTRAINT ${printName(clause.constraint)}`;
  const start = `ON CONFLICT${columns}${named} DO`;
  if (clause.update === undefined) return `${start} NOTHING`;
  const where = clause.where === undefined ? '' : ` WHERE ${printAny(clause.where, layout)}`;
  return `${start} UPDATE SET ${printItems(clause.update, layout)}${where}`;
}

const printItems = (items: readonly UpdateItem[], layout: Layout): string =>
  items.map((item) => printItem(item, layout)).join(', ');

function printItem(item: UpdateItem, layout: Layout): string {
  if (item.kind !== 'UpdateAssignment') return `(${printDml(item, layout)})`;
  return `${printTarget(item.target, layout)} = ${printAny(item.value, layout)}`;
}

function printChanged(node: UpdateStatement | DeleteStatement, layout: Layout): string {
  const alias = node.alias === undefined ? '' : ` AS ${printName(node.alias)}`;
  const { withOffset } = node;
  const name = withOffset?.alias === undefined ? '' : ` AS ${printName(withOffset.alias)}`;
  const offset = withOffset === undefined ? '' : ` WITH OFFSET${name}`;
  const target = printTarget(node.target, layout) + printHint(node.hint, layout, ' ');
  return `${target}${alias}${printVersion(node.version, layout)}${offset}`;
}

function printUpdate(node: UpdateStatement, layout: Layout): string {
  return [
    `UPDATE ${printChanged(node, layout)}`,
    `SET ${printItems(node.items, layout)}`,
    ...line(node.from && printFrom(node.from, layout)),
    ...line(node.where && `WHERE ${printAny(node.where, layout)}`),
    ...printTail(node, layout),
  ].join(layout.newline);
}

function printDelete(node: DeleteStatement, layout: Layout): string {
  return [
    `DELETE FROM ${printChanged(node, layout)}`,
    ...line(node.where && `WHERE ${printAny(node.where, layout)}`),
    ...printTail(node, layout),
  ].join(layout.newline);
}

const matchedText = {
  MATCHED: 'MATCHED',
  NOT_MATCHED_BY_TARGET: 'NOT MATCHED BY TARGET',
  NOT_MATCHED_BY_SOURCE: 'NOT MATCHED BY SOURCE',
} as const;

function printMerge(node: MergeStatement, layout: Layout): string {
  const alias = node.alias === undefined ? '' : ` AS ${printName(node.alias)}`;
  const lines = [
    `MERGE INTO ${printPath(node.target)}${alias}`,
    `USING ${printTable(node.source, layout)}`,
    `ON ${printAny(node.on, layout)}`,
  ];
  for (const { matched, condition, action } of node.clauses) {
    const when = condition === undefined ? '' : ` AND ${printAny(condition, layout)}`;
    lines.push(`WHEN ${matchedText[matched]}${when} THEN ${printAction(action, layout)}`);
  }
  return lines.join(layout.newline);
}

function printAction(action: MergeAction, layout: Layout): string {
  switch (action.kind) {
    case 'MergeDelete':
      return 'DELETE';
    case 'MergeUpdate':
      return `UPDATE SET ${printItems(action.items, layout)}`;
    case 'MergeInsert': {
      const list = action.columns.length === 0 ? '' : ` (${action.columns.map(printName).join(', ')})`;
      const { values } = action;
      return `INSERT${list} ${values === undefined ? 'ROW' : `VALUES (${printList(values, layout)})`}`;
    }
  }
}
