import type { Refusal } from '../../../../core/errors.ts';
import type { Schema } from '../../../../core/query/schema.ts';
import type { JobFacts, JobRef } from '../../../../ports/warehouse.ts';
import { schemaFrom } from '../fields.ts';
import { count, type Fields, object, objects, required, text } from '../rest/json.ts';
import { MalformedAnswer } from '../rest/malformed.ts';
import { executionError, type WarehouseError } from './safe-error.ts';
import { hasRows, outcomeOf, queryStatistics, referencedRoutines, referencedTables } from './statistics.ts';

export type Finished = Exclude<JobFacts, { readonly state: 'running' }>;

/** A job as `jobs.get` and `jobs.insert` show it. A finished one still lacks what only its result tells. */
export type JobState =
  | { readonly state: 'running' }
  | { readonly state: 'failed'; readonly facts: Finished }
  | {
      readonly state: 'done';
      readonly job: Fields;
      readonly statementType: string;
      readonly children: number;
    };

/** Reads a Job resource; throws MalformedAnswer unless it is that of `ref`. */
export function jobStateFrom(job: Fields, ref: JobRef): JobState {
  const reference = required(object(job, 'jobReference'), 'jobReference');
  if (text(reference, 'jobId') !== ref.id || text(reference, 'projectId') !== ref.project)
    throw new MalformedAnswer('the answer is about another job');
  const status = required(object(job, 'status'), 'status');
  switch (text(status, 'state')) {
    case 'PENDING':
    case 'RUNNING':
      return { state: 'running' };
    case 'DONE':
      break;
    default:
      throw new MalformedAnswer('state of a job');
  }
  const error = object(status, 'errorResult');
  if (error) return { state: 'failed', facts: failed(job, status, error) };
  const statementType = required(text(queryStatistics(job), 'statementType'), 'statementType');
  const children = count(object(job, 'statistics') ?? {}, 'numChildJobs') ?? 0;
  return { state: 'done', job, statementType, children };
}

function failed(job: Fields, status: Fields, error: Fields): Finished {
  const sql = text(object(object(job, 'configuration') ?? {}, 'query') ?? {}, 'query') ?? '';
  const reason = text(error, 'reason') ?? 'unknown';
  const refusal: Refusal = executionError({ reason, message: text(error, 'message') ?? '' }, sql);
  const outcome = outcomeOf(job, 0);
  const detail = [error, ...objects(status, 'errors')].map(
    (each) => `${text(each, 'reason') ?? ''}: ${text(each, 'message') ?? ''}`,
  );
  return {
    state: 'failed',
    error: refusal,
    detail: [...new Set(detail)].join('\n'),
    ...(outcome ? { outcome } : {}),
  };
}

/** A job that its identity may not look at: it is another's, or the right was taken away while it ran. */
export const notOurs = ({ reason, message }: WarehouseError): Finished => ({
  state: 'failed',
  error: {
    code: 'unknown_outcome',
    message:
      'The outcome of this query is unknown: the warehouse does not let its identity see the job. Ask the operator of this gateway.',
  },
  detail: `${reason}: ${message}`,
});

/** What `getQueryResults` adds to a finished job. */
export type ResultHead = { readonly schema: Schema; readonly totalRows: number };

/** The part of an answer of `getQueryResults` beside its rows; throws MalformedAnswer for another job's. */
export function resultHeadFrom(head: Fields, ref: JobRef): ResultHead & { readonly complete: boolean } {
  const reference = object(head, 'jobReference');
  if (reference && text(reference, 'jobId') !== ref.id)
    throw new MalformedAnswer('the answer is about another job');
  const complete = head.jobComplete;
  if (typeof complete !== 'boolean') throw new MalformedAnswer('jobComplete is missing');
  return {
    complete,
    schema: schemaFrom(object(head, 'schema')),
    totalRows: count(head, 'totalRows') ?? 0,
  };
}

/** All facts of a job that ended well; `children` are the jobs of a script's statements. */
export function doneFacts(
  { job, statementType }: Extract<JobState, { readonly state: 'done' }>,
  result: ResultHead,
  children: readonly Fields[],
): Finished {
  const rows = hasRows(statementType);
  const outcome = outcomeOf(job, rows ? result.totalRows : 0);
  if (outcome === undefined) throw new MalformedAnswer('endTime is missing');
  const all = [job, ...children].map(queryStatistics);
  return {
    state: 'done',
    statementType,
    schema: rows ? result.schema : { fields: [] },
    referencedTables: [...new Set(all.flatMap(referencedTables))],
    referencedRoutines: [...new Set(all.flatMap(referencedRoutines))],
    outcome,
  };
}
