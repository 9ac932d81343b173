import type { Catalog, CatalogColumn, CatalogTable, TableRef } from '../catalog.ts';
import type { SqlType } from '../types.ts';
import { parseTypeText } from './type-text.ts';

/** Tables as plain data: types as text, names as `dataset.table` or `project.dataset.table`. */
export type PlainTables = Readonly<
  Record<
    string,
    {
      readonly columns: readonly {
        readonly name: string;
        readonly type: string;
        readonly pseudo?: boolean;
      }[];
      /** a view's definition; its columns are then not looked at */
      readonly view?: string;
    }
  >
>;

/** A column of a type, with the fields of its structs. */
export function plainColumn(name: string, type: SqlType): CatalogColumn {
  const value = type.kind === 'array' ? type.element : type;
  const fields =
    value.kind === 'struct' ? value.fields.map((f) => plainColumn(f.name ?? '', f.type)) : undefined;
  return { name, type, mode: type.kind === 'array' ? 'REPEATED' : 'NULLABLE', ...(fields ? { fields } : {}) };
}

/** `dataset.table` or `project.dataset.table`. */
function plainRef(name: string, project: string): TableRef {
  const parts = name.split('.');
  const [at = '', dataset = '', table = ''] = parts.length > 2 ? parts : [project, ...parts];
  return { project: at, dataset, table };
}

function plainTable(name: string, table: PlainTables[string], ref: TableRef): CatalogTable {
  const made = table.columns.map((c) => ({
    pseudo: c.pseudo ?? false,
    column: plainColumn(c.name, parseTypeText(c.type)),
  }));
  return {
    ref,
    kind: table.view === undefined ? 'table' : 'view',
    columns: made.filter((c) => !c.pseudo).map((c) => c.column),
    pseudoColumns: made.filter((c) => c.pseudo).map((c) => c.column),
    ...(table.view === undefined ? {} : { viewSql: table.view }),
    etag: name,
  };
}

/** A catalog over plain data, for tests and tools; `refOf` says what a table's name means. */
export function plainCatalog(
  tables: PlainTables,
  project: string,
  defaultDataset?: Catalog['defaultDataset'],
  refOf: (name: string) => TableRef = (name) => plainRef(name, project),
): Catalog {
  const all = Object.entries(tables).map(([name, table]) => plainTable(name, table, refOf(name)));
  const key = (ref: TableRef): string => JSON.stringify([ref.project, ref.dataset, ref.table]);
  const byName = new Map(all.map((t) => [key(t.ref), t]));
  return {
    project,
    ...(defaultDataset ? { defaultDataset } : {}),
    table: (ref) => byName.get(key(ref)),
    tablesWithPrefix: (dataset, prefix) =>
      all
        .filter((t) => t.ref.project === dataset.project && t.ref.dataset === dataset.dataset)
        .filter((t) => t.ref.table.startsWith(prefix))
        .sort((a, b) => (a.ref.table < b.ref.table ? -1 : 1)),
  };
}
