import { wholeMebibytes } from '../../core/query/public-bytes.ts';
import type { Query } from '../../core/query/query.ts';
import type { FieldSchema } from '../../core/query/schema.ts';
import { getTable, listTables } from '../../pipeline/browse.ts';
import { findQuery } from '../../pipeline/find-query.ts';
import type { TableInfo } from '../../ports/index.ts';
import { type Answer, type Call, param, refuse, resource } from './call.ts';
import { withEtag } from './etag.ts';
import { resultsDataset, resultTtlMs } from './job-resource.ts';
import { paged } from './lists.ts';

/** tables.list: https://cloud.google.com/bigquery/docs/reference/rest/v2/tables/list */
export async function list(call: Call): Promise<Answer> {
  const [project, dataset] = [param(call, 'projectId'), param(call, 'datasetId')];
  const found = await listTables(call.ports, call.caller, project, dataset);
  if (!found.ok) return { kind: 'refused', refusal: found.refusal };
  const page = await paged(call, ['tables', project, dataset], found.value, ({ ref }) => ref.table);
  if (!page.ok) return { kind: 'refused', refusal: page.refusal };
  const tables = page.items.map((info) => ({
    kind: 'bigquery#table',
    id: `${project}:${dataset}.${info.ref.table}`,
    tableReference: { projectId: project, datasetId: dataset, tableId: info.ref.table },
    type: typeOf(info),
    ...(info.kind === 'view' ? { view: { useLegacySql: false } } : {}),
    creationTime: String(info.createdMs),
  }));
  return resource(
    withEtag({
      kind: 'bigquery#tableList',
      ...page.next,
      ...(tables.length === 0 ? {} : { tables }),
      totalItems: found.value.length,
    }),
  );
}

const typeOf = (info: TableInfo) => (info.kind === 'view' ? 'VIEW' : 'TABLE');

/** tables.get: https://cloud.google.com/bigquery/docs/reference/rest/v2/tables/get */
export async function get(call: Call): Promise<Answer> {
  const ref = {
    project: param(call, 'projectId'),
    dataset: param(call, 'datasetId'),
    table: param(call, 'tableId'),
  };
  const selected = call.query.text('selectedFields');
  if (ref.dataset === resultsDataset) {
    const query = await resultOf(call);
    return query === undefined ? tableNotFound(call) : resource(resultTable(query, call.origin));
  }
  const found = await getTable(call.ports, call.caller, ref);
  if (!found.ok) return { kind: 'refused', refusal: found.refusal };
  const fields =
    selected === undefined ? found.value.schema.fields : selectFields(found.value.schema.fields, selected);
  if (fields === undefined)
    return refuse('invalid', 'selectedFields names a field that the table does not have.', 'selectedFields');
  return resource(tableResource(found.value, fields, call.origin));
}

/** The caller's finished job whose result table the path names. */
export async function resultOf(call: Call): Promise<Query | undefined> {
  const query = await findQuery(call.ports, call.caller, param(call, 'projectId'), param(call, 'tableId'));
  return query?.state === 'done' ? query : undefined;
}

export function tableNotFound(call: Call): Answer {
  const name = `${param(call, 'projectId')}:${param(call, 'datasetId')}.${param(call, 'tableId')}`;
  return refuse('not_found', `Not found: Table ${name.slice(0, 1200)}`);
}

const selfLink = (origin: string, project: string, dataset: string, table: string) =>
  `${origin}/bigquery/v2/projects/${project}/datasets/${encodeURIComponent(dataset)}/tables/${encodeURIComponent(table)}`;

/** Its etag is that of what is told here: the warehouse's own changes with the exact size. */
const tableResource = (info: TableInfo, fields: readonly FieldSchema[], origin: string): object =>
  withEtag({
    kind: 'bigquery#table',
    id: `${info.ref.project}:${info.ref.dataset}.${info.ref.table}`,
    selfLink: selfLink(origin, info.ref.project, info.ref.dataset, info.ref.table),
    tableReference: { projectId: info.ref.project, datasetId: info.ref.dataset, tableId: info.ref.table },
    ...(info.description === undefined ? {} : { description: info.description }),
    schema: { fields },
    type: typeOf(info),
    ...(info.kind === 'view' && info.viewSql !== undefined
      ? { view: { query: info.viewSql, useLegacySql: false } }
      : { numBytes: String(wholeMebibytes(info.bytes)), numLongTermBytes: '0', numRows: String(info.rows) }),
    creationTime: String(info.createdMs),
    lastModifiedTime: String(info.modifiedMs),
    location: info.location,
  });

/** A finished job's result as the table that `configuration.query.destinationTable` names. */
function resultTable(query: Query, origin: string): object {
  const { project, jobId, location, outcome, evaluation } = query;
  const createdMs = query.endedMs ?? query.receivedMs;
  return withEtag({
    kind: 'bigquery#table',
    id: `${project}:${resultsDataset}.${jobId}`,
    selfLink: selfLink(origin, project, resultsDataset, jobId),
    tableReference: { projectId: project, datasetId: resultsDataset, tableId: jobId },
    schema: evaluation?.schema ?? { fields: [] },
    type: 'TABLE',
    numRows: String(outcome?.totalRows ?? 0),
    creationTime: String(createdMs),
    lastModifiedTime: String(createdMs),
    expirationTime: String(createdMs + resultTtlMs),
    location,
  });
}

/**
 * The fields that a comma-separated list of names picks, in the table's own order; `a.b` picks a nested field. Undefined
 * when a name picks nothing.
 */
export function selectFields(
  fields: readonly FieldSchema[],
  selected: string,
): readonly FieldSchema[] | undefined {
  const paths = selected.split(',').map((path) => path.trim().toLowerCase().split('.'));
  return pick(fields, paths);
}

function pick(
  fields: readonly FieldSchema[],
  paths: readonly (readonly string[])[],
): readonly FieldSchema[] | undefined {
  const known = new Set(fields.map(({ name }) => name.toLowerCase()));
  if (paths.some(([head = '']) => !known.has(head))) return undefined;
  const picked: FieldSchema[] = [];
  for (const field of fields) {
    const own = paths.filter(([head]) => head === field.name.toLowerCase());
    if (own.length === 0) continue;
    if (own.some((path) => path.length === 1)) {
      picked.push(field);
      continue;
    }
    const nested = pick(
      field.fields ?? [],
      own.map((path) => path.slice(1)),
    );
    if (nested === undefined) return undefined;
    picked.push({ ...field, fields: nested });
  }
  return picked;
}
