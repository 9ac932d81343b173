import type { IncomingMessage, ServerResponse } from 'node:http';

/** What a function depends on, each `ok` or a few words of ours about what is wrong. */
export type Readiness = Readonly<Record<string, string>>;

/** How long a look at the dependencies counts, and how long one may take. */
const freshMs = 5_000;
const patienceMs = 4_000;

/**
 * Asks each dependency whether it answers. Looks are shared: however often anybody asks, each is looked at once in five
 * seconds at most. A check resolves with undefined, or with what is wrong; one that throws or takes too long is bad.
 */
export function readinessOf(
  checks: Readonly<Record<string, () => Promise<string | undefined>>>,
  nowMs: () => number = () => performance.now(),
): () => Promise<Readiness> {
  let last: { readonly atMs: number; readonly found: Promise<Readiness> } | undefined;
  return () => {
    if (last === undefined || nowMs() - last.atMs >= freshMs) last = { atMs: nowMs(), found: look(checks) };
    return last.found;
  };
}

async function look(checks: Readonly<Record<string, () => Promise<string | undefined>>>): Promise<Readiness> {
  const entries = Object.entries(checks).map(async ([name, check]) => [name, await within(check)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function within(check: () => Promise<string | undefined>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('it does not answer in time'), patienceMs);
  });
  try {
    return (await Promise.race([check(), late])) ?? 'ok';
  } catch {
    return 'it cannot be reached';
  } finally {
    clearTimeout(timer);
  }
}

export const isReady = (readiness: Readiness): boolean =>
  Object.values(readiness).every((word) => word === 'ok');

/** `/healthz`: the process is up. `/readyz`: it can do its work; says what is bad. */
export async function answerHealth(
  req: IncomingMessage,
  res: ServerResponse,
  readiness: (() => Promise<Readiness>) | undefined,
  isStopping: boolean,
): Promise<void> {
  const found = await readiness?.();
  const good = !isStopping && (found === undefined || isReady(found));
  const status = isStopping ? 'stopping' : good ? 'ok' : 'not ready';
  const bytes = Buffer.from(
    `${JSON.stringify({ status, ...(found === undefined ? {} : { checks: found }) })}\n`,
  );
  res.writeHead(good ? 200 : 503, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'cache-control': 'no-store',
    ...(good ? {} : { 'retry-after': '1' }),
  });
  res.end(req.method === 'HEAD' ? undefined : bytes);
}
