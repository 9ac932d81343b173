import type { DuckDBConnection } from '@duckdb/node-api';
import { rowJson } from '../../../functions/adapters/warehouse/duckdb/encode.ts';
import { type Engine, openEngine } from '../../../functions/adapters/warehouse/duckdb/engine.ts';
import { restField } from '../../../functions/adapters/warehouse/duckdb/rest-schema.ts';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import type { Catalog } from '../../../functions/core/sql/catalog.ts';
import { duckdbFailure } from '../../../functions/core/sql/duckdb/failure.ts';
import { printDuckdb } from '../../../functions/core/sql/duckdb/print.ts';
import { allUdfs } from '../../../functions/core/sql/duckdb/udf/index.ts';
import { plainCatalog } from '../../../functions/core/sql/resolve/plain-catalog.ts';
import type { SqlError } from '../../../functions/core/sql/sql-error.ts';
import type { Reply, RestCell } from './reply.ts';

/** The embedded warehouse's own way from GoogleSQL to BigQuery's JSON, without tables. */
export type Ours = { ask(sql: string): Promise<Reply>; close(): void };

const nowMicros = 1_770_091_506_789_000n;

export async function openOurs(): Promise<Ours> {
  const engine: Engine = await openEngine({
    threads: 2,
    memoryLimitBytes: 1_000_000_000,
    allowedDirectories: [],
    udfs: allUdfs,
  });
  const catalog = plainCatalog({}, 'local');
  return { ask: (sql) => askOf(sql, catalog, engine.setup), close: () => engine.close() };
}

/** Asks over the tables of `catalog`, which must be views: nothing is stored. */
export async function askOf(sql: string, catalog: Catalog, connection: DuckDBConnection): Promise<Reply> {
  const analysis = analyze(sql, catalog);
  if (!analysis.ok) return refusal(analysis.error);
  const [statement] = analysis.value.statements;
  const resolved = statement?.resolved;
  if (!resolved)
    return statement?.refusals[0]
      ? refusal(statement.refusals[0])
      : { kind: 'error', message: 'nothing to run' };
  const printed = printDuckdb(resolved, { relation: () => '', parameters: new Map(), nowMicros }, sql);
  if (!printed.ok) return refusal(printed.error);
  const columns = resolved.output.map((c, i) => ({ sql: `r.o${i}`, name: c.name, type: c.column.type }));
  // The inner query's order is kept: the engine preserves the order of insertion.
  const text = `SELECT ${rowJson(columns)} FROM (${printed.value}) AS r`;
  try {
    const reader = await connection.runAndReadAll(text);
    return {
      kind: 'rows',
      fields: columns.map((c) => restField(c.name, c.type)),
      rows: reader.getRows().map((row) => (JSON.parse(String(row[0])) as { f: readonly RestCell[] }).f),
    };
  } catch (error) {
    return failed((error as Error).message);
  }
}

function refusal(error: SqlError): Reply {
  if (error.kind === 'unsupported' || error.kind === 'limit')
    return { kind: 'refused', message: error.message, name: error.subject ?? error.kind };
  return { kind: 'error', message: error.message };
}

function failed(original: string): Reply {
  const failure = duckdbFailure(original);
  // What our own functions do not do is refused in the middle of a run, too.
  const missing = / (?:is|are) not supported|does not support/.test(failure.message);
  if (missing) return { kind: 'refused', message: failure.message, name: failure.message };
  if (failure.kind === 'query') return { kind: 'error', message: failure.message };
  if (failure.kind === 'resources') return { kind: 'refused', message: failure.message, name: 'resources' };
  return { kind: 'refused', message: `${failure.message}: ${original.split('\n')[0]}`, name: failure.kind };
}
