import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { verifierKey } from '../../../functions/core/audit/signed-note.ts';
import { verifyLog } from '../../../functions/pipeline/verify-log.ts';
import { filledLog, memoryKeys, type TestLog } from '../../support/audit-log.ts';
import { copyOf, type MemoryAuditStore } from '../../support/memory-audit-store.ts';

let log: TestLog;
before(async () => {
  log = await filledLog();
});

async function firstProblem(change: (store: MemoryAuditStore) => void, checkpoint?: string) {
  const copy = copyOf(log.audit);
  change(copy);
  const result = await verifyLog(copy, log.key, checkpoint === undefined ? {} : { checkpoint });
  assert.equal(result.ok, false);
  return result.problems[0] as { name: string; problem: string };
}
const textOf = (store: MemoryAuditStore, name: string): string =>
  Buffer.from(store.objects.get(name) as Uint8Array).toString();
const last = (prefix: string): string =>
  [...log.audit.objects.keys()]
    .filter((name) => name.startsWith(prefix))
    .sort()
    .at(-1) as string;

test('an untouched log is whole', async () => {
  const result = await verifyLog(log.audit, log.key);
  assert.deepEqual(result.problems, []);
  assert.deepEqual([result.ok, result.size, result.seals, result.unsealed], [true, 15, 3, 2]);
});

test('one flipped bit in any object is named', async () => {
  for (const [name, bytes] of log.audit.objects) {
    const step = Math.max(1, Math.floor(bytes.length / 40));
    for (let at = 0; at < bytes.length; at += step) {
      const { name: named } = await firstProblem((store) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = (changed[at] as number) ^ (1 << (at % 8));
        store.objects.set(name, changed);
      });
      assert.equal(named, name, `bit ${at % 8} of byte ${at}`);
    }
  }
});

test('every bit of a small record, a plan and a checkpoint counts', async () => {
  for (const name of ['rec/d/2026-09-21/000005', 'plan/000000000007', 'cp/000000000007']) {
    const bytes = log.audit.objects.get(name) as Uint8Array;
    for (let bit = 0; bit < bytes.length * 8; bit += 11) {
      const { name: named } = await firstProblem((store) => {
        const changed = Uint8Array.from(bytes);
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
        store.objects.set(name, changed);
      });
      assert.equal(named, name, `bit ${bit}`);
    }
  }
});

test('one changed record is one problem, not a chain of them', async () => {
  for (const name of ['rec/q/sluice_a/0001', 'rec/d/2026-09-21/000002']) {
    for (const harm of [
      (store: MemoryAuditStore) => store.objects.delete(name),
      (store: MemoryAuditStore) => store.objects.set(name, Buffer.from('x')),
      (store: MemoryAuditStore) =>
        store.objects.set(name, log.audit.objects.get('rec/q/sluice_a/0002') as Uint8Array),
    ]) {
      const copy = copyOf(log.audit);
      harm(copy);
      const { problems } = await verifyLog(copy, log.key);
      assert.deepEqual(
        problems.map((problem) => problem.name),
        [name],
      );
    }
  }
});

test('cut or lengthened objects are named', async () => {
  for (const [name, bytes] of log.audit.objects) {
    for (const changed of [
      bytes.subarray(0, -1),
      Buffer.concat([bytes, Buffer.from('\n')]),
      new Uint8Array(),
    ]) {
      assert.equal((await firstProblem((store) => store.objects.set(name, changed))).name, name);
    }
  }
});

test('a deleted object is named, wherever later objects prove it', async () => {
  const loose = new Set(['rec/d/2026-09-21/000005', 'rec/d/2026-09-21/000004']);
  for (const name of log.audit.objects.keys()) {
    if (loose.has(name)) continue;
    const found = await firstProblem((store) => store.objects.delete(name));
    assert.equal(found.name, name);
    assert.match(found.problem, /missing/);
  }
});

