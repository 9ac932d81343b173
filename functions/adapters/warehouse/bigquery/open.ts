import type { Since, Warehouse } from '../../../ports/warehouse.ts';
import { describe } from './catalog/describe.ts';
import { openMetadata } from './catalog/metadata.ts';
import { isHidden } from './catalog/names.ts';
import type { BigQueryCredentials } from './credentials.ts';
import { dryRun } from './jobs/dry-run.ts';
import { Jobs } from './jobs/jobs.ts';
import { fetchRows } from './pages/fetch.ts';
import { openPages } from './pages/read.ts';
import { ChunkStore } from './pages/store.ts';
import { openApi, type Patience, unavailable } from './rest/api.ts';
import { ExchangeFailure, keepConnections } from './rest/exchange.ts';
import { MalformedAnswer } from './rest/malformed.ts';

export type BigQueryWarehouseOptions = {
  /** Where jobs may run, and whose datasets are listed. A query may read tables of any project that its identity may read. */
  readonly projects: readonly [string, ...string[]];
  readonly locations: readonly [string, ...string[]];
  readonly credentials: BigQueryCredentials;
  /** Default `https://bigquery.googleapis.com`. */
  readonly apiEndpoint?: string;
  /** Metadata younger than this is taken as it is, older is asked for by its etag. Default 10 s. */
  readonly catalogTtlMs?: number;
  /** Members of one wildcard table that are looked at. */
  readonly maximumWildcardTables?: number;
  /** Rows that have come and wait for whoever reads on. */
  readonly rowsInMemoryBytes?: number;
  readonly rowsInMemoryMs?: number;
  /** One long poll for the end of a job. */
  readonly pollMs?: number;
  readonly patience?: Partial<Patience>;
};

const ENDPOINT = 'https://bigquery.googleapis.com';
const CATALOG_TTL_MS = 10_000;
const WILDCARD_TABLES = 1000;
const ROWS_IN_MEMORY_BYTES = 32_000_000;
const ROWS_IN_MEMORY_MS = 5000;
const POLL_MS = 10_000;

/**
 * BigQuery as the warehouse. Jobs run as their execution identity, metadata is read as the gateway. A small query costs
 * three requests after its dry run: insert, a long poll that brings the first rows along, and the job's statistics; the page
 * that follows is already here. Nothing is asked of BigQuery before it is needed.
 */
export async function openBigQueryWarehouse(options: BigQueryWarehouseOptions): Promise<Warehouse> {
  const closing = new AbortController();
  const ttlMs = options.catalogTtlMs ?? CATALOG_TTL_MS;
  const api = openApi({
    endpoint: options.apiEndpoint ?? ENDPOINT,
    credentials: options.credentials,
    connections: keepConnections(),
    ...(options.patience ? { patience: options.patience } : {}),
  });
  const metadata = openMetadata(api, {
    ttlMs,
    mostMembers: options.maximumWildcardTables ?? WILDCARD_TABLES,
  });
  const store = new ChunkStore({
    limitBytes: options.rowsInMemoryBytes ?? ROWS_IN_MEMORY_BYTES,
    keepMs: options.rowsInMemoryMs ?? ROWS_IN_MEMORY_MS,
  });
  const pages = openPages((ref, wanted) => fetchRows(api, ref, wanted), store);
  const jobs = new Jobs({
    api,
    pages,
    baseTables: metadata.baseTables,
    refresh: metadata.refresh,
    pollMs: options.pollMs ?? POLL_MS,
    signal: closing.signal,
  });
  const sinceMs = (since: Since | undefined): number | undefined => {
    if (since === undefined) return undefined;
    return since === 'now' ? Date.now() : jobs.endedMs(since);
  };
  const served = (project: string, dataset = ''): boolean =>
    options.projects.includes(project) && !isHidden(dataset);

  return {
    locations: options.locations,
    catalogAgeMs: ttlMs,
    projects: async () => options.projects,
    datasets: (project) => answered(async () => (served(project) ? metadata.datasets(project) : [])),
    dataset: (project, dataset) =>
      answered(async () => (served(project, dataset) ? metadata.dataset(project, dataset) : undefined)),
    tables: (project, dataset) =>
      answered(async () => (served(project, dataset) ? metadata.tables(project, dataset) : [])),
    table: (ref) =>
      answered(async () =>
        served(ref.project, ref.dataset) ? (await metadata.table(ref))?.info : undefined,
      ),
    describe: (names, defaults, since) => answered(() => describe(metadata, names, defaults, sinceMs(since))),
    dryRun: (spec) =>
      answered(async () => {
        const result = await dryRun(api, spec, metadata.baseTables);
        if (result.ok) jobs.expect(spec, result.referencedTables);
        return result;
      }),
    insert: (spec) => answered(() => jobs.insert(spec)),
    job: (ref) => answered(() => jobs.job(ref)),
    wait: (ref, waitMs, signal) => answered(() => jobs.wait(ref, waitMs, signal)),
    cancel: (ref) => answered(() => jobs.cancel(ref)),
    page: (ref, request) => answered(() => jobs.page(ref, request)),
    close: async () => {
      closing.abort();
      pages.close();
      api.close();
    },
  };
}

/** The port's door: an answer that makes no sense is no answer. */
async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (cause instanceof MalformedAnswer || cause instanceof ExchangeFailure) throw unavailable(cause);
    throw cause;
  }
}
