import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { answers, base, job, tables } from './shop.ts';

let gateway: TestGateway;
before(async () => {
  gateway = await openTestGateway(tables, answers);
});
after(() => gateway.close());

const insert = (sql: string, jobId?: string, more: object = {}) =>
  gateway.call(`${base}/jobs`, job(sql, jobId, more));
const get = (jobId: string, token = 'token-ada') => gateway.call(`${base}/jobs/${jobId}`, { token });

test('a job resource has everything that clients look for', async () => {
  const { status, json } = await insert("SELECT 'x' AS word", 'mine-1', { labels: { rig: 'test' } });
  assert.equal(status, 200);
  assert.equal(json.kind, 'bigquery#job');
  assert.equal(json.id, 'local:US.mine-1');
  assert.ok(json.etag);
  assert.equal(json.user_email, 'ada');
  assert.deepEqual(json.jobReference, { projectId: 'local', jobId: 'mine-1', location: 'US' });
  assert.deepEqual(json.configuration.labels, { rig: 'test' });
  assert.equal(json.configuration.jobType, 'QUERY');
  assert.equal(json.configuration.query.query, "SELECT 'x' AS word");
  assert.equal(json.configuration.query.useLegacySql, false);
  assert.deepEqual(json.configuration.query.destinationTable, {
    projectId: 'local',
    datasetId: '_sluice_results',
    tableId: 'mine-1',
  });
  const done = (await get('mine-1')).json;
  assert.deepEqual(done.status, { state: 'DONE' });
  assert.equal(done.statistics.query.statementType, 'SELECT');
  assert.equal(done.statistics.totalBytesProcessed, '10');
  for (const time of ['creationTime', 'startTime', 'endTime'])
    assert.match(done.statistics[time], /^\d{13}$/, time);
});

test('an id is taken once: 409, and the first job stays', async () => {
  await insert("SELECT 'x' AS word", 'twice');
  const again = await insert("SELECT 'y' AS word", 'twice');
  assert.equal(again.status, 409);
  assert.equal(again.json.error.errors[0].reason, 'duplicate');
  assert.match(again.json.error.message, /Already Exists: Job local:US\.twice/);
  const other = await gateway.call(`${base}/jobs`, {
    ...job("SELECT 'x' AS word", 'twice'),
    token: 'token-bob',
  });
  assert.equal(other.status, 200);
});

test('without an id the job gets one', async () => {
  const { json } = await insert("SELECT 'x' AS word");
  assert.match(json.jobReference.jobId, /^job_[0-9a-f]+$/);
});

test('only queries run, and configurations are read strictly', async () => {
  const query = { query: 'SELECT 1', useLegacySql: false };
  const bodies: [object, RegExp][] = [
    [{ configuration: { copy: { operationType: 'CLONE' } } }, /configuration\.copy is not accepted/],
    [
      { configuration: { extract: { destinationUris: ['gs://evil/*'] } } },
      /configuration\.extract is not accepted/,
    ],
    [{ configuration: { load: {} } }, /configuration\.load is not accepted/],
    [{ configuration: { query, load: {} } }, /configuration\.load is not accepted/],
    [{ configuration: {} }, /missing: configuration\.query/],
    [{}, /missing: configuration/],
    [{ configuration: { query, surprise: 1 } }, /Unknown name "configuration\.surprise"/],
    [{ configuration: { query: { ...query, labels: {} } } }, /Unknown name "configuration\.query\.labels"/],
    [{ configuration: { query, reservation: 'x' } }, /configuration\.reservation is not accepted/],
    [{ configuration: { query, jobTimeoutMs: -1 } }, /jobTimeoutMs/],
    [
      { configuration: { query: { ...query, writeDisposition: 'WRITE_TRUNCATE' } } },
      /writeDisposition is not accepted/,
    ],
    [{ configuration: { query: { ...query, maximumBytesBilled: 'lots' } } }, /maximumBytesBilled/],
    [{ configuration: { query: { query: 'SELECT 1' } } }, /useLegacySql is absent/],
    [{ configuration: { query }, jobReference: { jobId: 'a b' } }, /Invalid job id/],
    [
      { configuration: { query }, jobReference: { projectId: 'other', jobId: 'a' } },
      /not the project of the path/,
    ],
    [{ configuration: { query }, jobReference: { jobId: 'a', location: 'EU' } }, /serves data in US/],
  ];
  for (const [body, message] of bodies) {
    const { status, json } = await gateway.call(`${base}/jobs`, { body });
    assert.ok([400, 403].includes(status), JSON.stringify(body));
    assert.match(json.error.message, message);
  }
});

test('a held job is PENDING; cancelled it is DONE and says stopped', async () => {
  const { json } = await insert("SELECT 'expensive' AS word", 'held');
  assert.equal(json.status.state, 'PENDING');
  assert.equal((await get('held')).json.status.state, 'PENDING');
  const cancelled = await gateway.call(`${base}/jobs/held/cancel`, { method: 'POST' });
  assert.equal(cancelled.json.kind, 'bigquery#jobCancelResponse');
  assert.equal(cancelled.json.job.jobReference.jobId, 'held');
  const { status } = (await get('held')).json;
  assert.equal(status.state, 'DONE');
  assert.equal(status.errorResult.reason, 'stopped');
  assert.deepEqual(status.errors, [status.errorResult]);
});

