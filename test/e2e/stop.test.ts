import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { query, startGateway } from '../support/gateway.ts';

test('one Ctrl-C that arrives twice (from the terminal and from npm) drains, ends with 0 and lets go of the state', async () => {
  const gateway = await startGateway();
  const robot = gateway.token('robot', 'analysts');
  // Under way while the signal comes: it is answered all the same.
  const answer = query(gateway.url, robot, 'SELECT COUNT(*) AS n FROM web.events WHERE page LIKE "%a%"');
  await new Promise((done) => setTimeout(done, 30));
  process.kill(gateway.pid, 'SIGINT');
  assert.equal(await gateway.stop(), 0);
  const { status } = await answer;
  assert.ok(status === 200 || status === 503, `answered ${status}`);
  assert.ok(!existsSync(join(gateway.state, 'lock')) && !existsSync(join(gateway.state, 'server.json')));
});
