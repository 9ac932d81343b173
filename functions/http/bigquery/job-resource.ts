import { errorProto } from '../../core/errors.ts';
import type { Outcome, Query, QueryState } from '../../core/query/query.ts';
import type { QueryParameter } from '../../core/query/request.ts';
import { withEtag } from './etag.ts';

/** The dataset that finished jobs' results seem to lie in; each table has its job's id and its owner alone can see it. */
export const resultsDataset = '_sluice_results';
/** How long a result stays readable, as `tables.get` of it says. */
export const resultTtlMs = 24 * 3600 * 1000;

export type JobState = 'PENDING' | 'RUNNING' | 'DONE';

/** BigQuery's word for each state of a query: a held one is a job that has not started yet. */
const jobStates: Readonly<Record<QueryState, JobState>> = {
  received: 'PENDING',
  evaluated: 'PENDING',
  held: 'PENDING',
  approved: 'PENDING',
  running: 'RUNNING',
  done: 'DONE',
  denied: 'DONE',
  rejected: 'DONE',
  expired: 'DONE',
  stale: 'DONE',
  cancelled: 'DONE',
  failed: 'DONE',
};

export const jobState = (query: Query): JobState => jobStates[query.state];

/** The states of a query that a client sees as this job state. */
export const statesOf = (state: JobState): readonly QueryState[] =>
  (Object.keys(jobStates) as QueryState[]).filter((name) => jobStates[name] === state);

export const jobReference = (query: Pick<Query, 'project' | 'location' | 'jobId'>) => ({
  projectId: query.project,
  jobId: query.jobId,
  location: query.location,
});

/** `project.dataset.table` as BigQuery's TableReference; a project may itself hold dots. */
export function tableReference(name: string) {
  const parts = name.split('.');
  const [datasetId = '', tableId = ''] = parts.slice(-2);
  return { projectId: parts.slice(0, -2).join('.'), datasetId, tableId };
}

/** A parameter as the client sent it. */
export const parameterResource = ({ name, type, value }: QueryParameter) => ({
  ...(name === undefined ? {} : { name }),
  parameterType: type,
  parameterValue: value,
});

/**
 * A query as BigQuery's Job resource: the agent's own text and settings, the state, and the statistics that it may know.
 * Times are milliseconds since the epoch as strings. https://cloud.google.com/bigquery/docs/reference/rest/v2/Job
 */
export function jobResource(query: Query, origin: string) {
  const { project, location, jobId } = query;
  return withEtag({
    kind: 'bigquery#job',
    id: `${project}:${location}.${jobId}`,
    selfLink: `${origin}/bigquery/v2/projects/${project}/jobs/${encodeURIComponent(jobId)}?location=${location}`,
    user_email: query.caller.principal.email ?? query.caller.principal.subject,
    configuration: configuration(query),
    jobReference: jobReference(query),
    statistics: statistics(query),
    status: status(query),
  });
}

function configuration({ project, jobId, request }: Query) {
  const { parameters, defaultDataset, maximumBytesBilled, jobTimeoutMs, labels } = request;
  return {
    query: {
      query: request.sql,
      destinationTable: { projectId: project, datasetId: resultsDataset, tableId: jobId },
      createDisposition: 'CREATE_IF_NEEDED',
      writeDisposition: 'WRITE_TRUNCATE',
      priority: 'INTERACTIVE',
      useLegacySql: false,
      ...(defaultDataset === undefined
        ? {}
        : { defaultDataset: { projectId: defaultDataset.project, datasetId: defaultDataset.dataset } }),
      ...(maximumBytesBilled === undefined ? {} : { maximumBytesBilled: String(maximumBytesBilled) }),
      ...(parameters.length === 0
        ? {}
        : {
            parameterMode: parameters[0]?.name === undefined ? 'POSITIONAL' : 'NAMED',
            queryParameters: parameters.map(parameterResource),
          }),
    },
    jobType: 'QUERY',
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    ...(jobTimeoutMs === undefined ? {} : { jobTimeoutMs: String(jobTimeoutMs) }),
  };
}

function statistics({ receivedMs, startedMs, endedMs, evaluation, outcome }: Query) {
  const processed = outcome === undefined ? {} : { totalBytesProcessed: String(outcome.totalBytesProcessed) };
  return {
    creationTime: String(receivedMs),
    ...(startedMs === undefined ? {} : { startTime: String(startedMs) }),
    ...(endedMs === undefined ? {} : { endTime: String(endedMs) }),
    ...processed,
    query: {
      ...(evaluation === undefined
        ? {}
        : {
            statementType: evaluation.statementType,
            estimatedBytesProcessed: String(evaluation.estimate.bytes),
            referencedTables: evaluation.referenced.map(tableReference),
          }),
      ...processed,
      ...(outcome === undefined
        ? {}
        : {
            totalBytesBilled: String(outcome.totalBytesBilled),
            cacheHit: outcome.cacheHit,
            ...affectedRows(outcome),
          }),
    },
  };
}

/** BigQuery's word for how many rows DML changed, here and in answers with rows. */
export const affectedRows = (outcome: Outcome | undefined) =>
  outcome?.dmlAffectedRows === undefined ? {} : { numDmlAffectedRows: String(outcome.dmlAffectedRows) };

function status(query: Query) {
  const state = jobState(query);
  if (state !== 'DONE' || query.error === undefined) return { state };
  const errorResult = errorProto(query.error);
  return { state, errorResult, errors: [errorResult] };
}
