import assert from 'node:assert/strict';
import { test } from 'node:test';
import { record } from '../../../functions/pipeline/record.ts';
import { sealLog } from '../../../functions/pipeline/seal-log.ts';
import { verifyLog } from '../../../functions/pipeline/verify-log.ts';
import {
  delivery,
  heldLife,
  memoryKeys,
  recordLife,
  type TestLog,
  testLog,
} from '../../support/audit-log.ts';
import { copyOf, type MemoryAuditStore } from '../../support/memory-audit-store.ts';

/** Another process on the same objects and keys: it remembers nothing. */
const restarted = (log: TestLog, objects = log.audit.objects): TestLog => {
  const audit = copyOf({ ...log.audit, objects });
  return { ...log, audit };
};
const sameStore = (log: TestLog): TestLog => ({ ...log, audit: { ...log.audit } });

/** A store that stops working before or after its `nth` create, as a crash would. */
function crashing(store: MemoryAuditStore, nth: number, after: boolean): MemoryAuditStore {
  let creates = 0;
  return {
    ...store,
    create: async (name, bytes) => {
      creates += 1;
      if (creates === nth && !after) throw new Error('crash');
      const created = await store.create(name, bytes);
      if (creates === nth) throw new Error('crash');
      return created;
    },
  };
}

test('seals what is there, and nothing twice', async () => {
  const log = testLog();
  assert.deepEqual(await sealLog(log), { size: 0, sealed: 0, refused: [] });
  await record(log, delivery(log, 1, 'a'));
  await record(log, delivery(log, 2, 'b'));
  assert.deepEqual(await sealLog(log), { size: 2, sealed: 2, refused: [] });
  assert.deepEqual(await sealLog(log), { size: 2, sealed: 0, refused: [] });
  await record(log, delivery(log, 3, 'c'));
  assert.deepEqual(await sealLog(log), { size: 3, sealed: 1, refused: [] });
  const cps = [...log.audit.objects.keys()].filter((name) => /^(cp|plan)/.test(name)).sort();
  assert.deepEqual(cps, ['cp/000000000000', 'cp/000000000002', 'plan/000000000000', 'plan/000000000002']);
});

test('a restart goes on where the log was, and takes what was left', async () => {
  const log = testLog();
  await recordLife(log, 'sluice_a', heldLife());
  await sealLog(log);
  await record(log, delivery(log, 1, 'left behind'));
  const next = sameStore(log);
  await record(next, delivery(next, 2, 'new'));
  assert.deepEqual(await sealLog(next), { size: 8, sealed: 8, refused: [] });
  const result = await verifyLog(log.audit, log.key);
  assert.deepEqual([result.ok, result.size, result.unsealed], [true, 8, 0]);
});

test('a crash at any step of sealing leaves a log that the next process completes', async () => {
  for (const step of [1, 2]) {
    for (const after of [false, true]) {
      const log = testLog();
      await record(log, delivery(log, 1, 'a'));
      await sealLog(log);
      await record(log, delivery(log, 2, 'b'));
      const dying: TestLog = { ...log, audit: crashing(log.audit, step, after) };
      await assert.rejects(sealLog(dying), /crash/);
      const between = await verifyLog(log.audit, log.key);
      assert.deepEqual([between.problems, between.size + between.unsealed], [[], 2], `step ${step}`);
      const next = sameStore(log);
      await record(next, delivery(next, 3, 'c'));
      assert.equal((await sealLog(next)).size, 3);
      assert.deepEqual((await verifyLog(log.audit, log.key)).problems, []);
    }
  }
});

test('what another process left is sealed even if the first try fails', async () => {
  const log = testLog();
  await record(log, delivery(log, 1, 'left behind'));
  let broken = true;
  const create: MemoryAuditStore['create'] = (name, bytes) =>
    broken ? Promise.reject(new Error('disk full')) : log.audit.create(name, bytes);
  const next: TestLog = { ...log, audit: { ...log.audit, create } };
  await assert.rejects(sealLog(next), /disk full/);
  broken = false;
  assert.equal((await sealLog(next)).size, 1);
});

