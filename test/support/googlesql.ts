import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { type Engine, openEngine } from '../../functions/adapters/warehouse/duckdb/engine.ts';
import { analyze } from '../../functions/core/sql/analyze.ts';
import type { Catalog, CatalogTable } from '../../functions/core/sql/catalog.ts';
import { type DuckdbFailure, duckdbFailure } from '../../functions/core/sql/duckdb/failure.ts';
import { printDuckdb } from '../../functions/core/sql/duckdb/print.ts';
import { duckdbType } from '../../functions/core/sql/duckdb/render.ts';
import { allUdfs } from '../../functions/core/sql/duckdb/udf/index.ts';
import { doubleText } from '../../functions/core/sql/duckdb/udf/numbers.ts';
import { type PlainTables, plainCatalog } from '../../functions/core/sql/resolve/plain-catalog.ts';
import type { ResolvedExpression } from '../../functions/core/sql/resolved/index.ts';
import { type SqlType, typeText } from '../../functions/core/sql/types.ts';
import {
  dateText,
  datetimeText,
  timestampText,
  timeText,
} from '../../functions/core/sql/values/date-text.ts';
import { intervalText } from '../../functions/core/sql/values/interval.ts';
import { scaledText } from '../../functions/core/sql/values/literal.ts';

/** A value as text, as GoogleSQL's CAST to STRING has it; arrays and structs as lists. */
export type Cell = string | null | readonly Cell[];

export type Answer =
  | {
      readonly kind: 'rows';
      readonly columns: readonly string[];
      readonly types: readonly string[];
      readonly rows: readonly (readonly Cell[])[];
      readonly sql: string;
    }
  /** the query is refused before it runs: by the parser, the resolver or the printer */
  | {
      readonly kind: 'refused';
      readonly message: string;
      readonly by: 'parser' | 'resolver' | 'printer' | 'duckdb';
      readonly sql?: string;
    }
  /** the query runs and fails */
  | { readonly kind: 'error'; readonly message: string; readonly sql: string; readonly original: string };

/** A fixed moment, so that tests of the clock are repeatable: 2026-02-03 04:05:06.789 UTC. */
export const nowMicros = 1_770_091_506_789_000n;

/** GoogleSQL from text to rows, on tables given as plain data. */
export type GoogleSql = {
  readonly connection: DuckDBConnection;
  ask(sql: string, parameters?: ReadonlyMap<string, ResolvedExpression>): Promise<Answer>;
  close(): void;
};

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const relation = (table: CatalogTable): string => `${quote(table.ref.dataset)}.${quote(table.ref.table)}`;

/** `rows` of a table are GoogleSQL expressions of its columns, in order. */
export async function openGoogleSql(
  tables: PlainTables = {},
  rows: Readonly<Record<string, readonly (readonly string[])[]>> = {},
  project = 'local',
): Promise<GoogleSql> {
  const engine: Engine = await openEngine({
    threads: 2,
    memoryLimitBytes: 1_000_000_000,
    allowedDirectories: [],
    udfs: allUdfs,
  });
  const catalog = plainCatalog(tables, project);
  const connection = engine.setup;
  const ask = (
    sql: string,
    parameters: ReadonlyMap<string, ResolvedExpression> = new Map(),
  ): Promise<Answer> => run(sql, catalog, connection, parameters);
  for (const name of Object.keys(tables)) await fill(name, catalog, project, rows[name] ?? [], connection);
  return { connection, ask, close: () => engine.close() };
}

async function fill(
  name: string,
  catalog: Catalog,
  project: string,
  rows: readonly (readonly string[])[],
  connection: DuckDBConnection,
): Promise<void> {
  const parts = name.split('.');
  const [at = '', dataset = '', id = ''] = parts.length > 2 ? parts : [project, ...parts];
  const table = catalog.table({ project: at, dataset, table: id });
  if (!table || table.kind === 'view') return;
  await connection.run(`CREATE SCHEMA IF NOT EXISTS ${quote(dataset)}`);
  const columns = [...table.columns, ...table.pseudoColumns];
  await connection.run(
    `CREATE TABLE ${relation(table)} (${columns.map((c) => `${quote(c.name)} ${duckdbType(c.type)}`).join(', ')})`,
  );
  for (const row of rows) {
    const printed = print(
      `SELECT ${row.map((cell, i) => `${cell} AS c${i}`).join(', ')}`,
      catalog,
      new Map(),
    );
    if (!printed.ok) throw new Error(`${name}: ${printed.answer.message}`);
    await connection.run(`INSERT INTO ${relation(table)} ${printed.sql}`);
  }
}

