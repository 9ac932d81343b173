import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  isConnectionError,
  OutOfTime,
  type RetryPlan,
  type RetryWorld,
  retrying,
  transientStatus,
} from '../../../functions/core/retry.ts';

class Passing extends Error {}
class Lasting extends Error {}

const plan: RetryPlan = {
  deadlineMs: 1_000,
  tryMs: 600,
  firstPauseMs: 100,
  transient: (error) => error instanceof Passing,
};

/** Time that passes in steps of 10 ms as fast as the machine goes. */
function fastWorld(): RetryWorld & { nowMs(): number; readonly pausesMs: number[] } {
  let nowMs = 0;
  const pausesMs: number[] = [];
  return {
    pausesMs,
    nowMs: () => nowMs,
    randomHex: (bytes) => '80'.repeat(bytes),
    sleep: async (ms, signal) => {
      const endMs = nowMs + ms;
      if (ms < 600) pausesMs.push(ms);
      while (nowMs < endMs && signal?.aborted !== true) {
        await new Promise((resolve) => setImmediate(resolve));
        nowMs = Math.min(endMs, nowMs + 5);
      }
    },
  };
}

test('retrying: what passes is tried again with growing pauses, and the answer is the last one’s', async () => {
  const world = fastWorld();
  let tries = 0;
  const answer = await retrying(world, { ...plan, deadlineMs: 100_000 }, async ({ number }) => {
    tries++;
    assert.equal(number, tries);
    if (tries < 4) throw new Passing();
    return 'answer';
  });
  assert.deepEqual([answer, tries], ['answer', 4]);
  assert.deepEqual(world.pausesMs.slice(0, 3).map(Math.round), [75, 150, 300]);
});

test('retrying: what does not pass is thrown at once', async () => {
  let tries = 0;
  const work = async (): Promise<never> => {
    tries++;
    throw new Lasting('no');
  };
  await assert.rejects(retrying(fastWorld(), plan, work), Lasting);
  assert.equal(tries, 1);
});

test('retrying: work that never answers is out of time at the deadline, and every try is told to stop', async () => {
  const world = fastWorld();
  const signals: AbortSignal[] = [];
  const work = ({ signal }: { signal: AbortSignal }): Promise<never> => {
    signals.push(signal);
    return new Promise(() => {});
  };
  await assert.rejects(retrying(world, plan, work), OutOfTime);
  assert.equal(signals.length, 2, 'one that hangs leaves time for another');
  for (const signal of signals) assert.equal(signal.aborted, true);
});

test('retrying: out of time tells how the last try that ended failed', async () => {
  let tries = 0;
  const work = async (): Promise<never> => {
    if (tries++ === 0) throw new Passing('the cause');
    return new Promise(() => {});
  };
  const error = await retrying(fastWorld(), plan, work).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof OutOfTime && error.cause instanceof Passing);
});

test('what is worth another try: errors of the way, and answers that ask for it', () => {
  const coded = (code: string): Error => Object.assign(new Error('x'), { code });
  for (const code of ['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'])
    assert.ok(isConnectionError(coded(code)), code);
  assert.ok(isConnectionError(new Error('request failed', { cause: coded('ECONNRESET') })));
  for (const error of [coded('ERR_INVALID_ARG_TYPE'), new TypeError('x'), 'text', undefined])
    assert.equal(isConnectionError(error), false);
  for (const status of [408, 429, 500, 502, 503, 504]) assert.ok(transientStatus(status), `${status}`);
  for (const status of [200, 304, 400, 401, 403, 404, 409, 412, 501])
    assert.ok(!transientStatus(status), `${status}`);
});
