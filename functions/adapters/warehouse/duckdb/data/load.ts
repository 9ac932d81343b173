import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { DuckDBDataChunk } from '@duckdb/node-api';
import { SluiceError } from '../../../../core/errors.ts';
import type { CatalogColumn } from '../../../../core/sql/catalog.ts';
import { duckdbType } from '../../../../core/sql/duckdb/render.ts';
import type { SqlType } from '../../../../core/sql/types.ts';
import { csvColumnNames, csvRecords } from './csv.ts';
import type { DataFile } from './folder.ts';
import { inferColumns } from './infer.ts';
import { type FileRecord, jsonRecords } from './records.ts';
import { parseSchemaFile } from './schema-file.ts';
import { type Converter, converterOf, Misfit } from './values.ts';

/** What loading a file tells of its table. `columnBytes` are BigQuery's logical bytes, by column. */
export type TableFacts = {
  readonly columns: readonly CatalogColumn[];
  readonly rows: number;
  readonly columnBytes: readonly number[];
};

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const textLiteral = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const ROWS_A_CHUNK = 2048;

/**
 * Loads a CSV or JSON file into the new table `table` of the connection's database. Throws SluiceError `invalid` that
 * names the file, the place and what was expected there.
 */
export async function loadFile(
  connection: DuckDBConnection,
  file: DataFile,
  table: string,
): Promise<TableFacts> {
  const columns = file.schema ? parseSchemaFile(file.schema.text, file.schema.path) : infer(file);
  const list = columns.map((c) => `${identifier(c.name)} ${duckdbType(c.type)}`).join(', ');
  await connection.run(`CREATE TABLE ${identifier(table)} (${list})`);
  const types = (await connection.run(`SELECT * FROM ${identifier(table)} LIMIT 0`)).columnTypes();
  const appender = await connection.createAppender(table);
  const sink = rowSink(columns, (data) => {
    const chunk = DuckDBDataChunk.create(types);
    chunk.setColumns(data);
    appender.appendDataChunk(chunk);
  });
  const toRow = rowReader(file, columns);
  for (const record of records(file, columns)) sink.add(toRow(record));
  sink.flush();
  appender.flushSync();
  appender.closeSync();
  return { columns, rows: sink.rows(), columnBytes: sink.bytes };
}

function infer(file: DataFile): readonly CatalogColumn[] {
  return file.kind === 'csv'
    ? inferColumns(file, csvColumnNames(file), csvRecords(file))
    : inferColumns(file, [], jsonRecords(file, false));
}

const holdsJson = (type: SqlType): boolean =>
  type.kind === 'array'
    ? holdsJson(type.element)
    : type.kind === 'struct'
      ? type.fields.some((f) => holdsJson(f.type))
      : type.kind === 'scalar' && type.name === 'JSON';

const records = (file: DataFile, columns: readonly CatalogColumn[]): Iterable<FileRecord> =>
  file.kind === 'csv'
    ? csvRecords(file)
    : jsonRecords(
        file,
        columns.some((c) => holdsJson(c.type)),
      );

type Cell = ReturnType<Converter>;

/** Turns a record into the cells of its columns, or throws with file, place, column and what was expected. */
function rowReader(
  file: DataFile,
  columns: readonly CatalogColumn[],
): (record: FileRecord) => readonly Cell[] {
  if (file.kind === 'csv') refuseNestedCsv(file, columns);
  const converters = columns.map((c) => converterOf(c.type));
  const indexes = new Map(columns.map((c, i) => [c.name.toLowerCase(), i]));
  const misfit = (record: FileRecord, column: string, expected: string): SluiceError =>
    new SluiceError('invalid', `${file.path}: ${record.where}: column ${column}: expected ${expected}`);
  return (record) => {
    const given: unknown[] = new Array(columns.length).fill(null);
    for (const [name, value] of Object.entries(record.fields)) {
      const index = indexes.get(name.toLowerCase());
      if (index === undefined)
        throw new SluiceError(
          'invalid',
          `${file.path}: ${record.where}: no column "${name}" in the schema; add it there or remove it here`,
        );
      given[index] = value;
    }
    return columns.map((column, i) => {
      if (column.mode === 'REQUIRED' && (given[i] === null || given[i] === undefined))
        throw misfit(record, column.name, 'a value, since the column is REQUIRED');
      try {
        return (converters[i] as Converter)(given[i]);
      } catch (cause) {
        if (cause instanceof Misfit) throw misfit(record, column.name, cause.message);
        throw cause;
      }
    });
  };
}

function refuseNestedCsv(file: DataFile, columns: readonly CatalogColumn[]): void {
  const nested = columns.find((c) => c.type.kind === 'array' || c.type.kind === 'struct');
  if (nested)
    throw new SluiceError(
      'invalid',
      `${file.path}: column ${nested.name} is repeated or a record, which CSV cannot hold; use .ndjson`,
    );
}

function rowSink(columns: readonly CatalogColumn[], append: (data: DuckDBValue[][]) => void) {
  const bytes = columns.map(() => 0);
  let data: DuckDBValue[][] = columns.map(() => []);
  let rows = 0;
  const flush = (): void => {
    if ((data[0]?.length ?? 0) > 0) append(data);
    data = columns.map(() => []);
  };
  return {
    bytes,
    rows: () => rows,
    flush,
    add(cells: readonly Cell[]): void {
      for (const [i, cell] of cells.entries()) {
        (data[i] as DuckDBValue[]).push(cell.value);
        bytes[i] = (bytes[i] as number) + cell.bytes;
      }
      rows++;
      if ((data[0]?.length ?? 0) >= ROWS_A_CHUNK) flush();
    },
  };
}
