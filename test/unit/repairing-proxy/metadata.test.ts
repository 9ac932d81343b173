import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { needs } from '../../support/emulators/requires.ts';
import { type Rig, startRig, values } from './rig.ts';

describe('metadata through the proxy', needs('bigquery', 'googlesql'), () => {
  let rig: Rig;
  before(async () => {
    rig = await startRig();
    await rig.query('CREATE TABLE d.t (a INT64, b STRING)');
    await rig.query("INSERT d.t (a, b) VALUES (1, 'x'), (2, 'y'), (3, 'z')");
  });
  after(() => rig.stop());

  test('a table has id, place, size and an etag that changes with it', async () => {
    const first = await rig.call('GET', '/datasets/d/tables/t');
    assert.equal(first.get('id'), 'p:d.t');
    assert.equal(first.get('location'), 'US');
    assert.equal(first.get('numRows'), '3');
    assert.equal(first.get('numBytes'), '60');
    assert.equal(String(first.get('lastModifiedTime')).length, 13);
    const etag = String(first.get('etag'));
    const same = await rig.call('GET', '/datasets/d/tables/t', undefined, { 'if-none-match': etag });
    assert.equal(same.status, 304);
    await rig.query("UPDATE d.t SET b = 'w' WHERE a = 3");
    const changed = await rig.call('GET', '/datasets/d/tables/t', undefined, { 'if-none-match': etag });
    assert.equal(changed.status, 200);
    assert.notEqual(changed.get('etag'), etag);
  });

  test('a view has the query that it was made with, however it was made', async () => {
    await rig.query("CREATE VIEW d.v AS SELECT a, 'it\\'s' || b AS c /* why */ FROM d.t");
    const made = await rig.call('GET', '/datasets/d/tables/v');
    assert.equal(made.get('type'), 'VIEW');
    assert.equal(made.get('view.query'), "SELECT a, 'it\\'s' || b AS c /* why */ FROM d.t");
    const inserted = await rig.call('POST', '/datasets/d/tables', {
      tableReference: { projectId: 'p', datasetId: 'd', tableId: 'w' },
      view: { query: 'SELECT a FROM d.t', useLegacySql: false },
    });
    assert.equal(inserted.status, 200, JSON.stringify(inserted.body));
    assert.equal(inserted.get('view.query'), 'SELECT a FROM d.t');
    const patched = await rig.call('PATCH', '/datasets/d/tables/w', {
      view: { query: 'SELECT a FROM d.t WHERE a > 1' },
    });
    assert.equal(patched.get('view.query'), 'SELECT a FROM d.t WHERE a > 1');
    assert.deepEqual(values(await rig.query('SELECT COUNT(*) AS n FROM d.w')), [['2']]);
    await rig.query('DROP VIEW d.w');
    assert.equal((await rig.call('GET', '/datasets/d/tables/w')).status, 404);
  });

  test('what exists is not made again, what does not is not found', async () => {
    const dataset = await rig.call('POST', '/datasets', { datasetReference: { datasetId: 'd' } });
    assert.equal(dataset.status, 409);
    assert.equal(dataset.get('error.errors.0.reason'), 'duplicate');
    const table = await rig.call('POST', '/datasets/d/tables', { tableReference: { tableId: 't' } });
    assert.equal(table.status, 409);
    for (const [path, name] of [
      ['/datasets/no', 'Dataset p:no'],
      ['/datasets/no/tables', 'Dataset p:no'],
      ['/datasets/d/tables/no', 'Table p:d.no'],
      ['/datasets/d/routines/no', 'Routine p:d.no'],
      ['/jobs/no', 'Job p:US.no'],
    ] as const) {
      const reply = await rig.call('GET', path);
      assert.equal(reply.status, 404, path);
      assert.equal(reply.get('error.message'), `Not found: ${name}`);
      assert.equal(reply.get('error.errors.0.reason'), 'notFound');
      assert.equal(reply.get('error.errors.0.domain'), 'global');
    }
  });

  test('lists come in pages', async () => {
    for (const name of ['a', 'b', 'c']) {
      await rig.call('POST', '/datasets', {
        datasetReference: { datasetId: `more_${name}` },
        location: 'EU',
      });
    }
    const first = await rig.call('GET', '/datasets?maxResults=3');
    assert.equal((first.get('datasets') as unknown[]).length, 3);
    const rest = await rig.call('GET', `/datasets?maxResults=3&pageToken=${first.get('nextPageToken')}`);
    assert.equal((rest.get('datasets') as unknown[]).length, 1);
    assert.equal(rest.get('nextPageToken'), undefined);
    assert.equal((await rig.call('GET', '/datasets/more_a')).get('location'), 'EU');
    await rig.query('CREATE TABLE d.t2 (a INT64)');
    const tables = await rig.call('GET', '/datasets/d/tables?maxResults=1');
    assert.equal(tables.get('tables.0.tableReference.tableId'), 't');
    assert.ok(tables.get('nextPageToken'));
  });

  test('rows of a table come in pages, from a start, some columns of them; a view has none', async () => {
    const path = '/datasets/d/tables/t/data';
    const page = await rig.call('GET', `${path}?maxResults=2&selectedFields=b`);
    assert.deepEqual(values(page), [['x'], ['y']]);
    assert.equal(page.get('totalRows'), '3');
    const next = await rig.call('GET', `${path}?maxResults=2&pageToken=${page.get('pageToken')}`);
    assert.equal((values(next) as unknown[]).length, 1);
    assert.deepEqual(values(await rig.call('GET', `${path}?startIndex=1&maxResults=1&selectedFields=a`)), [
      ['2'],
    ]);
    const view = await rig.call('GET', '/datasets/d/tables/v/data');
    assert.equal(view.status, 400);
    assert.match(String(view.get('error.message')), /VIEW/);
  });

  test('a routine is known by the statement that made it', async () => {
    await rig.query('CREATE FUNCTION d.twice(x INT64) RETURNS INT64 AS (x * 2)');
    const routine = await rig.call('GET', '/datasets/d/routines/twice');
    assert.equal(routine.get('routineType'), 'SCALAR_FUNCTION');
    assert.equal(routine.get('language'), 'SQL');
    assert.equal(routine.get('definitionBody'), 'x * 2');
    assert.deepEqual(routine.get('arguments'), [
      { name: 'x', argumentKind: 'FIXED_TYPE', dataType: { typeKind: 'INT64' } },
    ]);
    assert.deepEqual(routine.get('returnType'), { typeKind: 'INT64' });
    await rig.query('CREATE TABLE FUNCTION d.above(y INT64) AS (SELECT a FROM d.t WHERE a > y)');
    const list = await rig.call('GET', '/datasets/d/routines');
    assert.equal((list.get('routines') as unknown[]).length, 2);
    assert.deepEqual(values(await rig.query('SELECT d.twice(a) AS n FROM d.above(2)')), [['6']]);
    await rig.query('CREATE OR REPLACE FUNCTION d.twice(x INT64) RETURNS INT64 AS (x * 3)');
    assert.deepEqual(values(await rig.query('SELECT d.twice(2) AS n')), [['6']]);
    await rig.query('DROP FUNCTION d.twice');
    assert.equal((await rig.call('GET', '/datasets/d/routines/twice')).status, 404);
  });

  test('policy tags, descriptions and labels are what was inserted', async () => {
    const schema = {
      fields: [
        {
          name: 'ssn',
          type: 'STRING',
          policyTags: { names: ['projects/p/locations/us/taxonomies/1/policyTags/2'] },
        },
      ],
    };
    await rig.call('POST', '/datasets/d/tables', {
      tableReference: { tableId: 'tagged' },
      schema,
      labels: { a: 'b' },
    });
    const table = await rig.call('GET', '/datasets/d/tables/tagged');
    assert.deepEqual(table.get('schema.fields.0.policyTags'), schema.fields[0]?.policyTags);
    assert.equal(table.get('labels.a'), 'b');
  });

  test('required columns and ranges keep what they are, however the table was made', async () => {
    await rig.query('CREATE TABLE d.r1 (a INT64 NOT NULL, r RANGE<DATETIME>)');
    await rig.query("CREATE TABLE d.r2 AS SELECT 1 AS a, RANGE<DATE> '[2024-01-01, UNBOUNDED)' AS r");
    const fields = [
      { name: 'a', type: 'INTEGER', mode: 'REQUIRED' },
      { name: 'r', type: 'RANGE', mode: 'NULLABLE', rangeElementType: { type: 'TIMESTAMP' } },
    ];
    await rig.call('POST', '/datasets/d/tables', { tableReference: { tableId: 'r3' }, schema: { fields } });
    for (const [table, mode, element] of [
      ['r1', 'REQUIRED', 'DATETIME'],
      ['r2', 'NULLABLE', 'DATE'],
      ['r3', 'REQUIRED', 'TIMESTAMP'],
    ] as const) {
      const reply = await rig.call('GET', `/datasets/d/tables/${table}`);
      assert.equal(reply.get('schema.fields.0.mode'), mode, table);
      assert.equal(reply.get('schema.fields.1.type'), 'RANGE', table);
      assert.equal(reply.get('schema.fields.1.rangeElementType.type'), element, table);
    }
    const reply = await rig.query('SELECT r FROM d.r2');
    assert.equal(reply.get('schema.fields.0.rangeElementType.type'), 'DATE');
    assert.deepEqual(values(reply), [['[2024-01-01, UNBOUNDED)']]);
  });

  test('INFORMATION_SCHEMA has the tables', async () => {
    const reply = await rig.query(
      "SELECT table_name FROM d.INFORMATION_SCHEMA.TABLES WHERE table_name = 't'",
    );
    assert.deepEqual(values(reply), [['t']]);
  });

  test('discovery needs no token', async () => {
    const reply = await fetch(`${rig.proxy.url}/$discovery/rest?version=v2`);
    assert.equal(((await reply.json()) as { kind?: string }).kind, 'discovery#restDescription');
  });
});
