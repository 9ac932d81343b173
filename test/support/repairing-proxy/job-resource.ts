import { createHash } from 'node:crypto';
import type { Analysis } from './analysis.ts';
import { anonymousTable, type Changed, type Job } from './jobs.ts';
import { billedBytes } from './run-job.ts';
import { isDml } from './statement-type.ts';

export const etagOf = (resource: object): string =>
  createHash('sha1').update(JSON.stringify(resource)).digest('base64').replaceAll('=', '');

/** The resource of a job: https://cloud.google.com/bigquery/docs/reference/rest/v2/Job */
export function jobResource(job: Job, url: string): object {
  const { projectId, jobId, location } = job.id;
  const resource = {
    kind: 'bigquery#job',
    id: `${projectId}:${location}.${jobId}`,
    selfLink: `${url}/bigquery/v2/projects/${projectId}/jobs/${jobId}?location=${location}`,
    user_email: job.email,
    principal_subject: `serviceAccount:${job.email}`,
    jobReference: { projectId, jobId, location },
    configuration: configuration(job),
    status: statusOf(job),
    statistics: statistics(job),
  };
  return { ...resource, etag: etagOf(resource) };
}

export const statusOf = ({ state, error }: Job): object => ({
  state,
  ...(error === undefined ? {} : { errorResult: error, errors: [error] }),
});

function configuration(job: Job): object {
  const { query, ...rest } = job.configuration;
  const given = query?.destinationTable;
  const { statementType, target } = job.analysis ?? {};
  const changes = statementType !== undefined && statementType !== 'SELECT' && target?.tableId;
  const destinationTable = given ?? (changes ? target : anonymousTable(job));
  return {
    ...rest,
    jobType: 'QUERY',
    query: { priority: 'INTERACTIVE', writeDisposition: 'WRITE_TRUNCATE', ...query, destinationTable },
  };
}

function statistics(job: Job): object {
  const times = {
    creationTime: String(job.createdMs),
    ...(job.startedMs === undefined ? {} : { startTime: String(job.startedMs) }),
    ...(job.endedMs === undefined ? {} : { endTime: String(job.endedMs) }),
  };
  if (job.analysis === undefined) return times;
  const { statementType } = job.analysis;
  if (job.state !== 'DONE') return { ...times, query: { statementType } };
  const bytes = String(job.analysis.bytes);
  return {
    ...times,
    totalBytesProcessed: bytes,
    finalExecutionDurationMs: String((job.endedMs ?? 0) - (job.startedMs ?? 0)),
    query: { ...queryStatistics(job.analysis), ...outcome(job) },
  };
}

/** What a finished job and a dry run have in common. */
export function queryStatistics(analysis: Analysis): object {
  const { statementType, bytes, referencedTables, referencedRoutines, target } = analysis;
  return {
    statementType,
    totalBytesProcessed: String(bytes),
    totalBytesBilled: '0',
    cacheHit: false,
    ...(referencedTables.length > 0 ? { referencedTables: referencedTables.slice(0, 50) } : {}),
    ...(referencedRoutines.length > 0 ? { referencedRoutines } : {}),
    ...(target === undefined ? {} : ddlTarget(statementType, target)),
  };
}

function ddlTarget(statementType: string, target: NonNullable<Analysis['target']>): object {
  const { projectId, datasetId, tableId } = target;
  if (isDml(statementType)) return {};
  if (statementType.endsWith('_SCHEMA')) return { ddlTargetDataset: { projectId, datasetId } };
  if (statementType.endsWith('FUNCTION') || statementType.endsWith('PROCEDURE')) {
    return { ddlTargetRoutine: { projectId, datasetId, routineId: tableId } };
  }
  return { ddlTargetTable: target };
}

function outcome(job: Job): object {
  if (job.error !== undefined || job.analysis === undefined) return {};
  return {
    totalBytesBilled: String(billedBytes(job.analysis)),
    billingTier: 1,
    totalSlotMs: String(Math.max(1, (job.endedMs ?? 0) - (job.startedMs ?? 0))),
    ...(job.ddlOperation === undefined ? {} : { ddlOperationPerformed: job.ddlOperation }),
    ...changedStatistics(job.changed),
  };
}

export function changedStatistics(changed: Changed | undefined): object {
  if (changed === undefined) return {};
  const { inserted, updated, deleted } = changed;
  const dmlStats = {
    ...(inserted > 0 ? { insertedRowCount: String(inserted) } : {}),
    ...(updated > 0 ? { updatedRowCount: String(updated) } : {}),
    ...(deleted > 0 ? { deletedRowCount: String(deleted) } : {}),
  };
  return { numDmlAffectedRows: String(inserted + updated + deleted), dmlStats };
}

/** The answer to a dry run, which makes no job. */
export function dryRunResource(
  analysis: Analysis,
  configuration: object,
  id: { readonly projectId: string; readonly location: string; readonly email: string },
  undeclared: readonly object[],
): object {
  const { projectId, location, email } = id;
  return {
    kind: 'bigquery#job',
    etag: etagOf(configuration),
    id: `${projectId}:${location}.`,
    user_email: email,
    jobReference: { projectId, location },
    configuration: { ...configuration, jobType: 'QUERY', dryRun: true },
    status: { state: 'DONE' },
    statistics: {
      creationTime: String(Date.now()),
      totalBytesProcessed: String(analysis.bytes),
      query: {
        ...queryStatistics(analysis),
        totalBytesProcessedAccuracy: 'PRECISE',
        ...(analysis.statementType === 'SELECT' ? { schema: { fields: analysis.fields } } : {}),
        ...(undeclared.length > 0 ? { undeclaredQueryParameters: undeclared } : {}),
      },
    },
  };
}
