import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { answers, base, tables } from './shop.ts';

let gateway: TestGateway;
before(async () => {
  gateway = await openTestGateway(tables, answers);
});
after(() => gateway.close());

const get = (path: string, token = 'token-ada') => gateway.call(`${base}${path}`, { token });
const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id);

test('datasets are those that the policy grants, in pages', async () => {
  const all = (await get('/datasets')).json;
  assert.equal(all.kind, 'bigquery#datasetList');
  assert.deepEqual(ids(all.datasets), ['local:shop', 'local:web']);
  const first = (await get('/datasets?maxResults=1')).json;
  const second = (await get(`/datasets?maxResults=1&pageToken=${first.nextPageToken}`)).json;
  assert.deepEqual([...ids(first.datasets), ...ids(second.datasets)], ['local:shop', 'local:web']);
  assert.equal(second.nextPageToken, undefined);
  assert.equal((await get(`/datasets?pageToken=${first.nextPageToken}`, 'token-bob')).status, 400);
  assert.equal((await gateway.call('/projects/other/datasets')).status, 404);
});

test('datasets.get', async () => {
  const { json } = await get('/datasets/shop');
  assert.equal(json.kind, 'bigquery#dataset');
  assert.match(json.creationTime, /^\d{13}$/);
  assert.equal((await get('/datasets/hr')).status, 403);
  const missing = await get('/datasets/no_such_dataset');
  assert.equal(missing.status, 404);
  assert.equal(missing.json.error.errors[0].reason, 'notFound');
});

test('tables are listed in pages and told from views', async () => {
  const { json } = await get('/datasets/shop/tables');
  assert.deepEqual(ids(json.tables), [
    'local:shop.empty',
    'local:shop.numbers',
    'local:shop.orders',
    'local:shop.totals',
  ]);
  assert.equal(json.totalItems, 4);
  assert.equal(json.tables[3].type, 'VIEW');
  const page = (await get('/datasets/shop/tables?maxResults=3')).json;
  const rest = (await get(`/datasets/shop/tables?maxResults=3&pageToken=${page.nextPageToken}`)).json;
  assert.deepEqual(ids(rest.tables), ['local:shop.totals']);
  assert.equal((await get('/datasets/hr/tables')).status, 403);
  assert.equal((await get(`/datasets/web/tables?pageToken=${page.nextPageToken}`)).status, 400);
});

test('tables.get shows schema and size, or the selected fields', async () => {
  const { json, headers } = await get('/datasets/shop/tables/orders');
  assert.equal(json.type, 'TABLE');
  assert.equal(json.numRows, '3');
  assert.equal(headers.etag, `"${json.etag}"`);
  const picked = (await get('/datasets/shop/tables/orders?selectedFields=address.zip,ID')).json;
  assert.deepEqual(
    picked.schema.fields.map((f: { name: string }) => f.name),
    ['id', 'address'],
  );
  assert.deepEqual(
    picked.schema.fields[1].fields.map((f: { name: string }) => f.name),
    ['zip'],
  );
  assert.equal((await get('/datasets/shop/tables/orders?selectedFields=nope')).status, 400);
  const view = (await get('/datasets/shop/tables/totals')).json;
  assert.equal(view.view.query, 'SELECT 1 AS n');
  assert.equal((await get('/datasets/shop/tables/none')).status, 404);
  const seen = await gateway.call(`${base}/datasets/shop/tables/orders`, {
    headers: { 'if-none-match': String(headers.etag) },
  });
  assert.equal(seen.status, 304);
});

test('tabledata.list is one decided query, whatever its pages', async () => {
  const before = gateway.sent.length;
  const first = (await get('/datasets/shop/tables/numbers/data?maxResults=900')).json;
  assert.equal(first.totalRows, '2500');
  const second = (await get(`/datasets/shop/tables/numbers/data?maxResults=900&pageToken=${first.pageToken}`))
    .json;
  assert.deepEqual(second.rows[0], { f: [{ v: '900' }] });
  const third = (await get('/datasets/shop/tables/numbers/data?startIndex=2499')).json;
  assert.deepEqual(third.rows, [{ f: [{ v: '2499' }] }]);
  assert.equal(gateway.sent.length, before + 1);
  assert.match(gateway.sent.at(-1)?.sql ?? '', /^SELECT `n`\s+FROM `local`\.`shop`\.`numbers`/);
});

test('tabledata.list refuses what it cannot give', async () => {
  const view = await get('/datasets/shop/tables/totals/data');
  assert.equal(view.status, 400);
  assert.match(view.json.error.message, /Cannot list a table of type VIEW/);
  assert.equal((await get('/datasets/hr/tables/staff/data')).status, 403);
  assert.equal((await get('/datasets/shop/tables/orders/data?selectedFields=nope')).status, 400);
  assert.equal((await get('/datasets/shop/tables/orders/data?maxResults=-1')).status, 400);
  assert.equal((await get('/datasets/shop/tables/orders/data?maxResults=1&maxResults=2')).status, 400);
});

test('a table whose reading is held says so and where the rows will be', async () => {
  const held = await openTestGateway(tables, [
    {
      includes: '`orders`',
      fields: tables[0]?.fields ?? [],
      rows: [],
      bytes: 5000,
      tables: ['local.shop.orders'],
    },
  ]);
  const { status, json } = await held.call(`${base}/datasets/shop/tables/orders/data`);
  await held.close();
  assert.equal(status, 403);
  assert.match(json.error.message, /waits for a person's approval\. Its job is job_[0-9a-f]+/);
});
