import { BigqueryError, invalid, statusOfReason } from './errors.ts';
import { changedStatistics, etagOf } from './job-resource.ts';
import type { Job } from './jobs.ts';
import { formatRow, type TimestampFormat } from './values.ts';
import type { Field, Row } from './wire.ts';

export type PageRequest = {
  readonly maxResults?: number;
  readonly startIndex?: number;
  readonly pageToken?: string;
  readonly timestamps: TimestampFormat;
};

type Options = { readonly useInt64Timestamp?: unknown; readonly timestampOutputFormat?: unknown };

/** `formatOptions` of a request: https://cloud.google.com/bigquery/docs/reference/rest/v2/DataFormatOptions */
export function timestampsOf({ useInt64Timestamp, timestampOutputFormat }: Options): TimestampFormat {
  if (timestampOutputFormat === 'INT64' || timestampOutputFormat === 'ISO8601_STRING') {
    return timestampOutputFormat;
  }
  return useInt64Timestamp === true || useInt64Timestamp === 'true' ? 'INT64' : 'FLOAT64';
}

/** A page ends before its rows have more than 10 MB. */
const pageBytes = 10_000_000;

export type Page = { readonly rows: readonly Row[]; readonly pageToken?: string };

export function pageOf(rows: readonly Row[], fields: readonly Field[], request: PageRequest): Page {
  const start = request.pageToken === undefined ? (request.startIndex ?? 0) : indexOf(request.pageToken);
  const most = request.maxResults ?? Number.POSITIVE_INFINITY;
  const page: Row[] = [];
  let bytes = 0;
  let at = start;
  for (; at < rows.length && page.length < most; at++) {
    const row = formatRow(rows[at] as Row, fields, request.timestamps);
    bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
    if (bytes > pageBytes && page.length > 0) break;
    page.push(row);
  }
  return { rows: page, ...(at < rows.length ? { pageToken: tokenOf(at) } : {}) };
}

export const tokenOf = (index: number): string => Buffer.from(`row:${index}`).toString('base64url');

export function indexOf(token: string): number {
  const index = /^row:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  if (index === undefined) throw invalid('Invalid page token', 'pageToken');
  return Number(index);
}

/** The body of jobs.query and getQueryResults for a job that may still run; throws what a failed job failed of. */
export function resultsBody(job: Job, request: PageRequest, kind: string): object {
  const { error } = job;
  const head = { kind, etag: etagOf(job.id), jobReference: job.id };
  if (job.state !== 'DONE') return { ...head, jobComplete: false };
  if (error !== undefined) {
    throw new BigqueryError(statusOfReason(error.reason), error.reason, error.message, error.location);
  }
  const { statementType, fields = [], bytes = 0 } = job.analysis ?? {};
  const done = {
    ...head,
    jobComplete: true,
    totalBytesProcessed: String(bytes),
    cacheHit: false,
    ...changedStatistics(job.changed),
  };
  if (statementType !== 'SELECT') return { ...done, totalRows: '0', ...(job.changed ? {} : { schema: {} }) };
  const { rows, pageToken } = pageOf(job.rows, fields, request);
  return {
    ...done,
    schema: { fields },
    totalRows: String(job.rows.length),
    ...(rows.length > 0 ? { rows } : {}),
    ...(pageToken === undefined ? {} : { pageToken }),
  };
}
