import { createHash } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { SluiceError } from '../../../../core/errors.ts';
import { analyze } from '../../../../core/sql/analyze.ts';
import type { Catalog, CatalogColumn, CatalogTable, TableRef } from '../../../../core/sql/catalog.ts';
import type { DataFile, DataFolder, ViewFile } from './folder.ts';
import { identifier } from './load.ts';
import { columnOf, describeParquet } from './parquet.ts';
import { type CachedTable, fileKey } from './table-cache.ts';

/** One table or view of the data folder, as it is until the next start. */
export type WarehouseTable = {
  readonly catalog: CatalogTable;
  readonly createdMs: number;
  readonly modifiedMs: number;
  readonly rows: number;
  /** DuckDB text of a base table; its columns have the catalog's names and physical types. */
  readonly relation?: string;
  /** BigQuery's logical bytes by column, where loading has counted them. */
  readonly columnBytes?: readonly number[];
  readonly file?: DataFile;
};

export const CACHE_DATABASE = 'tables';

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 24);

/** The folder's tables and views. `setup` may still read files; the cache is attached as `tables`. */
export async function buildTables(
  project: string,
  folder: DataFolder,
  cached: ReadonlyMap<string, CachedTable>,
  setup: DuckDBConnection,
): Promise<readonly WarehouseTable[]> {
  const tables: WarehouseTable[] = [];
  for (const file of folder.files) tables.push(await fileTable(project, file, cached.get(file.path), setup));
  return [...tables, ...viewTables(project, folder.views, tables)];
}

async function fileTable(
  project: string,
  file: DataFile,
  cached: CachedTable | undefined,
  setup: DuckDBConnection,
): Promise<WarehouseTable> {
  const ref: TableRef = { project, dataset: file.dataset, table: file.table };
  const base = (columns: readonly CatalogColumn[]) => ({
    catalog: { ref, kind: 'table' as const, columns, pseudoColumns: [], etag: digest(fileKey(file)) },
    createdMs: file.createdMs,
    modifiedMs: file.modifiedMs,
    file,
  });
  if (cached) {
    const { facts } = cached;
    const relation = `${CACHE_DATABASE}.main.${identifier(cached.name)}`;
    return { ...base(facts.columns), rows: facts.rows, columnBytes: facts.columnBytes, relation };
  }
  const parquet = await describeParquet(setup, file);
  return { ...base(parquet.columns), rows: parquet.rows, relation: parquet.relation };
}

/** Views may name one another: those whose names all are known come first, until none is left or none can be resolved. */
function viewTables(
  project: string,
  views: readonly ViewFile[],
  tables: readonly WarehouseTable[],
): readonly WarehouseTable[] {
  const known = [...tables];
  let waiting = [...views];
  while (waiting.length > 0) {
    const catalog = catalogOf(project, known, undefined);
    const problems: SluiceError[] = [];
    const left: ViewFile[] = [];
    for (const view of waiting) {
      const made = viewTable(project, view, catalog);
      if (made instanceof SluiceError) {
        problems.push(made);
        left.push(view);
      } else known.push(made);
    }
    if (left.length === waiting.length) throw problems[0] as SluiceError;
    waiting = left;
  }
  return known.slice(tables.length);
}

function viewTable(project: string, view: ViewFile, catalog: Catalog): WarehouseTable | SluiceError {
  const analysis = analyze(view.sql, catalog);
  const refuse = (why: string, at?: { line: number; column: number }): SluiceError =>
    new SluiceError('invalid', `${view.path}${at ? `:${at.line}:${at.column}` : ''}: ${why}`);
  if (!analysis.ok) return refuse(analysis.error.message, analysis.error);
  const [statement, second] = analysis.value.statements;
  const [refusal] = statement?.refusals ?? [];
  if (refusal) return refuse(refusal.message, refusal);
  if (statement?.resolved === undefined || second) return refuse('a view is one query; write one SELECT');
  return {
    catalog: {
      ref: { project, dataset: view.dataset, table: view.table },
      kind: 'view',
      columns: statement.output.map((column) => columnOf(column.name, column.type)),
      pseudoColumns: [],
      viewSql: view.sql,
      etag: digest(view.sql),
    },
    createdMs: view.createdMs,
    modifiedMs: view.modifiedMs,
    rows: 0,
  };
}

/** A snapshot over tables that no longer change. */
export function catalogOf(
  project: string,
  tables: readonly WarehouseTable[],
  defaultDataset: Catalog['defaultDataset'],
): Catalog {
  return catalogOver(project, indexTables(tables), defaultDataset);
}

export type TableIndex = {
  readonly byName: ReadonlyMap<string, CatalogTable>;
  readonly byDataset: ReadonlyMap<string, readonly CatalogTable[]>;
};

const nameKey = (ref: TableRef): string => JSON.stringify([ref.project, ref.dataset, ref.table]);
const datasetKey = (ref: { project: string; dataset: string }): string =>
  JSON.stringify([ref.project, ref.dataset]);
const byTable = (a: CatalogTable, b: CatalogTable): number => (a.ref.table < b.ref.table ? -1 : 1);

export function indexTables(tables: readonly WarehouseTable[]): TableIndex {
  const all = tables.map((t) => t.catalog);
  const groups = Map.groupBy(all, (t) => datasetKey(t.ref));
  return {
    byName: new Map(all.map((t) => [nameKey(t.ref), t])),
    byDataset: new Map([...groups].map(([key, members]) => [key, members.sort(byTable)])),
  };
}

/** The same snapshot seen with other defaults. */
export function catalogOver(
  project: string,
  index: TableIndex,
  defaultDataset: Catalog['defaultDataset'],
): Catalog {
  return {
    project,
    ...(defaultDataset ? { defaultDataset } : {}),
    table: (ref) => index.byName.get(nameKey(ref)),
    tablesWithPrefix: (dataset, prefix) =>
      (index.byDataset.get(datasetKey(dataset)) ?? []).filter(
        (t) => t.kind === 'table' && t.ref.table.startsWith(prefix),
      ),
  };
}
