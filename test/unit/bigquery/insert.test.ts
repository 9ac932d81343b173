import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Does,
  doneJob,
  failure,
  isInsert,
  isResult,
  names,
  ok,
  resultOf,
  type Seen,
  scripted,
  spec,
  warehouseOn,
} from './server.ts';

const accepted = (seen: Seen): Does =>
  ok({ jobReference: seen.body.jobReference, status: { state: 'RUNNING' } });

test('a job is exactly what the spec says, under its id and as its identity', async () => {
  const server = await scripted(accepted);
  const warehouse = await warehouseOn(server);
  const job = spec({
    sql: "SELECT '{{projectId}}', @a, @sluice_mask_key -- é",
    parameters: [{ name: 'a', type: { type: 'INT64' }, value: { value: '7' } }],
    secrets: { sluice_mask_key: 'k', unused: 'never sent' },
    labels: { team: 'x', 'Not a label': 'y', sluice: 'forged' },
    maximumBytesBilled: 12,
    timeoutMs: 3000,
  });
  assert.equal(await warehouse.insert(job), 'started');
  const [seen, more] = server.seen;
  assert.equal(more, undefined);
  assert.equal(seen?.path, '/bigquery/v2/projects/p/jobs');
  assert.equal(seen?.headers.authorization, `Bearer ${job.executionIdentity}`);
  assert.deepEqual(seen?.body, {
    jobReference: { projectId: 'p', jobId: job.id, location: 'EU' },
    configuration: {
      query: {
        query: job.sql,
        useLegacySql: false,
        maximumBytesBilled: '12',
        parameterMode: 'NAMED',
        queryParameters: [
          { name: 'a', parameterType: { type: 'INT64' }, parameterValue: { value: '7' } },
          { name: 'sluice_mask_key', parameterType: { type: 'STRING' }, parameterValue: { value: 'k' } },
        ],
        priority: 'INTERACTIVE',
        useQueryCache: true,
      },
      labels: { sluice: 'gateway', team: 'x' },
      jobTimeoutMs: '3000',
    },
  });
});

test('reasons that pass are tried again under the same id, and no other', async () => {
  for (const passing of [
    failure(403, 'rateLimitExceeded'),
    failure(400, 'jobRateLimitExceeded'),
    failure(429, 'rateLimitExceeded'),
    failure(503, 'backendError'),
    failure(500, 'internalError'),
    failure(502, 'anything'),
    { status: 503, text: '<html>busy</html>' },
    { status: 200, text: '{"jobReference":' },
    { status: 200, json: {} },
    { status: 204 },
    { status: 307, headers: { location: 'http://127.0.0.1:1/elsewhere' } },
    'reset',
  ] as const) {
    const server = await scripted((seen, nth) => (nth < 3 ? passing : accepted(seen)));
    const warehouse = await warehouseOn(server);
    const job = spec();
    assert.equal(await warehouse.insert(job), 'started', JSON.stringify(passing));
    const ids = server.seen.map(({ body }) => (body.jobReference as { jobId: string }).jobId);
    assert.deepEqual(ids, [job.id, job.id, job.id]);
  }
});

test('reasons that stay are an outcome of the query, told once and without a value', async () => {
  for (const [status, reason, code] of [
    [403, 'quotaExceeded', 'overloaded'],
    [429, 'quotaExceeded', 'overloaded'],
    [403, 'accessDenied', 'forbidden'],
    [404, 'notFound', 'invalid_query'],
    [400, 'invalidQuery', 'invalid_query'],
    [400, 'invalid', 'invalid_query'],
    [403, 'billingNotEnabled', 'invalid'],
    [403, 'responseTooLarge', 'response_too_large'],
  ] as const) {
    const server = await scripted((seen) =>
      isInsert(seen) ? failure(status, reason) : failure(404, 'notFound'),
    );
    const warehouse = await warehouseOn(server);
    const job = spec();
    assert.equal(await warehouse.insert(job), 'started');
    assert.equal(server.seen.length, 1, reason);
    const facts = await warehouse.wait(job, 1000);
    assert.ok(facts?.state === 'failed');
    assert.equal(facts.error.code, code, reason);
    assert.doesNotMatch(facts.error.message, /123|secret/);
    assert.match(facts.detail, /secret 123-45-6789/);
    assert.deepEqual(await warehouse.job(job), facts);
  }
});

test('an id that is known is a duplicate', async () => {
  const server = await scripted(() => failure(409, 'duplicate'));
  assert.equal(await (await warehouseOn(server)).insert(spec()), 'duplicate');
  assert.equal(server.seen.length, 1);
});

test('a connection that breaks after the job was made leaves one job under one id', async () => {
  for (const breaks of ['reset', 'hang'] as const) {
    const made: string[] = [];
    const server = await scripted((seen) => {
      const { jobId } = seen.body.jobReference as { jobId: string };
      if (made.includes(jobId)) return failure(409, 'duplicate');
      made.push(jobId);
      return breaks;
    });
    const patience = { firstPauseMs: 1, attempts: 3, attemptMs: 100 };
    const warehouse = await warehouseOn(server, { patience });
    const job = spec();
    assert.equal(await warehouse.insert(job), 'duplicate');
    assert.deepEqual(made, [job.id]);
  }
});

test('an outcome that stays unknown is an error, never another id', async () => {
  const server = await scripted(() => 'reset');
  const warehouse = await warehouseOn(server);
  const job = spec();
  await assert.rejects(warehouse.insert(job), { name: 'SluiceError', code: 'warehouse_unavailable' });
  assert.equal(server.seen.length, 4);
  const ids = new Set(server.seen.map(({ body }) => (body.jobReference as { jobId: string }).jobId));
  assert.deepEqual([...ids], [job.id]);
});

test('a credential that is not accepted is asked for once more, and is no answer about the query', async () => {
  const server = await scripted(() => failure(401, 'authError'));
  const forgotten: (string | undefined)[] = [];
  const credentials = { ...names, forget: (identity: string | undefined) => void forgotten.push(identity) };
  const warehouse = await warehouseOn(server, { credentials });
  const job = spec();
  await assert.rejects(warehouse.insert(job), { code: 'warehouse_unavailable' });
  assert.deepEqual(forgotten, [job.executionIdentity]);
  assert.equal(server.seen.length, 2);
});

test('a job that is done when it is inserted costs one request more', async () => {
  const job = spec();
  const server = await scripted((seen) => (isResult(seen) ? ok(resultOf(job, ['a'])) : ok(doneJob(job))));
  const warehouse = await warehouseOn(server);
  await warehouse.insert(job);
  const facts = await warehouse.wait(job, 1000);
  assert.equal(facts?.state, 'done');
  assert.equal(server.seen.length, 2);
});

test('cancelling is repeated until it is heard, and an unknown job is left alone', async () => {
  const job = spec();
  const server = await scripted((_, nth) => (nth === 1 ? failure(503, 'backendError') : ok({})));
  await (await warehouseOn(server)).cancel(job);
  assert.deepEqual(
    server.seen.map(({ path, query }) => [path, query.get('location')]),
    Array(2).fill([`/bigquery/v2/projects/p/jobs/${job.id}/cancel`, 'EU']),
  );
  await (await warehouseOn(await scripted(() => failure(404, 'notFound')))).cancel(job);
});
