import type { TableClause } from '../ast/index.ts';
import { printAny, printPath } from './expressions.ts';
import type { Layout } from './layout.ts';
import { printTable } from './tables.ts';

/** `TABLE t WHERE condition` */
export function printTableClause({ table, where }: TableClause, layout: Layout): string {
  const name = table.kind === 'ObjectName' ? printPath(table.path) : printTable(table, layout);
  return `TABLE ${name}${where === undefined ? '' : ` WHERE ${printAny(where, layout)}`}`;
}
