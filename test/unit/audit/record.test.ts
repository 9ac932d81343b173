import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeRecord } from '../../../functions/core/audit/record-format.ts';
import { SluiceError } from '../../../functions/core/errors.ts';
import { readEvent, record } from '../../../functions/pipeline/record.ts';
import { delivery, event, type TestLog, testLog } from '../../support/audit-log.ts';

const code = (wanted: string) => (error: unknown) => error instanceof SluiceError && error.code === wanted;
const received = { event: 'receive', state: 'received' };

test('the same statement again is mine, another one is other', async () => {
  const log = testLog();
  const entry = event(log, 'sluice_a', 0, received);
  assert.equal(await record(log, entry), 'recorded');
  assert.equal(await record(log, entry), 'mine');
  const restarted = { ...log, audit: { ...log.audit } };
  assert.equal(await record(restarted, structuredClone(entry)), 'mine');
  const others = [
    { ...entry, content: Buffer.from('another content') },
    { ...entry, clear: { ...received, project: 'x' } },
    { ...entry, timeMs: entry.timeMs + 1 },
    { ...entry, session: 's_two' },
  ];
  for (const other of others) assert.equal(await record(log, other), 'other');
});

test('of many writers of one event exactly one wins', async () => {
  const log = testLog();
  const entries = Array.from({ length: 20 }, (_, n) => event(log, 'sluice_a', 0, { ...received, n }));
  const outcomes = await Promise.all(entries.map((entry) => record(log, entry)));
  assert.equal(outcomes.filter((outcome) => outcome === 'recorded').length, 1);
  assert.equal(outcomes.filter((outcome) => outcome === 'other').length, 19);
});

test('content comes back exactly, whatever its size', async () => {
  const log = testLog();
  const contents = [0, 1, 255, 256, 5_000, 100_000, 3_000_000].map((size) => Buffer.alloc(size, 'aXbYc{"'));
  for (const [number, content] of contents.entries()) {
    const entry = { ...delivery(log, number, ''), content };
    await record(log, entry);
    assert.deepEqual(Buffer.from((await readEvent(log, entry.name)) as Uint8Array), content);
  }
  assert.equal(await readEvent(log, 'd/2026-09-21/none'), undefined);
});

test('neither content nor its plain hash stands in the stored bytes', async () => {
  const log = testLog();
  await record(log, delivery(log, 1, 'ssn 078-05-1120'));
  await record(log, delivery(log, 2, 'ssn 078-05-1120'));
  const [one, two] = [...log.audit.objects.values()].map((bytes) => Buffer.from(bytes).toString('latin1'));
  assert.ok(one !== undefined && two !== undefined && !one.includes('078-05'));
  const commitment = (text: string): string | undefined => /"commitment":"([^"]+)"/.exec(text)?.[1];
  assert.notEqual(commitment(one), commitment(two));
});

test('each event carries the hash of the one before, also after a restart', async () => {
  const log = testLog();
  await record(log, event(log, 'sluice_a', 0, received));
  const restarted = { ...log, audit: { ...log.audit } };
  await record(restarted, event(log, 'sluice_a', 1, { event: 'cancel', state: 'cancelled' }));
  const bytes = log.audit.objects.get('rec/q/sluice_a/0001') as Uint8Array;
  const decoded = decodeRecord('rec/q/sluice_a/0001', bytes, log.key);
  assert.ok(!('problem' in decoded));
  assert.match(decoded.header.previous ?? '', /^[0-9a-f]{64}$/);
  await assert.rejects(record(log, event(log, 'sluice_b', 3, received)), code('internal'));
});

test('a store or key service that fails or hangs is a lost sink', async () => {
  const log = testLog();
  const failing: TestLog = {
    ...log,
    audit: { ...log.audit, create: () => Promise.reject(new Error('disk full')) },
  };
  await assert.rejects(record(failing, delivery(log, 1, 'a')), code('sink_unavailable'));
  const hanging: TestLog = {
    ...log,
    audit: { ...log.audit, create: () => new Promise(() => {}) },
    clock: { ...log.clock, sleep: () => Promise.resolve() },
  };
  await assert.rejects(record(hanging, delivery(log, 1, 'a')), /within 5000 ms/);
  const keyless: TestLog = {
    ...log,
    keys: { ...log.keys, recordSigner: () => Promise.reject(new Error('no kms')) },
  };
  await assert.rejects(record(keyless, delivery(log, 1, 'a')), code('sink_unavailable'));
  assert.equal(log.audit.objects.size, 0);
});

test('names that a folder or plan could misread are refused', async () => {
  const log = testLog();
  for (const name of ['', '../x', 'a//b', '/a', 'a/', 'a b', 'a\nb', '.a', 'é', 'x'.repeat(300)]) {
    await assert.rejects(record(log, { ...delivery(log, 1, 'a'), name }), code('internal'), name);
  }
});

test('a record that was tampered with is not read as an event', async () => {
  const log = testLog();
  const entry = event(log, 'sluice_a', 0, received);
  await record(log, entry);
  const bytes = Uint8Array.from(log.audit.objects.get('rec/q/sluice_a/0000') as Uint8Array);
  bytes[100] = (bytes[100] as number) ^ 1;
  log.audit.objects.set('rec/q/sluice_a/0000', bytes);
  await assert.rejects(readEvent(log, entry.name), /cannot be trusted/);
  await assert.rejects(record(log, entry), /cannot be trusted/);
});

test('after its data key is destroyed, content is gone and the record still is one', async () => {
  const log = testLog();
  const entry = delivery(log, 1, 'secret');
  await record(log, entry);
  log.keys.destroy();
  await assert.rejects(readEvent(log, entry.name), /has been erased/);
  const bytes = log.audit.objects.get(`rec/${entry.name}`) as Uint8Array;
  assert.ok(!('problem' in decodeRecord(`rec/${entry.name}`, bytes, log.key)));
});