type Printed =
  | {
      readonly ok: true;
      readonly sql: string;
      readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
    }
  | { readonly ok: false; readonly answer: Extract<Answer, { kind: 'refused' }> };

function print(sql: string, catalog: Catalog, parameters: ReadonlyMap<string, ResolvedExpression>): Printed {
  const no = (message: string, by: 'parser' | 'resolver' | 'printer'): Printed => ({
    ok: false,
    answer: { kind: 'refused', message, by },
  });
  const analysis = analyze(sql, catalog);
  if (!analysis.ok) return no(analysis.error.message, 'parser');
  const [statement] = analysis.value.statements;
  if (!statement?.resolved) return no(statement?.refusals[0]?.message ?? 'nothing to run', 'resolver');
  const printed = printDuckdb(statement.resolved, { relation, parameters, nowMicros }, sql);
  if (!printed.ok) return no(printed.error.message, 'printer');
  const columns = statement.resolved.output.map((o) => ({ name: o.name, type: o.column.type }));
  return { ok: true, sql: printed.value, columns };
}

async function run(
  sql: string,
  catalog: Catalog,
  connection: DuckDBConnection,
  parameters: ReadonlyMap<string, ResolvedExpression>,
): Promise<Answer> {
  const printed = print(sql, catalog, parameters);
  if (!printed.ok) return printed.answer;
  try {
    const reader = await connection.runAndReadAll(printed.sql);
    const rows = reader.getRows().map((row) => row.map((value, i) => cell(value, printed.columns[i]!.type)));
    return {
      kind: 'rows',
      columns: printed.columns.map((c) => c.name),
      types: printed.columns.map((c) => typeText(c.type)),
      rows,
      sql: printed.sql,
    };
  } catch (error) {
    const original = (error as Error).message;
    const failure: DuckdbFailure = duckdbFailure(original);
    if (failure.kind === 'unsupported' || failure.kind === 'engine')
      return {
        kind: 'refused',
        message: `${failure.message}: ${original.split('\n')[0]}`,
        by: 'duckdb',
        sql: printed.sql,
      };
    return { kind: 'error', message: failure.message, original, sql: printed.sql };
  }
}

/** A DuckDB value of a GoogleSQL type as text. */
export function cell(value: DuckDBValue, type: SqlType): Cell {
  if (value === null) return null;
  if (type.kind === 'array')
    return (value as { items: readonly DuckDBValue[] }).items.map((v) => cell(v, type.element));
  if (type.kind === 'struct') {
    const { entries } = value as { entries: Record<string, DuckDBValue> };
    return type.fields.map((f, i) => cell(entries[`f${i}`] ?? null, f.type));
  }
  if (type.kind === 'range') return rangeCell(value, type.element);
  switch (type.name) {
    case 'FLOAT64':
      return doubleText(value as number);
    case 'NUMERIC':
      return scaledText((value as { value: bigint }).value, 9);
    case 'BYTES':
      return Buffer.from((value as { bytes: Uint8Array }).bytes).toString('base64');
    case 'DATE':
      return dateText((value as { days: number }).days);
    case 'DATETIME':
      return datetimeText((value as { micros: bigint }).micros);
    case 'TIMESTAMP':
      return timestampText((value as { micros: bigint }).micros);
    case 'TIME':
      return timeText(Number((value as { micros: bigint }).micros));
    case 'INTERVAL':
      return intervalText(value as { months: number; days: number; micros: bigint });
    default:
      return String(value);
  }
}

function rangeCell(value: DuckDBValue, element: 'DATE' | 'DATETIME' | 'TIMESTAMP'): Cell {
  const { entries } = value as { entries: Record<string, DuckDBValue> };
  const end = (v: DuckDBValue | undefined): Cell =>
    v === null || v === undefined ? 'UNBOUNDED' : cell(v, { kind: 'scalar', name: element });
  return `[${end(entries.s)}, ${end(entries.e)})`;
}
