import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BigQueryWarehouseOptions } from '../../../functions/adapters/warehouse/bigquery/open.ts';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import type { Catalog } from '../../../functions/core/sql/catalog.ts';
import { typeText } from '../../../functions/core/sql/types.ts';
import { type Does, failure, ok, type Seen, scripted, warehouseOn } from './server.ts';

type Resource = Record<string, unknown>;

/** Tables, routines and datasets by their path below `/bigquery/v2/projects/`; lists are made of them. */
async function world(resources: Record<string, Resource>, more: Partial<BigQueryWarehouseOptions> = {}) {
  const server = await scripted((seen) => answer(resources, seen));
  return { server, resources, warehouse: await warehouseOn(server, more) };
}

function answer(resources: Record<string, Resource>, { path, headers, query }: Seen): Does {
  const name = path.replace('/bigquery/v2/projects/', '');
  const list = /^([^/]+\/datasets\/[^/]+)\/tables$/.exec(name)?.[1];
  if (list !== undefined) {
    const all = Object.entries(resources).filter(([key]) => key.startsWith(`${list}/tables/`));
    const from = Number(query.get('pageToken') ?? 0);
    const part = all
      .slice(from, from + 2)
      .map(([key, { type }]) => ({ tableReference: referenceOf(key), type }));
    const next = from + 2 < all.length ? { nextPageToken: String(from + 2) } : {};
    return all.length === 0 ? failure(404, 'notFound') : ok({ tables: part, ...next });
  }
  const found = resources[name];
  if (found === undefined) return failure(404, 'notFound');
  if (found.etag !== undefined && headers['if-none-match'] === found.etag) return { status: 304 };
  return ok({ ...found, ...(name.includes('/tables/') ? { tableReference: referenceOf(name) } : {}) });
}

function referenceOf(path: string) {
  const [projectId, , datasetId, , tableId] = path.split('/');
  return { projectId, datasetId, tableId };
}

const field = (name: string, type: string, more: Resource = {}) => ({ name, type, ...more });
const table = (fields: readonly Resource[], more: Resource = {}): Resource => ({
  type: 'TABLE',
  etag: 'e1',
  schema: { fields },
  lastModifiedTime: '1',
  ...more,
});
const view = (query: string, more: Resource = {}): Resource =>
  table([field('x', 'INTEGER')], { type: 'VIEW', view: { query, useLegacySql: false }, ...more });
const ints = table([field('x', 'INTEGER')]);
const d = { project: 'p', dataset: 'd' };
const tableCalls = (seen: readonly Seen[]) => seen.filter(({ path }) => /\/tables\/./.test(path));

test('results of other jobs and parts of tables are no tables', async () => {
  const { server, warehouse } = await world({
    'p/datasets/_abc/tables/anon1': ints,
    'p/datasets/d/tables/t$20260101': ints,
    'p/datasets/d/tables/t@0': ints,
  });
  for (const name of ['_abc.anon1', 'p._abc.anon1', 'd.t$20260101', 'd.t@0', '_abc.*']) {
    const catalog = await warehouse.describe([[name], name.split('.')], { project: 'p' });
    assert.equal(refusals(`SELECT * FROM \`${name}\``, catalog).length, 1, name);
  }
  const inDefault = await warehouse.describe([['anon1']], {
    project: 'p',
    dataset: { project: 'p', dataset: '_abc' },
  });
  assert.equal(refusals('SELECT * FROM anon1', inDefault).length, 1);
  assert.equal(await warehouse.table({ project: 'p', dataset: '_abc', table: 'anon1' }), undefined);
  assert.equal(await warehouse.dataset('p', '_abc'), undefined);
  assert.deepEqual(await warehouse.tables('p', '_abc'), []);
  assert.equal(server.seen.length, 0, 'nothing was asked');
});

/** Why a text is refused against a catalog; nothing where it is understood. */
function refusals(sql: string, catalog: Catalog): string[] {
  const analyzed = analyze(sql, catalog);
  if (!analyzed.ok) return [analyzed.error.message];
  return analyzed.value.statements.flatMap(({ refusals: all }) => all.map(({ message }) => message));
}

