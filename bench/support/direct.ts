import { join } from 'node:path';
import type { DuckDBConnection, DuckDBVarCharVector } from '@duckdb/node-api';
import { scanDataFolder } from '../../functions/adapters/warehouse/duckdb/data/folder.ts';
import { textLiteral } from '../../functions/adapters/warehouse/duckdb/data/load.ts';
import { ColumnSizes } from '../../functions/adapters/warehouse/duckdb/data/sizes.ts';
import { cachePath, fillTableCache } from '../../functions/adapters/warehouse/duckdb/data/table-cache.ts';
import {
  buildTables,
  CACHE_DATABASE,
  indexTables,
} from '../../functions/adapters/warehouse/duckdb/data/tables.ts';
import { openEngine } from '../../functions/adapters/warehouse/duckdb/engine.ts';
import { createPlanner } from '../../functions/adapters/warehouse/duckdb/plan/planner.ts';
import { tableName } from '../../functions/core/sql/catalog.ts';
import { allUdfs } from '../../functions/core/sql/duckdb/udf/index.ts';
import type { JobSpec } from '../../functions/ports/warehouse.ts';

export type Direct = {
  /** The DuckDB text that a job would run: its one column is each row as BigQuery's JSON. */
  textOf(canonicalSql: string): Promise<string>;
  /** Runs a text and copies the rows' JSON, as one who asks DuckDB without a gateway. */
  run(text: string): Promise<{ readonly rows: number; readonly bytes: number; readonly ms: number }>;
  close(): void;
};

const memoryLimitBytes = 128_000_000;

/** DuckDB in this process over the same files, with the same functions and the same limits, and nothing in between. */
export async function openDirect(dataDir: string, scratch: string): Promise<Direct> {
  const folder = scanDataFolder(dataDir);
  const loaded = folder.files.filter((file) => file.kind !== 'parquet');
  const cached = await fillTableCache(scratch, loaded, memoryLimitBytes);
  const engine = await openEngine({ threads: 2, memoryLimitBytes, allowedDirectories: [], udfs: allUdfs });
  await engine.setup.run(`ATTACH ${textLiteral(cachePath(scratch))} AS ${CACHE_DATABASE} (READ_ONLY)`);
  const tables = await buildTables('local', folder, cached, engine.setup);
  const planner = createPlanner({
    project: 'local',
    index: indexTables(tables),
    tables: new Map(tables.map((table) => [tableName(table.catalog.ref), table])),
    sizes: new ColumnSizes(join(scratch, 'sizes'), engine.connect),
    engine,
  });
  const connection = await engine.connect();
  return {
    textOf: async (sql) => {
      const plan = await planner.jobPlan(specOf(sql));
      if (!plan.ok) throw new Error(plan.error.message);
      return plan.sql;
    },
    run: (text) => timed(connection, text),
    close: () => {
      connection.closeSync();
      engine.close();
    },
  };
}

async function timed(
  connection: DuckDBConnection,
  text: string,
): Promise<{ rows: number; bytes: number; ms: number }> {
  const startMs = performance.now();
  const result = await connection.stream(text);
  let [rows, bytes] = [0, 0];
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; ) {
    const column = chunk.getColumnVector(0) as DuckDBVarCharVector;
    for (let i = 0; i < chunk.rowCount; i++) bytes += Buffer.byteLength(column.getItem(i) as string) + 1;
    rows += chunk.rowCount;
    chunk = await result.fetchChunk();
  }
  return { rows, bytes, ms: performance.now() - startMs };
}

const specOf = (sql: string): JobSpec => ({
  id: 'sluice_bench',
  project: 'local',
  location: 'US',
  executionIdentity: 'embedded',
  sql,
  parameters: [],
  secrets: { sluice_mask_key: '00'.repeat(32) },
  maximumBytesBilled: Number.MAX_SAFE_INTEGER,
  timeoutMs: 600_000,
  labels: {},
});