test('a whole seal taken away is named', async () => {
  for (const size of ['000000000000', '000000000007']) {
    const found = await firstProblem((store) => {
      store.objects.delete(`plan/${size}`);
      store.objects.delete(`cp/${size}`);
    });
    assert.equal(found.name, `plan/${size}`);
  }
});

test('truncation shows in records written later, or against a checkpoint kept elsewhere', async () => {
  const cut = (store: MemoryAuditStore): void => {
    store.objects.delete(last('plan/'));
    store.objects.delete(last('cp/'));
  };
  const seen = await firstProblem(cut);
  assert.equal(seen.name, last('plan/'));
  assert.match(seen.problem, /written when 15 records were sealed/);
  const kept = textOf(log.audit, last('cp/'));
  const all = await firstProblem((store) => {
    cut(store);
    for (const name of [...store.objects.keys()]) {
      if (name.startsWith('rec/q/sluice_b') || /rec\/d\/.*[345]$/.test(name)) store.objects.delete(name);
    }
  }, kept);
  assert.equal(all.name, last('plan/'));
  assert.match(all.problem, /a checkpoint of 15 records exists/);
});

test('an added, renamed or copied object is named', async () => {
  const bytes = log.audit.objects.get('rec/d/2026-09-21/000002') as Uint8Array;
  for (const stray of [
    'rec/d/2026-09-21/000009',
    'rec/note.txt',
    'rec/.hidden',
    'rec/q/sluice_a/0006',
    'plan/000000000099',
    'plan/x',
    'cp/latest',
  ]) {
    assert.equal((await firstProblem((store) => store.objects.set(stray, bytes))).name, stray);
  }
  const renamed = await firstProblem((store) => {
    store.objects.delete('rec/d/2026-09-21/000002');
    store.objects.set('rec/d/2026-09-21/000008', bytes);
  });
  assert.equal(renamed.name, 'rec/d/2026-09-21/000002');
  const swapped = await firstProblem((store) => {
    store.objects.set(
      'rec/d/2026-09-21/000004',
      log.audit.objects.get('rec/d/2026-09-21/000005') as Uint8Array,
    );
  });
  assert.equal(swapped.name, 'rec/d/2026-09-21/000004');
});

test('a plan with other, moved or repeated lines is named', async () => {
  const name = 'plan/000000000000';
  const lines = textOf(log.audit, name).trimEnd().split('\n');
  const variants = [
    [lines[1], lines[0], ...lines.slice(2)],
    lines.slice(1),
    lines.slice(0, -1),
    [...lines, lines[0]],
    [lines[0], '', ...lines.slice(1)],
  ];
  for (const variant of variants) {
    const found = await firstProblem((store) =>
      store.objects.set(name, Buffer.from(`${variant.join('\n')}\n`)),
    );
    assert.equal(found.name, name);
  }
});

test('another log of the same key is a fork of the kept checkpoint', async () => {
  const other = await filledLog();
  const kept = textOf(log.audit, 'cp/000000000007');
  const foreign = await verifyLog(other.audit, other.key, { checkpoint: kept });
  assert.equal(foreign.ok, false);
  assert.match(foreign.problems[0]?.problem ?? '', /not signed by/);
});

test('another key, and a checkpoint that another key signed, are named', async () => {
  const stranger = memoryKeys();
  const result = await verifyLog(log.audit, verifierKey(stranger.logName, stranger.publicKey));
  assert.equal(result.problems[0]?.name, 'cp/000000000000');
  assert.match(result.problems[0]?.problem ?? '', /not signed by/);
});

test('an empty folder is an empty log, unless a checkpoint says otherwise', async () => {
  const empty = copyOf(log.audit);
  empty.objects.clear();
  assert.equal((await verifyLog(empty, log.key)).ok, true);
  const kept = textOf(log.audit, 'cp/000000000000');
  const result = await verifyLog(empty, log.key, { checkpoint: kept });
  assert.equal(result.problems[0]?.name, 'plan/000000000000');
});