test('every type, mode, tag and description of a column', async () => {
  const tag = 'projects/p/locations/eu/taxonomies/1/policyTags/2';
  const { warehouse } = await world({
    'p/datasets/d/tables/t': table([
      field('a', 'INTEGER', { mode: 'REQUIRED', description: 'first' }),
      field('b', 'FLOAT', { policyTags: { names: [tag] } }),
      field('c', 'NUMERIC', { precision: '10', scale: '2' }),
      field('e', 'BIGDECIMAL'),
      field('f', 'BOOLEAN', { mode: 'REPEATED' }),
      field('g', 'RECORD', {
        mode: 'REPEATED',
        fields: [
          field('h', 'STRING', { maxLength: '5', policyTags: { names: [tag] } }),
          field('i', 'RECORD', { fields: [field('j', 'JSON')] }),
        ],
      }),
      field('k', 'RANGE', { rangeElementType: { type: 'DATE' } }),
      field('l', 'GEOGRAPHY'),
      field('m', 'INTERVAL'),
      field('n', 'TIMESTAMP'),
      field('o', 'STRUCT', { fields: [field('p', 'INT64')] }),
      field('q', 'BYTES'),
    ]),
  });
  const catalog = await warehouse.describe([['d', 't']], { project: 'p' });
  const columns = catalog.table({ ...d, table: 't' })?.columns ?? [];
  assert.deepEqual(
    columns.map(({ name, type, mode }) => `${name} ${typeText(type)} ${mode}`),
    [
      'a INT64 REQUIRED',
      'b FLOAT64 NULLABLE',
      'c NUMERIC NULLABLE',
      'e BIGNUMERIC NULLABLE',
      'f ARRAY<BOOL> REPEATED',
      'g ARRAY<STRUCT<h STRING, i STRUCT<j JSON>>> REPEATED',
      'k RANGE<DATE> NULLABLE',
      'l GEOGRAPHY NULLABLE',
      'm INTERVAL NULLABLE',
      'n TIMESTAMP NULLABLE',
      'o STRUCT<p INT64> NULLABLE',
      'q BYTES NULLABLE',
    ],
  );
  assert.deepEqual(columns[1]?.policyTags, [tag]);
  assert.deepEqual(columns[5]?.fields?.[0]?.policyTags, [tag]);
  const info = await warehouse.table({ ...d, table: 't' });
  assert.deepEqual(
    info?.schema.fields.map((f) => f.type),
    'INTEGER FLOAT NUMERIC BIGNUMERIC BOOLEAN RECORD RANGE GEOGRAPHY INTERVAL TIMESTAMP RECORD BYTES'.split(
      ' ',
    ),
  );
  assert.deepEqual(info?.schema.fields[0], {
    name: 'a',
    type: 'INTEGER',
    mode: 'REQUIRED',
    description: 'first',
  });
});

test('kinds of tables, and the columns that a star leaves out', async () => {
  const partitioned = (timePartitioning: object) => table([field('x', 'DATE')], { timePartitioning });
  const { warehouse } = await world({
    'p/datasets/d/tables/day': partitioned({ type: 'DAY' }),
    'p/datasets/d/tables/hour': partitioned({ type: 'HOUR' }),
    'p/datasets/d/tables/column': partitioned({ type: 'DAY', field: 'x' }),
    'p/datasets/d/tables/external': table([field('x', 'DATE')], { type: 'EXTERNAL' }),
    'p/datasets/d/tables/snapshot': table([field('x', 'DATE')], { type: 'SNAPSHOT' }),
    'p/datasets/d/tables/clone': table([field('x', 'DATE')], { cloneDefinition: {} }),
    'p/datasets/d/tables/mv': table([field('x', 'DATE')], {
      type: 'MATERIALIZED_VIEW',
      materializedView: { query: 'SELECT x FROM p.d.day' },
    }),
  });
  const names = ['day', 'hour', 'column', 'external', 'snapshot', 'clone', 'mv'];
  const catalog = await warehouse.describe(
    names.map((name) => [name]),
    { project: 'q', dataset: d },
  );
  const said = names.map((name) => {
    const { kind, pseudoColumns } = catalog.table({ ...d, table: name }) ?? {
      kind: 'none',
      pseudoColumns: [],
    };
    return [kind, ...pseudoColumns.map((column) => `${column.name} ${typeText(column.type)}`)];
  });
  assert.deepEqual(said, [
    ['table', '_PARTITIONTIME TIMESTAMP', '_PARTITIONDATE DATE'],
    ['table', '_PARTITIONTIME TIMESTAMP'],
    ['table'],
    ['table', '_FILE_NAME STRING'],
    ['table'],
    ['table'],
    ['view'],
  ]);
});

