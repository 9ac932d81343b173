import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Query } from '../../functions/core/query/query.ts';
import { decideApproval } from '../../functions/pipeline/decide-approval.ts';
import { submitQuery } from '../../functions/pipeline/submit-query.ts';
import { sweep } from '../../functions/pipeline/sweep.ts';
import type { Ports } from '../../functions/ports/index.ts';
import { ada, newWorld, processIn, robot } from '../support/crash-world.ts';

const costly = 'SELECT COUNT(*) AS n FROM shop.orders LIMIT 1';

async function hold(ports: Ports, jobId: string): Promise<Query> {
  const submitted = await submitQuery(ports, {
    caller: robot,
    project: 'local',
    door: 'jobs.insert',
    jobId,
    request: { sql: costly, parameters: [], labels: {} },
  });
  assert.ok(submitted.kind === 'query' && submitted.query.state === 'held');
  return submitted.query;
}

test('however many wait for a person, what was approved is resumed', async () => {
  const world = await newWorld();
  const { ports } = processIn(world);
  for (let n = 0; n < 12; n++) await hold(ports, `waits_${n}`);
  const last = await hold(ports, 'approved');
  const decision = { decision: 'approve', reason: 'fine', digest: last.evaluation?.digest ?? '' } as const;
  assert.ok((await decideApproval(ports, ada, last.id, decision)).ok);
  const { moved } = await sweep(ports, { limit: 3 });
  assert.ok(moved >= 1);
  assert.deepEqual(world.warehouse.executions, [last.id]);
});

test('a sweep whose time is over begins nothing more, and the next goes on', async () => {
  const world = await newWorld();
  const { ports } = processIn(world);
  for (let n = 0; n < 5; n++) await hold(ports, `waits_${n}`);
  const stop = new AbortController();
  stop.abort();
  assert.deepEqual(await sweep(ports, { signal: stop.signal }), { seen: 0, moved: 0 });
  assert.equal((await sweep(ports, { concurrency: 2 })).seen, 5);
});
