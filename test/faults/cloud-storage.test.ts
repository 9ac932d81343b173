import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  openKeyObjects,
  openStorageAuditStore,
} from '../../functions/adapters/audit-store/cloud-storage/open.ts';
import { systemClock } from '../../functions/adapters/clock/system.ts';
import { SluiceError } from '../../functions/core/errors.ts';
import type { AuditStore } from '../../functions/ports/audit-store.ts';
import { fixedToken } from '../support/stand-ins/credentials.ts';
import { faultList } from '../support/stand-ins/fault-list.ts';
import { type Altered, type FaultProxy, faultProxy, forward } from '../support/stand-ins/faults.ts';
import { lockedBucket } from '../support/stand-ins/log-bucket.ts';
import { type Seen, serve } from '../support/stand-ins/serve.ts';
import { type StorageStandIn, startStorageStandIn } from '../support/stand-ins/storage.ts';

/** For calls that are to fail, and for calls that are to succeed on a busy machine. */
const lostDeadlineMs = 500;
const onceDeadlineMs = 2_500;
const directDeadlineMs = 30_000;
/** What a busy machine may add. */
const leewayMs = 5_000;
const bucket = 'audit-faults';
let server: StorageStandIn;
/** Does not go through the faults. */
let direct: AuditStore;
let count = 0;
const fresh = (): string => `rec/f/${String(++count).padStart(4, '0')}`;
const opened: FaultProxy[] = [];

const openAt = (apiEndpoint: string, deadlineMs = lostDeadlineMs): Promise<AuditStore> =>
  openStorageAuditStore({
    ...{ bucket, minimumRetentionMs: 86_400_000, clock: systemClock, auth: fixedToken() },
    ...{ apiEndpoint, deadlineMs },
  });

async function behindFaults(
  deadlineMs = lostDeadlineMs,
): Promise<{ readonly proxy: FaultProxy; readonly store: AuditStore }> {
  const proxy = await faultProxy({ target: server.url });
  opened.push(proxy);
  return { proxy, store: await openAt(proxy.url, deadlineMs) };
}

before(async () => {
  server = await startStorageStandIn();
  server.makeBucket(bucket, lockedBucket);
  direct = await openAt(server.url, directDeadlineMs);
});
after(async () => {
  await Promise.all(opened.map((proxy) => proxy.close()));
  await server.close();
});

async function timed<T>(work: Promise<T>): Promise<T | SluiceError> {
  const startedMs = performance.now();
  const outcome = await work.catch((error: unknown) => {
    if (error instanceof SluiceError) return error;
    throw error;
  });
  assert.ok(
    performance.now() - startedMs < lostDeadlineMs + leewayMs,
    'it takes no longer than its deadline',
  );
  return outcome;
}

const isLost = (outcome: unknown): void => {
  assert.ok(outcome instanceof SluiceError, `a lost sink, not ${JSON.stringify(outcome)}`);
  assert.equal(outcome.code, 'sink_unavailable');
  assert.doesNotMatch(outcome.message, /\n/);
};

async function names(from: AuditStore, prefix: string): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const name of from.list(prefix)) found.push(name);
  return found;
}

describe('cloud storage behind faults', { concurrency: 6 }, () => {
  for (const [what, fault] of faultList) {
    test(`${what}, without end: every call is a lost sink within the deadline`, async () => {
      const { proxy, store } = await behindFaults();
      const [there, name] = [fresh(), fresh()];
      await direct.create(there, Buffer.from('there'));
      await proxy.set(fault);
      const outcomes = await Promise.all([
        timed(store.create(name, Buffer.from('new'))),
        timed(store.create(there, Buffer.from('other'))),
        timed(store.read(there)),
        timed(names(store, 'rec/f/')),
      ]);
      for (const outcome of outcomes) isLost(outcome);
      assert.equal(((await timed(store.check())) as readonly string[]).length, 1);
      await proxy.set('none');
      assert.equal((await direct.read(there))?.bytes.toString(), 'there');
    });

    test(`${what}, once: the next try finds the truth`, async () => {
      const [there, name] = [fresh(), fresh()];
      await direct.create(there, Buffer.from('there'));
      const once = async <T>(work: (store: AuditStore) => Promise<T>): Promise<T> => {
        const { proxy, store } = await behindFaults(onceDeadlineMs);
        await proxy.set(fault, { times: 1 });
        // A refused connection stays refused until somebody listens again.
        if (fault.kind === 'refuse') setTimeout(() => void proxy.set('none'), 60);
        return work(store);
      };
      const [created, taken, read, listed, reasons] = await Promise.all([
        once((store) => store.create(name, Buffer.from('new'))),
        once((store) => store.create(there, Buffer.from('other'))),
        once((store) => store.read(there)),
        once((store) => names(store, there)),
        once((store) => store.check()),
      ]);
      assert.ok(created !== 'exists');
      assert.deepEqual(await direct.read(name), {
        bytes: Buffer.from('new'),
        generation: created.generation,
      });
      assert.equal(taken, 'exists');
      assert.equal(Buffer.from(read?.bytes ?? []).toString(), 'there');
      assert.ok(listed.includes(there));
      assert.deepEqual(reasons, []);
    });
  }
});

