import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  type GatewayProcess,
  getJob,
  insertJob,
  query,
  results,
  root,
  rowsOf,
  startGateway,
} from '../support/gateway.ts';

let gateway: GatewayProcess;
let robot: string;
let ada: string;
const costly = 'SELECT event_id, page, ip FROM web.events ORDER BY event_id LIMIT 3';

type Customer = {
  readonly ssn: string | null;
  readonly email: string;
  readonly name: string;
  readonly phone: string;
  readonly cards: readonly { pan: string }[];
};
const customers = readFileSync(join(root, 'sample/data/shop/customers.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Customer);
const withSsn = customers.find((customer) => customer.ssn !== null);

before(async () => {
  gateway = await startGateway();
  robot = gateway.token('robot', 'analysts');
  ada = gateway.token('ada', 'approvers');
});
after(async () => {
  assert.equal(await gateway.stop(), 0, 'Ctrl-C drains and ends with 0');
});

test('permitted: an aggregate answers right', async () => {
  const { status, body } = await query(
    gateway.url,
    robot,
    'SELECT COUNT(*) AS n, COUNT(DISTINCT country) AS c FROM shop.customers',
  );
  assert.equal(status, 200);
  assert.equal(body.jobComplete, true);
  assert.deepEqual(rowsOf(body)[0]?.[0], String(customers.length));
});

test('masked: not one sensitive value of the table comes out, in any column', async () => {
  const { text, body } = await query(gateway.url, robot, 'SELECT * FROM shop.customers', {
    maxResults: 100_000,
  });
  assert.equal(rowsOf(body).length, customers.length);
  for (const { ssn, email, name, phone, cards } of customers) {
    for (const value of [ssn, email, phone, ...cards.map((card) => card.pan)]) {
      assert.ok(value === null || !text.includes(value), `${value} was shown`);
    }
    assert.ok(!text.includes(`"${name}"`), `${name} was shown`);
  }
});

test('nothing that a query does tells a masked value', async () => {
  const ssn = withSsn?.ssn ?? '';
  const questions = [
    `SELECT COUNT(*) FROM shop.customers WHERE ssn = '${ssn}'`,
    `SELECT COUNT(*) FROM shop.customers WHERE ssn LIKE '9%'`,
    `SELECT COUNT(*) FROM shop.customers a JOIN (SELECT '${ssn}' AS ssn) b USING (ssn)`,
    `SELECT COUNT(DISTINCT ssn) FROM shop.customers`,
    `SELECT COUNT(ssn) FROM shop.customers`,
  ];
  for (const sql of questions) {
    const { body } = await query(gateway.url, robot, sql);
    assert.deepEqual(rowsOf(body), [['0']], sql);
  }
  const cast = await query(gateway.url, robot, 'SELECT CAST(ssn AS INT64) FROM shop.customers LIMIT 1');
  assert.ok(!cast.text.includes(ssn));
  assert.deepEqual(rowsOf(cast.body), [[null]]);
});

test("denied: DROP TABLE answers 403 with the rule's words, and hr is closed without telling what is in it", async () => {
  const drop = await query(gateway.url, robot, 'DROP TABLE shop.customers');
  assert.equal(drop.status, 403);
  assert.match(drop.text, /"reason":"accessDenied"/);
  assert.match(drop.text, /not available/);
  const there = await query(gateway.url, robot, 'SELECT * FROM hr.employees');
  const absent = await query(gateway.url, robot, 'SELECT * FROM hr.nothing');
  assert.equal(there.status, 403);
  assert.equal(there.text.replaceAll('employees', 'x'), absent.text.replaceAll('nothing', 'x'));
});

test('held: PENDING, approved by somebody else, then its rows; rejected: DONE with the reason', async () => {
  const inserted = await insertJob(gateway.url, robot, 'held-1', costly);
  assert.deepEqual([inserted.status, (inserted.body.status as { state: string }).state], [200, 'PENDING']);
  const pending = await results(gateway.url, robot, 'held-1', 300);
  assert.equal(pending.body.jobComplete, false);

  const own = gateway.sluice(gateway.token('robot', 'approvers'), 'approvals', 'list', '--json');
  assert.deepEqual(JSON.parse(own.stdout), { holds: [] }, 'the requester cannot decide');
  const list = JSON.parse(gateway.sluice(ada, 'approvals', 'list', '--json').stdout) as {
    holds: { id: string; sql: string }[];
  };
  const [hold] = list.holds;
  assert.equal(list.holds.length, 1);
  assert.match(hold?.sql ?? '', /`local`\.`web`\.`events`|`local\.web\.events`/);
  const approved = gateway.sluice(
    ada,
    'approvals',
    'approve',
    hold?.id ?? '',
    '--reason',
    'needed for the report',
  );
  assert.equal(approved.code, 0, approved.stderr);

  const rows = await results(gateway.url, robot, 'held-1', 30_000);
  assert.deepEqual(
    rowsOf(rows.body).map((row) => row[0]),
    ['1', '2', '3'],
  );
  const again = gateway.sluice(ada, 'approvals', 'approve', hold?.id ?? '', '--reason', 'once more');
  assert.equal(again.code, 1);
  assert.match(again.stderr, /nothing to decide/);

  await insertJob(gateway.url, robot, 'held-2', costly);
  const second =
    (JSON.parse(gateway.sluice(ada, 'approvals', 'list', '--json').stdout) as { holds: { id: string }[] })
      .holds[0]?.id ?? '';
  assert.equal(gateway.sluice(ada, 'approvals', 'reject', second, '--reason', 'too much data').code, 0);
  const job = await getJob(gateway.url, robot, 'held-2');
  const { state, errorResult } = job.body.status as {
    state: string;
    errorResult: { message: string; reason: string };
  };
  assert.equal(state, 'DONE');
  assert.equal(errorResult.reason, 'accessDenied');
  assert.match(errorResult.message, /Rejected by ada: too much data/);
});

test("another principal finds nothing of the agent's jobs", async () => {
  const stranger = gateway.token('stranger', 'analysts');
  assert.equal((await getJob(gateway.url, stranger, 'held-1')).status, 404);
  assert.equal((await results(gateway.url, stranger, 'held-1', 0)).status, 404);
});

test('the log verifies, and replay gives the very bytes', async () => {
  const answer = await query(gateway.url, robot, 'SELECT 7 AS seven');
  const jobId = (answer.body.jobReference as { jobId: string }).jobId;
  const verified = gateway.sluice(robot, 'audit', 'verify', '--state', gateway.state);
  assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  const replayed = gateway.sluice(robot, 'audit', 'replay', jobId, '--raw', '--state', gateway.state);
  assert.equal(replayed.code, 0, replayed.stderr);
  assert.ok(replayed.stdout.includes(answer.text), 'the replay has the body byte for byte');
});
