import type {
  CreateIndexStatement,
  CreatePrivilegeRestrictionStatement,
  CreateRowAccessPolicyStatement,
  IndexItem,
} from '../ast/index.ts';
import { printBy, printConnection, printHead } from './create-clauses.ts';
import { printAny, printList, printName, printPath } from './expressions.ts';
import type { Layout } from './layout.ts';
import { printOptions } from './options.ts';
import { printTable } from './tables.ts';
import { printOrderingItem } from './windows.ts';

export function printRowAccessPolicy(node: CreateRowAccessPolicyStatement, layout: Layout): string {
  const head = printHead(node, node.access ? 'ROW ACCESS POLICY' : 'ROW POLICY');
  const filter = `${node.filterKeyword ? 'FILTER ' : ''}USING (${printAny(node.filter, layout)})`;
  return [`${head} ON ${printPath(node.table.path)}`, ...granteesLine(node, layout), filter].join(
    layout.newline,
  );
}

function granteesLine(node: CreateRowAccessPolicyStatement, layout: Layout): string[] {
  if (node.grantees === undefined) return [];
  const list = printList(node.grantees, layout);
  return [node.grantKeyword ? `GRANT TO (${list})` : `TO ${list}`];
}

export function printPrivilegeRestriction(node: CreatePrivilegeRestrictionStatement, layout: Layout): string {
  const privileges = node.privileges.map(({ name, columns }) => {
    const list = columns.map(({ path }) => printPath(path)).join(', ');
    const isSelect = !name.quoted && name.name.toUpperCase() === 'SELECT';
    const word = isSelect ? name.name : printName(name);
    return list === '' ? word : `${word} (${list})`;
  });
  const head = printHead({ ...node, name: undefined }, 'PRIVILEGE RESTRICTION');
  const object = `${printName(node.objectType)} ${printPath(node.name.path)}`;
  const people = node.restrictTo === undefined ? '' : ` RESTRICT TO (${printList(node.restrictTo, layout)})`;
  return `${head} ON ${privileges.join(', ')} ON ${object}${people}`;
}

export function printIndex(node: CreateIndexStatement, layout: Layout): string {
  const words = [node.unique ? 'UNIQUE' : '', node.type ?? '', 'INDEX'].filter((word) => word !== '');
  const alias = node.alias === undefined ? '' : ` AS ${printName(node.alias)}`;
  const unnest = node.unnest.map((table) => ` ${printTable(table, layout)}`).join('');
  const storing = node.storing.length === 0 ? '' : ` STORING (${printList(node.storing, layout)})`;
  return [
    `${printHead(node, words.join(' '))} ON ${printPath(node.table.path)}${alias}${unnest} `,
    indexColumns(node, layout),
    storing,
    printBy('PARTITION', node.partitionBy, layout),
    printConnection(node.connection),
    printOptions(node.options, layout),
  ].join('');
}

function indexColumns({ columns, items }: CreateIndexStatement, layout: Layout): string {
  const list = items.map((item) => printIndexItem(item, layout)).join(', ');
  if (columns === undefined) return `(${list})`;
  return list === '' ? `(${columns} COLUMNS)` : `(${columns} COLUMNS WITH COLUMN OPTIONS (${list}))`;
}

const printIndexItem = ({ item, options }: IndexItem, layout: Layout): string =>
  printOrderingItem(item, layout) + printOptions(options, layout);
