import assert from 'node:assert/strict';
import { test } from 'node:test';
import { record } from '../../../functions/pipeline/record.ts';
import { sealLog } from '../../../functions/pipeline/seal-log.ts';
import { verifyLog } from '../../../functions/pipeline/verify-log.ts';
import { delivery, heldLife, recordLife, testLog } from '../../support/audit-log.ts';

test('10,000 records are sealed and verified in seconds', async () => {
  const log = testLog();
  for (let n = 0; n < 1_000; n++) {
    await recordLife(log, `sluice_${n}`, heldLife());
    for (let page = 0; page < 4; page++) await record(log, delivery(log, n * 4 + page, 'page'));
  }
  const sealed = await sealLog(log);
  assert.equal(sealed.size, 10_000);
  const startedMs = performance.now();
  const result = await verifyLog(log.audit, log.key);
  const tookMs = performance.now() - startedMs;
  assert.deepEqual([result.ok, result.size, result.seals], [true, 10_000, 3]);
  assert.ok(tookMs < 15_000, `${tookMs} ms`);
});

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a log can be verified while it is written and sealed', async () => {
  const inner = testLog();
  // Every access takes a turn of the event loop, so that reader and writer really interleave.
  const { create, read } = inner.audit;
  const slow = {
    ...inner.audit,
    create: (name: string, bytes: Uint8Array) => turn().then(() => create(name, bytes)),
    read: (name: string) => turn().then(() => read(name)),
  };
  const log = { ...inner, audit: slow };
  let [writing, seals] = [true, 0];
  const writer = (async () => {
    for (let n = 0; writing; n++) {
      await recordLife(log, `sluice_${n}`, heldLife());
      await record(log, delivery(log, n, 'page'));
      if (n % 3 === 0) seals += (await sealLog(log)).sealed > 0 ? 1 : 0;
      log.clock.advance(500);
    }
  })();
  const sizes = new Set<number>();
  for (let round = 0; round < 8; round++) {
    const result = await verifyLog(slow, log.key);
    assert.deepEqual(result.problems, []);
    sizes.add(result.size);
  }
  writing = false;
  await writer;
  assert.ok(sizes.size > 3 && seals > 3, `${sizes.size} sizes, ${seals} seals`);
});
