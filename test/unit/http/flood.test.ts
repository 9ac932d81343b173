import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../functions/adapters/clock/system.ts';
import { openTestGateway } from '../../support/test-gateway.ts';
import { answers, base, tables } from './shop.ts';

test('requests of nobody in particular fill no disk: 60 a minute are recorded, the rest are counted', async () => {
  let laterMs = 0;
  const clock = { ...systemClock, nowMs: () => Date.now() + laterMs };
  const gateway = await openTestGateway(tables, answers, { clock });
  const knock = (token: string | null) => gateway.call(`${base}/datasets`, { token });
  const records = (): string[] =>
    [...gateway.audit.objects.values()].map((bytes) => Buffer.from(bytes).toString('latin1'));

  for (let n = 0; n < 90; n++) {
    const { status, headers } = await knock(n % 2 === 0 ? null : 'forged');
    assert.equal(status, 401);
    assert.equal(headers['x-sluice-request-id'] === 'unrecorded', n >= 60);
  }
  assert.equal(records().length, 60);

  // Whoever has a token is recorded all the same.
  assert.equal((await knock('token-ada')).status, 200);
  assert.equal(records().length, 61);

  laterMs = 61_000;
  assert.notEqual((await knock(null)).headers['x-sluice-request-id'], 'unrecorded');
  const [counted, ...more] = records().filter((text) => text.includes('"unrecordedBefore"'));
  assert.match(counted ?? '', /"unrecordedBefore":30/);
  assert.deepEqual(more, []);
  await gateway.close();
});
