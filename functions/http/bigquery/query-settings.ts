import type { QueryRequest } from '../../core/query/request.ts';
import type { JsonInput } from '../json-text.ts';
import type { Fields } from './fields.ts';
import { purposeLabel, readLabels } from './labels.ts';
import { readParameters } from './parameters.ts';

type Harmless = (value: JsonInput) => boolean;

const isOff: Harmless = (value) => value === false || value === 'false';
const isOn: Harmless = (value) => value === true || value === 'true';
const isBoolean: Harmless = (value) => isOff(value) || isOn(value);
const isOneOf =
  (...names: readonly string[]): Harmless =>
  (value) =>
    typeof value === 'string' && names.includes(value.toUpperCase());
const isEmpty: Harmless = (value) =>
  (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0) || value === '';
const never: Harmless = () => false;

/** Settings that are taken only where they change nothing; what to do instead otherwise. */
const settings: Readonly<Record<string, readonly [Harmless, string]>> = {
  allowLargeResults: [isOff, 'Results of any size are read page by page; leave it out.'],
  arrowSerializationOptions: [isEmpty, 'Rows are served as JSON.'],
  clustering: [never, 'Query results are not written to a table; leave it out.'],
  connectionProperties: [
    isEmpty,
    'Connection properties (sessions, service accounts, time zones) are not taken; leave them out.',
  ],
  continuous: [isOff, 'Continuous queries are not run.'],
  createDisposition: [isOneOf('CREATE_IF_NEEDED'), 'Query results are not written to a table; leave it out.'],
  createSession: [isOff, 'Sessions are not kept; send each query whole.'],
  destinationEncryptionConfiguration: [isEmpty, 'Query results are not written to a table; leave it out.'],
  destinationTable: [
    never,
    'Query results are not written to a table of yours; leave it out and read the rows of the job.',
  ],
  flattenResults: [isOn, 'It belongs to legacy SQL; leave it out.'],
  jobCreationMode: [
    isOneOf('JOB_CREATION_REQUIRED', 'JOB_CREATION_OPTIONAL', 'JOB_CREATION_MODE_UNSPECIFIED'),
    'Every query is a job.',
  ],
  maximumBillingTier: [never, 'Use maximumBytesBilled.'],
  maxSlots: [never, 'Slots are chosen by the gateway.'],
  preserveNulls: [isBoolean, 'It belongs to legacy SQL; leave it out.'],
  priority: [isOneOf('INTERACTIVE', 'BATCH'), 'priority is INTERACTIVE or BATCH.'],
  queryResultsFormat: [isOneOf('JSON', 'QUERY_RESULTS_FORMAT_UNSPECIFIED'), 'Rows are served as JSON.'],
  rangePartitioning: [never, 'Query results are not written to a table; leave it out.'],
  reservation: [isEmpty, 'The reservation is chosen by the gateway; leave it out.'],
  schemaUpdateOptions: [isEmpty, 'Query results are not written to a table; leave it out.'],
  scriptOptions: [isEmpty, 'Script options are not taken; leave them out.'],
  systemVariables: [isEmpty, 'System variables are not taken; leave them out.'],
  tableDefinitions: [
    isEmpty,
    'External data is not read through a query; ask the owner of the data for a table.',
  ],
  timePartitioning: [never, 'Query results are not written to a table; leave it out.'],
  useQueryCache: [isBoolean, 'useQueryCache is true or false.'],
  userDefinedFunctionResources: [
    isEmpty,
    'Code is not loaded from elsewhere; write the function in the query.',
  ],
  writeDisposition: [isOneOf('WRITE_EMPTY'), 'Query results are not written to a table; leave it out.'],
  writeIncrementalResults: [isOff, 'Rows are served when the query is done.'],
};

/** Refuses the settings among `fields` that would change something. */
export function checkSettings(fields: Fields): void {
  for (const [name, [harmless, advice]] of Object.entries(settings)) {
    const value = fields.get(name);
    if (value === undefined || harmless(value)) continue;
    fields.problems.add(
      `${fields.nameOf(name)} is not accepted by this gateway. ${advice}`,
      fields.nameOf(name),
      'unsupported',
    );
  }
}

/** Names that a query configuration may have; what is not here is not known. */
export const settingNames: readonly string[] = [
  ...Object.keys(settings),
  'query',
  'useLegacySql',
  'defaultDataset',
  'parameterMode',
  'queryParameters',
  'maximumBytesBilled',
];

/**
 * The query of a request as the pipeline takes it. `query` holds the query's own settings, `outer` what stands beside
 * them in a job (labels, timeout); for jobs.query both are the same object.
 */
export function readQueryRequest(
  query: Fields,
  outer: Fields,
  project: string,
  purpose: string | undefined,
): QueryRequest {
  checkSettings(query);
  const sql = query.text('query') ?? '';
  checkDialect(query, sql);
  if (sql.trim() === '') query.problems.add('Required parameter is missing: query', query.nameOf('query'));
  const labels = readLabels(outer);
  const stated = purpose ?? labels[purposeLabel];
  const defaultDataset = readDefaultDataset(query, project);
  const maximumBytesBilled = positive(query, 'maximumBytesBilled');
  const jobTimeoutMs = positive(outer, 'jobTimeoutMs');
  return {
    sql,
    parameters: readParameters(query),
    labels,
    ...(defaultDataset === undefined ? {} : { defaultDataset }),
    ...(stated === undefined || stated === '' ? {} : { purpose: stated }),
    ...(maximumBytesBilled === undefined ? {} : { maximumBytesBilled }),
    ...(jobTimeoutMs === undefined ? {} : { jobTimeoutMs }),
  };
}

function positive(fields: Fields, name: string): number | undefined {
  const value = fields.integer(name);
  if (value !== 0) return value;
  return fields.problems.add(`${fields.nameOf(name)} must be above 0, or left out.`, fields.nameOf(name));
}

/**
 * BigQuery's API means legacy SQL where the field is absent, so absence cannot be read as GoogleSQL. A first line of
 * `#standardSQL` or `#legacySQL` says which one the text is in: https://cloud.google.com/bigquery/docs/reference/standard-sql/migrating-from-legacy-sql
 */
function checkDialect(query: Fields, sql: string): void {
  const legacy = query.boolean('useLegacySql');
  const prefix = /^\s*#(standard|legacy)sql\b/i.exec(sql)?.[1]?.toLowerCase();
  if (prefix !== 'legacy' && (legacy === false || (legacy === undefined && prefix === 'standard'))) return;
  query.problems.add(
    legacy === undefined && prefix === undefined
      ? 'useLegacySql is absent, which means legacy SQL in this API, and legacy SQL is not accepted. Send useLegacySql: false (bq: --use_legacy_sql=false).'
      : 'Legacy SQL is not accepted. Write the query in GoogleSQL and send useLegacySql: false (bq: --use_legacy_sql=false).',
    query.nameOf('useLegacySql'),
    'unsupported',
  );
}

function readDefaultDataset(query: Fields, project: string): QueryRequest['defaultDataset'] {
  const reference = query.object('defaultDataset');
  if (reference === undefined) return undefined;
  reference.only(['datasetId', 'projectId']);
  const dataset = reference.text('datasetId');
  if (dataset === undefined || dataset === '') {
    return reference.problems.add('defaultDataset needs a datasetId.', reference.nameOf('datasetId'));
  }
  return { project: reference.text('projectId') ?? project, dataset };
}
