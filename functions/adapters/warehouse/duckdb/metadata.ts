import { createHash } from 'node:crypto';
import type { DatasetInfo, TableInfo } from '../../../ports/warehouse.ts';
import type { ColumnSizes } from './data/sizes.ts';
import { fixedBytes } from './data/sizes.ts';
import type { WarehouseTable } from './data/tables.ts';
import { restSchema } from './rest-schema.ts';

/** A table's own page. Its size is exact where loading counted it; of Parquet, the file where columns vary in width. */
export async function tableInfo(
  table: WarehouseTable,
  location: string,
  sizes: ColumnSizes,
): Promise<TableInfo> {
  const { catalog } = table;
  return {
    ref: catalog.ref,
    kind: catalog.kind,
    schema: restSchema(catalog.columns),
    ...(catalog.viewSql === undefined ? {} : { viewSql: catalog.viewSql }),
    rows: table.rows,
    bytes: await tableBytes(table, sizes),
    createdMs: table.createdMs,
    modifiedMs: table.modifiedMs,
    etag: catalog.etag,
    location,
  };
}

/** Looking at a list of tables must not scan them: columns of varying width count as the file does. */
async function tableBytes(table: WarehouseTable, sizes: ColumnSizes): Promise<number> {
  let bytes = 0;
  let varies = false;
  for (const [i, column] of table.catalog.columns.entries()) {
    if (table.columnBytes !== undefined || fixedBytes(column.type) !== undefined)
      bytes += await sizes.bytes(table, i);
    else varies = true;
  }
  return varies ? bytes + (table.file?.sizeBytes ?? 0) : bytes;
}

export function datasetInfo(
  project: string,
  dataset: string,
  location: string,
  members: readonly WarehouseTable[],
): DatasetInfo {
  const etags = members.map((m) => `${m.catalog.ref.table} ${m.catalog.etag}`).sort();
  return {
    project,
    dataset,
    location,
    createdMs: Math.min(...members.map((m) => m.createdMs)),
    modifiedMs: Math.max(...members.map((m) => m.modifiedMs)),
    etag: createHash('sha256').update(etags.join('\n')).digest('base64url').slice(0, 24),
  };
}
