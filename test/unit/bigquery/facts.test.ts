import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type Does,
  doneJob,
  failedJob,
  failure,
  isResult,
  ok,
  resultOf,
  scripted,
  spec,
  warehouseOn,
} from './server.ts';

const table = (tableId: string) => ({ projectId: 'p', datasetId: 'd', tableId });
const tableResource = (tableId: string, more: object) => ({
  tableReference: table(tableId),
  schema: { fields: [{ name: 'x', type: 'STRING' }] },
  ...more,
});

/** A warehouse that has one job, its answers to `jobs.get` and `getQueryResults`, and tables. */
async function withJob(get: Does, result: Does, tables: Record<string, object> = {}) {
  const server = await scripted((seen) => {
    if (isResult(seen)) return result;
    const name = /\/tables\/(.*)$/.exec(seen.path)?.[1];
    if (name === undefined) return get;
    const found = tables[name];
    return found ? ok(tableResource(name, found)) : failure(404, 'notFound');
  });
  return { server, warehouse: await warehouseOn(server) };
}

test('a finished job: kind, schema, base tables without views, cost', async () => {
  const job = spec();
  const query = { referencedTables: [table('t'), table('v'), table('m'), table('t'), table('gone')] };
  const { warehouse, server } = await withJob(ok(doneJob(job, query)), ok(resultOf(job, ['a', 'b'])), {
    t: {},
    v: { type: 'VIEW', view: { query: 'SELECT 1' } },
    m: { type: 'MATERIALIZED_VIEW', materializedView: { query: 'SELECT 1' } },
  });
  const facts = await warehouse.wait(job, 1000);
  assert.deepEqual(facts, {
    state: 'done',
    statementType: 'SELECT',
    schema: { fields: [{ name: 'x', type: 'STRING', mode: 'NULLABLE' }] },
    referencedTables: ['p.d.t', 'p.d.gone'],
    referencedRoutines: [],
    outcome: {
      totalRows: 2,
      totalBytesProcessed: 1048576,
      totalBytesBilled: 10485760,
      cacheHit: false,
      startMs: 1100,
      endMs: 1500,
    },
  });
  const asked = server.seen.length;
  assert.deepEqual(await warehouse.job(job), facts);
  assert.deepEqual(await warehouse.wait(job, 1000), facts);
  assert.equal(server.seen.length, asked);
  const jobCalls = server.seen.filter(({ path }) => path.includes(job.id));
  for (const { headers, query: asking } of jobCalls) {
    assert.equal(headers.authorization, `Bearer ${job.executionIdentity}`);
    assert.equal(asking.get('location'), 'EU');
  }
  const others = server.seen.filter(({ path }) => !path.includes(job.id));
  assert.ok(others.every(({ headers }) => headers.authorization === 'Bearer gateway'));
});

test('DML tells how many rows it changed, and has no columns and no rows', async () => {
  for (const [query, affected] of [
    [{ numDmlAffectedRows: '7', dmlStats: { insertedRowCount: '7' } }, 7],
    [{ dmlStats: { insertedRowCount: '1', updatedRowCount: '2', deletedRowCount: '3' } }, 6],
    [{}, undefined],
  ] as const) {
    const job = spec({ sql: 'MERGE ...' });
    const done = doneJob(job, { statementType: 'MERGE', ...query });
    // The schema that BigQuery sends along is that of the table.
    const { warehouse } = await withJob(ok(done), ok(resultOf(job, ['not', 'rows'])));
    const facts = await warehouse.wait(job, 1000);
    assert.ok(facts?.state === 'done');
    assert.deepEqual([facts.schema, facts.outcome.totalRows], [{ fields: [] }, 0]);
    assert.equal(facts.outcome.dmlAffectedRows, affected);
    const page = await warehouse.page(job, {
      startIndex: 0,
      maximumRows: 9,
      maximumBytes: 99,
      timestamps: 'INT64',
    });
    assert.deepEqual([Buffer.from(page.rowsJson).toString(), page.rows], ['[]', 0]);
  }
});

