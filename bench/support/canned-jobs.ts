import { factsRows, fewRows, type Rows } from './canned-rows.ts';
import { answers, type CannedAnswer, project, type TimestampFormat } from './canned-tables.ts';

export type Settings = {
  /** Added to every call, milliseconds. */
  roundTripMs: number;
  /** How long a query computes. */
  executionMs: number;
  /** How long a dry run takes, beside the round trip. */
  dryRunMs: number;
  /** How long the warehouse takes before it gives a page with rows, beside the round trip. */
  pageMs: number;
};

type Job = {
  readonly id: string;
  readonly configuration: Record<string, unknown>;
  readonly answer: CannedAnswer;
  readonly startMs: number;
  readonly endMs: number;
};
type Body = Readonly<Record<string, unknown>>;
type Streamed = { readonly status: number; readonly parts: readonly Buffer[] };

/** So many jobs are remembered; a soak must not grow the server beside the gateway. */
const jobLimit = 50_000;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Jobs that take as long as they are told to and then have the rows that were made before. */
export class CannedJobs {
  readonly #jobs = new Map<string, Job>();
  readonly #rows: ReadonlyMap<CannedAnswer, Rows>;
  readonly #settings: Settings;
  #made = 0;

  constructor(resultBytes: number, settings: Settings) {
    this.#settings = settings;
    this.#rows = new Map(
      answers.map((answer) => [
        answer,
        answer.rows === 'facts' ? factsRows(resultBytes) : fewRows(answer.rows),
      ]),
    );
  }

  async insert(body: Body): Promise<readonly [number, object]> {
    const configuration = body.configuration as { query?: { query?: string }; dryRun?: boolean };
    const answer = answerTo(configuration.query?.query ?? '');
    if (answer === undefined) return [400, invalid('the canned server has no answer to this text')];
    const wanted = (body.jobReference as { jobId?: string } | undefined)?.jobId;
    if (configuration.dryRun === true) {
      await pause(this.#settings.dryRunMs);
      return [200, dryRunJob(configuration, answer)];
    }
    if (wanted !== undefined && this.#jobs.has(wanted)) return [409, duplicate(wanted)];
    const job = this.#start(wanted, configuration, answer);
    return [200, jobResource(job)];
  }

  get(id: string): object | undefined {
    const job = this.#jobs.get(id);
    return job && jobResource(job);
  }

  async query(body: Body): Promise<Streamed> {
    const answer = answerTo(String(body.query ?? ''));
    if (answer === undefined) return json(400, invalid('the canned server has no answer to this text'));
    if (body.dryRun === true) {
      await pause(this.#settings.dryRunMs);
      const { query } = dryRunJob({}, answer).statistics;
      return json(200, { kind: 'bigquery#queryResponse', jobComplete: true, schema: query.schema });
    }
    const job = this.#start(undefined, { query: { query: body.query } }, answer);
    const format = body.formatOptions as { useInt64Timestamp?: boolean } | undefined;
    return this.#answer(job, 'bigquery#queryResponse', {
      timeoutMs: Number(body.timeoutMs ?? 10_000),
      maximumRows: Number(body.maxResults ?? Number.MAX_SAFE_INTEGER),
      startIndex: 0,
      timestamps: format?.useInt64Timestamp === true ? 'INT64' : 'FLOAT64',
    });
  }

  async results(id: string, query: URLSearchParams): Promise<Streamed> {
    const job = this.#jobs.get(id);
    if (job === undefined) return json(404, { error: { code: 404, message: `Not found: Job ${id}` } });
    const int64 =
      query.get('formatOptions.useInt64Timestamp') === 'true' ||
      query.get('formatOptions.timestampOutputFormat') === 'INT64';
    return this.#answer(job, 'bigquery#getQueryResultsResponse', {
      timeoutMs: Number(query.get('timeoutMs') ?? 10_000),
      maximumRows: Number(query.get('maxResults') ?? Number.MAX_SAFE_INTEGER),
      startIndex: Number(query.get('pageToken') ?? query.get('startIndex') ?? 0),
      timestamps: int64 ? 'INT64' : 'FLOAT64',
    });
  }

  #start(wanted: string | undefined, configuration: object, answer: CannedAnswer): Job {
    const id = wanted ?? `job_canned_${++this.#made}`;
    const startMs = Date.now();
    const endMs = startMs + this.#settings.executionMs;
    const job = { id, configuration: { ...configuration }, answer, startMs, endMs };
    this.#jobs.set(id, job);
    if (this.#jobs.size > jobLimit) this.#jobs.delete(this.#jobs.keys().next().value as string);
    return job;
  }

  async #answer(
    job: Job,
    kind: string,
    wanted: {
      readonly timeoutMs: number;
      readonly maximumRows: number;
      readonly startIndex: number;
      readonly timestamps: TimestampFormat;
    },
  ): Promise<Streamed> {
    const leftMs = job.endMs - Date.now();
    if (leftMs > 0) await pause(Math.min(leftMs, wanted.timeoutMs));
    const reference = { kind, jobReference: referenceOf(job.id) };
    if (job.endMs > Date.now()) return json(200, { ...reference, jobComplete: false });
    const rows = this.#rows.get(job.answer) as Rows;
    const page = rows.page(wanted.startIndex, wanted.maximumRows, wanted.timestamps);
    if (page.rows > 0 && this.#settings.pageMs > 0) await pause(this.#settings.pageMs);
    const next = wanted.startIndex + Math.max(page.rows, 0);
    const head = JSON.stringify({
      ...reference,
      etag: `e-${job.id}`,
      schema: { fields: job.answer.fields },
      totalRows: String(rows.totalRows),
      ...(next < rows.totalRows ? { pageToken: String(next) } : {}),
      totalBytesProcessed: String(job.answer.bytes),
      totalBytesBilled: String(job.answer.bytes),
      jobComplete: true,
      cacheHit: false,
    });
    if (page.rows <= 0) return json(200, JSON.parse(head) as object);
    return {
      status: 200,
      parts: [Buffer.from(`${head.slice(0, -1)},"rows":`), ...page.parts, Buffer.from('}')],
    };
  }
}

