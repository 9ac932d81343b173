import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { callerNamed, openTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { answers, ask, base, job, tables } from './shop.ts';

let gateway: TestGateway;
before(async () => {
  gateway = await openTestGateway(tables, answers);
});
after(() => gateway.close());

const query = (sql: string, more: object = {}, token = 'token-ada') =>
  gateway.call(`${base}/queries`, { ...ask(sql, more), token });
const results = (jobId: string, search = '', token = 'token-ada') =>
  gateway.call(`${base}/queries/${jobId}?${search}`, { token });

test('jobs.query answers schema, rows as the warehouse wrote them, and statistics', async () => {
  const { status, json, bytes } = await query('SELECT id, note, address FROM shop.orders');
  assert.equal(status, 200);
  assert.equal(json.kind, 'bigquery#queryResponse');
  assert.equal(json.jobComplete, true);
  assert.equal(json.totalRows, '3');
  assert.equal(json.jobReference.location, 'US');
  assert.deepEqual(
    json.schema.fields.map((f: { name: string }) => f.name),
    ['id', 'note', 'address'],
  );
  assert.deepEqual(json.rows[0].f[1], { v: 'Grüße 日本 😀' });
  assert.ok(bytes.includes('{"v":"\\"\\\\"}'));
  assert.equal(json.pageToken, undefined);
});

test('an empty result has a schema and no rows', async () => {
  const { json } = await query('SELECT n FROM shop.empty');
  assert.equal(json.totalRows, '0');
  assert.equal(json.schema.fields.length, 1);
  assert.ok(!('rows' in json));
});

test('legacy SQL, and a missing useLegacySql that means it, are refused with the remedy', async () => {
  const texts: [object, RegExp][] = [
    [{ query: 'SELECT ssn FROM [p:shop.customers]' }, /useLegacySql is absent.*--use_legacy_sql=false/],
    [{ query: 'SELECT 1', useLegacySql: true }, /Legacy SQL is not accepted/],
    [{ query: 'SELECT 1', useLegacySql: null }, /absent/],
    [{ query: '#legacySQL\nSELECT 1', useLegacySql: false }, /Legacy SQL is not accepted/],
    [{ query: '#standardSQL\nSELECT 1', useLegacySql: true }, /Legacy SQL is not accepted/],
  ];
  for (const [body, message] of texts) {
    const { status, json } = await gateway.call(`${base}/queries`, { body });
    assert.equal(status, 400);
    assert.match(json.error.message, message);
  }
});

test('a first line of #standardSQL says it, too', async () => {
  const { status } = await gateway.call(`${base}/queries`, {
    body: { query: "#standardSQL\nSELECT 'x' AS word" },
  });
  assert.equal(status, 200);
});

test('nobody waits past the end of the token', async () => {
  const caller = { ...callerNamed('brief'), tokenExpiresMs: Date.now() + 300 };
  const identity = { verify: async () => ({ ok: true, caller }) as const };
  const brief = await openTestGateway(tables, answers, { identity });
  const { json } = await brief.call(`${base}/queries`, ask("SELECT 'endless' AS word"));
  await brief.close();
  assert.equal(json.jobComplete, false);
});

test('every setting that would change something is refused by its name', async () => {
  const settings: object[] = [
    { connectionProperties: [{ key: 'service_account', value: 'owner@p.iam' }] },
    { continuous: true },
    { reservation: 'projects/x/locations/eu/reservations/prod' },
    { createSession: true },
    { destinationEncryptionConfiguration: { kmsKeyName: 'x' } },
    { writeIncrementalResults: true },
    { maxSlots: 10 },
    { destinationTable: { projectId: 'local', datasetId: 'shop', tableId: 'x' } },
    { tableDefinitions: { e: { sourceUris: ['gs://evil/x'] } } },
    { userDefinedFunctionResources: [{ resourceUri: 'gs://evil/x.js' }] },
    { jobCreationMode: 'SOMETIMES' },
  ];
  for (const more of settings) {
    const [name] = Object.keys(more);
    const { status, json } = await query("SELECT 'x' AS word", more);
    assert.equal(status, 400, name);
    assert.match(json.error.message, new RegExp(`${name} is not accepted`));
  }
  const { json } = await query("SELECT 'x' AS word", { surprise: 1 });
  assert.match(json.error.message, /Unknown name "surprise"/);
});

test('settings that change nothing are taken', async () => {
  const { status } = await query("SELECT 'x' AS word", {
    kind: 'bigquery#queryRequest',
    connectionProperties: [],
    createSession: false,
    jobCreationMode: 'JOB_CREATION_OPTIONAL',
    preserveNulls: true,
    reservation: null,
    useQueryCache: false,
    location: 'us',
    maximumBytesBilled: '500',
    jobTimeoutMs: '9000',
    labels: { team: 'größe', sluice_purpose: 'audit' },
  });
  assert.equal(status, 200);
  const spec = gateway.sent.at(-1);
  assert.equal(spec?.maximumBytesBilled, 500);
  assert.equal(spec?.timeoutMs, 9000);
});

test('labels keep to their limits and cannot forge the gateway’s own', async () => {
  const labels: [object, RegExp][] = [
    [{ Team: 'x' }, /label key/],
    [{ team: 'X' }, /label value/],
    [{ team: 5 }, /label value/],
    [{ sluice_decision: 'permit' }, /own/],
    [Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`l${at}`, ''])), /at most 64/],
  ];
  for (const [value, message] of labels) {
    const { status, json } = await query("SELECT 'x' AS word", { labels: value });
    assert.equal(status, 400);
    assert.match(json.error.message, message);
  }
});