test('a script names what its statements read', async () => {
  const job = spec({ sql: 'DECLARE a INT64; SELECT ...' });
  const child = (name: string, page: string | undefined) => ({
    jobs: [
      doneJob(spec(), {
        referencedTables: [table(name)],
        referencedRoutines: [{ projectId: 'p', datasetId: 'd', routineId: `f_${name}` }],
      }),
    ],
    ...(page === undefined ? {} : { nextPageToken: page }),
  });
  const done = doneJob(job, { statementType: 'SCRIPT' }, { statistics: { numChildJobs: '2' } });
  const server = await scripted((seen) => {
    if (isResult(seen)) return ok(resultOf(job, ['last']));
    if (seen.query.get('parentJobId') === job.id)
      return ok(seen.query.get('pageToken') === 'two' ? child('b', undefined) : child('a', 'two'));
    return /tables/.test(seen.path) ? failure(404, 'notFound') : ok(done);
  });
  const facts = await (await warehouseOn(server)).wait(job, 1000);
  assert.ok(facts?.state === 'done');
  assert.deepEqual(facts.referencedTables, ['p.d.a', 'p.d.b']);
  assert.deepEqual(facts.referencedRoutines, ['p.d.f_a', 'p.d.f_b']);
  assert.equal(facts.outcome.totalRows, 1);
});

test('a failed job: a safe message, the whole text for the record', async () => {
  const text = 'Bad int64 value: 123-45-6789; error at [1:2]';
  for (const result of [
    failure(400, 'invalidQuery', text),
    { status: 200, json: { error: { code: 200, message: text } } },
  ]) {
    const job = spec();
    const { warehouse } = await withJob(ok(failedJob(job, 'invalidQuery', text)), result);
    const facts = await warehouse.wait(job, 1000);
    assert.ok(facts?.state === 'failed');
    assert.deepEqual(facts.error, {
      code: 'invalid_query',
      location: 'query',
      message: 'Query error: Bad int64 value',
    });
    assert.equal(facts.detail, `invalidQuery: ${text}`);
    assert.equal(facts.outcome?.totalBytesBilled, 10485760);
    await assert.rejects(
      warehouse.page(job, { startIndex: 0, maximumRows: 9, maximumBytes: 99, timestamps: 'INT64' }),
      { code: 'not_found' },
    );
  }
});

test('how a job was ended', async () => {
  for (const [reason, message, code] of [
    ['stopped', 'Job execution was cancelled: User requested cancellation', 'stopped'],
    ['stopped', 'Job execution was cancelled: Job timed out after 10s', 'timeout'],
    ['timeout', 'Operation timed out after 6.0 hours.', 'timeout'],
    ['backendError', 'x', 'warehouse_unavailable'],
  ] as const) {
    const job = spec();
    const { warehouse } = await withJob(ok(failedJob(job, reason, message)), failure(400, reason));
    const facts = await warehouse.job(job);
    assert.equal(facts?.state === 'failed' && facts.error.code, code);
  }
});

test('an unknown job is unknown', async () => {
  const job = spec();
  const missing = failure(404, 'notFound', 'Not found: Job');
  const { warehouse } = await withJob(missing, missing);
  assert.equal(await warehouse.wait(job, 5000), undefined);
  assert.equal(await warehouse.job(job), undefined);
});