test('many sealers at once make one log', async () => {
  const log = testLog();
  const others = Array.from({ length: 6 }, () => sameStore(log));
  await Promise.all(
    others.map(async (other, at) => {
      for (let n = 0; n < 10; n++) {
        await record(other, delivery(other, at * 100 + n, `${at}/${n}`));
        await sealLog(other, { full: n % 3 === 0 });
      }
    }),
  );
  await sealLog(others[0] as TestLog, { full: true });
  const result = await verifyLog(log.audit, log.key);
  assert.deepEqual([result.problems, result.size, result.unsealed], [[], 60, 0]);
});

test('a heartbeat comes only when it is quiet for long enough', async () => {
  const log = testLog();
  await sealLog(log, { heartbeatMs: 60_000 });
  log.clock.advance(59_999);
  assert.equal((await sealLog(log, { heartbeatMs: 60_000 })).size, 0);
  log.clock.advance(1);
  assert.equal((await sealLog(log, { heartbeatMs: 60_000 })).size, 1);
  assert.equal((await sealLog(log, { heartbeatMs: 60_000 })).size, 1);
  log.clock.advance(60_000);
  await record(log, delivery(log, 1, 'a'));
  assert.equal((await sealLog(log, { heartbeatMs: 60_000 })).sealed, 1);
});

test('what is not a record of this log is left out and named', async () => {
  const log = testLog();
  await record(log, delivery(log, 1, 'a'));
  const bytes = log.audit.objects.get('rec/d/2026-09-21/000001') as Uint8Array;
  log.audit.objects.set('rec/d/2026-09-21/copy', bytes);
  log.audit.objects.set('rec/note', Buffer.from('hello'));
  const sealed = await sealLog(log);
  assert.equal(sealed.size, 1);
  assert.deepEqual(
    sealed.refused.map((one) => one.name),
    ['rec/d/2026-09-21/copy', 'rec/note'],
  );
});

test('nothing is signed over a plan that somebody else made up', async () => {
  const log = testLog();
  await record(log, delivery(log, 1, 'a'));
  log.audit.objects.set('plan/000000000000', Buffer.from(`${'0'.repeat(64)} 1 rec/d/2026-09-21/000001\n`));
  await assert.rejects(sealLog(log), /must not be sealed.*another hash/);
  assert.equal(
    [...log.audit.objects.keys()].some((name) => name.startsWith('cp/')),
    false,
  );
});

test('a checkpoint of another tree stops the sealer', async () => {
  const log = testLog();
  await record(log, delivery(log, 1, 'a'));
  await sealLog(log);
  const other = { ...testLog(), keys: log.keys, key: log.key };
  await record(other, delivery(other, 2, 'b'));
  await sealLog(other);
  log.audit.objects.set('cp/000000000000', other.audit.objects.get('cp/000000000000') as Uint8Array);
  await assert.rejects(sealLog(restarted(log)), /does not follow/);
});

test('a fork under the same key is seen against a checkpoint that was kept', async () => {
  const keys = memoryKeys('sluice.test/fork');
  const logs = [testLog(), testLog()].map((log) => ({ ...log, keys }));
  const [one, two] = logs as [TestLog, TestLog];
  for (const [at, log] of [one, two].entries()) {
    await record(log, delivery(log, at, `fork ${at}`));
    await sealLog(log);
    await record(log, delivery(log, 9, 'same'));
    await sealLog(log);
  }
  const { verifierKey } = await import('../../../functions/core/audit/signed-note.ts');
  const key = verifierKey(keys.logName, keys.publicKey);
  const kept = Buffer.from(one.audit.objects.get('cp/000000000000') as Uint8Array).toString();
  assert.equal((await verifyLog(one.audit, key, { checkpoint: kept })).ok, true);
  const forked = await verifyLog(two.audit, key, { checkpoint: kept });
  assert.match(forked.problems[0]?.problem ?? '', /forked/);
});
