import { match, type Pattern, pattern } from '../router.ts';

/** The methods that are answered; everything else in the table is refused by name. */
export type ServedId =
  | 'projects.list'
  | 'datasets.list'
  | 'datasets.get'
  | 'tables.list'
  | 'tables.get'
  | 'tabledata.list'
  | 'jobs.insert'
  | 'jobs.query'
  | 'jobs.get'
  | 'jobs.list'
  | 'jobs.cancel'
  | 'jobs.getQueryResults';

export type ParameterKind = 'string' | 'boolean' | 'integer' | 'uint64' | 'strings';

export type Method = {
  /** As in the API reference, without `bigquery.`: `jobs.insert`. */
  readonly id: string;
  readonly verb: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly pattern: Pattern;
  readonly query: Readonly<Record<string, ParameterKind>>;
  readonly request?: string;
  readonly response?: string;
  readonly use:
    | { readonly kind: 'served'; readonly id: ServedId }
    | { readonly kind: 'refused'; readonly code: 'forbidden' | 'unsupported'; readonly advice: string };
};

const project = 'projects/{projectId}';
const dataset = `${project}/datasets/{datasetId}`;
const table = `${dataset}/tables/{tableId}`;
const routine = `${dataset}/routines/{routineId}`;
const model = `${dataset}/models/{modelId}`;
const rowPolicy = `${table}/rowAccessPolicies/{policyId}`;
const page = { maxResults: 'integer', pageToken: 'string' } as const;
const format = {
  'formatOptions.useInt64Timestamp': 'boolean',
  'formatOptions.timestampOutputFormat': 'string',
} as const;

type Options = Partial<Pick<Method, 'query' | 'request' | 'response'>>;

const served = (id: ServedId, verb: Method['verb'], path: string, options: Options): Method => ({
  id,
  verb,
  path,
  pattern: pattern(path),
  query: {},
  ...options,
  use: { kind: 'served', id },
});

const refused =
  (code: 'forbidden' | 'unsupported', advice: string) =>
  (id: string, verb: Method['verb'], path: string, options: Options = {}): Method => ({
    id,
    verb,
    path,
    pattern: pattern(path),
    query: {},
    ...(verb === 'GET' || verb === 'DELETE' ? {} : { request: 'Any' }),
    response: 'Any',
    ...options,
    use: { kind: 'refused', code, advice },
  });

const change = refused(
  'forbidden',
  'Agents change nothing through this method. Submit the change as a SQL statement with jobs.insert, where the policy decides it, or ask the owner of the data.',
);
const rows = refused(
  'forbidden',
  'Rows are not streamed through this gateway. Submit an INSERT statement with jobs.insert, where the policy decides it.',
);
const access = refused(
  'forbidden',
  'Who may read what is decided by the policy of this gateway, not through this method. Ask its owner for a grant.',
);
const look = refused(
  'unsupported',
  'This gateway shows datasets, tables, jobs and rows only. Use datasets, tables or jobs methods, or ask the owner of the data.',
);
const evidence = refused(
  'forbidden',
  'Jobs are evidence and stay. A job that still runs can be stopped with jobs.cancel.',
);
const upload = refused(
  'forbidden',
  'Files are not uploaded through this gateway. Ask the owner of the data to load them, or query existing tables.',
);