test('what cannot be described whole is refused by name in every place', async () => {
  const { warehouse } = await world({
    'p/datasets/d/tables/odd': table([field('x', 'INTEGER'), field('y', 'HOLOGRAM')]),
    'p/datasets/d/tables/range': table([field('x', 'RANGE', { rangeElementType: { type: 'TIME' } })]),
    'p/datasets/d/tables/legacy': view('SELECT x FROM [p:d.good]', {
      view: { query: 'SELECT x FROM [p:d.good]', useLegacySql: true },
    }),
    'p/datasets/d/tables/kind': table([field('x', 'INTEGER')], { type: 'HOLOGRAM' }),
    'p/datasets/d/tables/good': ints,
  });
  const names = ['odd', 'range', 'legacy', 'kind', 'good'].map((name) => ['d', name]);
  const catalog = await warehouse.describe(names, { project: 'p' });
  for (const [sql, message] of [
    ['SELECT x FROM d.odd', /p\.d\.odd has a column of a type .* column y has type HOLOGRAM/],
    ['SELECT x FROM d.range', /p\.d\.range has a column .* RANGE of TIME/],
    ['SELECT x FROM d.legacy', /p\.d\.legacy is a view in legacy SQL/],
    ['SELECT x FROM d.kind', /p\.d\.kind is of a kind that .* \(HOLOGRAM\)/],
    ['INSERT INTO d.odd (x) VALUES (1)', /d\.odd has a column/],
    ['CREATE TABLE d.new CLONE d.odd', /d\.odd has a column/],
    ['CREATE TABLE d.new LIKE d.odd', /d\.odd has a column/],
    ['DROP TABLE d.odd', /d\.odd has a column/],
  ] as const)
    assert.match(refusals(sql, catalog).join(), message, sql);
  assert.deepEqual(refusals('SELECT x FROM d.good', catalog), []);
});

test('a name is looked up as the resolver would, and what is no table is not looked up', async () => {
  const { warehouse, server } = await world({
    'other-project/datasets/d/tables/t': ints,
    'example.com:p/datasets/d/tables/t': ints,
    'p/datasets/d/tables/t': ints,
    'x/datasets/y/tables/t': ints,
  });
  const names = [
    ['other-project', 'd', 't'],
    ['other-project.d.t'],
    ['example.com:p', 'd', 't'],
    ['d', 't'],
    ['t'],
    ['d', 'INFORMATION_SCHEMA', 'TABLES'],
    ['INFORMATION_SCHEMA', 'TABLES'],
    ['d', '__TABLES__'],
    ['a', 'b', 'c', 'e'],
    [''],
  ];
  const catalog = await warehouse.describe(names, { project: 'p', dataset: { project: 'x', dataset: 'y' } });
  const wanted = [
    'example.com:p/datasets/d/tables/t',
    'other-project/datasets/d/tables/t',
    'p/datasets/d/tables/t',
    'x/datasets/y/tables/t',
  ];
  const asked = server.seen.map(({ path }) => path.replace('/bigquery/v2/projects/', ''));
  assert.deepEqual(asked.sort(), wanted);
  for (const sql of [
    'SELECT x FROM `other-project`.d.t',
    'SELECT x FROM `example.com:p`.d.t',
    'SELECT x FROM t',
  ])
    assert.deepEqual(refusals(sql, catalog), []);
});

