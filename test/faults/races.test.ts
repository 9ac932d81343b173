import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Query } from '../../functions/core/query/query.ts';
import { cancelQuery } from '../../functions/pipeline/cancel-query.ts';
import { decideApproval } from '../../functions/pipeline/decide-approval.ts';
import { findQuery } from '../../functions/pipeline/find-query.ts';
import { resumeQuery } from '../../functions/pipeline/resume-query.ts';
import { submitQuery } from '../../functions/pipeline/submit-query.ts';
import { sweep } from '../../functions/pipeline/sweep.ts';
import type { Ports } from '../../functions/ports/index.ts';
import { ada, eve, newWorld, processIn, robot, type World } from '../support/crash-world.ts';

const cheap = 'SELECT COUNT(*) AS n FROM shop.orders';
const costly = `${cheap} LIMIT 1`;

const submit = (ports: Ports, sql: string, jobId = 'j1') =>
  submitQuery(ports, {
    caller: robot,
    project: 'local',
    door: 'jobs.insert',
    jobId,
    request: { sql, parameters: [], labels: {} },
  });

async function held(world: World): Promise<{ ports: Ports; query: Query; digest: string }> {
  const { ports } = processIn(world);
  const submitted = await submit(ports, costly);
  assert.ok(submitted.kind === 'query' && submitted.query.state === 'held');
  return { ports, query: submitted.query, digest: submitted.query.evaluation?.digest ?? '' };
}

const approve = (ports: Ports, query: Query, digest: string, who = ada) =>
  decideApproval(ports, who, query.id, { decision: 'approve', reason: 'fine', digest });
const now = async (world: World): Promise<Query> => {
  const query = await findQuery(processIn(world).ports, robot, 'local', 'j1');
  assert.ok(query);
  return query;
};

test('one job id asked twenty times at once, by two processes, runs once', async () => {
  const world = await newWorld();
  const [a, b] = [processIn(world).ports, processIn(world).ports];
  const all = await Promise.all(Array.from({ length: 20 }, (_, n) => submit(n % 2 === 0 ? a : b, cheap)));
  assert.equal(all.filter((each) => each.kind === 'query' && !each.repeated).length, 1);
  assert.equal(world.warehouse.executions.length, 1);
});

test('an approval that is announced many times, late and in two processes, runs once', async () => {
  const world = await newWorld();
  const { ports, query, digest } = await held(world);
  assert.ok((await approve(ports, query, digest)).ok);
  const approved = await now(world);
  assert.equal(approved.state, 'approved');
  const other = processIn(world).ports;
  await Promise.all([
    resumeQuery(ports, approved),
    resumeQuery(other, approved),
    resumeQuery(other, approved),
    sweep(ports),
    sweep(other),
  ]);
  await resumeQuery(ports, approved);
  assert.equal(world.warehouse.executions.length, 1);
  assert.equal((await now(world)).state, 'done');
});

test('of people who decide at the same moment one is first, and the others are told', async () => {
  const world = await newWorld();
  const { ports, query, digest } = await held(world);
  const other = processIn(world).ports;
  const both = await Promise.all([
    approve(ports, query, digest),
    decideApproval(other, eve, query.id, { decision: 'reject', reason: 'no way', digest }),
  ]);
  assert.equal(both.filter((each) => each.ok).length, 1);
  const loser = both.find((each) => !each.ok);
  assert.ok(loser && !loser.ok && loser.refusal.code === 'conflict');
  assert.ok(['approved', 'rejected'].includes((await now(world)).state));
});

test('a cancelled query cannot be approved, and an approved one that is cancelled does not run', async () => {
  const world = await newWorld();
  const { ports, query, digest } = await held(world);
  await cancelQuery(ports, robot, 'local', 'j1');
  const late = await approve(ports, query, digest);
  assert.ok(!late.ok && late.refusal.code === 'conflict');

  const second = await newWorld();
  const again = await held(second);
  assert.ok((await approve(again.ports, again.query, again.digest)).ok);
  const approved = await now(second);
  await cancelQuery(again.ports, robot, 'local', 'j1');
  await resumeQuery(again.ports, approved);
  assert.deepEqual(second.warehouse.executions, []);
  assert.equal((await now(second)).state, 'cancelled');
});

test('P4: a decision about another digest counts for nothing', async () => {
  const world = await newWorld();
  const { ports, query, digest } = await held(world);
  const wrong = await approve(
    ports,
    query,
    digest.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
  );
  assert.ok(!wrong.ok && wrong.refusal.code === 'conflict');
  assert.equal((await now(world)).state, 'held');
});

test('P4: a table that changes between approval and execution makes the approval stale', async () => {
  const world = await newWorld();
  const { ports, query, digest } = await held(world);
  assert.ok((await approve(ports, query, digest)).ok);
  world.warehouse.etag = 'e2';
  const after = await resumeQuery(ports, await now(world));
  assert.equal(after.state, 'stale');
  assert.match(after.error?.message ?? '', /the tables changed/);
  assert.deepEqual(world.warehouse.executions, []);
});

test('P4: an estimate that grows by more than a tenth makes the approval stale; by less it does not', async () => {
  for (const [factor, state] of [
    [1.2, 'stale'],
    [1.05, 'done'],
  ] as const) {
    const world = await newWorld();
    const { ports, query, digest } = await held(world);
    assert.ok((await approve(ports, query, digest)).ok);
    const grown: Ports = {
      ...ports,
      warehouse: {
        ...ports.warehouse,
        dryRun: async (spec) => {
          const dry = await ports.warehouse.dryRun(spec);
          return dry.ok ? { ...dry, estimate: { ...dry.estimate, bytes: dry.estimate.bytes * factor } } : dry;
        },
      },
    };
    assert.equal((await resumeQuery(grown, await now(world))).state, state);
  }
});

test('a hold that nobody decides expires, by the clock alone', async () => {
  const world = await newWorld();
  const { ports, query, digest } = await held(world);
  world.nowMs += 25 * 3_600_000;
  const late = await approve(ports, query, digest);
  assert.ok(!late.ok);
  assert.equal((await now(world)).state, 'expired');
  await sweep(ports);
  assert.deepEqual(world.warehouse.executions, []);
});