test('a running job is RUNNING and can be cancelled, by its owner alone', async () => {
  const { json } = await insert("SELECT 'endless' AS word", 'endless');
  assert.equal(json.status.state, 'RUNNING');
  const foreign = await gateway.call(`${base}/jobs/endless/cancel`, { method: 'POST', token: 'token-bob' });
  assert.equal(foreign.status, 404);
  await gateway.call(`${base}/jobs/endless/cancel`, { method: 'POST', body: {} });
  assert.equal((await get('endless')).json.status.errorResult.reason, 'stopped');
  assert.equal((await gateway.call(`${base}/jobs/no-such/cancel`, { method: 'POST' })).status, 404);
});

test('a failed job is DONE with its error, and its rows are that error', async () => {
  await insert("SELECT 'broken' AS word", 'broken');
  const { status } = (await get('broken')).json;
  assert.equal(status.errorResult.reason, 'invalidQuery');
  assert.equal((await gateway.call(`${base}/queries/broken`)).status, 400);
});

test('the rows of a job are also those of its destination table', async () => {
  await insert('SELECT n FROM shop.numbers', 'as-table');
  const path = `${base}/datasets/_sluice_results/tables/as-table`;
  const table = (await gateway.call(path)).json;
  assert.equal(table.kind, 'bigquery#table');
  assert.equal(table.numRows, '2500');
  assert.equal(table.schema.fields[0].name, 'n');
  const first = (await gateway.call(`${path}/data?maxResults=900`)).json;
  assert.equal(first.kind, 'bigquery#tableDataList');
  assert.equal(first.rows.length, 900);
  const second = (await gateway.call(`${path}/data?maxResults=900&pageToken=${first.pageToken}`)).json;
  assert.deepEqual(second.rows[0], { f: [{ v: '900' }] });
  assert.equal((await gateway.call(`${base}/datasets/_sluice_results/tables/held/data`)).status, 404);
});

test('jobs.list shows the caller’s own jobs, newest first, filtered and in pages', async () => {
  const token = 'token-lister';
  for (const name of ['a', 'b', 'c', 'd']) {
    await gateway.call(`${base}/jobs`, {
      ...job(`SELECT '${name === 'b' ? 'expensive' : 'x'}' AS word`, name),
      token,
    });
    await new Promise((resolve) => setTimeout(resolve, 2));
    await gateway.call(`${base}/jobs/${name}`, { token });
  }
  const list = async (search: string) => {
    const { json, status } = await gateway.call(`${base}/jobs?${search}`, { token });
    return {
      status,
      json,
      ids: (json.jobs ?? []).map((entry: { jobReference: { jobId: string } }) => entry.jobReference.jobId),
    };
  };
  const all = await list('projection=full');
  assert.deepEqual(all.ids, ['d', 'c', 'b', 'a']);
  for (const entry of all.json.jobs)
    assert.ok(entry.configuration.query && entry.state && entry.statistics && entry.id);
  assert.deepEqual((await list('stateFilter=pending')).ids, ['b']);
  assert.deepEqual((await list('stateFilter=DONE&stateFilter=running')).ids, ['d', 'c', 'a']);
  assert.equal((await list('stateFilter=lost')).status, 400);
  const first = await list('maxResults=3');
  assert.deepEqual(first.ids, ['d', 'c', 'b']);
  const rest = await list(`maxResults=3&pageToken=${first.json.nextPageToken}`);
  assert.deepEqual(rest.ids, ['a']);
  assert.equal(rest.json.nextPageToken, undefined);
  const times = all.json.jobs.map(
    (entry: { statistics: { creationTime: string } }) => entry.statistics.creationTime,
  );
  assert.deepEqual((await list(`minCreationTime=${times[1]}`)).ids, ['d', 'c']);
  assert.deepEqual((await list(`maxCreationTime=${times[2]}`)).ids, ['b', 'a']);
  assert.deepEqual((await list('parentJobId=d')).ids, []);
  assert.equal((await list('allUsers=true')).status, 403);
  assert.equal((await list('allUsers=false')).status, 200);
  assert.deepEqual((await gateway.call(`${base}/jobs`, { token: 'token-nobody' })).json.jobs, []);
});

test('a job that has not changed is 304 to who has it', async () => {
  await insert("SELECT 'x' AS word", 'etag');
  const { headers, json } = await get('etag');
  assert.equal(headers.etag, `"${json.etag}"`);
  const again = await gateway.call(`${base}/jobs/etag`, {
    headers: { 'if-none-match': String(headers.etag) },
  });
  assert.equal(again.status, 304);
  assert.equal(again.bytes.length, 0);
});

test('parameters reach the warehouse and come back in the job', async () => {
  const queryParameters = [
    { name: 'a', parameterType: { type: 'INT64' }, parameterValue: { value: 7 } },
    {
      name: 'l',
      parameterType: { type: 'ARRAY', arrayType: { type: 'STRING' } },
      parameterValue: { arrayValues: [{ value: 'x' }] },
    },
  ];
  const body = {
    jobReference: { jobId: 'params' },
    configuration: {
      query: {
        query: "SELECT IF(@a = 1, 'x', @l[OFFSET(0)]) AS word",
        useLegacySql: false,
        parameterMode: 'NAMED',
        queryParameters,
      },
    },
  };
  const { status, json } = await gateway.call(`${base}/jobs`, { body });
  assert.equal(status, 200, JSON.stringify(json));
  assert.equal(json.configuration.query.parameterMode, 'NAMED');
  assert.deepEqual(json.configuration.query.queryParameters[0].parameterValue, { value: '7' });
  assert.deepEqual(
    gateway.sent
      .at(-1)
      ?.parameters.map(({ name }) => name)
      .slice(0, 2),
    ['a', 'l'],
  );
});
