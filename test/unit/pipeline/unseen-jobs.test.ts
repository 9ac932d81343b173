import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { bundleOf } from '../../support/masking.ts';
import { openTestGateway } from '../../support/test-gateway.ts';
import { type Does, failure, isInsert, ok, type Seen, scripted, warehouseOn } from '../bigquery/server.ts';

// A job that the warehouse does not show to the identity that a query runs as: nothing is handed over again and again.

const policy = bundleOf([
  {
    path: 'policy.yaml',
    text: `version: "1"
limits: { bytes: 1 GB, approvedBytes: 1 GB, timeout: 1 min }
grants: [{ group: analysts, datasets: ["*.*"] }]
rules: [{ name: all, when: "true", effect: permit }]
`,
  },
]);
const path = '/bigquery/v2/projects/local';
const dryRun = ok({
  status: { state: 'DONE' },
  statistics: {
    query: {
      statementType: 'SELECT',
      schema: { fields: [{ name: 'x', type: 'INTEGER' }] },
      totalBytesProcessed: '0',
      totalBytesProcessedAccuracy: 'PRECISE',
    },
  },
});

type Script = (seen: Seen) => Does;
const started: Script = ({ body }) =>
  ok({ jobReference: body.jobReference, status: { state: 'RUNNING' }, statistics: {} });
const taken: Script = () => failure(409, 'duplicate');

async function gatewayWith(insert: Script, look: Does) {
  const server = await scripted((seen) => {
    const configuration = seen.body.configuration as { dryRun?: boolean } | undefined;
    if (configuration?.dryRun) return dryRun;
    return isInsert(seen) ? insert(seen) : look;
  });
  const warehouse = await warehouseOn(server, { projects: ['local'] });
  const gateway = await openTestGateway([], [], {
    ...{ warehouse, policy: () => policy, executionIdentity: () => 'runner@p.iam.gserviceaccount.com' },
  });
  after(() => gateway.close());
  const poll = () => gateway.call(`${path}/queries/one?timeoutMs=1000`);
  const submit = () =>
    gateway.call(`${path}/jobs`, {
      body: {
        jobReference: { projectId: 'local', jobId: 'one' },
        configuration: { query: { query: 'SELECT 1 AS x', useLegacySql: false } },
      },
    });
  const inserts = () =>
    server.seen.filter((seen) => isInsert(seen) && !JSON.stringify(seen.body).includes('"dryRun":true'))
      .length;
  return { server, gateway, poll, submit, inserts };
}

const denied = failure(403, 'accessDenied', 'Access Denied: Job local:US.x: User does not have permission');

test('a job of another identity (403): the outcome is unknown, at once, and nothing is sent again', async () => {
  for (const insert of [taken, started]) {
    const { poll, submit, inserts, gateway } = await gatewayWith(insert, denied);
    await submit().catch(() => undefined);
    const before = inserts();
    const first = await poll();
    assert.equal(first.status, 400, first.bytes.toString());
    assert.match(first.json.error.message, /outcome of this query is unknown/);
    assert.doesNotMatch(first.bytes.toString(), /Access Denied|permission/);
    for (let round = 0; round < 3; round++) assert.equal((await poll()).status, 400);
    assert.equal(inserts(), before);
    const job = await gateway.call(`${path}/jobs/one`);
    assert.equal(job.json.status.state, 'DONE');
  }
});

test('an id that is taken and a job that cannot be found (409, 404): handed over once more, then unknown', async () => {
  const { poll, submit, inserts } = await gatewayWith(taken, failure(404, 'notFound'));
  await submit();
  for (let round = 0; round < 4; round++) {
    const reply = await poll();
    assert.equal(reply.status, 400, reply.bytes.toString());
    assert.match(reply.json.error.message, /not one of this gateway. Submit it again under another job id/);
  }
  assert.equal(inserts(), 2);
});

test('a quota that is used up is no answer about a job', async () => {
  const { poll, submit, inserts } = await gatewayWith(started, failure(403, 'quotaExceeded'));
  await submit().catch(() => undefined);
  assert.equal((await poll()).status, 503);
  assert.equal((await poll()).status, 503);
  assert.equal(inserts(), 1);
});
