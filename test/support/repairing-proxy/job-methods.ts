import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { analyzeQuery } from './analysis.ts';
import { BigqueryError, invalid } from './errors.ts';
import type { Answer } from './exchange.ts';
import { dryRunResource, jobResource } from './job-resource.ts';
import type { Job, JobId } from './jobs.ts';
import { indexOf, resultsBody, timestampsOf, tokenOf } from './results.ts';
import { runJob, stopJob } from './run-job.ts';
import { type Call, numberOf, pageRequest, type Service } from './service.ts';
import { undeclaredParameters } from './undeclared.ts';
import type { JobConfiguration, QueryConfiguration } from './wire.ts';

type JobRequest = {
  readonly jobReference?: {
    readonly projectId?: string;
    readonly jobId?: string;
    readonly location?: string;
  };
  readonly configuration?: JobConfiguration;
};

/** jobs.insert of a query; undefined for other jobs, which the emulator gets. */
export async function insertJob(service: Service, call: Call): Promise<Answer | undefined> {
  const [projectId = ''] = call.names;
  const { jobReference, configuration } = call.exchange.json<JobRequest>();
  if (configuration?.query === undefined) return undefined;
  const location = jobReference?.location ?? service.location;
  if (configuration.dryRun) {
    return { status: 200, body: await dryRun(service, call, configuration, { projectId, location }) };
  }
  const jobId = jobReference?.jobId ?? `job_${randomUUID()}`;
  const job = startJob(service, call.email, { projectId, jobId, location }, configuration);
  return { status: 200, body: jobResource(job, service.url()) };
}

async function dryRun(
  service: Service,
  call: Call,
  configuration: JobConfiguration,
  at: { readonly projectId: string; readonly location: string },
): Promise<object> {
  const { world } = service.runner;
  const analysis = await analyzeQuery(world, configuration.query ?? {}, at.projectId);
  const undeclared = await undeclaredParameters(world.referee, analysis);
  return dryRunResource(analysis, configuration, { ...at, email: call.email }, undeclared);
}

