import { createServer, type IncomingMessage } from 'node:http';
import { after } from 'node:test';
import type { BigQueryCredentials } from '../../../functions/adapters/warehouse/bigquery/credentials.ts';
import {
  type BigQueryWarehouseOptions,
  openBigQueryWarehouse,
} from '../../../functions/adapters/warehouse/bigquery/open.ts';
import type { JobSpec, Warehouse } from '../../../functions/ports/warehouse.ts';

export type Seen = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
};

/** What a scripted server does: answers, or breaks the connection, or never answers. */
export type Does =
  | {
      readonly status: number;
      readonly json?: unknown;
      readonly text?: string;
      readonly headers?: Record<string, string>;
    }
  | 'reset'
  | 'hang';

export type Server = { readonly url: string; readonly seen: Seen[] };

/** A server on loopback that does what `script` says, request by request. */
export async function scripted(script: (seen: Seen, nth: number) => Does | Promise<Does>): Promise<Server> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const url = new URL(request.url ?? '/', 'http://localhost');
    const one: Seen = {
      method: request.method ?? '',
      path: decodeURIComponent(url.pathname),
      query: url.searchParams,
      headers: request.headers,
      body: bodyOf(text, request.headers['content-type']),
    };
    const does = await script(one, seen.push(one));
    if (does === 'hang') return;
    if (does === 'reset') return void request.socket.destroy();
    response.writeHead(does.status, { 'content-type': 'application/json', ...does.headers });
    response.end(does.text ?? (does.json === undefined ? '' : JSON.stringify(does.json)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, seen };
}

/** JSON, or a form as token endpoints take it. */
function bodyOf(text: string, type = ''): Record<string, unknown> {
  if (type.includes('form')) return Object.fromEntries(new URLSearchParams(text));
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

export const failure = (status: number, reason: string, message = 'secret 123-45-6789'): Does => ({
  status,
  json: { error: { code: status, message, errors: [{ reason, message, domain: 'global' }] } },
});

/** Says who asks, instead of a credential. */
export const names: BigQueryCredentials = {
  metadata: async () => ({ getRequestHeaders: async () => new Headers({ authorization: 'Bearer gateway' }) }),
  as: async (identity) => ({
    getRequestHeaders: async () => new Headers({ authorization: `Bearer ${identity}` }),
  }),
};

/** A warehouse over a server, with little patience. Closed at the end of the file. */
export async function warehouseOn(
  { url }: Server,
  more: Partial<BigQueryWarehouseOptions> = {},
): Promise<Warehouse> {
  const warehouse = await openBigQueryWarehouse({
    projects: ['p'],
    locations: ['US'],
    credentials: names,
    apiEndpoint: url,
    patience: { firstPauseMs: 1, attempts: 4 },
    ...more,
  });
  after(() => warehouse.close());
  return warehouse;
}

let specs = 0;
export const spec = (changes: Partial<JobSpec> = {}): JobSpec => ({
  id: `sluice_unit_${++specs}`,
  project: 'p',
  location: 'EU',
  executionIdentity: 'runner@p.iam.gserviceaccount.com',
  sql: 'SELECT 1 AS `x`',
  parameters: [],
  secrets: {},
  maximumBytesBilled: 1_000_000,
  timeoutMs: 60_000,
  labels: {},
  ...changes,
});

type Fields = Record<string, unknown>;

/** A Job resource as BigQuery shows a finished one. */
export function doneJob(of: JobSpec, query: Fields = {}, more: Fields = {}): Fields {
  return {
    kind: 'bigquery#job',
    jobReference: { projectId: of.project, jobId: of.id, location: of.location },
    configuration: { query: { query: of.sql } },
    status: { state: 'DONE' },
    ...more,
    statistics: {
      creationTime: '1000',
      startTime: '1100',
      endTime: '1500',
      ...(more.statistics as Fields | undefined),
      query: {
        statementType: 'SELECT',
        totalBytesProcessed: '40',
        totalBytesBilled: '10485760',
        cacheHit: false,
        ...query,
      },
    },
  };
}

export const failedJob = (of: JobSpec, reason: string, message: string): Fields =>
  doneJob(
    of,
    {},
    { status: { state: 'DONE', errorResult: { reason, message }, errors: [{ reason, message }] } },
  );

/** An answer of getQueryResults: rows of one column. */
export function resultOf(of: JobSpec, values: readonly unknown[], more: Fields = {}): Fields {
  return {
    kind: 'bigquery#getQueryResultsResponse',
    jobReference: { projectId: of.project, jobId: of.id, location: of.location },
    jobComplete: true,
    schema: { fields: [{ name: 'x', type: 'STRING', mode: 'NULLABLE' }] },
    totalRows: String(values.length),
    ...(values.length === 0 ? {} : { rows: values.map((v) => ({ f: [{ v }] })) }),
    ...more,
  };
}

export const isInsert = ({ method, path }: Seen): boolean => method === 'POST' && path.endsWith('/jobs');
export const isResult = ({ path }: Seen): boolean => path.includes('/queries/');
export const ok = (json: unknown): Does => ({ status: 200, json });

/** A server that has one finished job whose rows are `values`, in pages of at most `mostRows`. */
export function oneResult(of: JobSpec, values: readonly unknown[], more: Fields = {}, mostRows = 1e9) {
  return scripted((seen) => {
    if (isInsert(seen)) return ok({ ...doneJob(of), status: { state: 'RUNNING' }, statistics: {} });
    if (!isResult(seen)) return ok(doneJob(of));
    const from = Number(seen.query.get('startIndex') ?? 0);
    const rows = values.slice(from, from + Math.min(Number(seen.query.get('maxResults')), mostRows));
    return ok({ ...resultOf(of, rows, more), totalRows: String(values.length) });
  });
}