test('answers that are not those of this job are no facts', async () => {
  const job = spec();
  const page = { status: 200, text: '<html>sign in</html>' } as const;
  const good = doneJob(job);
  const another = doneJob(spec());
  for (const [get, result] of [
    [page, ok(resultOf(job, ['a']))],
    [ok(good), page],
    [ok(another), ok(resultOf(job, ['a']))],
    [ok(good), ok(resultOf(spec(), ['a']))],
    [ok({ ...good, status: { state: 'MAYBE' } }), ok(resultOf(job, ['a']))],
    [ok({ ...good, status: undefined }), ok(resultOf(job, ['a']))],
    [ok(doneJob(job, { statementType: null })), ok(resultOf(job, ['a']))],
    [ok(doneJob(job, {}, { statistics: { endTime: undefined } })), ok(resultOf(job, ['a']))],
    [ok(doneJob(job, { totalBytesBilled: 'many' })), ok(resultOf(job, ['a']))],
    [ok(doneJob(job, { referencedTables: [{ tableId: 't' }] })), ok(resultOf(job, ['a']))],
    [ok(good), ok({ ...resultOf(job, ['a']), jobComplete: 'yes' })],
    [ok(good), ok({ ...resultOf(job, ['a']), schema: { fields: [{ name: 'x' }] } })],
    [ok(good), { status: 200, text: JSON.stringify(resultOf(job, ['a'])).slice(0, -9) }],
    [
      { status: 404, text: '<html>no such page</html>' },
      { status: 404, text: '<html>no such page</html>' },
    ],
  ] as const) {
    const { warehouse } = await withJob(get, result);
    for (const ask of [() => warehouse.wait(job, 1000), () => warehouse.job(job)])
      await assert.rejects(ask(), { name: 'SluiceError' }, JSON.stringify([get, result]).slice(0, 300));
  }
});

test('waiters share one long poll, give up alone, and the next finds it under way', async () => {
  const job = spec();
  let finish: (() => void) | undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const server = await scripted(async (seen) => {
    if (!isResult(seen)) return ok(doneJob(job));
    await finished;
    return ok(resultOf(job, ['a']));
  });
  const warehouse = await warehouseOn(server);
  const gaveUp = new AbortController();
  const first = warehouse.wait(job, 20);
  const second = warehouse.wait(job, 60_000, gaveUp.signal);
  assert.deepEqual(await first, { state: 'running' });
  gaveUp.abort();
  assert.deepEqual(await second, { state: 'running' });
  const third = warehouse.wait(job, 60_000);
  finish?.();
  assert.equal((await third)?.state, 'done');
  assert.equal(server.seen.filter(isResult).length, 1);
  assert.equal(server.seen.length, 2);
});

test('a server that does not wait is not asked in a hurry', async () => {
  const job = spec();
  const running = resultOf(job, [], { jobComplete: false });
  const { warehouse, server } = await withJob(ok({}), ok(running));
  assert.deepEqual(await warehouse.wait(job, 350), { state: 'running' });
  assert.ok(server.seen.length >= 2 && server.seen.length <= 5, String(server.seen.length));
});

test('a server that waits as it was told is not given up, one that waits longer is', async () => {
  const job = spec();
  const patience = { attemptMs: 150, attempts: 1, firstPauseMs: 1 };
  const slow = await scripted(async (seen) => {
    if (isResult(seen)) await new Promise((resolve) => setTimeout(resolve, 300));
    return ok(isResult(seen) ? resultOf(job, ['a']) : doneJob(job));
  });
  const warehouse = await warehouseOn(slow, { patience, pollMs: 400 });
  assert.equal((await warehouse.wait(job, 5000))?.state, 'done');
  const never = await warehouseOn(await scripted(() => 'hang'), { patience, pollMs: 100 });
  await assert.rejects(never.wait(job, 5000), { code: 'warehouse_unavailable' });
});

test('a job that the warehouse itself broke has failed, although its result answers like a server that is down', async () => {
  for (const [status, reason] of [
    [503, 'backendError'],
    [400, 'internalError'],
    [500, 'jobInternalError'],
  ] as const) {
    const job = spec();
    const { warehouse } = await withJob(ok(failedJob(job, reason, 'secret')), failure(status, reason));
    const facts = await warehouse.wait(job, 5000);
    assert.ok(facts?.state === 'failed');
    assert.equal(facts.error.code, 'warehouse_unavailable');
    assert.deepEqual(await warehouse.job(job), facts);
  }
  const job = spec();
  const { warehouse } = await withJob(ok(doneJob(job)), failure(503, 'backendError'));
  await assert.rejects(warehouse.wait(job, 5000), { code: 'warehouse_unavailable' });
});
