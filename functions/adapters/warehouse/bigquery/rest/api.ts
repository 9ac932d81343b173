import { SluiceError } from '../../../../core/errors.ts';
import type { BigQueryCredentials } from '../credentials.ts';
import { type ApiError, apiErrorFrom, isPassing } from './api-error.ts';
import { type Connections, ExchangeFailure, type Reply } from './exchange.ts';
import { MalformedAnswer } from './malformed.ts';

/** How long and how often an answer is asked for. */
export type Patience = {
  /** One attempt, milliseconds. */
  readonly attemptMs: number;
  /** All attempts and the pauses between them. */
  readonly deadlineMs: number;
  readonly attempts: number;
  /** The first pause; each is up to twice the one before, at random. */
  readonly firstPauseMs: number;
};

export const patience: Patience = { attemptMs: 15_000, deadlineMs: 45_000, attempts: 6, firstPauseMs: 100 };

const LONGEST_PAUSE_MS = 8000;
/** More than any resource, list or statistics of a job takes. */
const ANSWER_LIMIT_BYTES = 64 * 1024 * 1024;

export type Ask<T> = {
  /** The execution identity to ask as; absent: the gateway's own, which may only read metadata. */
  readonly as?: string;
  readonly method: 'GET' | 'POST';
  /** Decoded segments after `/bigquery/v2`. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: object;
  readonly ifNoneMatch?: string;
  readonly limitBytes?: number;
  readonly expectedBytes?: number;
  readonly signal?: AbortSignal;
  readonly patience?: Partial<Patience>;
  /** So long the server was told that it may wait before it answers. */
  readonly serverWaitMs?: number;
  /** Reads a good answer. A MalformedAnswer that it throws counts as no answer. */
  readonly read: (reply: Reply) => T;
};

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: ApiError };

export type Api = { ask<T>(ask: Ask<T>): Promise<Answer<T>>; close(): void };

export type ApiOptions = {
  readonly endpoint: string;
  readonly credentials: BigQueryCredentials;
  readonly connections: Connections;
  readonly patience?: Partial<Patience>;
};

/** What one attempt came to. */
type Attempt<T> =
  | { readonly kind: 'answer'; readonly answer: Answer<T> }
  | { readonly kind: 'again'; readonly cause: unknown; readonly afterMs?: number };

/**
 * BigQuery's REST API: asks until there is an answer, an error that stays, or no patience left. Every request that is sent
 * here may be repeated as it is: it reads, or it names its job.
 * Throws SluiceError `warehouse_unavailable` without an answer, or a failure `aborted` when nobody waits for it.
 *
 * The client library is not used for this: it follows redirects with the credential and the query, replaces `{{projectId}}`
 * inside of SQL, and has no limit on the time of a call.
 */
export function openApi({ endpoint, credentials, connections, ...options }: ApiOptions): Api {
  const base = endpoint.replace(/\/+$/, '');
  let closed = false;
  const ask = async <T>(asked: Ask<T>): Promise<Answer<T>> => {
    const limits = { ...patience, ...asked.patience, ...options.patience };
    const waitMs = asked.serverWaitMs ?? 0;
    const untilMs = Date.now() + limits.deadlineMs + waitMs;
    let cause: unknown;
    for (let attempt = 1, renewed = false; attempt <= limits.attempts; attempt++) {
      const leftMs = untilMs - Date.now();
      if (leftMs <= 0) break;
      const result = await attemptOnce(asked, Math.min(limits.attemptMs + waitMs, leftMs));
      if (result.kind === 'answer') {
        // A credential that was withdrawn early is asked for again, once.
        if (result.answer.ok || result.answer.error.status !== 401 || renewed) return known(result.answer);
        credentials.forget?.(asked.as);
        renewed = true;
        cause = new Error('the credential was not accepted');
        continue;
      }
      cause = result.cause;
      const pauseMs = Math.max(result.afterMs ?? 0, pause(limits.firstPauseMs, attempt));
      if (closed || attempt === limits.attempts || Date.now() + pauseMs >= untilMs) break;
      await sleep(pauseMs, asked.signal);
    }
    throw unavailable(cause);
  };

  const attemptOnce = async <T>(asked: Ask<T>, attemptMs: number): Promise<Attempt<T>> => {
    try {
      const reply = await connections.exchange({
        method: asked.method,
        url: urlOf(base, asked),
        headers: await headersOf(credentials, asked, attemptMs),
        ...(asked.body === undefined ? {} : { body: Buffer.from(JSON.stringify(asked.body), 'utf8') }),
        timeoutMs: attemptMs,
        limitBytes: asked.limitBytes ?? ANSWER_LIMIT_BYTES,
        ...(asked.expectedBytes === undefined ? {} : { expectedBytes: asked.expectedBytes }),
        ...(asked.signal ? { signal: asked.signal } : {}),
      });
      return judge(asked, reply);
    } catch (cause) {
      if (cause instanceof ExchangeFailure && (cause.kind === 'aborted' || cause.kind === 'too_large'))
        throw cause;
      if (
        cause instanceof ExchangeFailure ||
        cause instanceof MalformedAnswer ||
        cause instanceof NoCredential
      )
        return { kind: 'again', cause };
      throw cause;
    }
  };

  const close = (): void => {
    closed = true;
    connections.close();
  };
  return { ask, close };
}

