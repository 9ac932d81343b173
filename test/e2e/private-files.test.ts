import assert from 'node:assert/strict';
import { chmodSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canaryShop } from '../support/canary-shop.ts';
import { newState, query, startGateway } from '../support/gateway.ts';

test('nobody else on the machine reads what lies in the state folder, even where the folder itself is open', {
  skip: process.platform === 'win32' ? 'files have no modes here' : false,
}, async () => {
  const state = newState();
  chmodSync(state, 0o755);
  const gateway = await startGateway({ state, data: canaryShop().folder });
  const { status } = await query(gateway.url, gateway.token('robot', 'analysts'), 'SELECT 1 AS x');
  assert.equal(status, 200);
  const open = readdirSync(state, { recursive: true })
    .map(String)
    .filter((name) => (statSync(join(state, name)).mode & 0o077) !== 0);
  assert.deepEqual(open, []);
  assert.equal(await gateway.stop(), 0);
});
