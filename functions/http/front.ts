import type { IncomingMessage, ServerResponse } from 'node:http';
import { bigQueryError, type Refusal, SluiceError } from '../core/errors.ts';
import { answerHealth, type Readiness } from './health.ts';
import { openBudget, openShare, withShare } from './load.ts';
import type { Handler, StoppableRequest } from './server.ts';
import { endUnread, isUnread } from './unread.ts';

export type FrontOptions = {
  /** Requests at once; further ones are refused with 429 before anything of them is read. */
  readonly maximumRequests: number;
  /** What bodies and pages under way may take together, bytes. */
  readonly inFlightBytes: number;
  /** After this waiting ends, milliseconds; a request that has no answer a few seconds later gets 503. */
  readonly deadlineMs: number;
  /** Between the end of waiting and the moment when a request is given up, milliseconds. */
  readonly graceMs?: number;
  /** The handler, once everything that it needs is open; rejects where something is missing. */
  readonly open: () => Promise<Handler>;
  readonly readiness: () => Promise<Readiness>;
  readonly onError: (error: unknown) => void;
};

/** What stands before a function's own work: health, admission, deadline, and the end of a process. */
export type Front = {
  readonly handler: Handler;
  /** From now on requests are refused, those that wait answer at once, and connections are closed. */
  stop(): void;
};

const usualGraceMs = 4_000;

const startingUp: Refusal = {
  code: 'state_unavailable',
  message: 'The gateway is not ready: it starts, or cannot reach what it depends on. Try again in a moment.',
};
const stoppingNow: Refusal = {
  code: 'state_unavailable',
  message: 'This instance of the gateway is stopping. Send the request again.',
};
const tooMany: Refusal = {
  code: 'overloaded',
  message: 'The gateway has more requests under way than it takes at once. Try again in a moment.',
};
const tooLate: Refusal = {
  code: 'state_unavailable',
  message:
    'The gateway did not finish this request in time. What it started goes on: ask for the same job again.',
};

export function openFront(options: FrontOptions): Front {
  const budget = openBudget(options.inFlightBytes);
  const underWay = new Set<ServerResponse>();
  let isStopping = false;

  const handler: Handler = async (req, res) => {
    const path = (req.url ?? '/').split('?', 1)[0] ?? '/';
    if (isStopping) res.shouldKeepAlive = false;
    if (path === '/healthz' || path === '/readyz')
      return answerHealth(req, res, path === '/healthz' ? undefined : options.readiness, isStopping);
    if (isStopping) return refuse(req, res, stoppingNow);
    if (underWay.size >= options.maximumRequests) return refuse(req, res, tooMany);
    underWay.add(res);
    res.once('close', () => underWay.delete(res));
    await admitted(req, res);
  };

  async function admitted(req: StoppableRequest, res: ServerResponse): Promise<void> {
    const waiting = new AbortController();
    const soon = setTimeout(() => waiting.abort('the deadline'), options.deadlineMs);
    const late = setTimeout(() => giveUp(req, res), options.deadlineMs + (options.graceMs ?? usualGraceMs));
    req.stopping =
      req.stopping === undefined ? waiting.signal : AbortSignal.any([req.stopping, waiting.signal]);
    const share = openShare(budget, waiting.signal);
    res.once('close', () => {
      clearTimeout(soon);
      clearTimeout(late);
      share.end();
    });
    try {
      const ready = await options.open().catch(() => undefined);
      if (ready === undefined) return refuse(req, res, startingUp);
      await withShare(share, () => ready(req, res));
    } catch (error) {
      options.onError(error);
      refuse(req, res, brokenRefusal(error));
    }
  }

  return {
    handler,
    stop() {
      isStopping = true;
      for (const res of underWay) if (!res.headersSent) res.shouldKeepAlive = false;
    },
  };
}

function giveUp(req: IncomingMessage, res: ServerResponse): void {
  if (res.writableEnded) return;
  if (res.headersSent) res.destroy();
  else refuse(req, res, tooLate);
}

/** Why a request failed that no handler answered, in words that tell nothing of it. */
function brokenRefusal(error: unknown): Refusal {
  const code = error instanceof SluiceError ? error.code : 'internal';
  switch (code) {
    case 'overloaded':
      return tooMany;
    case 'sink_unavailable':
    case 'state_unavailable':
    case 'warehouse_unavailable':
      return { code, message: 'Something that the gateway depends on cannot be reached. Try again later.' };
    default:
      return { code: 'internal', message: 'An internal error occurred.' };
  }
}

/** An answer of a few words, in the shape that BigQuery's clients read; what is left of the request is not. */
export function refuse(req: IncomingMessage, res: ServerResponse, refusal: Refusal): void {
  if (res.headersSent || res.destroyed) {
    if (!res.writableEnded) res.destroy();
    return;
  }
  const { httpStatus, body } = bigQueryError(refusal);
  const bytes = Buffer.from(JSON.stringify(body));
  const unread = isUnread(req);
  res.writeHead(httpStatus, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    ...(httpStatus === 429 || httpStatus === 503 ? { 'retry-after': '1' } : {}),
    ...(unread ? { connection: 'close' } : {}),
  });
  res.write(bytes);
  if (unread) endUnread(req, res);
  else res.end();
}
