import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openProof } from '../../../functions/core/audit/tlog-proof.ts';
import { proveRecord } from '../../../functions/pipeline/prove-record.ts';
import { record } from '../../../functions/pipeline/record.ts';
import { type ReplayItem, replaySession } from '../../../functions/pipeline/replay-session.ts';
import { sealLog } from '../../../functions/pipeline/seal-log.ts';
import { delivery, filledLog, heldLife, recordLife, type TestLog, testLog } from '../../support/audit-log.ts';

const source = (log: TestLog) => ({ reader: log.audit, key: log.key, unwrap: log.keys.unwrap });
async function replay(log: TestLog, selector: string, events = false): Promise<ReplayItem[]> {
  const items: ReplayItem[] = [];
  for await (const item of replaySession(source(log), selector, { events })) items.push(item);
  return items;
}
const bodies = (items: readonly ReplayItem[]): string[] =>
  items.map((item) => (item.kind === 'shown' ? Buffer.from(item.bytes).toString() : item.kind));

test('what a session saw comes back in order, byte for byte', async () => {
  const log = testLog();
  const sent = Array.from({ length: 30 }, (_, n) => `answer ${n} \u0000\u2028 ${'x'.repeat(n * 50)}`);
  for (const [n, body] of sent.entries()) {
    await record(log, { ...delivery(log, 1_000 - n, body), clear: { n } });
    if (n % 7 === 0) log.clock.advance(3);
  }
  await record(log, { ...delivery(log, 5, 'of another'), session: 's_two' });
  assert.deepEqual(bodies(await replay(log, 's_one')), sent);
});

test('a story is selected by session, job, query or subject', async () => {
  const log = await filledLog();
  assert.equal((await replay(log, 's_one')).length, 5);
  assert.equal((await replay(log, 'ada')).length, 5);
  assert.deepEqual(bodies(await replay(log, 'job_4')), ['four']);
  assert.deepEqual(await replay(log, 'sluice_a'), []);
  assert.equal((await replay(log, 'sluice_a', true)).length, heldLife().length);
  assert.deepEqual(await replay(log, 'nobody'), []);
});

test('erased content says so, and a record that was changed is never shown', async () => {
  const log = await filledLog();
  const name = 'rec/d/2026-09-21/000004';
  const bytes = Uint8Array.from(log.audit.objects.get(name) as Uint8Array);
  bytes[60] = (bytes[60] as number) ^ 8;
  log.audit.objects.set(name, bytes);
  const items = await replay(log, 's_one');
  assert.deepEqual(items.at(-1), {
    kind: 'unreadable',
    name,
    problem: 'its signature does not fit its name and bytes',
  });
  log.keys.destroy();
  const erased = await replay(log, 'job_5');
  assert.deepEqual(
    erased.map((item) => item.kind),
    ['erased', 'unreadable'],
  );
});

test('a proof convinces of its own record alone', async () => {
  const log = testLog();
  for (let seal = 0; seal < 4; seal++) {
    await recordLife(log, `sluice_${seal}`, heldLife().slice(0, seal + 2));
    await sealLog(log);
  }
  for (const name of [...log.audit.objects.keys()].filter((one) => one.startsWith('rec/'))) {
    const proven = await proveRecord(log.audit, log.key, name);
    assert.ok(!('problem' in proven));
    assert.deepEqual(openProof(proven.proof, log.key), { leaf: proven.leaf });
    assert.equal(proven.leaf.name, name);
    const moved = proven.proof.replace(/^index (\d+)$/m, (_, n) => `index ${(Number(n) + 1) % 14}`);
    assert.ok('problem' in openProof(moved, log.key));
    const other = proven.proof.replace(/^extra .*$/m, `extra ${btoa(`${'0'.repeat(64)} 1 ${name}`)}`);
    assert.ok('problem' in openProof(other, log.key));
  }
  assert.deepEqual(await proveRecord(log.audit, log.key, 'rec/none'), { problem: 'rec/none is not sealed' });
});
