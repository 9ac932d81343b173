import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { memoryKeys } from '../../support/audit-log.ts';
import { executionAccount, gatewayTo } from '../../support/mirror-gateway.ts';
import {
  type MirrorShop,
  mirrorCanaries,
  mirrorNeeds,
  mirrorProject,
  startMirrorShop,
} from '../../support/mirror-shop.ts';
import type { TestGateway, TestReply } from '../../support/test-gateway.ts';

// What an agent with a valid token can try at a gateway in front of BigQuery, beside the queries of the attack corpus.

process.env.METADATA_SERVER_DETECTION = 'none';

const base = `/bigquery/v2/projects/${mirrorProject}`;
const string = { type: 'STRING' };
const named = (name: string, value = 'x', parameterType: object = string) => ({
  name,
  parameterType,
  parameterValue: { value },
});

describe('an agent in front of BigQuery', mirrorNeeds(), () => {
  let shop: MirrorShop;
  let gateway: TestGateway;

  before(async () => {
    shop = await startMirrorShop(0);
    gateway = await gatewayTo(shop, memoryKeys());
  });
  after(async () => {
    await gateway.close();
    await shop.stop();
  });

  const send = async (
    path: string,
    body?: object,
    token = 'token-ada',
    method?: string,
  ): Promise<TestReply> => {
    const reply = await gateway.call(`${base}${path}`, { body, token, ...(method ? { method } : {}) });
    const text = reply.bytes.toString('utf8');
    for (const secret of mirrorCanaries)
      assert.ok(!text.includes(secret), `${secret} in the answer to ${path}`);
    return reply;
  };
  const query = (sql: string, more: object = {}): Promise<TestReply> =>
    send('/queries', { query: sql, useLegacySql: false, timeoutMs: 10_000, ...more });
  const insert = (jobId: string, sql: string, token?: string, more: object = {}): Promise<TestReply> =>
    send(
      '/jobs',
      {
        jobReference: { projectId: mirrorProject, jobId },
        configuration: { query: { query: sql, useLegacySql: false, ...more } },
      },
      token,
    );
  /** What BigQuery was asked to run since a number of requests. */
  const ranSince = (from: number): string[] =>
    shop.proxy.requests
      .slice(from)
      .filter(
        ({ method, target, body }) =>
          method === 'POST' && /\/jobs\b/.test(target) && !/"dryRun":true/.test(body),
      )
      .map(({ body }) => body);

  test('names that lead past the tables: refused, and nothing runs', async () => {
    const from = shop.proxy.requests.length;
    for (const [sql, status, more] of [
      ['SELECT * FROM `region-us`.INFORMATION_SCHEMA.JOBS', 400],
      ['SELECT * FROM `region-us.INFORMATION_SCHEMA.JOBS_BY_PROJECT`', 400],
      ['SELECT query FROM `local`.`region-us`.INFORMATION_SCHEMA.JOBS_BY_USER', 400],
      ['SELECT * FROM shop.INFORMATION_SCHEMA.COLUMNS', 400],
      ['SELECT * FROM shop.information_schema.`PARTITIONS`', 400],
      ['SELECT * FROM `shop.INFORMATION_SCHEMA.VIEWS`', 400],
      ['SELECT * FROM INFORMATION_SCHEMA.SCHEMATA', 400],
      ['SELECT * FROM shop.__TABLES__', 400],
      ['SELECT * FROM `hr.__TABLES__`', 403],
      ['SELECT * FROM __TABLES__', 403, { defaultDataset: { projectId: 'local', datasetId: 'hr' } }],
      ['SELECT * FROM employees', 403, { defaultDataset: { projectId: 'local', datasetId: 'hr' } }],
      ['SELECT * FROM customers', 403, { defaultDataset: { projectId: 'other', datasetId: 'HR' } }],
      ['SELECT * FROM customers', 404, { defaultDataset: { projectId: 'other', datasetId: 'shop' } }],
      ['SELECT * FROM `other.shop.customers`', 404],
      ['SELECT * FROM `local:shop.customers`', 404],
      ['SELECT * FROM `example.com:local.shop.customers`', 404],
      ['SELECT * FROM `shop.customers$20240101`', 404],
      ['SELECT * FROM `shop.customers@-3600000`', 404],
      ['SELECT * FROM `shop.daily_*`, `hr.*`', 403],
      ['SELECT _TABLE_SUFFIX, COUNT(*) FROM `hr.e*` GROUP BY 1', 403],
      ['SELECT TO_JSON_STRING(d) FROM shop.daily_1 AS d FOR SYSTEM_TIME AS OF TIMESTAMP "2020-01-01"', 403],
      ['SELECT id FROM shop.v_inner FOR SYSTEM_TIME AS OF TIMESTAMP "2020-01-01"', 400],
      ['SELECT shop.upper("x")', 400],
      ['SET @@dataset_project_id = "other"', 403],
      ['SET @@query_label = "a:b"; SELECT 1', 403],
    ] as const) {
      const reply = await query(sql, more ?? {});
      assert.equal(reply.status, status, `${sql}: ${reply.bytes}`);
    }
    assert.deepEqual(ranSince(from), []);
  });

  test('parameters: the names of the gateway are taken, values are data, types are known', async () => {
    const from = shop.proxy.requests.length;
    for (const [sql, queryParameters, words] of [
      ['SELECT @sluice_mask_key', [named('sluice_mask_key')], /names that begin with sluice_ are taken/],
      ['SELECT @x', [named('SLUICE_P1'), named('x')], /names that begin with sluice_ are taken/],
      ['SELECT @x', [named('x', '1', { type: 'EVIL' })], /type "EVIL" is not known/],
      ['SELECT @x', [named('x', '1; DROP', { type: 'INT64' })], /INT64 is a whole number/],
      ['SELECT @x', [named('x"y', '1')], /letters, digits and underscores/],
      ['SELECT @x', [named('x'), named('X')], /comes twice/],
      ['SELECT @SLUICE_P1', [named('x')], /are reserved/],
    ] as const) {
      const reply = await query(sql, { queryParameters, parameterMode: 'NAMED' });
      assert.equal(reply.status, 400, reply.bytes.toString());
      assert.match(reply.json.error.message, words);
    }
    assert.deepEqual(ranSince(from), []);
    const positional = [{ parameterType: string, parameterValue: { value: "'); DROP TABLE x; --" } }];
    const reply = await query('SELECT ?', { parameterMode: 'POSITIONAL', queryParameters: positional });
    assert.deepEqual(reply.json.rows, [{ f: [{ v: "'); DROP TABLE x; --" }] }]);
    const large = await query('SELECT LENGTH(@x)', { queryParameters: [named('x', 'y'.repeat(900_000))] });
    assert.deepEqual(large.json.rows, [{ f: [{ v: '900000' }] }]);
  });

  test('settings that would move data or rights are refused by name; labels stay the agent’s', async () => {
    const table = { projectId: mirrorProject, datasetId: 'shop', tableId: 'stolen' };
    const refused: Record<string, unknown> = {
      destinationTable: table,
      tableDefinitions: { t: { sourceUris: ['gs://x/*'], sourceFormat: 'CSV' } },
      userDefinedFunctionResources: [{ inlineCode: 'function f(){}' }],
      schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'],
      destinationEncryptionConfiguration: { kmsKeyName: 'x' },
      connectionProperties: [{ key: 'service_account', value: 'admin@local' }],
      ...{ continuous: true, createSession: true, systemVariables: { values: {} } },
      ...{ writeDisposition: 'WRITE_APPEND', timePartitioning: { type: 'DAY' }, useLegacySql: true },
    };
    const from = shop.proxy.requests.length;
    for (const [name, value] of Object.entries(refused)) {
      const reply = await insert(`no_${name}`, 'SELECT 1', undefined, { [name]: value });
      assert.equal(reply.status, 400, `${name}: ${reply.bytes}`);
    }
    for (const [kind, body] of Object.entries({
      load: { sourceUris: ['gs://x'], destinationTable: table },
      copy: { sourceTable: { ...table, tableId: 'customers' }, destinationTable: table },
      extract: { sourceTable: { ...table, tableId: 'customers' }, destinationUris: ['gs://x'] },
    })) {
      const select = { query: { query: 'SELECT 1', useLegacySql: false } };
      for (const configuration of [{ [kind]: body }, { ...select, [kind]: body }])
        assert.equal((await send('/jobs', { configuration })).status, 403, kind);
    }
    assert.deepEqual(ranSince(from), []);
    await query('SELECT 1 AS labelled', { labels: { sluice: 'mine', team: 'a' } });
    assert.match(ranSince(from)[0] ?? '', /"labels":\{"sluice":"gateway","team":"a"\}/);
  });

  test('locations: one that is served, or none', async () => {
    for (const location of ['EU', 'US/../EU', 'us-east1'])
      assert.equal((await query('SELECT 1', { location })).status, 400, location);
    assert.equal((await insert('in_us', 'SELECT 1 AS x')).status, 200);
    for (const location of ['EU', 'US%2F..%2FEU']) {
      assert.notEqual((await send(`/jobs/in_us?location=${location}`)).status, 200);
      assert.notEqual((await send(`/queries/in_us?location=${location}`)).status, 200);
    }
  });

  test('two agents with identities of their own: neither reads, lists, cancels or deletes what is the other’s', async () => {
    const sql = 'SELECT id, ssn FROM shop.customers ORDER BY id';
    await insert('of_ada', sql);
    await send('/queries/of_ada?timeoutMs=10000');
    const ran = ranSince(0).find((body) => body.includes('`customers`'));
    assert.ok(ran);
    const warehouseId = shop.proxy.requests
      .map(({ target }) => /\/queries\/(sluice_[0-9a-f]+)/.exec(target)?.[1])
      .findLast((id) => id !== undefined);
    assert.ok(warehouseId);
    const from = shop.proxy.requests.length;
    for (const id of ['of_ada', warehouseId]) {
      for (const path of [`/jobs/${id}`, `/queries/${id}`, `/datasets/_sluice_results/tables/${id}/data`])
        assert.equal((await send(path, undefined, 'token-bob')).status, 404, path);
      assert.equal((await send(`/jobs/${id}/cancel`, {}, 'token-bob')).status, 404);
      assert.notEqual((await send(`/jobs/${id}/delete`, undefined, 'token-bob', 'DELETE')).status, 204);
    }
    assert.equal((await send(`/jobs/${warehouseId}`)).status, 404, 'the warehouse’s own id is nobody’s');
    const listed = await send('/jobs?allUsers=true&projection=full', undefined, 'token-bob');
    assert.deepEqual(listed.json.jobs ?? [], []);
    assert.equal(shop.proxy.requests.length, from, 'nothing of all this reached BigQuery');

    // the same id is another job for another agent, and runs as somebody else
    const own = await insert('of_ada', 'SELECT 7 AS x', 'token-bob');
    assert.equal(own.status, 200);
    const rows = await send('/queries/of_ada?timeoutMs=10000', undefined, 'token-bob');
    assert.deepEqual(rows.json.rows, [{ f: [{ v: '7' }] }]);
    const asBob = shop.proxy.requests.slice(from).filter(({ email }) => email === executionAccount('bob'));
    assert.ok(asBob.length > 0 && asBob.every(({ target }) => !target.includes(warehouseId)));
  });

  test('BigQuery itself shows the result of one identity to no other, and no agent reaches where it lies', async () => {
    const job = await hiddenTable();
    for (const token of ['token-ada', 'token-bob']) {
      for (const name of [`${job.datasetId}.${job.tableId}`, `local.${job.datasetId}.${job.tableId}`])
        assert.equal((await sendQuery(`SELECT * FROM \`${name}\``, token)).status, 404, name);
      const path = `/datasets/${job.datasetId}`;
      for (const rest of ['', '/tables', `/tables/${job.tableId}`, `/tables/${job.tableId}/data`])
        assert.equal((await send(`${path}${rest}`, undefined, token)).status, 404, rest);
    }
  });

  test('a view that is replaced while its description is kept shows nothing that was not decided on', async () => {
    await asOwner(
      'CREATE OR REPLACE VIEW `local`.shop.changing AS SELECT id, country AS code FROM shop.customers',
    );
    const sql = 'SELECT id, code FROM shop.changing ORDER BY id';
    assert.deepEqual((await query(sql)).json.rows?.[0], { f: [{ v: '1' }, { v: 'US' }] });
    await asOwner(
      'CREATE OR REPLACE VIEW `local`.shop.changing AS SELECT id, ssn AS code FROM shop.customers',
    );
    const late = await query(sql);
    if (late.status !== 200) assert.match(late.json.error.message, /Submit it again/);
    const again = await query(sql);
    assert.deepEqual(again.json.rows?.[0], { f: [{ v: '1' }, { v: null }] }, again.bytes.toString());
  });

  test('a table that is replaced meanwhile by one that holds more', async () => {
    await asOwner('CREATE OR REPLACE TABLE `local`.shop.box AS SELECT 1 AS id, STRUCT("a" AS label) AS item');
    const sql = 'SELECT TO_JSON_STRING(item) AS text FROM shop.box';
    assert.equal((await query(sql)).status, 200);
    await asOwner(
      'CREATE OR REPLACE TABLE `local`.shop.box AS SELECT id, STRUCT("a" AS label, ssn AS ssn) AS item FROM shop.customers',
    );
    const late = await query(sql);
    assert.ok(late.status === 403 || /"ssn":null/.test(late.bytes.toString().replaceAll('\\', '')));
    assert.equal((await query(sql)).status, 200);
  });

  const sendQuery = (sql: string, token: string): Promise<TestReply> =>
    send('/queries', { query: sql, useLegacySql: false, timeoutMs: 10_000 }, token);

  async function asOwner(sql: string): Promise<void> {
    const answer = await fetch(`${shop.proxy.url}${base}/queries`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer loader' },
      body: JSON.stringify({ query: sql, useLegacySql: false }),
    });
    assert.ok(answer.ok, await answer.text());
  }

  /** Where BigQuery keeps the newest result of the first agent, which only its own identity is told. */
  async function hiddenTable(): Promise<{ datasetId: string; tableId: string }> {
    const list = async (email: string) => {
      const headers = { authorization: `Bearer ${email}` };
      const answer = await fetch(`${shop.proxy.url}${base}/jobs?projection=full&maxResults=1000`, {
        headers,
      });
      return ((await answer.json()) as { jobs?: { configuration: { query: Json } }[] }).jobs ?? [];
    };
    const [mine] = await list(executionAccount('ada'));
    const table = mine?.configuration.query.destinationTable as { datasetId: string; tableId: string };
    assert.match(table.datasetId, /^_/);
    const others = JSON.stringify(await list(executionAccount('bob')));
    assert.ok(!others.includes(table.tableId));
    return table;
  }
});

type Json = Readonly<Record<string, unknown>>;