test('a view comes with all that it is made of, in its own project', async () => {
  const { warehouse, server } = await world({
    'p/datasets/d/tables/top': view('SELECT x FROM d.middle JOIN q.d.far USING (x)'),
    'p/datasets/d/tables/middle': view('WITH base AS (SELECT x FROM `p.d.base`) SELECT x FROM base'),
    'p/datasets/d/tables/base': ints,
    'q/datasets/d/tables/far': view('SELECT x FROM d.home'),
    'q/datasets/d/tables/home': ints,
    'p/datasets/d/tables/calls': view('SELECT NET.HOST(s), d.f(x) AS x FROM d.base'),
    'p/datasets/d/routines/f': {
      routineReference: { projectId: 'p', datasetId: 'd', routineId: 'f' },
      routineType: 'SCALAR_FUNCTION',
      language: 'SQL',
      arguments: [{ name: 'v', dataType: { typeKind: 'INT64' } }],
      definitionBody: 'v + 1 -- one',
    },
  });
  const catalog = await warehouse.describe([['d', 'top']], { project: 'p' });
  const analyzed = analyze('SELECT x FROM d.top', catalog);
  const [statement] = analyzed.ok ? analyzed.value.statements : [];
  assert.deepEqual(statement?.refusals, []);
  assert.deepEqual(statement?.reads.map(({ project, table: name }) => `${project}.${name}`).sort(), [
    'p.base',
    'q.home',
  ]);
  const calls = await warehouse.describe([['d', 'calls']], { project: 'p' });
  assert.match(calls.routine?.({ ...d, table: 'F' })?.definition ?? '', /^CREATE FUNCTION `p`\.`d`\.`f`/);
  assert.ok(!server.seen.some(({ path }) => path.includes('/datasets/NET/')));
  assert.equal(tableCalls(server.seen).filter(({ path }) => path.endsWith('/tables/base')).length, 1);
  assert.ok(server.seen.every(({ headers }) => headers.authorization === 'Bearer gateway'));
});

test('views in a circle end', async () => {
  const { warehouse } = await world({
    'p/datasets/d/tables/a': view('SELECT x FROM d.b'),
    'p/datasets/d/tables/b': view('SELECT x FROM d.a'),
  });
  const catalog = await warehouse.describe([['d', 'a']], { project: 'p' });
  assert.match(refusals('SELECT x FROM d.a', catalog).join(), /refers to itself/);
});

test('a wildcard has its members, views left out; too many are refused', async () => {
  const resources = {
    ...Object.fromEntries(['1', '2', '3'].map((n) => [`p/datasets/d/tables/log_${n}`, ints])),
    'p/datasets/d/tables/log_view': view('SELECT 1 AS x'),
    'p/datasets/d/tables/other': ints,
  };
  const { warehouse } = await world(resources);
  const catalog = await warehouse.describe([['d', 'log_*']], { project: 'p' });
  assert.deepEqual(
    catalog.tablesWithPrefix(d, 'log_').map(({ ref }) => ref.table),
    ['log_1', 'log_2', 'log_3'],
  );
  assert.deepEqual(refusals('SELECT x, _TABLE_SUFFIX FROM `d.log_*`', catalog), []);
  const strict = await world(resources, { maximumWildcardTables: 2 });
  const few = await strict.warehouse.describe([['d', 'log_*']], { project: 'p' });
  assert.match(refusals('SELECT x FROM `d.log_*`', few).join(), /stands for more than 2 tables/);
});

test('what was seen a moment ago is not asked again; later only whether it changed', async () => {
  const { warehouse, server, resources } = await world(
    { 'p/datasets/d/tables/t': ints },
    { catalogTtlMs: 40 },
  );
  const look = async () =>
    (await warehouse.describe([['d', 't']], { project: 'p' })).table({ ...d, table: 't' });
  const [first, same] = await Promise.all([look(), look()]);
  assert.equal(first, same);
  assert.equal(await look(), first);
  assert.equal(server.seen.length, 1);
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(await look(), first);
  assert.equal(server.seen.length, 2);
  assert.equal(server.seen[1]?.headers['if-none-match'], 'e1');
  resources['p/datasets/d/tables/t'] = table([field('y', 'STRING')], { etag: 'e2' });
  await new Promise((resolve) => setTimeout(resolve, 60));
  const changed = await look();
  assert.deepEqual(
    changed?.columns.map(({ name }) => name),
    ['y'],
  );
  assert.notEqual(changed?.etag, first?.etag);
  delete resources['p/datasets/d/tables/t'];
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(await look(), undefined);
});

