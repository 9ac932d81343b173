import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { SqlType } from '../../../../core/sql/types.ts';
import { identifier } from './load.ts';
import { fileKey } from './table-cache.ts';
import type { WarehouseTable } from './tables.ts';

/** BigQuery's logical bytes of a value that always has the same size, else undefined. */
export function fixedBytes(type: SqlType): number | undefined {
  if (type.kind === 'range') return 16;
  if (type.kind !== 'scalar') return undefined;
  switch (type.name) {
    case 'INT64':
    case 'FLOAT64':
    case 'DATE':
    case 'DATETIME':
    case 'TIME':
    case 'TIMESTAMP':
      return 8;
    case 'BOOL':
      return 1;
    case 'NUMERIC':
    case 'INTERVAL':
      return 16;
    case 'BIGNUMERIC':
      return 32;
    case 'STRING':
    case 'BYTES':
    case 'JSON':
    case 'GEOGRAPHY':
    case 'UUID':
      return undefined;
  }
}

/** DuckDB text of a value's logical bytes, 0 for NULL. */
function bytesSql(sql: string, type: SqlType, depth = 0): string {
  const fixed = fixedBytes(type);
  if (fixed !== undefined) return `CASE WHEN ${sql} IS NULL THEN 0 ELSE ${fixed} END`;
  switch (type.kind) {
    case 'array': {
      const x = `b${depth}`;
      return `coalesce(list_sum(list_transform(${sql}, lambda ${x}: ${bytesSql(x, type.element, depth + 1)})), 0)`;
    }
    case 'struct':
      return `(${type.fields.map((f, i) => bytesSql(`${sql}.f${i}`, f.type, depth)).join(' + ')})`;
    case 'range':
    case 'scalar':
      return type.kind === 'scalar' && type.name === 'BYTES'
        ? `coalesce(octet_length(${sql}) + 2, 0)`
        : `coalesce(strlen(${sql}) + 2, 0)`;
  }
}

/**
 * Logical bytes of columns. Loading has counted those of CSV and JSON. A Parquet column of fixed width is its width times
 * the rows (an upper bound: NULLs are free); any other is counted by one scan of that column when it is first asked for,
 * and kept in the state folder. Parquet's own chunk sizes would not do: dictionaries make them far smaller than the data.
 */
export class ColumnSizes {
  readonly #dir: string;
  readonly #connect: () => Promise<DuckDBConnection>;
  readonly #known = new Map<string, Promise<number>>();

  constructor(stateDir: string, connect: () => Promise<DuckDBConnection>) {
    this.#dir = join(stateDir, 'sizes');
    this.#connect = connect;
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
  }

  async bytes(table: WarehouseTable, column: number): Promise<number> {
    const counted = table.columnBytes?.[column];
    if (counted !== undefined) return counted;
    const type = table.catalog.columns[column]?.type;
    if (type === undefined || table.file === undefined) return 0;
    const fixed = fixedBytes(type);
    if (fixed !== undefined) return fixed * table.rows;
    const key = `${fileKey(table.file)}-${column}`;
    const known = this.#known.get(key) ?? this.#count(key, table, column, type);
    this.#known.set(key, known);
    known.catch(() => this.#known.delete(key));
    return known;
  }

  async #count(key: string, table: WarehouseTable, column: number, type: SqlType): Promise<number> {
    const path = join(this.#dir, key);
    try {
      const kept = Number(readFileSync(path, 'utf8'));
      if (Number.isSafeInteger(kept)) return kept;
    } catch {
      // Not counted yet.
    }
    const connection = await this.#connect();
    try {
      const name = identifier(table.catalog.columns[column]?.name as string);
      const counted = await connection.runAndReadAll(
        `SELECT CAST(coalesce(sum(${bytesSql(name, type)}), 0) AS BIGINT) FROM ${table.relation}`,
      );
      const bytes = Number(counted.getRowsJS()[0]?.[0] ?? 0);
      writeFileSync(`${path}.new`, String(bytes), { mode: 0o600 });
      renameSync(`${path}.new`, path);
      return bytes;
    } finally {
      connection.closeSync();
    }
  }
}
