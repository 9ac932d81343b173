import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Refusal, SluiceError } from '../../../core/errors.ts';
import type { CatalogTable } from '../../../core/sql/catalog.ts';
import { tableName } from '../../../core/sql/catalog.ts';
import { allUdfs } from '../../../core/sql/duckdb/udf/index.ts';
import type { DatasetInfo, DryRun, JobSpec, TableInfo, Warehouse } from '../../../ports/warehouse.ts';
import { scanDataFolder } from './data/folder.ts';
import { textLiteral } from './data/load.ts';
import { ColumnSizes } from './data/sizes.ts';
import { cachePath, fillTableCache } from './data/table-cache.ts';
import { buildTables, CACHE_DATABASE, catalogOver, indexTables, type WarehouseTable } from './data/tables.ts';
import { type Engine, openEngine } from './engine.ts';
import { publicBytes } from './estimate.ts';
import { executionError } from './jobs/execution-error.ts';
import { readPage } from './jobs/page.ts';
import { JobRunner } from './jobs/runner.ts';
import { datasetInfo, tableInfo } from './metadata.ts';
import { type FrontEndResult, print, type Understood, understand } from './plan/front-end.ts';
import { type Parameters, readParameters } from './plan/parameters.ts';

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
const MEMORY_LIMIT_MB = 256;
const CANNOT_RUN = 'the embedded warehouse only reads';

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

type Planned = { readonly understood: Understood; readonly parameters: Parameters };

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

  const relation = (table: CatalogTable): string => {
    const text = byName.get(tableName(table.ref))?.relation;
    if (text === undefined) throw new TypeError(`${tableName(table.ref)} is not a base table`);
    return text;
  };

  function plan(spec: JobSpec): FrontEndResult<Planned> {
    if (spec.project !== project) return refused('not_found', `Not found: Project ${spec.project}`);
    const parameters = readParameters(spec.parameters, spec.secrets);
    if (!parameters.ok) return parameters;
    const understood = understand(spec.sql, catalogOver(project, index, undefined), parameters.value);
    return understood.ok
      ? { ok: true, value: { understood: understood.value, parameters: parameters.value } }
      : understood;
  }

  async function size(understood: Understood): Promise<{ processed: number; billed: number }> {
    let exactBytes = 0;
    for (const { table, column } of understood.columnsRead) {
      const known = byName.get(tableName(table.ref));
      if (known) exactBytes += await sizes.bytes(known, column);
    }
    return publicBytes(exactBytes, understood.referencedTables.length);
  }

  async function dryRun(spec: JobSpec): Promise<DryRun> {
    const planned = plan(spec);
    if (!planned.ok) return planned;
    const { understood, parameters } = planned.value;
    const { statementType, schema, referencedTables, query } = understood;
    const facts = { ok: true as const, statementType, schema, referencedTables };
    if (query === undefined)
      return { ...facts, estimate: { bytes: 0, accuracy: 'UNKNOWN' }, cannotRun: CANNOT_RUN };
    const printed = print(query, parameters, relation, 'values');
    if (!printed.ok) return printed;
    const problem = await prepare(engine, printed.value);
    if (problem) return { ok: false, error: problem };
    return { ...facts, estimate: { bytes: (await size(understood)).processed, accuracy: 'UPPER_BOUND' } };
  }

  async function jobPlan(spec: JobSpec) {
    const planned = plan(spec);
    if (!planned.ok) return planned;
    const { understood, parameters } = planned.value;
    if (understood.query === undefined)
      return refused('unsupported', `${understood.statementType} cannot run here: ${CANNOT_RUN}`);
    const bytes = await size(understood);
    if (bytes.billed > spec.maximumBytesBilled)
      return refused(
        'bytes_over_limit',
        `Query exceeded limit for bytes billed: ${spec.maximumBytesBilled}. ${bytes.billed} or higher required.`,
      );
    const printed = print(understood.query, parameters, relation, 'rows');
    if (!printed.ok) return printed;
    return {
      ok: true as const,
      statementType: understood.statementType,
      schema: understood.schema,
      referencedTables: understood.referencedTables,
      bytesProcessed: bytes.processed,
      bytesBilled: bytes.billed,
      sql: printed.value,
    };
  }

  const infoOf = (table: WarehouseTable): Promise<TableInfo> => tableInfo(table, LOCATION, sizes);
  const datasetOf = (name: string): DatasetInfo | undefined => {
    const members = datasets.get(name);
    return members && datasetInfo(project, name, LOCATION, members);
  };

  return {
    location: LOCATION,
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
    dryRun,
    insert: (spec) => runner.insert({ id: spec.id, timeoutMs: spec.timeoutMs, plan: () => jobPlan(spec) }),
    job: (id) => runner.job(id),
    wait: (id, waitMs, signal) => runner.wait(id, waitMs, signal),
    cancel: async (id) => runner.cancel(id),
    page: (id, request) => readPage(join(stateDir, 'jobs'), id, request, (job) => runner.footer(job)),
    close: async () => {
      await runner.close();
      engine.close();
    },
  };
}

const byTableName = (a: WarehouseTable, b: WarehouseTable): number =>
  a.catalog.ref.table < b.catalog.ref.table ? -1 : 1;

const refused = (
  code: Refusal['code'],
  message: string,
): { readonly ok: false; readonly error: Refusal } => ({
  ok: false,
  error: { code, message },
});

/** DuckDB's own opinion of a printed query: it binds it without running it. */
async function prepare(engine: Engine, sql: string): Promise<Refusal | undefined> {
  const connection = await engine.connect();
  try {
    const statement = await connection.prepare(sql);
    statement.destroySync();
    return undefined;
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    if (/^(Binder|Catalog|Parser|Not implemented) Error/i.test(detail.replace(/^Error: /, '')))
      throw new SluiceError('internal', `a printed query does not bind: ${detail}`, { cause });
    return executionError(detail);
  } finally {
    connection.closeSync();
  }
}
