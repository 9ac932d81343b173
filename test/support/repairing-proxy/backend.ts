import { repairError } from './errors.ts';
import type { Defaults } from './places.ts';
import type { DatasetReference, Field, Row, Table, TableReference } from './wire.ts';

/** What a query gave; fields as the emulator has them, which are not always BigQuery's. */
export type BackendResult = { readonly fields: readonly Field[]; readonly rows: Row[] };

/** The emulator, asked what it answers well. Errors are thrown in BigQuery's words. */
export type Backend = {
  readonly url: string;
  table(reference: TableReference): Promise<Table | undefined>;
  tables(project: string, dataset: string): Promise<readonly Table[] | undefined>;
  dataset(project: string, dataset: string): Promise<object | undefined>;
  query(project: string, sql: string, defaultDataset?: DatasetReference): Promise<BackendResult>;
  send(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ readonly status: number; readonly body: unknown }>;
};

const path = ({ projectId, datasetId, tableId }: TableReference): string =>
  `/projects/${projectId}/datasets/${datasetId}/tables/${tableId}`;

export function openBackend(url: string): Backend {
  const base = `${url}/bigquery/v2`;
  const send: Backend['send'] = async (method, at, body) => {
    const reply = await fetch(base + at, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === '' ? {} : parse(text) };
  };
  const get = async (at: string, project: string): Promise<object | undefined> => {
    const { status, body } = await send('GET', at);
    if (status === 404) return undefined;
    if (status >= 400) throw repairError(status, messageOf(body), project);
    return body as object;
  };
  return {
    url,
    send,
    table: async (reference) => (await get(path(reference), reference.projectId)) as Table | undefined,
    dataset: (project, dataset) => get(`/projects/${project}/datasets/${dataset}`, project),
    async tables(project, dataset) {
      const body = await get(`/projects/${project}/datasets/${dataset}/tables`, project);
      return body && ((body as { tables?: readonly Table[] }).tables ?? []);
    },
    async query(project, sql, defaultDataset) {
      const { status, body } = await send('POST', `/projects/${project}/queries`, {
        query: sql,
        useLegacySql: false,
        formatOptions: { useInt64Timestamp: true },
        ...(defaultDataset === undefined ? {} : { defaultDataset }),
      });
      if (status >= 400) {
        await forgetJobs(send, project);
        throw repairError(status, messageOf(body), project);
      }
      const result = body as {
        readonly jobReference?: { readonly jobId?: string };
        readonly schema?: { readonly fields?: readonly Field[] };
        readonly rows?: Row[];
      };
      // each job that it remembers makes the emulator slower
      const jobId = result.jobReference?.jobId;
      if (jobId !== undefined) await send('DELETE', `/projects/${project}/jobs/${jobId}/delete`);
      return { fields: result.schema?.fields ?? [], rows: result.rows ?? [] };
    },
  };
}

/** Runs a text whose short names begin where the query's begin. */
export const askBackend = (
  backend: Backend,
  { project, dataset }: Defaults,
  sql: string,
): Promise<BackendResult> =>
  backend.query(project, sql, dataset && { projectId: dataset.project, datasetId: dataset.dataset });

/** A query that failed leaves a job whose id its answer does not tell; all that are done can go. */
async function forgetJobs(send: Backend['send'], project: string): Promise<void> {
  const { body } = await send('GET', `/projects/${project}/jobs`);
  type Listed = {
    readonly jobReference: { readonly jobId: string };
    readonly status?: { readonly state?: string };
  };
  for (const { jobReference, status } of (body as { jobs?: readonly Listed[] }).jobs ?? []) {
    if (status?.state === 'DONE')
      await send('DELETE', `/projects/${project}/jobs/${jobReference.jobId}/delete`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return { error: { message: text.slice(0, 500) } };
  }
}

export const messageOf = (body: unknown): string =>
  String((body as { error?: { message?: string } } | undefined)?.error?.message ?? 'no message');
