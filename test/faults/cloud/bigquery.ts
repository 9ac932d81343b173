import { jsonApiError, type Reply, type Seen, type StandIn, serve } from '../../support/stand-ins/serve.ts';

/** A job that this warehouse has run. */
export type RanJob = {
  readonly id: string;
  readonly sql: string;
  readonly maximumBytesBilled: string;
  /** Of the world's one clock, which no two things share. */
  readonly atMs: number;
  readonly email: string;
};

export type BigQueryStandIn = StandIn & {
  /** In the order in which they ran; one for each time that a text ran. */
  readonly ran: readonly RanJob[];
};

type Fields = Readonly<Record<string, unknown>>;
type Job = {
  readonly id: string;
  readonly configuration: Fields;
  readonly sql: string;
  readonly atMs: number;
};

const id = { name: 'id', type: 'INTEGER', mode: 'NULLABLE' };
const email = { name: 'email', type: 'STRING', mode: 'NULLABLE' };
const rows = Array.from({ length: 5 }, (_, at) => [String(at + 1), `canary${at}@shop.example`]);
/** A query with a LIMIT is estimated at 500 MB, others at 1 kB. */
const costlyBytes = 500_000_000;

/**
 * BigQuery with one table, `PROJECT.shop.orders (id, email)`: it answers `SELECT COUNT(*) AS n` and a list of both columns.
 * It keeps what the API promises of ids (a job id runs once, then 409), wants the execution identity's credential for jobs,
 * and remembers every job in the order of the log's own clock: what the promises are checked against.
 */
export async function startBigQueryStandIn(options: {
  readonly project: string;
  readonly nextMs: () => number;
  readonly ownerOf: (token: string) => string | undefined;
  readonly executionIdentity: string;
}): Promise<BigQueryStandIn> {
  const jobs = new Map<string, Job>();
  const ran: RanJob[] = [];
  const { project } = options;

  const insert = (body: Fields, caller: string): Reply => {
    const configuration = (body.configuration ?? {}) as Fields;
    const query = (configuration.query ?? {}) as Fields;
    const sql = String(query.query);
    if (configuration.dryRun === true) return ok(dryRun(project, configuration, sql));
    const jobId = String((body.jobReference as Fields | undefined)?.jobId);
    if (jobs.has(jobId)) return failure(409, 'duplicate', `Already Exists: Job ${project}:US.${jobId}`);
    const atMs = options.nextMs();
    const job = { id: jobId, configuration, sql, atMs };
    jobs.set(jobId, job);
    ran.push({ id: jobId, sql, atMs, email: caller, maximumBytesBilled: String(query.maximumBytesBilled) });
    return ok(resource(project, job));
  };

  const route = (seen: Seen): Reply => {
    const { pathname, searchParams } = new URL(seen.path, 'http://bigquery');
    const [named, kind, name, , table] = pathname.replace('/bigquery/v2/projects/', '').split('/');
    const caller = options.ownerOf(/^Bearer (\S+)$/.exec(seen.headers.authorization ?? '')?.[1] ?? '');
    if (caller === undefined) return failure(401, 'authError', 'Invalid credentials');
    if (named !== project) return failure(404, 'notFound', `Not found: Project ${named}`);
    if (kind === 'datasets') {
      const there = name === 'shop' && table === 'orders';
      return there ? ok(orders(project)) : failure(404, 'notFound', `Not found: Table ${name}.${table}`);
    }
    if (caller !== options.executionIdentity) return failure(403, 'accessDenied', 'Access Denied');
    if (seen.method === 'POST' && kind === 'jobs' && name === undefined)
      return insert(JSON.parse(seen.body.toString()) as Fields, caller);
    const job = jobs.get(name ?? '');
    if (job === undefined) return failure(404, 'notFound', `Not found: Job ${project}:US.${name}`);
    if (kind === 'jobs') return ok(resource(project, job));
    return ok(results(project, job, searchParams));
  };
  return { ...(await serve(route)), ran };
}

const ok = (body: object): Reply => ({ status: 200, body });
const failure = (status: number, reason: string, message: string): Reply => ({
  status,
  body: jsonApiError(status, reason, message),
});

const counts = (sql: string): boolean => sql.includes('COUNT(');
const schemaOf = (sql: string): object => ({
  fields: counts(sql) ? [{ name: 'n', type: 'INTEGER', mode: 'NULLABLE' }] : [id, email],
});
const bytesOf = (sql: string): string => String(sql.includes('LIMIT') ? costlyBytes : 1000);
const tableReference = (project: string): object => ({
  projectId: project,
  datasetId: 'shop',
  tableId: 'orders',
});

const orders = (project: string): object => ({
  kind: 'bigquery#table',
  tableReference: tableReference(project),
  type: 'TABLE',
  schema: { fields: [id, email] },
  numRows: String(rows.length),
  numBytes: '1000',
  creationTime: '1700000000000',
  lastModifiedTime: '1700000000000',
  location: 'US',
  etag: 'e-orders',
});

const accountOf = (project: string, sql: string): object => ({
  statementType: 'SELECT',
  totalBytesProcessed: bytesOf(sql),
  totalBytesProcessedAccuracy: 'PRECISE',
  cacheHit: false,
  referencedTables: [tableReference(project)],
  schema: schemaOf(sql),
});

const dryRun = (project: string, configuration: Fields, sql: string): object => ({
  kind: 'bigquery#job',
  jobReference: { projectId: project, location: 'US' },
  configuration,
  status: { state: 'DONE' },
  statistics: { totalBytesProcessed: bytesOf(sql), query: accountOf(project, sql) },
});

const referenceOf = (project: string, job: Job): object => ({
  projectId: project,
  jobId: job.id,
  location: 'US',
});

const resource = (project: string, job: Job): object => ({
  kind: 'bigquery#job',
  jobReference: referenceOf(project, job),
  configuration: { ...job.configuration, jobType: 'QUERY' },
  status: { state: 'DONE' },
  statistics: {
    creationTime: String(job.atMs),
    startTime: String(job.atMs),
    endTime: String(job.atMs + 1),
    query: { ...accountOf(project, job.sql), totalBytesBilled: bytesOf(job.sql) },
  },
});

function results(project: string, job: Job, query: URLSearchParams): object {
  const all = counts(job.sql) ? [[String(rows.length)]] : rows;
  const from = Number(query.get('startIndex') ?? 0);
  const page = all.slice(from, from + Number(query.get('maxResults') ?? all.length));
  return {
    kind: 'bigquery#getQueryResultsResponse',
    jobReference: referenceOf(project, job),
    jobComplete: true,
    schema: schemaOf(job.sql),
    totalRows: String(all.length),
    ...(page.length === 0 ? {} : { rows: page.map((row) => ({ f: row.map((v) => ({ v })) })) }),
  };
}