const answerTo = (sql: string): CannedAnswer | undefined =>
  answers.find(({ includes }) => sql.includes(includes));
const json = (status: number, value: object): Streamed => ({
  status,
  parts: [Buffer.from(JSON.stringify(value))],
});
const referenceOf = (jobId: string): object => ({ projectId: project, jobId, location: 'US' });

const problem = (code: number, reason: string, message: string): object => ({
  error: { code, message, errors: [{ domain: 'global', reason, message }] },
});
const invalid = (message: string): object => problem(400, 'invalidQuery', message);
const duplicate = (id: string): object =>
  problem(409, 'duplicate', `Already Exists: Job ${project}:US.${id}`);

const referencedTables = (answer: CannedAnswer): readonly object[] =>
  answer.referenced.map((name) => {
    const [datasetId, tableId] = name.split('.');
    return { projectId: project, datasetId, tableId };
  });

function dryRunJob(configuration: object, answer: CannedAnswer) {
  return {
    kind: 'bigquery#job',
    jobReference: { projectId: project, location: 'US' },
    configuration: { ...configuration, jobType: 'QUERY', dryRun: true },
    status: { state: 'DONE' },
    statistics: {
      creationTime: String(Date.now()),
      totalBytesProcessed: String(answer.bytes),
      query: {
        statementType: 'SELECT',
        totalBytesProcessed: String(answer.bytes),
        totalBytesProcessedAccuracy: 'PRECISE',
        totalBytesBilled: '0',
        cacheHit: false,
        referencedTables: referencedTables(answer),
        schema: { fields: answer.fields },
      },
    },
  };
}

function jobResource(job: Job): object {
  const done = job.endMs <= Date.now();
  const times = { creationTime: String(job.startMs), startTime: String(job.startMs) };
  return {
    kind: 'bigquery#job',
    id: `${project}:US.${job.id}`,
    etag: `e-${job.id}`,
    jobReference: referenceOf(job.id),
    configuration: {
      ...job.configuration,
      jobType: 'QUERY',
      query: {
        ...(job.configuration.query as object),
        destinationTable: { projectId: project, datasetId: '_results', tableId: `anon_${job.id}` },
      },
    },
    status: { state: done ? 'DONE' : 'RUNNING' },
    statistics: {
      ...times,
      ...(done ? { endTime: String(job.endMs) } : {}),
      totalBytesProcessed: String(job.answer.bytes),
      query: {
        statementType: 'SELECT',
        totalBytesProcessed: String(job.answer.bytes),
        totalBytesBilled: String(job.answer.bytes),
        cacheHit: false,
        referencedTables: referencedTables(job.answer),
        ...(done ? { schema: { fields: job.answer.fields } } : {}),
      },
    },
  };
}
