import { wholeMebibytes } from '../../../../core/query/public-bytes.ts';
import type { Estimate, Outcome } from '../../../../core/query/query.ts';
import { count, type Fields, flag, object, objects, required, text } from '../rest/json.ts';
import { MalformedAnswer } from '../rest/malformed.ts';

/** Statements that have rows. The schema that others carry is that of a table they touch. */
const withRows: ReadonlySet<string> = new Set(['SELECT', 'SCRIPT', 'CALL']);

export const hasRows = (statementType: string): boolean => withRows.has(statementType);

/** The part of a job's statistics that is about the query. */
export const queryStatistics = (job: Fields): Fields =>
  object(object(job, 'statistics') ?? {}, 'query') ?? {};

/** `project.dataset.table`, each once. */
export function referencedTables(query: Fields): readonly string[] {
  return distinct(query, 'referencedTables', 'tableId');
}

export function referencedRoutines(query: Fields): readonly string[] {
  return distinct(query, 'referencedRoutines', 'routineId');
}

function distinct(query: Fields, list: string, id: string): readonly string[] {
  const names = objects(query, list).map((reference) =>
    ['projectId', 'datasetId', id].map((part) => required(text(reference, part), part)).join('.'),
  );
  return [...new Set(names)];
}

/** BigQuery counts to the byte, and what it counts are the lengths of values: that of a masked one must not show. */
const processedBytes = (job: Fields): number =>
  wholeMebibytes(
    count(queryStatistics(job), 'totalBytesProcessed') ??
      count(object(job, 'statistics') ?? {}, 'totalBytesProcessed') ??
      0,
  );

/**
 * What a dry run says of the cost, in whole MiB. No bytes and no word on how sure that is means that BigQuery could not tell.
 * https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobStatistics2
 */
export function estimateOf(job: Fields): Estimate {
  const bytes = processedBytes(job);
  const accuracy = text(queryStatistics(job), 'totalBytesProcessedAccuracy');
  switch (accuracy) {
    case 'PRECISE':
    case 'UPPER_BOUND':
    case 'LOWER_BOUND':
      return { bytes, accuracy };
    case 'UNKNOWN':
    case undefined:
      return { bytes, accuracy: 'UNKNOWN' };
    default:
      throw new MalformedAnswer('totalBytesProcessedAccuracy');
  }
}

/** What a finished job cost and how long it took; `undefined` for one that never started. */
export function outcomeOf(job: Fields, totalRows: number): Outcome | undefined {
  const statistics = object(job, 'statistics') ?? {};
  const query = queryStatistics(job);
  const endMs = count(statistics, 'endTime');
  if (endMs === undefined) return undefined;
  const startMs = count(statistics, 'startTime') ?? count(statistics, 'creationTime') ?? endMs;
  const affected = affectedRows(query);
  return {
    totalRows,
    totalBytesProcessed: processedBytes(job),
    totalBytesBilled: wholeMebibytes(count(query, 'totalBytesBilled') ?? 0),
    cacheHit: flag(query, 'cacheHit') ?? false,
    ...(affected === undefined ? {} : { dmlAffectedRows: affected }),
    startMs,
    endMs,
  };
}

function affectedRows(query: Fields): number | undefined {
  const all = count(query, 'numDmlAffectedRows');
  const dml = object(query, 'dmlStats');
  if (all !== undefined || dml === undefined) return all;
  return ['insertedRowCount', 'updatedRowCount', 'deletedRowCount'].reduce(
    (sum, name) => sum + (count(dml, name) ?? 0),
    0,
  );
}
