import type { Bytes } from '../../core/audit/bytes.ts';
import type { Refusal } from '../../core/errors.ts';
import type { Query } from '../../core/query/query.ts';
import { readResults } from '../../pipeline/read-results.ts';
import type { PageRequest, ResultPage } from '../../ports/index.ts';
import { type Answer, type Call, refuse } from './call.ts';
import { pageTokens } from './page-token.ts';

/** As BigQuery: a page ends at its rows or at about this size, whichever comes first. */
const pageLimitBytes = 4 * 1024 * 1024;
const pageLimitRows = 100_000;

/** Which rows a client wants, and how TIMESTAMP looks in them. */
export type Wanted = {
  readonly maxResults?: number;
  readonly startIndex?: number;
  readonly pageToken?: string;
  readonly timestamps: PageRequest['timestamps'];
};

/** The format of TIMESTAMP values from `useInt64Timestamp` and `timestampOutputFormat`, or what is wrong with them. */
export function timestampFormat(
  useInt64: boolean | undefined,
  written: string | undefined,
):
  | { readonly ok: true; readonly value: PageRequest['timestamps'] }
  | { readonly ok: false; readonly refusal: Refusal } {
  const named = written === 'TIMESTAMP_OUTPUT_FORMAT_UNSPECIFIED' ? undefined : written;
  if (named === undefined) return { ok: true, value: useInt64 === true ? 'INT64' : 'FLOAT64' };
  const value = (['FLOAT64', 'INT64', 'ISO8601_STRING'] as const).find((name) => name === named);
  const message =
    value === undefined
      ? 'timestampOutputFormat is FLOAT64, INT64 or ISO8601_STRING.'
      : 'Send useInt64Timestamp or timestampOutputFormat, not two that disagree.';
  if (value === undefined || (useInt64 === true && value !== 'INT64')) {
    return { ok: false, refusal: { code: 'invalid', message, location: 'formatOptions' } };
  }
  return { ok: true, value };
}

/**
 * One page of a finished query's rows as a whole answer: `head` and BigQuery's paging fields, then the warehouse's own
 * bytes of the rows, untouched.
 */
export async function answerRows(
  call: Call,
  query: Query,
  wanted: Wanted,
  head: (page: ResultPage) => object,
): Promise<Answer> {
  const tokens = await pageTokens(call.ports, ['rows', query.id]);
  const opened = wanted.pageToken === undefined ? (wanted.startIndex ?? 0) : tokens.open(wanted.pageToken);
  if (opened === undefined)
    return refuse('invalid', 'Invalid page token: it is not one of this job.', 'pageToken');
  const startIndex = Number(opened);
  const maximumRows = Math.min(wanted.maxResults ?? pageLimitRows, pageLimitRows);
  const page = { startIndex, maximumRows, maximumBytes: pageLimitBytes, timestamps: wanted.timestamps };
  const result = await readResults(call.ports, call.caller, query, page, call.what, (found) => {
    const nextIndex = maximumRows === 0 && found.totalRows > startIndex ? startIndex : found.nextIndex;
    const pageToken = nextIndex === undefined ? {} : { pageToken: tokens.seal(String(nextIndex)) };
    return joinRows({ ...head(found), totalRows: String(found.totalRows), ...pageToken }, found);
  });
  return result.ok
    ? { kind: 'delivered', delivered: result.delivered }
    : { kind: 'refused', refusal: result.refusal };
}

/** A page without rows has no `rows`, as in BigQuery's answers. */
function joinRows(head: object, page: ResultPage): Bytes {
  const text = JSON.stringify(head);
  if (page.rows === 0) return Buffer.from(text, 'utf8');
  return [Buffer.from(`${text.slice(0, -1)},"rows":`, 'utf8'), page.rowsJson, Buffer.from('}')];
}