test('pages come by token; a token is good for its own job only', async () => {
  const first = await query('SELECT n FROM shop.numbers', { maxResults: 600 });
  const { jobId } = first.json.jobReference;
  assert.equal(first.json.rows.length, 600);
  let token: string | undefined = first.json.pageToken;
  const seen = first.json.rows.map((row: { f: [{ v: string }] }) => row.f[0].v);
  while (token !== undefined) {
    const { json } = await results(jobId, `maxResults=600&pageToken=${token}`);
    seen.push(...json.rows.map((row: { f: [{ v: string }] }) => row.f[0].v));
    token = json.pageToken;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 2500 }, (_, at) => String(at)),
  );
  const other = await query('SELECT id, note, address FROM shop.orders', { maxResults: 1 });
  const mixed = await results(jobId, `pageToken=${other.json.pageToken}`);
  assert.equal(mixed.status, 400);
  assert.match(mixed.json.error.message, /page token/);
  assert.equal((await results(jobId, `pageToken=${first.json.pageToken}x`)).status, 400);
  const from = await results(jobId, 'startIndex=2499');
  assert.deepEqual(from.json.rows, [{ f: [{ v: '2499' }] }]);
  assert.ok(!('rows' in (await results(jobId, 'startIndex=99999')).json));
});

test('maxResults=0 gives the schema, no rows, and a token that goes on', async () => {
  const { json } = await query('SELECT id, note, address FROM shop.orders', { maxResults: 0 });
  assert.ok(!('rows' in json));
  assert.equal(json.totalRows, '3');
  const next = await results(json.jobReference.jobId, `pageToken=${json.pageToken}`);
  assert.equal(next.json.rows.length, 3);
});

test('TIMESTAMP comes in the format that is asked for', async () => {
  const sql = "SELECT TIMESTAMP '2024-01-01 00:00:00+00' AS moment";
  const formats: [object | undefined, string][] = [
    [undefined, 'FLOAT64'],
    [{ useInt64Timestamp: true }, 'INT64'],
    [{ timestampOutputFormat: 'ISO8601_STRING' }, 'ISO8601_STRING'],
  ];
  for (const [formatOptions, wanted] of formats) {
    const { json } = await query(sql, { formatOptions });
    assert.equal(json.rows[0].f[0].v, wanted);
    const search = Object.entries(formatOptions ?? {}).map(
      ([name, value]) => `formatOptions.${name}=${value}`,
    );
    const again = await results(json.jobReference.jobId, search.join('&'));
    assert.equal(again.json.rows[0].f[0].v, wanted);
  }
  const both = { useInt64Timestamp: true, timestampOutputFormat: 'FLOAT64' };
  assert.equal((await query(sql, { formatOptions: both })).status, 400);
});

