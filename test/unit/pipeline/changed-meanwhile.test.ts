import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { Ports } from '../../../functions/ports/index.ts';
import { bundleOf } from '../../support/masking.ts';
import { openTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import {
  type Does,
  doneJob,
  failure,
  isInsert,
  isResult,
  ok,
  resultOf,
  type Seen,
  type Server,
  scripted,
  spec,
  warehouseOn,
} from '../bigquery/server.ts';

// Descriptions of tables are kept for a while. What was classified or replaced meanwhile never leaves unmasked.

const tag = 'projects/p/locations/us/taxonomies/1/policyTags/2';
const policy = bundleOf([
  {
    path: 'policy.yaml',
    text: `version: "1"
limits: { bytes: 1 GB, approvedBytes: 1 GB, timeout: 1 min }
grants: [{ group: analysts, datasets: ["*.*"] }]
classifications: [{ name: tagged, tags: ["${tag}"] }]
masks: [{ class: "*", otherwise: ALWAYS_NULL }]
rules: [{ name: all, when: "true", effect: permit }]
`,
  },
]);

const secret = 'SECRET-900-12-0001';
type Resource = Record<string, unknown>;
const code = (more: Resource = {}): Resource => ({ name: 'code', type: 'STRING', ...more });
const tagged = { policyTags: { names: [tag] } };
let version = 0;
const tableOf = (field: Resource, more: Resource = {}): Resource => ({
  etag: `e${++version}`,
  type: 'TABLE',
  schema: { fields: [{ name: 'id', type: 'INTEGER' }, field] },
  ...more,
});
const viewOf = (query: string): Resource =>
  tableOf(code(), { type: 'VIEW', view: { query, useLegacySql: false } });

type World = { readonly tables: Record<string, Resource>; at: (moment: 'insert' | 'result') => void };

/** A BigQuery with tables that change: what a text reads as NULL is NULL, everything else is the secret. */
function bigquery(world: World) {
  const jobs = new Map<string, { sql: string; reference: Resource }>();
  const reads = (sql: string): object[] =>
    Object.keys(world.tables)
      .filter((id) => sql.includes(`\`${id}\``) && world.tables[id]?.type !== 'VIEW')
      .map((tableId) => ({ projectId: 'local', datasetId: 'd', tableId }));
  const statement = (sql: string): string => /^\w+/.exec(sql)?.[0] ?? '';
  const schema = { fields: [{ name: 'code', type: 'STRING' }] };
  const answer = (seen: Seen): Does => {
    const { path, headers } = seen;
    const body = seen.body as {
      jobReference?: Resource;
      configuration?: { dryRun?: boolean; query: { query: string } };
    };
    if (path.endsWith('/tables'))
      return ok({ tables: Object.keys(world.tables).map((id) => ({ tableReference: reference(id) })) });
    const id = /\/tables\/(.*)$/.exec(path)?.[1];
    if (id !== undefined) {
      const found = world.tables[id];
      if (found === undefined) return failure(404, 'notFound');
      return headers['if-none-match'] === found.etag
        ? { status: 304 }
        : ok({ ...found, tableReference: reference(id) });
    }
    const sql = body.configuration?.query.query ?? '';
    const query = { statementType: statement(sql), referencedTables: reads(sql), schema };
    const accuracy = { totalBytesProcessed: '10', totalBytesProcessedAccuracy: 'PRECISE' };
    if (body.configuration?.dryRun)
      return ok({ status: { state: 'DONE' }, statistics: { query: { ...query, ...accuracy } } });
    if (isInsert(seen)) {
      const name = String(body.jobReference?.jobId);
      jobs.set(name, { sql, reference: body.jobReference ?? {} });
      world.at('insert');
      return ok({ jobReference: body.jobReference, status: { state: 'RUNNING' }, statistics: {} });
    }
    const job = jobs.get(path.split('/').at(-1) ?? '');
    if (job === undefined) return failure(404, 'notFound');
    const of = spec({ id: job.reference.jobId as `sluice_${string}`, project: 'local', location: 'US' });
    if (!isResult(seen)) {
      const { statementType, referencedTables } = { ...query, statementType: statement(job.sql) };
      return ok(doneJob(of, { statementType, referencedTables: referencedTables ?? [] }));
    }
    world.at('result');
    const value = job.sql.includes('CAST(NULL AS STRING) AS `code`') ? null : secret;
    return ok({ ...resultOf(of, [value]), schema });
  };
  return answer;
}

const reference = (tableId: string) => ({ projectId: 'local', datasetId: 'd', tableId });

async function set(tables: Record<string, Resource>) {
  const world: World = { tables, at: () => {} };
  const server = await scripted(bigquery(world));
  const gateway = await gatewayOn(server);
  const ask = (query: string) =>
    gateway.call('/bigquery/v2/projects/local/queries', {
      body: { query, useLegacySql: false, timeoutMs: 10_000 },
    });
  return { world, server, gateway, ask };
}

async function gatewayOn(server: Server, more: Partial<Ports> = {}): Promise<TestGateway> {
  const warehouse = await warehouseOn(server, { projects: ['local'], catalogTtlMs: 60_000 });
  const gateway = await openTestGateway([], [], {
    ...{ warehouse, policy: () => policy, executionIdentity: () => 'runner@p.iam.gserviceaccount.com' },
    ...more,
  });
  after(() => gateway.close());
  return gateway;
}

const plain = 'SELECT code FROM d.t';
const told = (reply: { readonly bytes: Buffer }): boolean => reply.bytes.toString().includes(secret);

test('a column that is classified after its table was described does not leave unmasked, nor the next time', async () => {
  const { world, ask } = await set({ t: tableOf(code()) });
  assert.ok(told(await ask(plain)), 'nothing is classified yet');
  world.tables.t = tableOf(code(tagged));
  const late = await ask(plain);
  assert.equal(late.status, 403);
  assert.match(late.json.error.message, /changed while it ran .* Submit it again/);
  assert.ok(!told(late));
  const again = await ask(plain);
  assert.deepEqual([again.status, again.json.rows], [200, [{ f: [{ v: null }] }]]);
});

for (const moment of ['insert', 'result'] as const) {
  test(`what changes at the ${moment} of a job is seen before its rows leave`, async () => {
    for (const [sql, before, change] of [
      [plain, { t: tableOf(code()) }, { t: tableOf(code(tagged)) }],
      [
        'SELECT code FROM d.v',
        { t: tableOf(code(tagged)), v: viewOf("SELECT id, 'x' AS code FROM d.t") },
        { v: viewOf('SELECT id, code FROM d.t') },
      ],
      ['SELECT code FROM `d.w_*`', { w_1: tableOf(code()) }, { w_2: tableOf(code(tagged)) }],
      [
        plain,
        { t: tableOf(code()) },
        {
          t: tableOf({ name: 'code', type: 'RECORD', fields: [{ name: 'ssn', type: 'STRING', ...tagged }] }),
        },
      ],
    ] as const) {
      const { world, ask } = await set({ ...before });
      assert.equal((await ask(sql)).status, 200, sql);
      world.at = (now) => {
        if (now === moment) Object.assign(world.tables, change);
      };
      const reply = await ask(sql);
      assert.ok(reply.status >= 400 && !told(reply), `${sql} ${reply.bytes}`);
    }
  });
}

test('a table that is gone after the run is no reason to trust what was read', async () => {
  const { world, ask } = await set({ t: tableOf(code()) });
  world.at = () => {
    delete world.tables.t;
  };
  assert.ok(!told(await ask(plain)));
});

test('new rows are no change', async () => {
  const { world, ask } = await set({ t: tableOf(code()) });
  world.at = () => {
    world.tables.t = tableOf(code(), { numRows: String(++version), lastModifiedTime: String(version) });
  };
  for (let round = 0; round < 3; round++) assert.ok(told(await ask(plain)));
});

test('the second look is one question that goes beside the question for the job', async () => {
  const { server, ask } = await set({ t: tableOf(code()) });
  await ask(plain);
  server.seen.length = 0;
  await ask(plain);
  const paths = server.seen.map(({ path, method }) => `${method} ${path.split('/').slice(5).join('/')}`);
  const looks = server.seen.filter(({ path }) => path.includes('/tables/'));
  assert.equal(looks.length, 1, paths.join('\n'));
  assert.ok(looks[0]?.headers['if-none-match']);
  assert.equal(server.seen.length, 5, paths.join('\n'));
  // it is on its way before the job's statistics are here
  const [look, job] = [
    paths.indexOf('GET datasets/d/tables/t'),
    paths.findIndex((path) => /^GET jobs\//.test(path)),
  ];
  assert.ok(Math.abs(look - job) === 1, paths.join('\n'));
});

test('while the second look gets no answer nothing leaves', async () => {
  const { world, server, gateway, ask } = await set({ t: tableOf(code()) });
  await ask(plain);
  const t = world.tables.t as Resource;
  world.at = () => {
    // what cannot be read is no description
    world.tables.t = { ...t, etag: 'broken', schema: { fields: [{ type: 'STRING' }] } };
  };
  const reply = await ask(plain);
  assert.equal(reply.status, 503, reply.bytes.toString());
  assert.ok(!told(reply));
  world.at = () => {};
  world.tables.t = t;
  const { jobs } = (await gateway.call('/bigquery/v2/projects/local/jobs')).json;
  const id = jobs[0].jobReference.jobId;
  assert.ok(told(await gateway.call(`/bigquery/v2/projects/local/queries/${id}?timeoutMs=5000`)));
  assert.ok(server.seen.length > 0);
});

test('another instance, which knows nothing of the run, looks as well', async () => {
  const { world, server, gateway } = await set({ t: tableOf(code()) });
  let release = false;
  const path = '/bigquery/v2/projects/local';
  const { ports } = gateway;
  const slow: Ports['warehouse'] = {
    ...ports.warehouse,
    wait: async (...args) => (release ? ports.warehouse.wait(...args) : { state: 'running' }),
  };
  const shared = { ...ports, state: { ...ports.state, close: async () => {} } };
  const first = await gatewayOn(server, { ...shared, warehouse: slow });
  const body = {
    jobReference: { projectId: 'local', jobId: 'handed_over' },
    configuration: { query: { query: plain, useLegacySql: false } },
  };
  assert.equal((await first.call(`${path}/jobs`, { body })).status, 200);
  world.tables.t = tableOf(code(tagged));
  release = true;
  const { warehouse: _own, ...others } = shared;
  const second = await gatewayOn(server, others);
  const reply = await second.call(`${path}/queries/handed_over?timeoutMs=5000`);
  assert.equal(reply.status, 403);
  assert.ok(!told(reply));
});

test('a write cannot be withheld, so it is decided on what the tables are now', async () => {
  const { world, server, ask } = await set({ t: tableOf(code()), copy: tableOf(code()) });
  await ask(plain);
  await ask('SELECT code FROM d.copy');
  world.tables.t = tableOf(code(tagged));
  const reply = await ask('INSERT INTO d.copy (code) SELECT code FROM d.t');
  assert.equal(reply.status, 200, reply.bytes.toString());
  const inserts = server.seen.filter(
    (seen) => isInsert(seen) && JSON.stringify(seen.body).includes('INSERT'),
  );
  assert.ok(inserts.length >= 1);
  for (const { body } of inserts) assert.match(JSON.stringify(body), /CAST\(NULL AS STRING\) AS `code`/);
});

test('a tag on a field inside of a repeated record, and on one member of a wildcard only', async () => {
  const nested = tableOf({
    name: 'items',
    type: 'RECORD',
    mode: 'REPEATED',
    fields: [
      { name: 'label', type: 'STRING' },
      { name: 'inner', type: 'RECORD', fields: [code(tagged)] },
    ],
  });
  const { server, ask } = await set({
    ...{ n: nested, w_1: tableOf(code()), w_2: tableOf(code(tagged)), w_3: tableOf(code()) },
  });
  for (const sql of [
    'SELECT TO_JSON_STRING(n) AS code FROM d.n',
    'SELECT i.inner.code FROM d.n, UNNEST(items) AS i',
    'SELECT code FROM `d.w_*`',
    'SELECT TO_JSON_STRING(w) AS code FROM `d.w_*` AS w',
  ]) {
    server.seen.length = 0;
    const reply = await ask(sql);
    assert.equal(reply.status, 200, `${sql}: ${reply.bytes}`);
    for (const { body } of server.seen.filter(isInsert))
      assert.match(JSON.stringify(body), /CAST\(NULL AS STRING\) AS `code`/, sql);
  }
});
