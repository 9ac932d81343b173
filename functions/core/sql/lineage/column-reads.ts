import type { ColumnRead } from '../analysis.ts';
import { type TableRef, tableName } from '../catalog.ts';
import type { RawUse } from '../resolve/session.ts';

/** The columns that a text reads of the tables and views that it names, views not expanded; sorted by name. */
export function columnReads(
  uses: readonly RawUse[],
  targets: readonly Pick<RawUse, 'table' | 'columns'>[],
  used: ReadonlySet<number>,
): ColumnRead[] {
  const found = new Map<string, ColumnRead>();
  const note = (table: TableRef, columns: RawUse['columns']): void => {
    for (const { id, name } of columns) {
      if (used.has(id)) found.set(`${tableName(table)}.${name}`, { table, column: name });
    }
  };
  for (const use of uses) note(nameOfUse(use), use.columns);
  for (const { table, columns } of targets) note(table.ref, columns);
  return [...found.keys()].sort().map((name) => found.get(name) as ColumnRead);
}

/** What a use is called: the table or view, or the wildcard as a whole. */
const nameOfUse = ({ table, wildcardPrefix }: Pick<RawUse, 'table' | 'wildcardPrefix'>): TableRef =>
  wildcardPrefix === undefined ? table.ref : { ...table.ref, table: `${wildcardPrefix}*` };

/** The tables and views that a text reads by name, each once, in the order of the text. */
export function namedTables(uses: readonly RawUse[]): TableRef[] {
  const named = new Map(uses.map((use) => [tableName(nameOfUse(use)), nameOfUse(use)]));
  return [...named.values()];
}
