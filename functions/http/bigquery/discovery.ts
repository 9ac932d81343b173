import { type Method, methods, type ParameterKind } from './methods.ts';

const scope = 'https://www.googleapis.com/auth/bigquery';

const parameterTypes: Readonly<Record<ParameterKind, object>> = {
  string: { type: 'string' },
  boolean: { type: 'boolean' },
  integer: { type: 'integer', format: 'uint32' },
  uint64: { type: 'string', format: 'uint64' },
  strings: { type: 'string', repeated: true },
};

/**
 * The discovery document of what this gateway answers and refuses, for `bq` and Google's API client libraries.
 * `origin` is where the client reached the gateway, e.g. `http://127.0.0.1:8080`.
 * https://developers.google.com/discovery/v1/reference/apis
 */
export function discoveryDocument(origin: string): object {
  const resources: Record<string, { methods: Record<string, object> }> = {};
  for (const method of methods) {
    const [resource = '', name = ''] = method.id.split('.');
    resources[resource] ??= { methods: {} };
    resources[resource].methods[name] = describe(method);
  }
  return {
    kind: 'discovery#restDescription',
    discoveryVersion: 'v1',
    id: 'bigquery:v2',
    name: 'bigquery',
    version: 'v2',
    revision: '20250528',
    title: 'BigQuery API',
    description: 'BigQuery behind Sluice: queries are decided, masked and recorded.',
    protocol: 'rest',
    rootUrl: `${origin}/`,
    baseUrl: `${origin}/bigquery/v2/`,
    basePath: '/bigquery/v2/',
    servicePath: 'bigquery/v2/',
    batchPath: 'batch/bigquery/v2',
    auth: {
      oauth2: {
        scopes: { [scope]: { description: 'Ask questions of the data that the policy grants you.' } },
      },
    },
    parameters: {
      alt: { type: 'string', location: 'query', default: 'json', enum: ['json'], enumDescriptions: ['JSON'] },
      fields: { type: 'string', location: 'query' },
      key: { type: 'string', location: 'query' },
      prettyPrint: { type: 'boolean', location: 'query', default: 'true' },
      quotaUser: { type: 'string', location: 'query' },
    },
    schemas: Object.fromEntries(schemaNames().map((id) => [id, { id, type: 'object', properties: {} }])),
    resources,
  };
}

function describe(method: Method): object {
  const resourceVerb = /\}:(\w+)$/.exec(method.path)?.[1] ?? '';
  const onResource = /Iam/.test(resourceVerb);
  const pathNames = onResource
    ? ['resource']
    : [...method.path.matchAll(/\{(\w+)\}/g)].map((hit) => hit[1] ?? '');
  const parameters = Object.fromEntries([
    ...pathNames.map((name) => [name, { type: 'string', location: 'path', required: true }]),
    ...Object.entries(method.query).map(([name, kind]) => [
      name,
      { ...parameterTypes[kind], location: 'query' },
    ]),
  ]);
  return {
    id: `bigquery.${method.id}`,
    httpMethod: method.verb,
    path: onResource ? `{+resource}:${resourceVerb}` : method.path.replaceAll('{', '{+'),
    flatPath: method.path,
    parameters,
    parameterOrder: pathNames,
    ...(method.request === undefined ? {} : { request: { $ref: method.request } }),
    ...(method.response === undefined ? {} : { response: { $ref: method.response } }),
    ...(method.id === 'jobs.insert' ? uploads(method.path) : {}),
    scopes: [scope],
  };
}

/** Declared because `bq` calls jobs.insert with an (empty) file in every case; a real file is refused with a reason. */
function uploads(path: string): object {
  const protocol = (way: string) => ({
    multipart: true,
    path: `/${way}/bigquery/v2/${path.replaceAll('{', '{+')}`,
  });
  const protocols = { simple: protocol('upload'), resumable: protocol('resumable/upload') };
  return { supportsMediaUpload: true, mediaUpload: { accept: ['*/*'], protocols } };
}

const schemaNames = (): readonly string[] =>
  [...new Set(methods.flatMap((method) => [method.request, method.response]))]
    .flatMap((name) => name ?? [])
    .sort();