function startJob(service: Service, email: string, id: JobId, configuration: JobConfiguration): Job {
  if (!/^[A-Za-z0-9_-]{1,1024}$/.test(id.jobId)) {
    throw invalid(
      `Invalid job ID "${id.jobId}". Job IDs must be alphanumeric (plus underscores and dashes).`,
    );
  }
  if (service.jobs.find(id.projectId, id.jobId, id.location) !== undefined) {
    const name = `${id.projectId}:${id.location}.${id.jobId}`;
    throw new BigqueryError(409, 'duplicate', `Already Exists: Job ${name}`);
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  const job: Job = {
    ...{ id, email, configuration, createdMs: Date.now(), done: promise, stop: new AbortController() },
    ...{ state: 'PENDING', rows: [] },
  };
  service.jobs.add(job);
  void runJob(service.runner, job).finally(resolve);
  return job;
}

/** A job is read by the one whose it is. */
function jobOf(service: Service, call: Call): Job {
  const [projectId = '', jobId = ''] = call.names;
  const { query } = call.exchange;
  const job = service.jobs.get(projectId, jobId, query.get('location') ?? undefined);
  if (job.email !== call.email) {
    const message = `Access Denied: Job ${projectId}:${job.id.location}.${jobId}: User does not have permission`;
    throw new BigqueryError(403, 'accessDenied', message);
  }
  return job;
}

export const getJob = async (service: Service, call: Call): Promise<Answer> => ({
  status: 200,
  body: jobResource(jobOf(service, call), service.url()),
});

export async function cancelJob(service: Service, call: Call): Promise<Answer> {
  const job = jobOf(service, call);
  stopJob(job, 'Job execution was cancelled: User requested cancellation');
  const body = { kind: 'bigquery#jobCancelResponse', job: jobResource(job, service.url()) };
  return { status: 200, body };
}

export async function deleteJob(service: Service, call: Call): Promise<Answer> {
  service.jobs.delete(jobOf(service, call));
  return { status: 204 };
}

const defaultWaitMs = 10_000;

async function waitFor(job: Job, timeoutMs: number): Promise<void> {
  const timer = new AbortController();
  // a job that is stopped is done before the emulator is
  const stopped = new Promise<void>((resolve) => job.stop.signal.addEventListener('abort', () => resolve()));
  const late = pause(timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined);
  if (job.state !== 'DONE') await Promise.race([job.done, stopped, late]);
  timer.abort();
}

export async function getResults(service: Service, call: Call): Promise<Answer> {
  const job = jobOf(service, call);
  const { query } = call.exchange;
  await waitFor(job, numberOf(query, 'timeoutMs') ?? defaultWaitMs);
  const request = {
    ...pageRequest(query),
    timestamps: timestampsOf({
      useInt64Timestamp: query.get('formatOptions.useInt64Timestamp'),
      timestampOutputFormat: query.get('formatOptions.timestampOutputFormat'),
    }),
  };
  return { status: 200, body: resultsBody(job, request, 'bigquery#getQueryResultsResponse') };
}

type QueryRequest = QueryConfiguration & {
  readonly maxResults?: number;
  readonly timeoutMs?: number;
  readonly dryRun?: boolean;
  readonly requestId?: string;
  readonly location?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly jobTimeoutMs?: string | number;
  readonly formatOptions?: { readonly useInt64Timestamp?: boolean; readonly timestampOutputFormat?: string };
};

/** Request ids count for fifteen minutes. */
const requestIdMs = 15 * 60_000;

/** jobs.query: a job, waited for. */
export async function queryJob(service: Service, call: Call): Promise<Answer> {
  const [projectId = ''] = call.names;
  const request = call.exchange.json<QueryRequest>();
  const { maxResults, timeoutMs, dryRun: dry, requestId, location = service.location } = request;
  const { labels, jobTimeoutMs, formatOptions, ...query } = request;
  const configuration: JobConfiguration = {
    query: queryOnly(query),
    ...(labels ? { labels } : {}),
    ...(jobTimeoutMs === undefined ? {} : { jobTimeoutMs }),
  };
  if (dry) return { status: 200, body: await dryQuery(service, projectId, location, configuration) };
  const job = startOnce(service, call.email, { projectId, location }, configuration, requestId);
  await waitFor(job, timeoutMs ?? defaultWaitMs);
  const page = {
    ...(maxResults === undefined ? {} : { maxResults }),
    timestamps: timestampsOf(formatOptions ?? {}),
  };
  return { status: 200, body: resultsBody(job, page, 'bigquery#queryResponse') };
}

const requestFields: ReadonlySet<string> = new Set(
  'kind maxResults timeoutMs dryRun requestId location preserveNulls jobCreationMode'.split(' '),
);

const queryOnly = (request: QueryConfiguration): QueryConfiguration =>
  Object.fromEntries(Object.entries(request).filter(([name]) => !requestFields.has(name)));

function startOnce(
  service: Service,
  email: string,
  at: { readonly projectId: string; readonly location: string },
  configuration: JobConfiguration,
  requestId: string | undefined,
): Job {
  const key = `${at.projectId}/${email}/${requestId}`;
  const earlier = requestId === undefined ? undefined : service.requestIds.get(key);
  if (earlier !== undefined && Date.now() - earlier.atMs < requestIdMs) {
    return service.jobs.get(at.projectId, earlier.jobId, at.location);
  }
  const jobId = `job_${randomUUID()}`;
  const job = startJob(service, email, { ...at, jobId }, configuration);
  if (requestId !== undefined) service.requestIds.set(key, { jobId, atMs: Date.now() });
  return job;
}

async function dryQuery(
  service: Service,
  projectId: string,
  location: string,
  configuration: JobConfiguration,
): Promise<object> {
  const analysis = await analyzeQuery(service.runner.world, configuration.query ?? {}, projectId);
  const { statementType, bytes, fields } = analysis;
  const schema = statementType === 'SELECT' ? { schema: { fields }, totalRows: '0' } : {};
  return {
    kind: 'bigquery#queryResponse',
    jobReference: { projectId, location },
    ...schema,
    jobComplete: true,
    statementType,
    totalBytesProcessed: String(bytes),
    cacheHit: false,
  };
}

const states: Readonly<Record<string, Job['state']>> = {
  done: 'DONE',
  pending: 'PENDING',
  running: 'RUNNING',
};

/** jobs.list, newest first. */
export async function listJobs(service: Service, call: Call): Promise<Answer> {
  const [projectId = ''] = call.names;
  const { query } = call.exchange;
  if (query.has('parentJobId')) return { status: 200, body: { kind: 'bigquery#jobList', etag: 'none' } };
  const wanted = query.getAll('stateFilter').map((name) => states[name.toLowerCase()]);
  const from = numberOf(query, 'minCreationTime') ?? 0;
  const until = numberOf(query, 'maxCreationTime') ?? Number.POSITIVE_INFINITY;
  const everybody = query.get('allUsers') === 'true';
  const found = service.jobs
    .all(projectId)
    .filter(
      (job) =>
        (everybody || job.email === call.email) &&
        (wanted.length === 0 || wanted.includes(job.state)) &&
        job.createdMs >= from &&
        job.createdMs <= until,
    );
  const token = query.get('pageToken');
  const start = token ? indexOf(token) : 0;
  const end = start + Math.min(numberOf(query, 'maxResults') ?? 50, 1000);
  const body = {
    kind: 'bigquery#jobList',
    etag: String(found.length),
    jobs: found.slice(start, end).map((job) => listed(job, service.url())),
    ...(end < found.length ? { nextPageToken: tokenOf(end) } : {}),
  };
  return { status: 200, body };
}

const listed = (job: Job, url: string): object => ({
  ...jobResource(job, url),
  state: job.state,
  ...(job.error ? { errorResult: job.error } : {}),
});
