import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  type GatewayProcess,
  getJob,
  insertJob,
  newState,
  query,
  results,
  startGateway,
} from '../support/gateway.ts';

const costly = 'SELECT * FROM web.events ORDER BY event_id LIMIT 2';
const stateOf = (body: { readonly [key: string]: unknown }): string =>
  (body.status as { state: string } | undefined)?.state ?? 'none';

/** Every body that a client received whole, which must be found in the log afterwards. */
type Seen = { readonly bodies: string[] };

async function keepAsking(gateway: GatewayProcess, token: string, seen: Seen, run: number): Promise<void> {
  for (let n = 0; ; n++) {
    const answer = await query(
      gateway.url,
      token,
      `SELECT ${run} AS run, ${n} AS n, COUNT(*) AS c FROM shop.orders`,
    ).catch(() => undefined);
    if (answer === undefined) return;
    if (answer.status === 200) seen.bodies.push(answer.text);
  }
}

test('kill -9 at any moment: what was delivered is recorded, what was held is held, what was approved runs once', async () => {
  const state = newState();
  const seen: Seen = { bodies: [] };
  const waits = [150, 40, 400, 90, 250];
  let token = '';
  for (const [run, waitMs] of waits.entries()) {
    const gateway = await startGateway({ state });
    token = gateway.token('robot', 'analysts', '--ttl', '1h');
    const ada = gateway.token('ada', 'approvers');
    if (run === 0) await insertJob(gateway.url, token, 'held', costly);
    // From start to start the same query still waits, until it is approved in the middle of the last kill.
    assert.equal(stateOf((await getJob(gateway.url, token, 'held')).body), 'PENDING', `run ${run}`);
    const before = seen.bodies.length;
    const busy = keepAsking(gateway, token, seen, run);
    // However slow the machine is, something has been delivered before each end.
    while (seen.bodies.length < before + 2) await new Promise((done) => setTimeout(done, 20));
    if (run === waits.length - 1) {
      const { holds } = JSON.parse(gateway.sluice(ada, 'approvals', 'list', '--json').stdout) as {
        holds: { id: string }[];
      };
      const approve = ['approvals', 'approve', holds[0]?.id ?? '', '--reason', 'go on'];
      assert.equal(gateway.sluice(ada, ...approve).code, 0);
    } else {
      await new Promise((done) => setTimeout(done, waitMs));
    }
    await gateway.kill();
    await busy;
  }

  const gateway = await startGateway({ state });
  token = gateway.token('robot', 'analysts');
  const rows = await results(gateway.url, token, 'held', 30_000);
  assert.equal(rows.status, 200, rows.text);
  assert.equal(rows.body.totalRows, '2');
  const folders = readdirSync(join(state, 'rec', 'q'));
  const replay = gateway.sluice(token, 'audit', 'replay', 'robot', '--raw', '--state', state);
  assert.equal(await gateway.stop(), 0);
  for (const body of seen.bodies)
    assert.ok(replay.stdout.includes(body), `delivered without a record: ${body}`);
  assert.ok(seen.bodies.length > 5 && folders.length > 5);

  const verified = gateway.sluice(token, 'audit', 'verify', '--state', state);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
});
