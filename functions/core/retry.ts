/** What a repeated call needs from the world: a part of the clock's port. */
export type RetryWorld = {
  /** Resolves after `ms`, or as soon as `signal` aborts (it never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** `bytes` random bytes, lower-case hex. */
  randomHex(bytes: number): string;
};
/** One try: `number` counts from 1; `signal` aborts when the try, or the whole, has run out of time. */
export type Try = { readonly number: number; readonly signal: AbortSignal };
export type RetryPlan = {
  /** All tries and the pauses between them end by then. */
  readonly deadlineMs: number;
  /** One try takes no longer, so that one that hangs leaves time for another. */
  readonly tryMs: number;
  readonly firstPauseMs: number;
  /** Whether the same call may succeed a moment later. */
  readonly transient: (error: unknown) => boolean;
};

/** The time ran out. `cause` is how the last try that ended failed, if one did. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/**
 * Repeats `work` while its error is transient and time is left, with growing pauses, half of each by chance, so that many
 * callers do not come back at one moment. Throws the last error, or `OutOfTime` at the deadline whatever `work` does then.
 */
export async function retrying<T>(
  world: RetryWorld,
  plan: RetryPlan,
  work: (attempt: Try) => Promise<T>,
): Promise<T> {
  const whole = timer(world, plan.deadlineMs);
  let last: unknown;
  try {
    for (let number = 1; ; number++) {
      try {
        return await oneTry(world, plan, whole, number, work);
      } catch (error) {
        if (whole.late.aborted) throw outOfTime(plan, last);
        if (!(error instanceof OutOfTime) && !plan.transient(error)) throw error;
        if (!(error instanceof OutOfTime)) last = error;
      }
      await world.sleep(pauseMs(world, plan, number), whole.late);
      if (whole.late.aborted) throw last ?? outOfTime(plan, last);
    }
  } finally {
    whole.stop();
  }
}

async function oneTry<T>(
  world: RetryWorld,
  plan: RetryPlan,
  whole: Timer,
  number: number,
  work: (attempt: Try) => Promise<T>,
): Promise<T> {
  const one = timer(world, plan.tryMs);
  const attempt = work({ number, signal: AbortSignal.any([whole.late, one.late]) });
  attempt.catch(() => {});
  try {
    return await Promise.race([attempt, one.ran, whole.ran]);
  } finally {
    one.stop();
  }
}

function pauseMs(world: RetryWorld, plan: RetryPlan, number: number): number {
  const longestMs = plan.firstPauseMs * 2 ** Math.min(number - 1, 6);
  return longestMs / 2 + (longestMs / 2) * (Number.parseInt(world.randomHex(2), 16) / 65_536);
}

type Timer = { readonly late: AbortSignal; readonly ran: Promise<never>; stop(): void };

/** A reason that is there already: a new one is an error with its stack, for each call. */
const ended = 'ended';

function timer(world: RetryWorld, ms: number): Timer {
  const [late, stopped] = [new AbortController(), new AbortController()];
  const ran = world.sleep(ms, stopped.signal).then((): Promise<never> => {
    if (stopped.signal.aborted) return new Promise(() => {});
    const error = new OutOfTime(`no answer within ${ms} ms`);
    late.abort(error);
    throw error;
  });
  ran.catch(() => {});
  return { late: late.signal, ran, stop: () => stopped.abort(ended) };
}

const outOfTime = (plan: RetryPlan, cause: unknown): OutOfTime =>
  new OutOfTime(`no answer within ${plan.deadlineMs} ms`, cause === undefined ? {} : { cause });

/** HTTP statuses after which Google's services ask to try again. */
export const transientStatus = (status: number): boolean =>
  status === 408 || status === 429 || status === 500 || status === 502 || status === 503 || status === 504;

const transientCodes = [
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ERR_STREAM_PREMATURE_CLOSE',
  'UND_ERR_SOCKET',
];

/** Whether an error is of the way to a server, not an answer of it. */
export function isConnectionError(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const { code, type } = at as { code?: unknown; type?: unknown };
    if (transientCodes.includes(String(code)) || type === 'request-timeout') return true;
    if (/socket hang up|premature close|network timeout|fetch failed/i.test(at.message)) return true;
  }
  return false;
}