function judge<T>(asked: Ask<T>, reply: Reply): Attempt<T> {
  const { status } = reply;
  if ((status >= 200 && status < 300) || (status === 304 && asked.ifNoneMatch !== undefined))
    return { kind: 'answer', answer: { ok: true, value: asked.read(reply) } };
  const after = Number(reply.headers['retry-after']);
  const afterMs = after > 0 ? Math.min(after * 1000, LONGEST_PAUSE_MS) : undefined;
  if (status < 400) throw new MalformedAnswer(`status ${status} from the API`);
  const error = apiErrorFrom(status, reply.body);
  if (!isPassing(error)) return { kind: 'answer', answer: { ok: false, error } };
  const cause = new Error(`${error.status} ${error.reason}`);
  return { kind: 'again', cause, ...(afterMs === undefined ? {} : { afterMs }) };
}

/** An answer about the credential says nothing about the question. */
function known<T>(answer: Answer<T>): Answer<T> {
  if (!answer.ok && answer.error.status === 401)
    throw unavailable(new Error('the credential is not accepted'));
  return answer;
}

export const unavailable = (cause: unknown): SluiceError => {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new SluiceError('warehouse_unavailable', `BigQuery gives no answer${why}`, { cause });
};

function urlOf(base: string, { path, query }: Ask<unknown>): URL {
  const url = new URL(`${base}/bigquery/v2/${path.map(encodeURIComponent).join('/')}`);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  url.searchParams.set('prettyPrint', 'false');
  return url;
}

async function headersOf(
  credentials: BigQueryCredentials,
  asked: Ask<unknown>,
  withinMs: number,
): Promise<Record<string, string>> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    // Compressing and expanding a page costs more than sending it inside of one region.
    'accept-encoding': 'identity',
    'user-agent': 'sluice/0.1',
    ...(asked.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(asked.ifNoneMatch === undefined ? {} : { 'if-none-match': asked.ifNoneMatch }),
  };
  const authorization = await credentialHeaders(credentials, asked.as, withinMs);
  authorization.forEach((value, name) => {
    headers[name] = value;
  });
  return headers;
}

/** The credential could not be had just now. */
class NoCredential extends Error {}

async function credentialHeaders(
  credentials: BigQueryCredentials,
  as: string | undefined,
  withinMs: number,
): Promise<Headers> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no credential within ${withinMs} ms`)), withinMs);
  });
  const given = async (): Promise<Headers> => {
    const client = await (as === undefined ? credentials.metadata() : credentials.as(as));
    return client.getRequestHeaders();
  };
  try {
    return await Promise.race([given(), late]);
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    credentials.forget?.(as);
    throw new NoCredential('no credential', { cause });
  } finally {
    clearTimeout(timer);
  }
}

const pause = (firstMs: number, attempt: number): number =>
  Math.min(LONGEST_PAUSE_MS, firstMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);

export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
    if (signal?.aborted) done();
  });
}
