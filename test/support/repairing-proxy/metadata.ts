import { tableBytes } from './analysis.ts';
import { messageOf } from './backend.ts';
import { tableAt } from './catalog.ts';
import { invalid, notFound, repairError } from './errors.ts';
import type { Answer, Exchange } from './exchange.ts';
import { etagOf } from './job-resource.ts';
import { anonymousTable, type Job } from './jobs.ts';
import { keyOf } from './places.ts';
import { indexOf, tokenOf } from './results.ts';
import { type Call, numberOf, type Service } from './service.ts';
import type { Table, TableReference } from './wire.ts';

type Dataset = {
  readonly datasetReference: { readonly datasetId: string };
  readonly [other: string]: unknown;
};

/** A part of a list and the token of the next: the emulator sends lists whole. */
export function listPart<T>(items: readonly T[], { query }: Exchange): { part: readonly T[]; next: object } {
  const token = query.get('pageToken');
  const start = token ? indexOf(token) : 0;
  const end = start + (numberOf(query, 'maxResults') ?? 50);
  return { part: items.slice(start, end), next: end < items.length ? { nextPageToken: tokenOf(end) } : {} };
}

/** An answer with its etag; 304 where the client has it. */
function tagged(resource: object, { ifNoneMatch }: Exchange): Answer {
  const etag = etagOf(resource);
  if (ifNoneMatch === etag) return { status: 304 };
  return { status: 200, body: { ...resource, etag } };
}

export async function listDatasets(service: Service, call: Call): Promise<Answer> {
  const [projectId = ''] = call.names;
  const { status, body } = await service.runner.world.backend.send('GET', `/projects/${projectId}/datasets`);
  if (status >= 400) throw repairError(status, messageOf(body), projectId);
  const all = (body as { datasets?: readonly Dataset[] }).datasets ?? [];
  const { part, next } = listPart(all, call.exchange);
  const datasets = part.map(({ datasetReference: { datasetId } }) => ({
    kind: 'bigquery#dataset',
    id: `${projectId}:${datasetId}`,
    datasetReference: { projectId, datasetId },
    location: locationOf(service, projectId, datasetId),
  }));
  return tagged(
    { kind: 'bigquery#datasetList', ...(datasets.length > 0 ? { datasets } : {}), ...next },
    call.exchange,
  );
}

export const locationOf = (service: Service, projectId: string, datasetId: string): string =>
  service.datasetLocations.get(`${projectId}.${datasetId}`) ?? service.location;

export async function getDataset(service: Service, call: Call): Promise<Answer> {
  const [projectId = '', datasetId = ''] = call.names;
  const found = await service.runner.world.backend.dataset(projectId, datasetId);
  if (found === undefined) throw notFound(`Dataset ${projectId}:${datasetId}`);
  const resource = {
    kind: 'bigquery#dataset',
    ...found,
    id: `${projectId}:${datasetId}`,
    selfLink: `${service.url()}/bigquery/v2/projects/${projectId}/datasets/${datasetId}`,
    datasetReference: { projectId, datasetId },
    location: locationOf(service, projectId, datasetId),
    ...milliseconds(found),
  };
  return tagged(resource, call.exchange);
}

/** The emulator counts seconds, BigQuery milliseconds. */
function milliseconds(resource: object): object {
  const times = resource as { readonly creationTime?: string; readonly lastModifiedTime?: string };
  const ms = (seconds: string | undefined) => String(Number(seconds ?? 0) * 1000);
  const created = ms(times.creationTime);
  return {
    creationTime: created,
    lastModifiedTime: times.lastModifiedTime ? ms(times.lastModifiedTime) : created,
  };
}

export async function listTables(service: Service, call: Call): Promise<Answer> {
  const [projectId = '', datasetId = ''] = call.names;
  const { backend } = service.runner.world;
  if ((await backend.dataset(projectId, datasetId)) === undefined) {
    throw notFound(`Dataset ${projectId}:${datasetId}`);
  }
  const all = [...((await backend.tables(projectId, datasetId)) ?? [])].sort((a, b) =>
    a.tableReference.tableId < b.tableReference.tableId ? -1 : 1,
  );
  const { part, next } = listPart(all, call.exchange);
  const tables = part.map(({ tableReference: { tableId }, type = 'TABLE', ...rest }) => ({
    kind: 'bigquery#table',
    id: `${projectId}:${datasetId}.${tableId}`,
    tableReference: { projectId, datasetId, tableId },
    type,
    creationTime: (milliseconds(rest) as { creationTime: string }).creationTime,
    ...(type === 'VIEW' ? { view: { useLegacySql: false } } : {}),
  }));
  const body = {
    kind: 'bigquery#tableList',
    totalItems: all.length,
    ...(tables.length > 0 ? { tables } : {}),
  };
  return tagged({ ...body, ...next }, call.exchange);
}

/** The table of a request, or the hidden one that holds a job's result. */
export async function tableOf(
  service: Service,
  call: Call,
): Promise<{ readonly table: Table; readonly job?: Job }> {
  const [projectId = '', datasetId = '', tableId = ''] = call.names;
  const job = service.jobs.byAnonymousTable(datasetId, tableId);
  if (job !== undefined && job.email === call.email) return { table: resultTable(job), job };
  const table = await tableAt(service.runner.world, { projectId, datasetId, tableId });
  if (table === undefined) throw notFound(`Table ${projectId}:${datasetId}.${tableId}`);
  return { table };
}

const resultTable = (job: Job): Table => ({
  tableReference: anonymousTable(job),
  type: 'TABLE',
  schema: { fields: job.analysis?.fields ?? [] },
  numRows: String(job.rows.length),
  creationTime: String(Math.floor(job.createdMs / 1000)),
});

export async function getTable(service: Service, call: Call): Promise<Answer> {
  const { table } = await tableOf(service, call);
  return tagged(tableResource(service, table, call.names), call.exchange);
}

function tableResource(service: Service, table: Table, names: readonly string[]): object {
  const [projectId = '', datasetId = '', tableId = ''] = names;
  const reference = { projectId, datasetId, tableId };
  const times = milliseconds(table) as { readonly creationTime: string; readonly lastModifiedTime: string };
  const changed = service.changedMs.get(keyOf(reference));
  const definition = service.runner.world.definitions.views.get(keyOf(reference));
  const isView = table.type === 'VIEW';
  const numBytes = String(tableBytes(service.runner.world, { ...table, tableReference: reference }));
  const size = { numRows: table.numRows ?? '0', numBytes, numLongTermBytes: '0' };
  return {
    kind: 'bigquery#table',
    ...table,
    id: `${projectId}:${datasetId}.${tableId}`,
    selfLink: `${service.url()}/bigquery/v2/projects/${projectId}/datasets/${datasetId}/tables/${tableId}`,
    tableReference: reference,
    type: table.type ?? 'TABLE',
    ...(isView ? { numRows: '0', numBytes: '0', numLongTermBytes: '0' } : size),
    ...times,
    lastModifiedTime: changed === undefined ? times.lastModifiedTime : String(changed),
    location: locationOf(service, projectId, datasetId),
    ...(isView
      ? { view: { useLegacySql: false, ...table.view, ...(definition ? { query: definition } : {}) } }
      : {}),
  };
}

/** Refuses views, as BigQuery does. */
export function readable(table: Table, { tableId }: TableReference): void {
  if (table.type === 'VIEW') throw invalid(`Cannot list a table of type VIEW: ${tableId}.`);
}
