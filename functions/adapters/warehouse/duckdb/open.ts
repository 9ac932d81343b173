import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { tableName } from '../../../core/sql/catalog.ts';
import { allUdfs } from '../../../core/sql/duckdb/udf/index.ts';
import type { DatasetInfo, TableInfo, Warehouse } from '../../../ports/warehouse.ts';
import { scanDataFolder } from './data/folder.ts';
import { textLiteral } from './data/load.ts';
import { ColumnSizes } from './data/sizes.ts';
import { cachePath, fillTableCache } from './data/table-cache.ts';
import { buildTables, CACHE_DATABASE, catalogOver, indexTables, type WarehouseTable } from './data/tables.ts';
import { type Engine, openEngine } from './engine.ts';
import { readPage } from './jobs/page.ts';
import { JobRunner } from './jobs/runner.ts';
import { datasetInfo, tableInfo } from './metadata.ts';
import { createPlanner } from './plan/planner.ts';

export type DuckdbWarehouseOptions = {
  /** The folder whose files are tables. */
  readonly dataDir: string;
  /** Where loaded tables, results and spilled data lie. One process at a time. */
  readonly stateDir: string;
  readonly project: string;
  readonly memoryLimitMb?: number;
  readonly threads?: number;
  /** Queries that run at once. Each occupies a thread of Node's pool while it computes. */
  readonly concurrentJobs?: number;
};

const LOCATION = 'US';
const KEEP_RESULTS_MS = 24 * 3_600_000;
const MEMORY_LIMIT_MB = 160;

/** Files lie on this machine, where the system caches them; memory that a query gave up goes back to the system. */
const FRUGAL = [
  'enable_external_file_cache = false',
  'parquet_metadata_cache = true',
  "allocator_flush_threshold = '16MB'",
];

/** Opens the data folder as a warehouse. Throws SluiceError `invalid`, in one line, for a folder that cannot be used. */
export async function openDuckdbWarehouse(options: DuckdbWarehouseOptions): Promise<Warehouse> {
  const { project } = options;
  const stateDir = resolve(options.stateDir, 'warehouse');
  mkdirSync(join(stateDir, 'spill'), { recursive: true, mode: 0o700 });
  const memoryLimitBytes = (options.memoryLimitMb ?? MEMORY_LIMIT_MB) * 1_000_000;
  const folder = scanDataFolder(options.dataDir);
  const loaded = folder.files.filter((file) => file.kind !== 'parquet');
  const cached = await fillTableCache(stateDir, loaded, memoryLimitBytes);
  const engine = await openEngine({
    threads: options.threads ?? 2,
    memoryLimitBytes,
    tempDirectory: join(stateDir, 'spill'),
    allowedDirectories: [],
    udfs: allUdfs,
  });
  try {
    for (const setting of FRUGAL) await engine.setup.run(`SET GLOBAL ${setting}`);
    await engine.setup.run(`ATTACH ${textLiteral(cachePath(stateDir))} AS ${CACHE_DATABASE} (READ_ONLY)`);
    const tables = await buildTables(project, folder, cached, engine.setup);
    const parquet = folder.files
      .filter((file) => file.kind === 'parquet')
      .map((file) => textLiteral(file.path));
    await engine.setup.run(`SET GLOBAL allowed_paths = [${parquet.join(', ')}]`);
    await engine.lock();
    return await warehouseOver(options, stateDir, engine, tables);
  } catch (cause) {
    engine.close();
    throw cause;
  }
}

async function warehouseOver(
  options: DuckdbWarehouseOptions,
  stateDir: string,
  engine: Engine,
  tables: readonly WarehouseTable[],
): Promise<Warehouse> {
  const { project } = options;
  const index = indexTables(tables);
  const byName = new Map(tables.map((table) => [tableName(table.catalog.ref), table]));
  const datasets = Map.groupBy(tables, (table) => table.catalog.ref.dataset);
  const sizes = new ColumnSizes(stateDir, engine.connect);
  const runner = new JobRunner({
    dir: join(stateDir, 'jobs'),
    connect: engine.connect,
    concurrency: options.concurrentJobs ?? 3,
    keepMs: KEEP_RESULTS_MS,
  });
  await runner.clean();

  const planner = createPlanner({ project, index, tables: byName, sizes, engine });

  const infoOf = (table: WarehouseTable): Promise<TableInfo> => tableInfo(table, LOCATION, sizes);
  const datasetOf = (name: string): DatasetInfo | undefined => {
    const members = datasets.get(name);
    return members && datasetInfo(project, name, LOCATION, members);
  };

  return {
    locations: [LOCATION],
    projects: async () => [project],
    datasets: async (asked) =>
      asked === project ? [...datasets.keys()].sort().map((name) => datasetOf(name) as DatasetInfo) : [],
    dataset: async (asked, name) => (asked === project ? datasetOf(name) : undefined),
    tables: async (asked, name) =>
      asked === project ? Promise.all((datasets.get(name) ?? []).toSorted(byTableName).map(infoOf)) : [],
    table: async (ref) => {
      const table = byName.get(tableName(ref));
      return table && infoOf(table);
    },
    describe: async (_names, defaults) => catalogOver(defaults.project, index, defaults.dataset),
    dryRun: (spec) => planner.dryRun(spec),
    insert: (spec) =>
      runner.insert({ id: spec.id, timeoutMs: spec.timeoutMs, plan: () => planner.jobPlan(spec) }),
    job: ({ id }) => runner.job(id),
    wait: ({ id }, waitMs, signal) => runner.wait(id, waitMs, signal),
    cancel: async ({ id }) => runner.cancel(id),
    page: ({ id }, request) => readPage(join(stateDir, 'jobs'), id, request, (job) => runner.footer(job)),
    close: async () => {
      await runner.close();
      engine.close();
    },
  };
}

const byTableName = (a: WarehouseTable, b: WarehouseTable): number =>
  a.catalog.ref.table < b.catalog.ref.table ? -1 : 1;