/** Every method of BigQuery's REST API v2: https://cloud.google.com/bigquery/docs/reference/rest */
export const methods: readonly Method[] = [
  served('projects.list', 'GET', 'projects', { query: page, response: 'ProjectList' }),
  look('projects.getServiceAccount', 'GET', `${project}/serviceAccount`),
  served('datasets.list', 'GET', `${project}/datasets`, {
    query: { ...page, all: 'boolean', filter: 'string' },
    response: 'DatasetList',
  }),
  served('datasets.get', 'GET', dataset, {
    query: { datasetView: 'string', accessPolicyVersion: 'integer' },
    response: 'Dataset',
  }),
  change('datasets.insert', 'POST', `${project}/datasets`, { query: { accessPolicyVersion: 'integer' } }),
  change('datasets.update', 'PUT', dataset, {
    query: { accessPolicyVersion: 'integer', updateMode: 'string' },
  }),
  change('datasets.patch', 'PATCH', dataset, {
    query: { accessPolicyVersion: 'integer', updateMode: 'string' },
  }),
  change('datasets.delete', 'DELETE', dataset, { query: { deleteContents: 'boolean' } }),
  change('datasets.undelete', 'POST', `${dataset}:undelete`),
  served('tables.list', 'GET', `${dataset}/tables`, { query: page, response: 'TableList' }),
  served('tables.get', 'GET', table, {
    query: { selectedFields: 'string', view: 'string' },
    response: 'Table',
  }),
  change('tables.insert', 'POST', `${dataset}/tables`),
  change('tables.update', 'PUT', table, { query: { autodetect_schema: 'boolean' } }),
  change('tables.patch', 'PATCH', table, { query: { autodetect_schema: 'boolean' } }),
  change('tables.delete', 'DELETE', table),
  access('tables.getIamPolicy', 'POST', `${table}:getIamPolicy`),
  access('tables.setIamPolicy', 'POST', `${table}:setIamPolicy`),
  access('tables.testIamPermissions', 'POST', `${table}:testIamPermissions`),
  served('tabledata.list', 'GET', `${table}/data`, {
    query: { ...page, ...format, startIndex: 'uint64', selectedFields: 'string' },
    response: 'TableDataList',
  }),
  rows('tabledata.insertAll', 'POST', `${table}/insertAll`),
  served('jobs.insert', 'POST', `${project}/jobs`, { request: 'Job', response: 'Job' }),
  served('jobs.query', 'POST', `${project}/queries`, { request: 'QueryRequest', response: 'QueryResponse' }),
  served('jobs.get', 'GET', `${project}/jobs/{jobId}`, { query: { location: 'string' }, response: 'Job' }),
  served('jobs.list', 'GET', `${project}/jobs`, {
    query: {
      ...page,
      allUsers: 'boolean',
      projection: 'string',
      stateFilter: 'strings',
      minCreationTime: 'uint64',
      maxCreationTime: 'uint64',
      parentJobId: 'string',
    },
    response: 'JobList',
  }),
  served('jobs.cancel', 'POST', `${project}/jobs/{jobId}/cancel`, {
    query: { location: 'string' },
    response: 'JobCancelResponse',
  }),
  served('jobs.getQueryResults', 'GET', `${project}/queries/{jobId}`, {
    query: { ...page, ...format, startIndex: 'uint64', timeoutMs: 'integer', location: 'string' },
    response: 'GetQueryResultsResponse',
  }),
  evidence('jobs.delete', 'DELETE', `${project}/jobs/{jobId}/delete`, { query: { location: 'string' } }),
  look('routines.list', 'GET', `${dataset}/routines`, {
    query: { ...page, filter: 'string', readMask: 'string' },
  }),
  look('routines.get', 'GET', routine, { query: { readMask: 'string' } }),
  change('routines.insert', 'POST', `${dataset}/routines`),
  change('routines.update', 'PUT', routine),
  change('routines.delete', 'DELETE', routine),
  access('routines.getIamPolicy', 'POST', `${routine}:getIamPolicy`),
  access('routines.setIamPolicy', 'POST', `${routine}:setIamPolicy`),
  access('routines.testIamPermissions', 'POST', `${routine}:testIamPermissions`),
  look('models.list', 'GET', `${dataset}/models`, { query: page }),
  look('models.get', 'GET', model),
  change('models.patch', 'PATCH', model),
  change('models.delete', 'DELETE', model),
  access('rowAccessPolicies.list', 'GET', `${table}/rowAccessPolicies`, {
    query: { pageSize: 'integer', pageToken: 'string' },
  }),
  access('rowAccessPolicies.get', 'GET', rowPolicy),
  access('rowAccessPolicies.insert', 'POST', `${table}/rowAccessPolicies`),
  access('rowAccessPolicies.update', 'PUT', rowPolicy),
  access('rowAccessPolicies.delete', 'DELETE', rowPolicy, { query: { force: 'boolean' } }),
  access('rowAccessPolicies.batchDelete', 'POST', `${table}/rowAccessPolicies:batchDelete`),
  access('rowAccessPolicies.getIamPolicy', 'POST', `${rowPolicy}:getIamPolicy`),
  access('rowAccessPolicies.testIamPermissions', 'POST', `${rowPolicy}:testIamPermissions`),
];

/** Paths outside `/bigquery/v2` that clients of the API use for uploads and for several calls in one. */
const besides: readonly Method[] = [
  ...(['upload', 'resumable/upload'] as const).flatMap((way) =>
    (['POST', 'PUT'] as const).map((verb) =>
      upload(`jobs.insert (${way})`, verb, `${way}/bigquery/v2/${project}/jobs`, {
        query: { upload_id: 'string' },
      }),
    ),
  ),
  ...['batch', 'batch/bigquery/v2'].map((path) =>
    refused('unsupported', 'Send one request at a time: each is decided and recorded on its own.')(
      'batch',
      'POST',
      path,
    ),
  ),
];

export type Route =
  | { readonly kind: 'method'; readonly method: Method; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'wrong-verb'; readonly allowed: readonly string[] }
  | { readonly kind: 'discovery' }
  | { readonly kind: 'unknown' };

const isDiscovery = (path: string): boolean =>
  path === '$discovery/rest' || path === 'discovery/v1/apis/bigquery/v2/rest';

/** What a path (percent-decoded, taken apart) and a verb ask for. HEAD is GET without a body. */
export function route(verb: string, segments: readonly string[]): Route {
  const found = isDiscovery(segments.join('/'))
    ? ([{ discovery: true }] as const)
    : candidates(segments).map((hit) => ({ discovery: false, ...hit }) as const);
  const [first] = found;
  if (first === undefined) return { kind: 'unknown' };
  const wanted = verb === 'HEAD' ? 'GET' : verb;
  if (first.discovery)
    return wanted === 'GET' ? { kind: 'discovery' } : { kind: 'wrong-verb', allowed: ['GET'] };
  const hits = found.flatMap((hit) => (hit.discovery ? [] : [hit]));
  const hit = hits.find(({ method }) => method.verb === wanted);
  if (hit !== undefined) return { kind: 'method', method: hit.method, params: hit.params };
  return { kind: 'wrong-verb', allowed: [...new Set(hits.map(({ method }) => method.verb))] };
}

function candidates(segments: readonly string[]) {
  const based = segments[0] === 'bigquery' && segments[1] === 'v2' ? segments.slice(2) : segments;
  const hits = [
    ...methods.map((method) => ({ method, params: match(method.pattern, based) })),
    ...besides.map((method) => ({ method, params: match(method.pattern, segments) })),
  ].flatMap(({ method, params }) => (params === undefined ? [] : [{ method, params }]));
  // A custom verb (`shop:undelete`) also reads as a plain name: the verb is what is meant.
  const custom = hits.filter(({ method }) => method.pattern.at(-1)?.includes('}:'));
  return custom.length > 0 ? custom : hits;
}
