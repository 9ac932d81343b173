import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '../../functions/core/errors.ts';
import { decideApproval } from '../../functions/pipeline/decide-approval.ts';
import { findQuery } from '../../functions/pipeline/find-query.ts';
import { listHolds } from '../../functions/pipeline/list-holds.ts';
import { submitQuery } from '../../functions/pipeline/submit-query.ts';
import { sweep } from '../../functions/pipeline/sweep.ts';
import type { Ports } from '../../functions/ports/index.ts';
import { ada, newWorld, processIn, robot, type World } from '../support/crash-world.ts';

const costly = 'SELECT COUNT(*) AS n FROM shop.orders LIMIT 1';

/** A process whose queue takes nothing. */
function without(world: World, error: Error = new SluiceError('state_unavailable', 'no answer')): Ports {
  const { ports } = processIn(world);
  return { ...ports, queue: { ...ports.queue, publish: async () => Promise.reject(error) } };
}

const submit = (ports: Ports) =>
  submitQuery(ports, {
    caller: robot,
    project: 'local',
    door: 'jobs.insert',
    jobId: 'j1',
    request: { sql: costly, parameters: [], labels: {} },
  });

test('a hold that cannot be announced is held all the same, and approvers find it', async () => {
  const world = await newWorld();
  const ports = without(world);
  const submitted = await submit(ports);
  assert.ok(submitted.kind === 'query' && submitted.query.state === 'held', JSON.stringify(submitted));
  assert.equal(submitted.repeated, false);
  assert.deepEqual(
    (await listHolds(ports, ada)).map((query) => query.id),
    [submitted.query.id],
  );
});

test('an approval that cannot be announced counts, and the sweep runs what was approved, once', async () => {
  const world = await newWorld();
  const ports = without(world);
  const submitted = await submit(ports);
  assert.ok(submitted.kind === 'query');
  const { id, evaluation } = submitted.query;
  const given = { decision: 'approve', reason: 'needed', digest: evaluation?.digest ?? '' } as const;
  const decided = await decideApproval(ports, ada, id, given);
  assert.ok(decided.ok && decided.query.state === 'approved', JSON.stringify(decided));
  assert.deepEqual(world.warehouse.executions, []);
  await Promise.all([sweep(ports), sweep(processIn(world).ports)]);
  assert.deepEqual(world.warehouse.executions, [id]);
  assert.equal((await findQuery(ports, robot, 'local', 'j1'))?.state, 'done');
});

test('a rejection that cannot be announced stands', async () => {
  const world = await newWorld();
  const ports = without(world);
  const submitted = await submit(ports);
  assert.ok(submitted.kind === 'query');
  const { id, evaluation } = submitted.query;
  const given = { decision: 'reject', reason: 'not today', digest: evaluation?.digest ?? '' } as const;
  const decided = await decideApproval(ports, ada, id, given);
  assert.ok(decided.ok && decided.query.state === 'rejected');
  await sweep(ports);
  assert.deepEqual(world.warehouse.executions, []);
});

test('a queue that breaks its promise otherwise is not passed over', async () => {
  const world = await newWorld();
  await assert.rejects(submit(without(world, new TypeError('a fault in the code'))), TypeError);
});
