import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Query, QueryId } from '../../functions/core/query/query.ts';
import { decideApproval } from '../../functions/pipeline/decide-approval.ts';
import { findQuery } from '../../functions/pipeline/find-query.ts';
import { viewHold } from '../../functions/pipeline/list-holds.ts';
import { resumeQuery } from '../../functions/pipeline/resume-query.ts';
import { submitQuery } from '../../functions/pipeline/submit-query.ts';
import { sweep } from '../../functions/pipeline/sweep.ts';
import type { Ports } from '../../functions/ports/index.ts';
import { ada, newWorld, processIn, robot, type World } from '../support/crash-world.ts';

// Somebody edits the state store. The log does not say what they wrote there, so nothing may come of it.

const costly = 'SELECT COUNT(*) AS n FROM shop.orders LIMIT 1';

async function held(): Promise<{ world: World; ports: Ports; query: Query }> {
  const world = await newWorld();
  const { ports } = processIn(world);
  const submitted = await submitQuery(ports, {
    caller: robot,
    project: 'local',
    door: 'jobs.insert',
    jobId: 'j1',
    request: { sql: costly, parameters: [], labels: {} },
  });
  assert.ok(submitted.kind === 'query' && submitted.query.state === 'held');
  return { world, ports, query: submitted.query };
}

/** Writes over what the state store has, as SQL on its file would. */
const forge = (world: World, query: Query): void => void world.state.set(query.id, JSON.stringify(query));
const stored = (world: World, id: QueryId): Query => JSON.parse(world.state.get(id) ?? '') as Query;

function forgedApproval(query: Query): Query {
  const digest = query.evaluation?.digest ?? '';
  const approver = { issuer: ada.principal.issuer, subject: ada.principal.subject };
  const approvals = [{ approver, reason: 'forged', digest, atMs: query.receivedMs }];
  return { ...query, state: 'approved', version: query.version + 1, approvals };
}

const otherText = (query: Query): Query => {
  assert.ok(query.evaluation);
  return { ...query, evaluation: { ...query.evaluation, canonicalSql: 'SELECT 1 AS `n`' } };
};

test('an approval that only the state store knows lets nothing run, and the log’s account is put back', async () => {
  const { world, ports, query } = await held();
  forge(world, forgedApproval(query));
  await assert.rejects(sweep(ports), /records do not say/);
  await assert.rejects(resumeQuery(ports, forgedApproval(query)), /records do not say/);
  await sweep(ports);
  assert.deepEqual(world.warehouse.executions, []);
  assert.equal(stored(world, query.id).state, 'held');
});

test('a query that only the state store says was dispatched is not started by a poll', async () => {
  const { world, ports, query } = await held();
  forge(world, { ...query, state: 'running', version: query.version + 1, startedMs: world.nowMs });
  await assert.rejects(findQuery(ports, robot, 'local', 'j1'), /records do not say/);
  assert.deepEqual(world.warehouse.executions, []);
  assert.equal((await findQuery(ports, robot, 'local', 'j1'))?.state, 'held');
});

test('an approver is never shown a text that the log does not have, nor decides on one', async () => {
  const { world, ports, query } = await held();
  forge(world, otherText(query));
  await assert.rejects(viewHold(ports, ada, query.id), /records do not say/);
  assert.equal(
    (await viewHold(ports, ada, query.id))?.evaluation?.canonicalSql,
    query.evaluation?.canonicalSql,
  );
  forge(world, otherText(query));
  const digest = query.evaluation?.digest ?? '';
  const decision = { decision: 'approve', reason: 'fine', digest } as const;
  await assert.rejects(decideApproval(ports, ada, query.id, decision), /records do not say/);
  assert.ok((await decideApproval(ports, ada, query.id, decision)).ok);
});

test('a query that the log does not know at all is left alone, and the others are not kept waiting', async () => {
  const { world, ports, query } = await held();
  const decision = { decision: 'approve', reason: 'fine', digest: query.evaluation?.digest ?? '' } as const;
  const stranger = {
    ...forgedApproval(query),
    id: 'q_00000000000000000000000000000000' as QueryId,
    receivedMs: 1,
  };
  forge(world, stranger);
  assert.ok((await decideApproval(ports, ada, query.id, decision)).ok);
  await assert.rejects(sweep(ports), /the log does not know q_0000/);
  assert.equal(stored(world, query.id).state, 'done');
  assert.equal(world.warehouse.executions.length, 1);
});

test('a store that is behind the log, as a crash leaves it, is no forgery', async () => {
  const { world, ports, query } = await held();
  const decision = { decision: 'approve', reason: 'fine', digest: query.evaluation?.digest ?? '' } as const;
  assert.ok((await decideApproval(ports, ada, query.id, decision)).ok);
  forge(world, query);
  assert.equal((await viewHold(ports, ada, query.id))?.state, 'approved');
  assert.equal((await resumeQuery(ports, query)).state, 'done');
});
