import type { DryRunResult, Submission } from '../../pipeline/contracts.ts';
import { jobReference, parameterResource, tableReference } from './job-resource.ts';

type Understood = Extract<DryRunResult, { readonly ok: true }>;

/** A dry run as a Job resource: done at once, nothing started, nothing kept under its id. */
export function dryRunJob(submission: Submission, location: string, result: Understood): object {
  const { project, request, jobId, caller } = submission;
  const bytes = String(result.estimate.bytes);
  const { jobId: _absent, ...anonymous } = jobReference({ project, location, jobId: '' });
  return {
    kind: 'bigquery#job',
    id: `${project}:${location}.${jobId ?? ''}`,
    user_email: caller.principal.email ?? caller.principal.subject,
    jobReference: jobId === undefined ? anonymous : { ...anonymous, jobId },
    configuration: {
      query: {
        query: request.sql,
        priority: 'INTERACTIVE',
        useLegacySql: false,
        ...(request.parameters.length === 0
          ? {}
          : { queryParameters: request.parameters.map(parameterResource) }),
      },
      dryRun: true,
      jobType: 'QUERY',
      ...(Object.keys(request.labels).length === 0 ? {} : { labels: request.labels }),
    },
    statistics: {
      totalBytesProcessed: bytes,
      query: {
        statementType: result.statementType,
        totalBytesProcessed: bytes,
        totalBytesBilled: '0',
        totalBytesProcessedAccuracy: result.estimate.accuracy,
        cacheHit: false,
        schema: result.schema,
        referencedTables: result.referenced.map(tableReference),
        ...(result.undeclaredParameters.length === 0
          ? {}
          : { undeclaredQueryParameters: result.undeclaredParameters.map((name) => ({ name })) }),
      },
    },
    status: { state: 'DONE' },
  };
}

/** A dry run as the answer of jobs.query. */
export const dryRunResponse = (project: string, location: string, result: Understood): object => ({
  kind: 'bigquery#queryResponse',
  schema: result.schema,
  jobReference: { projectId: project, location },
  totalBytesProcessed: String(result.estimate.bytes),
  jobComplete: true,
  cacheHit: false,
});