test('a query that takes longer than the request may is not complete yet, and is read later', async () => {
  const startMs = Date.now();
  const { json } = await query("SELECT 'slow' AS word", { timeoutMs: 150 });
  const waitedMs = Date.now() - startMs;
  assert.equal(json.jobComplete, false);
  assert.ok(waitedMs >= 140 && waitedMs < 650, `${waitedMs} ms`);
  assert.ok(!('rows' in json) && !('schema' in json));
  const done = await results(json.jobReference.jobId);
  assert.equal(done.json.jobComplete, true);
  assert.equal(done.json.kind, 'bigquery#getQueryResultsResponse');
  assert.deepEqual(done.json.rows, [{ f: [{ v: 'done' }] }]);
});

test('a held query is a job that is not complete; denied and failed ones are errors', async () => {
  const held = await query("SELECT 'expensive' AS word", { timeoutMs: 50 });
  assert.equal(held.json.jobComplete, false);
  const denied = await query('DROP TABLE shop.orders');
  assert.equal(denied.status, 403);
  assert.equal(denied.json.error.errors[0].reason, 'accessDenied');
  const failed = await query("SELECT 'broken' AS word");
  assert.equal(failed.status, 400);
  assert.equal(failed.json.error.errors[0].reason, 'invalidQuery');
  const wrong = await query('SELECT FROM WHERE');
  assert.equal(wrong.status, 400);
  assert.match(wrong.json.error.message, /\[1:8\]/);
});

test('the same requestId is the same job, for the same principal and query only', async () => {
  const requestId = 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6';
  const [a, b] = [
    await query("SELECT 'x' AS word", { requestId }),
    await query("SELECT 'x' AS word", { requestId }),
  ];
  assert.equal(a.json.jobReference.jobId, b.json.jobReference.jobId);
  const other = await query("SELECT 'x' AS word", { requestId }, 'token-bob');
  assert.notEqual(other.json.jobReference.jobId, a.json.jobReference.jobId);
  const reused = await query("SELECT 'y' AS word", { requestId });
  assert.equal(reused.status, 409);
  assert.equal((await query("SELECT 'x' AS word", { requestId: 'x'.repeat(37) })).status, 400);
});

test('nobody else finds a job or its rows', async () => {
  const { json } = await query("SELECT 'x' AS word");
  const { jobId } = json.jobReference;
  for (const path of [
    `queries/${jobId}`,
    `jobs/${jobId}`,
    `datasets/_sluice_results/tables/${jobId}`,
    `datasets/_sluice_results/tables/${jobId}/data`,
  ]) {
    const reply = await gateway.call(`${base}/${path}`, { token: 'token-bob' });
    assert.equal(reply.status, 404, path);
    assert.equal(reply.json.error.errors[0].reason, 'notFound');
  }
});

test('data stays in its project and location', async () => {
  const { status, json } = await query("SELECT 'x' AS word", { location: 'EU' });
  assert.equal(status, 400);
  assert.match(json.error.message, /serves data in US/);
  const elsewhere = await gateway.call('/projects/other/queries', ask("SELECT 'x' AS word"));
  assert.equal(elsewhere.status, 404);
  const done = await query("SELECT 'x' AS word");
  assert.equal((await results(done.json.jobReference.jobId, 'location=EU')).status, 404);
});

test('a dry run tells bytes and schema and starts nothing', async () => {
  const before = gateway.sent.length;
  const { json } = await query("SELECT 'x' AS word", { dryRun: true });
  assert.equal(json.totalBytesProcessed, '10');
  assert.equal(json.schema.fields[0].name, 'word');
  assert.ok(!('rows' in json));
  const inserted = await gateway.call(
    `${base}/jobs`,
    job('SELECT id, note, address FROM shop.orders', 'dry', { dryRun: true }),
  );
  const { statistics, status } = inserted.json;
  assert.equal(status.state, 'DONE');
  assert.equal(statistics.query.statementType, 'SELECT');
  assert.deepEqual(statistics.query.referencedTables, [
    { projectId: 'local', datasetId: 'shop', tableId: 'orders' },
  ]);
  assert.equal(gateway.sent.length, before);
  assert.equal((await gateway.call(`${base}/jobs/dry`)).status, 404);
});

test('what an agent gets is recorded before it goes out', async () => {
  const before = new Set(gateway.audit.objects.keys());
  await query("SELECT 'x' AS word");
  const added = [...gateway.audit.objects.keys()].filter((name) => !before.has(name));
  assert.ok(
    added.some((name) => name.includes('/d/')),
    added.join(),
  );
});
