import type { DuckDBConnection } from '@duckdb/node-api';
import { SluiceError } from '../../../../core/errors.ts';
import type { CatalogColumn } from '../../../../core/sql/catalog.ts';
import type { SqlType } from '../../../../core/sql/types.ts';
import type { DataFile } from './folder.ts';
import { identifier, textLiteral } from './load.ts';
import { type Converted, convert, NoType } from './parquet-type.ts';
import { isColumnName, parseSchemaFile } from './schema-file.ts';

export type ParquetTable = {
  readonly columns: readonly CatalogColumn[];
  readonly rows: number;
  /** `(SELECT ... FROM read_parquet(...))`: the file's columns in their physical types. */
  readonly relation: string;
};

/** Reads a Parquet file's own schema and row count, not its rows. The connection may still read files. */
export async function describeParquet(connection: DuckDBConnection, file: DataFile): Promise<ParquetTable> {
  const scan = `read_parquet(${textLiteral(file.path)})`;
  const result = await attempt(file, () => connection.run(`SELECT * FROM ${scan} LIMIT 0`));
  const counted = await attempt(file, () =>
    connection.runAndReadAll(`SELECT num_rows FROM parquet_file_metadata(${textLiteral(file.path)})`),
  );
  const names = result.columnNames();
  const types = result.columnTypes();
  const declared = file.schema ? parseSchemaFile(file.schema.text, file.schema.path) : undefined;
  if (declared) sameNames(file, names, declared);
  const wanted =
    declared ?? names.map((name) => ({ name }) as Pick<CatalogColumn, 'name'> & { type?: undefined });
  const columns = wanted.map((column) => {
    const index = names.findIndex((name) => name.toLowerCase() === column.name.toLowerCase());
    const converted = convertColumn(file, column.name, () =>
      convert(types[index] as (typeof types)[number], identifier(names[index] as string), column.type),
    );
    return { name: column.name, converted };
  });
  const list = columns.map((c) => `${c.converted.sql} AS ${identifier(c.name)}`).join(', ');
  return {
    columns: declared ?? columns.map((c) => columnOf(c.name, c.converted.type)),
    rows: Number(counted.getRowsJS()[0]?.[0] ?? 0),
    relation: `(SELECT ${list} FROM ${scan})`,
  };
}

async function attempt<T>(file: DataFile, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new SluiceError('invalid', `${file.path}: is not a readable Parquet file; check or remove it`, {
      cause,
    });
  }
}

function convertColumn(file: DataFile, name: string, run: () => Converted): Converted {
  if (!isColumnName(name))
    throw new SluiceError(
      'invalid',
      `${file.path}: "${name}" cannot be a column's name in BigQuery; rename it`,
    );
  try {
    return run();
  } catch (cause) {
    if (cause instanceof NoType)
      throw new SluiceError('invalid', `${file.path}: column ${name}: ${cause.message}`, { cause });
    throw cause;
  }
}

function sameNames(file: DataFile, names: readonly string[], declared: readonly CatalogColumn[]): void {
  const has = (list: readonly string[], name: string): boolean =>
    list.some((other) => other.toLowerCase() === name.toLowerCase());
  const declaredNames = declared.map((c) => c.name);
  const missing = declaredNames.find((name) => !has(names, name));
  if (missing)
    throw new SluiceError(
      'invalid',
      `${file.schema?.path}: column ${missing} is not in ${file.path}; remove it`,
    );
  const extra = names.find((name) => !has(declaredNames, name));
  if (extra)
    throw new SluiceError(
      'invalid',
      `${file.schema?.path}: ${file.path} also has the column ${extra}; add it`,
    );
}

/** The catalog's column of a type that no schema file describes. */
export function columnOf(name: string, type: SqlType): CatalogColumn {
  const struct = type.kind === 'array' ? type.element : type;
  return {
    name,
    type,
    mode: type.kind === 'array' ? 'REPEATED' : 'NULLABLE',
    ...(struct.kind === 'struct'
      ? { fields: struct.fields.map((f, i) => columnOf(f.name || `_field_${i + 1}`, f.type)) }
      : {}),
  };
}
