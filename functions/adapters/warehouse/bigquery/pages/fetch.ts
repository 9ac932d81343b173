import { SluiceError } from '../../../../core/errors.ts';
import type { JobRef, PageRequest } from '../../../../ports/warehouse.ts';
import { type ResultHead, resultHeadFrom } from '../jobs/facts.ts';
import { executionError } from '../jobs/safe-error.ts';
import { type Answer, type Api, type Ask, unavailable } from '../rest/api.ts';
import { errorIn } from '../rest/api-error.ts';
import { ExchangeFailure } from '../rest/exchange.ts';
import { scanAnswer } from './scan.ts';
import type { Chunk } from './store.ts';

/** BigQuery ends a page well before; a larger answer is asked for again with fewer rows. */
const PAGE_LIMIT_BYTES = 48 * 1024 * 1024;
/** BigQuery's largest row is 100 MB. */
const ROW_LIMIT_BYTES = 160 * 1024 * 1024;
const PAGE_PATIENCE = { attemptMs: 60_000, deadlineMs: 120_000 } as const;

export type ResultAnswer = ResultHead & { readonly complete: boolean; readonly chunk: Chunk };

export type WantedRows = {
  readonly from: number;
  readonly rows: number;
  readonly timestamps: PageRequest['timestamps'];
  /** How large the answer will probably be. */
  readonly expectedBytes?: number;
};

export type ResultAsk = WantedRows & {
  /** How long the server may wait for the job to finish. */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
};

/** `getQueryResults`, its rows as bytes: https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/getQueryResults */
export async function askResult(api: Api, ref: JobRef, ask: ResultAsk): Promise<Answer<ResultAnswer>> {
  const request: Ask<Answer<ResultAnswer>> = {
    as: ref.executionIdentity,
    method: 'GET',
    path: ['projects', ref.project, 'queries', ref.id],
    query: {
      location: ref.location,
      startIndex: ask.from === 0 ? undefined : String(ask.from),
      maxResults: String(ask.rows),
      timeoutMs: String(ask.waitMs),
      ...formatOf(ask.timestamps),
    },
    ...(ask.expectedBytes === undefined ? {} : { expectedBytes: ask.expectedBytes }),
    limitBytes: ask.rows <= 1 ? ROW_LIMIT_BYTES : PAGE_LIMIT_BYTES,
    patience: PAGE_PATIENCE,
    serverWaitMs: ask.waitMs,
    ...(ask.signal ? { signal: ask.signal } : {}),
    read: ({ status, body }) => {
      const { head, rows } = scanAnswer(body);
      const error = errorIn(head, status);
      if (error) return { ok: false, error };
      return { ok: true, value: { ...resultHeadFrom(head, ref), chunk: { from: ask.from, rows } } };
    },
  };
  const answer = await api.ask(request);
  return answer.ok ? answer.value : answer;
}

function formatOf(timestamps: PageRequest['timestamps']): Record<string, string> {
  switch (timestamps) {
    case 'INT64':
      return { 'formatOptions.useInt64Timestamp': 'true' };
    case 'FLOAT64':
      return {};
    case 'ISO8601_STRING':
      return { 'formatOptions.timestampOutputFormat': 'ISO8601_STRING' };
  }
}

/** Rows of a finished job; fewer where an answer would be too large. Throws SluiceError when they cannot be had. */
export async function fetchRows(api: Api, ref: JobRef, wanted: WantedRows): Promise<Chunk> {
  for (let asked = wanted.rows; ; asked = Math.max(1, Math.floor(asked / 4))) {
    try {
      const answer = await askResult(api, ref, { ...wanted, rows: asked, waitMs: 0 });
      if (!answer.ok) {
        const { code, message } = executionError(answer.error, '');
        throw new SluiceError(answer.error.status === 404 ? 'not_found' : code, message);
      }
      if (!answer.value.complete) throw unavailable(new Error('a finished job is not complete'));
      return answer.value.chunk;
    } catch (cause) {
      if (!(cause instanceof ExchangeFailure)) throw cause;
      if (cause.kind !== 'too_large') throw unavailable(cause);
      if (asked <= 1)
        throw new SluiceError('response_too_large', 'one row is larger than any page', { cause });
    }
  }
}
