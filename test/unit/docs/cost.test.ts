import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assumptions, type Counts, denied, held, permitted } from '../../../bench/cost.ts';
import { openSqliteStateStore } from '../../../functions/adapters/state-store/sqlite.ts';
import { decideApproval } from '../../../functions/pipeline/decide-approval.ts';
import { deriveHeaders } from '../../../functions/pipeline/derive-headers.ts';
import { listHolds, viewHold } from '../../../functions/pipeline/list-holds.ts';
import { resumeQuery } from '../../../functions/pipeline/resume-query.ts';
import { sealLog } from '../../../functions/pipeline/seal-log.ts';
import type { AuditStore, Ports, StateStore } from '../../../functions/ports/index.ts';
import { memoryAuditStore } from '../../support/memory-audit-store.ts';
import { memoryDerivedStore } from '../../support/memory-derived-store.ts';
import { callerNamed, openTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { answers, ask, job, tables } from '../http/shop.ts';

type Tally = { -readonly [Name in keyof Counts]: number } & { bytes: number };
const nothing = (): Tally => ({
  requests: 0,
  records: 0,
  recordReads: 0,
  stateWrites: 0,
  stateReads: 0,
  messages: 0,
  bytes: 0,
});

/** A gateway whose calls to what costs money are counted, as Firestore and Cloud Storage would bill them. */
async function counted(): Promise<{ gateway: TestGateway; tally: Tally }> {
  const tally = nothing();
  const log = memoryAuditStore();
  const audit: AuditStore = {
    ...log,
    create: async (name, bytes) => {
      tally.records += 1;
      tally.bytes += bytes.length;
      return log.create(name, bytes);
    },
    read: async (name) => {
      tally.recordReads += 1;
      return log.read(name);
    },
  };
  const store = openSqliteStateStore(':memory:');
  const state: StateStore = {
    ...store,
    create: async (query) => {
      tally.stateWrites += 1;
      return store.create(query);
    },
    replace: async (query, version) => {
      tally.stateWrites += 1;
      return store.replace(query, version);
    },
    get: async (id) => {
      tally.stateReads += 1;
      return store.get(id);
    },
    listByState: async (states, limit) => {
      const found = await store.listByState(states, limit);
      tally.stateReads += Math.max(1, found.length);
      return found;
    },
    bytesUsedSince: async (principal, sinceMs) => {
      tally.stateReads += 1;
      return store.bytesUsedSince(principal, sinceMs);
    },
  };
  const queue: Ports['queue'] = {
    publish: async () => {
      tally.messages += 1;
    },
    close: async () => {},
  };
  return { gateway: await openTestGateway(tables, answers, { audit, state, queue }), tally };
}

const only = ({ bytes: _, ...counts }: Tally): Counts => counts;

test('a permitted query does what the bill says', async () => {
  const { gateway, tally } = await counted();
  tally.requests += 1;
  const { status, json } = await gateway.call(
    '/bigquery/v2/projects/local/queries',
    ask('SELECT n FROM shop.numbers LIMIT 100'),
  );
  assert.deepEqual([status, json.jobComplete], [200, true]);
  assert.deepEqual(only(tally), permitted);
  const each = tally.bytes / tally.records;
  assert.ok(each < assumptions.recordBytes && each > assumptions.recordBytes / 4, `${each} bytes a record`);
  const derived = memoryDerivedStore();
  await sealLog(gateway.ports);
  const { lines } = await deriveHeaders({ ...gateway.ports, derived });
  const line = [...derived.files.values()].join('').length / lines;
  assert.equal(lines, permitted.records);
  assert.ok(line < assumptions.headerBytes && line > assumptions.headerBytes / 2, `${line} bytes a line`);
  await gateway.close();
});

test('a denied query does what the bill says', async () => {
  const { gateway, tally } = await counted();
  tally.requests += 1;
  const { status } = await gateway.call(
    '/bigquery/v2/projects/local/queries',
    ask('DELETE FROM shop.numbers WHERE n = 5'),
  );
  assert.equal(status, 403);
  assert.deepEqual(only(tally), denied);
  await gateway.close();
});

test('a held query does what the bill says: asked, seen, approved, resumed, polled, read', async () => {
  const { gateway, tally } = await counted();
  const { ports } = gateway;
  const ada = {
    ...callerNamed('ada'),
    principal: { ...callerNamed('ada').principal, kind: 'person', groups: ['approvers'] },
  } as const;
  tally.requests += 1;
  const inserted = await gateway.call('/bigquery/v2/projects/local/jobs', {
    ...job("SELECT 'expensive' AS word", 'held-1'),
    token: 'token-robot',
  });
  assert.equal(inserted.json.status.state, 'PENDING');

  tally.requests += 1;
  const [hold] = await listHolds(ports, ada);
  assert.ok(hold);
  tally.requests += 1;
  assert.ok(await viewHold(ports, ada, hold.id));
  tally.requests += 1;
  const digest = hold.evaluation?.digest ?? '';
  const decided = await decideApproval(ports, ada, hold.id, {
    decision: 'approve',
    reason: 'agreed',
    digest,
  });
  assert.equal(decided.ok, true);

  tally.requests += 1;
  const message = await ports.state.get(hold.id);
  assert.ok(message);
  assert.equal((await resumeQuery(ports, message)).state, 'done');

  tally.requests += 1;
  const read = await gateway.call('/bigquery/v2/projects/local/queries/held-1', { token: 'token-robot' });
  assert.equal(read.json.rows.length, 1);
  assert.deepEqual(only(tally), held);
  await gateway.close();
});
