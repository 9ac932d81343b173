import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { needs } from '../../support/emulators/requires.ts';
import { columns, type Rig, startRig, values } from './rig.ts';

/** Queries with this comment take long before they begin. */
const slow = '/* slow */';

describe('a job', needs('bigquery', 'googlesql'), () => {
  let rig: Rig;
  before(async () => {
    rig = await startRig({
      delayMs: (sql) => (sql.includes(slow) ? 1_500 : 0),
      checkToken: (header) =>
        /^Bearer (ada|bob)$/.test(header ?? '') ? `${header?.slice(7)}@example.com` : undefined,
    });
    await rig.query('CREATE TABLE d.t (a INT64, b STRING)');
  });
  after(() => rig.stop());

  test('has id, identity, times in milliseconds, statistics and labels', async () => {
    const reply = await rig.insert('first', 'SELECT 1 AS x', { labels: { team: 'web' } });
    assert.equal(reply.status, 200);
    assert.deepEqual(reply.get('jobReference'), { projectId: 'p', jobId: 'first', location: 'US' });
    assert.equal(reply.get('id'), 'p:US.first');
    assert.equal(reply.get('user_email'), 'ada@example.com');
    const done = await rig.finished('first');
    assert.equal(done.get('status.state'), 'DONE');
    assert.equal(done.get('status.errorResult'), undefined);
    assert.equal(String(done.get('statistics.creationTime')).length, 13);
    assert.equal(String(done.get('statistics.endTime')).length, 13);
    assert.equal(done.get('statistics.query.statementType'), 'SELECT');
    assert.equal(done.get('statistics.query.totalBytesBilled'), '0');
    assert.equal(done.get('statistics.query.cacheHit'), false);
    assert.equal(done.get('configuration.labels.team'), 'web');
    assert.ok(done.get('etag'));
    assert.ok(done.get('configuration.query.destinationTable.tableId'));
  });

  test('is taken once: its id again is a duplicate', async () => {
    await rig.insert('once', 'SELECT 1 AS x');
    const again = await rig.insert('once', 'SELECT 1 AS x');
    assert.equal(again.status, 409);
    assert.equal(again.get('error.errors.0.reason'), 'duplicate');
    assert.equal(again.get('error.message'), 'Already Exists: Job p:US.once');
  });

  test('that failed keeps its error, and its result is that error', async () => {
    await rig.insert('wrong', 'SELECT nope FROM d.t');
    const done = await rig.finished('wrong');
    assert.equal(done.get('status.state'), 'DONE');
    assert.equal(done.get('status.errorResult.reason'), 'invalidQuery');
    assert.equal(done.get('status.errorResult.message'), 'Unrecognized name: nope at [1:8]');
    const results = await rig.call('GET', '/queries/wrong');
    assert.equal(results.status, 400);
    assert.equal(results.get('error.errors.0.reason'), 'invalidQuery');
    await rig.insert('divided', 'SELECT 1 / a FROM UNNEST([1, 0]) AS a');
    const divided = await rig.finished('divided');
    assert.equal(divided.get('status.errorResult.reason'), 'invalidQuery');
    assert.match(String(divided.get('status.errorResult.message')), /^division by zero/);
  });

  test('runs while it is asked for', async () => {
    const started = performance.now();
    const reply = await rig.insert('long', `SELECT 1 AS x ${slow}`);
    assert.ok(performance.now() - started < 1_000);
    assert.match(String(reply.get('status.state')), /^(PENDING|RUNNING)$/);
    const early = await rig.call('GET', '/queries/long?timeoutMs=50');
    assert.equal(early.get('jobComplete'), false);
    assert.equal(early.get('rows'), undefined);
    const late = await rig.call('GET', '/queries/long');
    assert.equal(late.get('jobComplete'), true);
    assert.deepEqual(values(late), [['1']]);
  });

  test('ends `stopped` when it is cancelled or its time is up', async () => {
    await rig.insert('cancelled', `SELECT 1 AS x ${slow}`);
    await pause(100);
    const cancel = await rig.call('POST', '/jobs/cancelled/cancel', {});
    assert.equal(cancel.get('kind'), 'bigquery#jobCancelResponse');
    const done = await rig.call('GET', '/jobs/cancelled');
    assert.equal(done.get('status.state'), 'DONE');
    assert.equal(done.get('status.errorResult.reason'), 'stopped');
    await rig.insert('timed', `SELECT 1 AS x ${slow}`, { jobTimeoutMs: '200' });
    const timed = await rig.finished('timed');
    assert.equal(timed.get('status.errorResult.reason'), 'stopped');
    assert.match(String(timed.get('status.errorResult.message')), /timed out/);
  });

  test('that changes rows says how many', async () => {
    const counts = async (jobId: string, sql: string) => {
      await rig.insert(jobId, sql);
      const done = await rig.finished(jobId);
      assert.equal(done.get('status.errorResult'), undefined, JSON.stringify(done.get('status')));
      return [done.get('statistics.query.numDmlAffectedRows'), done.get('statistics.query.dmlStats')];
    };
    assert.deepEqual(await counts('ins', "INSERT d.t (a, b) VALUES (1, 'x'), (2, 'y'), (3, 'z')"), [
      '3',
      { insertedRowCount: '3' },
    ]);
    assert.deepEqual(await counts('upd', "UPDATE d.t AS t SET b = 'w' WHERE t.a >= 2"), [
      '2',
      { updatedRowCount: '2' },
    ]);
    assert.deepEqual(await counts('del', 'DELETE FROM d.t WHERE a = 1'), ['1', { deletedRowCount: '1' }]);
    assert.deepEqual(await counts('tru', 'TRUNCATE TABLE d.t'), ['2', { deletedRowCount: '2' }]);
  });

  test('that defines something says what it did', async () => {
    const operation = async (jobId: string, sql: string) => {
      await rig.insert(jobId, sql);
      return (await rig.finished(jobId)).get('statistics.query.ddlOperationPerformed');
    };
    assert.equal(await operation('ddl1', 'CREATE TABLE d.made (a INT64)'), 'CREATE');
    assert.equal(await operation('ddl2', 'CREATE TABLE IF NOT EXISTS d.made (a INT64)'), 'SKIP');
    assert.equal(await operation('ddl3', 'CREATE OR REPLACE TABLE d.made (b INT64)'), 'REPLACE');
    assert.equal(await operation('ddl4', 'DROP TABLE d.made'), 'DROP');
  });

  test('bills ten megabytes for each table at least, and no more than it may', async () => {
    await rig.query("INSERT d.t (a, b) VALUES (1, 'x')");
    await rig.insert('cheap', 'SELECT a FROM d.t', {}, { maximumBytesBilled: '10485759' });
    const cheap = await rig.finished('cheap');
    assert.equal(cheap.get('status.errorResult.reason'), 'bytesBilledLimitExceeded');
    await rig.insert('fits', 'SELECT a FROM d.t', {}, { maximumBytesBilled: '10485760' });
    const fits = await rig.finished('fits');
    assert.equal(fits.get('status.errorResult'), undefined);
    assert.equal(fits.get('statistics.query.totalBytesBilled'), '10485760');
    assert.equal(fits.get('statistics.query.totalBytesProcessed'), '20');
  });

  test('of jobs.query is one for one requestId', async () => {
    const first = await rig.query('SELECT 1 AS x', { requestId: 'r-1' });
    const second = await rig.query('SELECT 1 AS x', { requestId: 'r-1' });
    assert.deepEqual(first.get('jobReference'), second.get('jobReference'));
    const other = await rig.query('SELECT 1 AS x', { requestId: 'r-2' });
    assert.notDeepEqual(first.get('jobReference'), other.get('jobReference'));
  });

  test('gives its rows in pages', async () => {
    const sql = 'SELECT n FROM UNNEST(GENERATE_ARRAY(1, 25)) AS n ORDER BY n';
    let reply = await rig.query(sql, { maxResults: 10 });
    const { jobId } = reply.get('jobReference') as { jobId: string };
    const sizes: number[] = [];
    for (;;) {
      sizes.push((values(reply) as unknown[]).length);
      assert.equal(reply.get('totalRows'), '25');
      const token = reply.get('pageToken');
      if (token === undefined) break;
      reply = await rig.call('GET', `/queries/${jobId}?maxResults=10&pageToken=${token}`);
    }
    assert.deepEqual(sizes, [10, 10, 5]);
    const none = await rig.call('GET', `/queries/${jobId}?maxResults=0`);
    assert.equal(none.get('rows'), undefined);
    assert.ok(none.get('pageToken'));
    assert.deepEqual(values(await rig.call('GET', `/queries/${jobId}?startIndex=24`)), [['25']]);
  });

  test('ends a page before ten megabytes', async () => {
    const sql = "SELECT REPEAT('x', 1000000) AS s FROM UNNEST(GENERATE_ARRAY(1, 12)) AS n";
    const reply = await rig.query(sql);
    assert.equal((values(reply) as unknown[]).length, 9);
    assert.ok(reply.get('pageToken'));
    assert.equal(reply.get('totalRows'), '12');
  });

  test('leaves its rows in a table of its own', async () => {
    await rig.insert('hidden', 'SELECT 7 AS x');
    const done = await rig.finished('hidden');
    const { datasetId, tableId } = done.get('configuration.query.destinationTable') as Record<string, string>;
    const table = await rig.call('GET', `/datasets/${datasetId}/tables/${tableId}`);
    assert.deepEqual(columns(table), ['x INTEGER']);
    const data = await rig.call('GET', `/datasets/${datasetId}/tables/${tableId}/data`);
    assert.deepEqual(values(data), [['7']]);
  });

  test('is listed, newest first, to the one whose it is', async () => {
    const list = await rig.call('GET', '/jobs?maxResults=3&projection=full');
    const jobs = list.get('jobs') as {
      configuration?: object;
      state: string;
      statistics: { creationTime: string };
    }[];
    assert.equal(jobs.length, 3);
    assert.ok(jobs.every((job) => job.configuration !== undefined));
    const times = jobs.map((job) => Number(job.statistics.creationTime));
    assert.deepEqual(
      [...times].sort((a, b) => b - a),
      times,
    );
    const next = await rig.call('GET', `/jobs?maxResults=3&pageToken=${list.get('nextPageToken')}`);
    assert.notDeepEqual(next.get('jobs.0.id'), list.get('jobs.0.id'));
    const since = Number(times[0]) + 1;
    assert.deepEqual((await rig.call('GET', `/jobs?minCreationTime=${since}`)).get('jobs'), []);
    assert.deepEqual((await rig.call('GET', '/jobs?stateFilter=pending')).get('jobs'), []);
    const bob = { authorization: 'Bearer bob' };
    assert.deepEqual((await rig.call('GET', '/jobs', undefined, bob)).get('jobs'), []);
    assert.notDeepEqual((await rig.call('GET', '/jobs?allUsers=true', undefined, bob)).get('jobs'), []);
  });

  test('is read by nobody else, and not in another place', async () => {
    await rig.insert('mine', 'SELECT 1 AS x');
    const bob = { authorization: 'Bearer bob' };
    for (const path of ['/jobs/mine', '/queries/mine']) {
      const reply = await rig.call('GET', path, undefined, bob);
      assert.equal(reply.status, 403);
      assert.equal(reply.get('error.errors.0.reason'), 'accessDenied');
    }
    const nobody = await rig.call('GET', '/jobs/mine', undefined, { authorization: 'Bearer eve' });
    assert.equal(nobody.status, 401);
    assert.equal(nobody.get('error.status'), 'UNAUTHENTICATED');
    const elsewhere = await rig.call('GET', '/jobs/mine?location=EU');
    assert.equal(elsewhere.status, 404);
    assert.equal(elsewhere.get('error.message'), 'Not found: Job p:EU.mine');
    assert.equal(rig.proxy.requests.at(-1)?.email, 'ada@example.com');
  });

  test('leaves nothing behind in the emulator', async () => {
    await rig.finished('mine');
    const reply = await fetch(`${rig.emulatorUrl}/bigquery/v2/projects/p/jobs`);
    const { jobs } = (await reply.json()) as { jobs?: readonly object[] };
    assert.equal((jobs ?? []).length, 0);
  });

  test('that is a script is refused by name', async () => {
    await rig.insert('script', 'DECLARE x INT64 DEFAULT 1; SELECT x');
    const done = await rig.finished('script');
    assert.equal(done.get('status.errorResult.reason'), 'notImplemented');
    assert.equal(done.get('statistics.query.statementType'), 'SCRIPT');
  });
});