const isWrite = ({ method }: Seen): boolean => method === 'POST';

test('lost in the answer and written by nobody else, a record is ours', async () => {
  const { proxy, store } = await behindFaults(onceDeadlineMs);
  const name = fresh();
  await proxy.set({ kind: 'reset-after' }, { times: 1, when: isWrite });
  const created = await store.create(name, Buffer.from('mine'));
  assert.equal(proxy.struck(), 1);
  assert.ok(created !== 'exists');
  assert.equal((await direct.read(name))?.generation, created.generation);
});

test('lost before it arrived and then overtaken by another, a record is not ours', async () => {
  const { proxy, store } = await behindFaults(onceDeadlineMs);
  const name = fresh();
  await direct.create(name, Buffer.from('another’s'));
  await proxy.set({ kind: 'reset-before' }, { times: 1, when: isWrite });
  assert.equal(await store.create(name, Buffer.from('mine')), 'exists');
  assert.equal(proxy.struck(), 1);
  assert.equal(Buffer.from((await direct.read(name))?.bytes ?? []).toString(), 'another’s');
});

test('a name that is taken at the first try is never ours, even with the same bytes', async () => {
  const name = fresh();
  await direct.create(name, Buffer.from('same'));
  assert.equal(await direct.create(name, Buffer.from('same')), 'exists');
});

test('a name that is said to be taken and cannot be read is an alarm', async () => {
  const { proxy, store } = await behindFaults();
  const taken = { kind: 'answer', status: 412, body: '{}' } as const;
  await proxy.set({ kind: 'turns', faults: [{ kind: 'reset-before' }, taken] }, { when: isWrite });
  const outcome = await timed(store.create(fresh(), Buffer.from('x')));
  isLost(outcome);
  assert.match((outcome as SluiceError).message, /is said to exist and cannot be read/);
});

test('without the right to create, nothing is called taken; without the right to replace, a taken name is', async () => {
  const { proxy, store } = await behindFaults();
  const [name, there] = [fresh(), fresh()];
  await direct.create(there, Buffer.from('there'));
  const body =
    '{"error":{"code":403,"message":"no storage.objects access","errors":[{"reason":"forbidden"}]}}';
  await proxy.set({ kind: 'answer', status: 403, body }, { when: isWrite });
  const outcome = await timed(store.create(name, Buffer.from('x')));
  isLost(outcome);
  assert.match((outcome as SluiceError).message, /give its service account roles\/storage.objectCreator/);
  assert.equal(proxy.struck(), 1, 'a refusal is not repeated');
  assert.equal(await store.create(there, Buffer.from('x')), 'exists');
});

test('bytes that are not those that were stored are never returned', async () => {
  const { proxy, store } = await behindFaults();
  const name = fresh();
  await direct.create(name, Buffer.from('what was recorded'));
  const change = (answer: Altered): Altered => ({ ...answer, body: Buffer.from('what was rec0rded') });
  await proxy.set({ kind: 'alter', change }, { when: ({ path }) => path.includes('alt=media') });
  isLost(await timed(store.read(name)));
  assert.ok(proxy.struck() > 1);
});

test('bytes that change on the way to the bucket are never stored', async () => {
  const name = fresh();
  const upstream = await faultProxy({ target: server.url });
  opened.push(upstream);
  const flipping = await serve(async (seen) => {
    const at = seen.body.indexOf('what was sent');
    if (at >= 0) seen.body[at] = 88;
    return forward(seen, new URL(upstream.url));
  });
  try {
    isLost(await timed((await openAt(flipping.url)).create(name, Buffer.from('what was sent'))));
    assert.equal(await direct.read(name), undefined);
  } finally {
    await flipping.close();
  }
});

test('names out of order, or of elsewhere, are refused and not skipped', async () => {
  const { proxy, store } = await behindFaults();
  for (const items of [['rec/b', 'rec/a'], ['rec/a', 'rec/a'], ['other/a']]) {
    const body = JSON.stringify({ kind: 'storage#objects', items: items.map((name) => ({ name })) });
    await proxy.set({ kind: 'answer', status: 200, body, headers: { 'content-type': 'application/json' } });
    await assert.rejects(names(store, 'rec/'), /out of order/);
  }
});

test('a retained object is not deleted', async () => {
  const name = fresh();
  await direct.create(name, Buffer.from('kept'));
  const objects = await openKeyObjects({
    bucket,
    clock: systemClock,
    auth: fixedToken(),
    apiEndpoint: server.url,
  });
  await assert.rejects(objects.remove(name), /retentionPolicyNotMet/);
  assert.equal(Buffer.from((await direct.read(name))?.bytes ?? []).toString(), 'kept');
});