test('the etag changes with content, also where the API sends none', async () => {
  const etags = new Set<string>();
  for (const more of [
    {},
    { lastModifiedTime: '2' },
    { numRows: '5' },
    { etag: 'e9' },
    { streamingBuffer: { estimatedRows: '3' } },
    { etag: undefined },
    { etag: undefined, description: 'x' },
  ]) {
    const { warehouse } = await world({ 'p/datasets/d/tables/t': table([field('x', 'INTEGER')], more) });
    const info = await warehouse.table({ ...d, table: 't' });
    const catalog = await warehouse.describe([['d', 't']], { project: 'p' });
    assert.equal(info?.etag, catalog.table({ ...d, table: 't' })?.etag);
    etags.add(info?.etag ?? '');
  }
  assert.equal(etags.size, 7);
});

test('a table that is not there, or may not be seen, is absent; one that cannot be asked about is an error', async () => {
  const server = await scripted(({ path }) =>
    path.endsWith('/closed')
      ? failure(403, 'accessDenied')
      : path.endsWith('/down')
        ? failure(503, 'backendError')
        : failure(404, 'notFound'),
  );
  const warehouse = await warehouseOn(server);
  const look = (name: string) => warehouse.describe([['d', name]], { project: 'p' });
  assert.equal((await look('missing')).table({ ...d, table: 'missing' }), undefined);
  const asked = server.seen.length;
  await look('missing');
  assert.equal(server.seen.length, asked);
  assert.equal((await look('closed')).table({ ...d, table: 'closed' }), undefined);
  await assert.rejects(look('down'), { name: 'SluiceError', code: 'warehouse_unavailable' });
});

test('wrong answers about a table are errors, never a table', async () => {
  for (const wrong of [
    { status: 200, text: '<html></html>' },
    ok({}),
    ok({ tableReference: { projectId: 'p', datasetId: 'd' } }),
    ok({
      tableReference: { projectId: 'p', datasetId: 'd', tableId: 't' },
      schema: { fields: [{ type: 'STRING' }] },
    }),
    ok({
      tableReference: { projectId: 'p', datasetId: 'd', tableId: 't' },
      schema: { fields: [{ name: 'x' }] },
    }),
    { status: 404, text: '<html>nothing here</html>' },
    { status: 304 },
  ] as const) {
    const warehouse = await warehouseOn(await scripted(() => wrong));
    await assert.rejects(warehouse.table({ ...d, table: 't' }), { name: 'SluiceError' });
    await assert.rejects(warehouse.describe([['d', 't']], { project: 'p' }), { name: 'SluiceError' });
  }
});

test('a text that names more than can be looked up is refused', async () => {
  const { warehouse, server } = await world({});
  const names = Array.from({ length: 2001 }, (_, i) => ['d', `t${i}`]);
  await assert.rejects(warehouse.describe(names, { project: 'p' }), {
    name: 'SluiceError',
    code: 'too_large',
  });
  assert.equal(server.seen.length, 0);
});

test('lists only what is served, page by page', async () => {
  const { warehouse, server } = await world({
    ...Object.fromEntries(['c', 'a', 'b'].map((n) => [`p/datasets/d/tables/${n}`, ints])),
    'q/datasets/d/tables/t': ints,
  });
  assert.deepEqual(
    (await warehouse.tables('p', 'd')).map(({ ref }) => ref.table),
    ['a', 'b', 'c'],
  );
  assert.deepEqual(await warehouse.tables('q', 'd'), []);
  assert.equal(await warehouse.table({ project: 'q', dataset: 'd', table: 't' }), undefined);
  assert.equal(await warehouse.dataset('q', 'd'), undefined);
  assert.deepEqual(await warehouse.datasets('q'), []);
  assert.ok(server.seen.every(({ path }) => path.includes('/projects/p/')));
});
