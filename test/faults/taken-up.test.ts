import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '../../functions/core/errors.ts';
import type { Caller } from '../../functions/core/query/principal.ts';
import { submitQuery } from '../../functions/pipeline/submit-query.ts';
import { sweep } from '../../functions/pipeline/sweep.ts';
import type { Ports } from '../../functions/ports/index.ts';
import { newWorld, processIn, robot, type World } from '../support/crash-world.ts';
import { until } from '../support/stand-ins/serve.ts';

const cheap = 'SELECT COUNT(*) AS n FROM shop.orders';

const submit = (ports: Ports, sql = cheap, caller: Caller = robot) =>
  submitQuery(ports, {
    caller,
    project: 'local',
    door: 'jobs.insert',
    jobId: 'j1',
    request: { sql, parameters: [], labels: {} },
  });

const lost = async (): Promise<never> => {
  throw new SluiceError('state_unavailable', 'no answer');
};

/** A query that was recorded, and whose attempt then failed. */
async function undecided(change: (ports: Ports) => Partial<Ports>): Promise<World> {
  const world = await newWorld();
  const { ports } = processIn(world);
  await assert.rejects(submit({ ...ports, ...change(ports) }), SluiceError);
  assert.deepEqual(world.warehouse.executions, []);
  // The evaluation may have failed before the record beside it was there.
  await until(() => world.audit.objects.size > 0);
  return world;
}

/** A log that takes no record of this event's number. */
const withoutRecord = (number: string) => (ports: Ports) => ({
  audit: {
    ...ports.audit,
    create: (name: string, bytes: Uint8Array) =>
      name.endsWith(number) ? lost() : ports.audit.create(name, bytes),
  },
});

for (const [what, change] of [
  ['the state store', (ports: Ports) => ({ state: { ...ports.state, create: lost } })],
  ['the dry run', (ports: Ports) => ({ warehouse: { ...ports.warehouse, dryRun: lost } })],
  ['the record of the decision', withoutRecord('/0001')],
  ['the record of the dispatch', withoutRecord('/0002')],
] as const) {
  test(`where ${what} failed, the same request again is decided and runs, once`, async () => {
    const world = await undecided(change);
    const again = await submit(processIn(world).ports);
    assert.ok(again.kind === 'query' && !again.repeated);
    assert.equal(again.query.state, 'done');
    const third = await submit(processIn(world).ports);
    assert.ok(third.kind === 'query' && third.repeated);
    assert.equal(world.warehouse.executions.length, 1);
  });
}

const noDryRun = (ports: Ports) => ({ warehouse: { ...ports.warehouse, dryRun: lost } });

test('many who take up the same query run it once, and one of them is told that it is new', async () => {
  const world = await undecided(noDryRun);
  const [a, b] = [processIn(world).ports, processIn(world).ports];
  const all = await Promise.all(Array.from({ length: 12 }, (_, n) => submit(n % 2 === 0 ? a : b)));
  assert.equal(all.filter((each) => each.kind === 'query' && !each.repeated).length, 1);
  assert.equal(world.warehouse.executions.length, 1);
});

test('another text under the same id takes nothing up', async () => {
  const world = await undecided(noDryRun);
  const other = await submit(processIn(world).ports, `${cheap} WHERE id > 1`);
  assert.ok(other.kind === 'query' && other.repeated && other.query.state === 'received');
  assert.deepEqual(world.warehouse.executions, []);
});

test('nor does a principal whose groups are others now', async () => {
  const world = await undecided(noDryRun);
  const groups = ['analysts', 'more'];
  const promoted: Caller = { ...robot, principal: { ...robot.principal, groups } };
  const other = await submit(processIn(world).ports, cheap, promoted);
  assert.ok(other.kind === 'query' && other.repeated && other.query.state === 'received');
  assert.deepEqual(world.warehouse.executions, []);
});

test('what the sweep has ended is not taken up', async () => {
  const world = await undecided(noDryRun);
  await until(() => world.state.size === 1);
  world.nowMs += 61_000;
  const { ports } = processIn(world);
  await sweep(ports);
  const late = await submit(ports);
  assert.ok(late.kind === 'query' && late.repeated && late.query.state === 'denied');
  assert.deepEqual(world.warehouse.executions, []);
});

test('a hold whose record failed is held by the same request again', async () => {
  const world = await newWorld();
  const { ports } = processIn(world);
  const costly = `${cheap} LIMIT 1`;
  await assert.rejects(submit({ ...ports, ...withoutRecord('/0002')(ports) }, costly), SluiceError);
  const again = await submit(processIn(world).ports, costly);
  assert.ok(again.kind === 'query' && !again.repeated && again.query.state === 'held');
});

test('a decision that would be another one now is not gone on with', async () => {
  const world = await undecided(withoutRecord('/0002'));
  world.warehouse.etag = 'e2';
  const again = await submit(processIn(world).ports);
  assert.ok(again.kind === 'query' && again.repeated && again.query.state === 'evaluated');
  assert.deepEqual(world.warehouse.executions, []);
});

test('many who go on with a decided query run it once', async () => {
  const world = await undecided(withoutRecord('/0002'));
  const [a, b] = [processIn(world).ports, processIn(world).ports];
  const all = await Promise.all(Array.from({ length: 12 }, (_, n) => submit(n % 2 === 0 ? a : b)));
  assert.equal(all.filter((each) => each.kind === 'query' && !each.repeated).length, 1);
  assert.equal(world.warehouse.executions.length, 1);
});
