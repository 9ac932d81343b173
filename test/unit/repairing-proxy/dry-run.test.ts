import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { needs } from '../../support/emulators/requires.ts';
import { columns, type Rig, startRig, values } from './rig.ts';

describe('a dry run', needs('bigquery', 'googlesql'), () => {
  let rig: Rig;
  before(async () => {
    rig = await startRig();
    await rig.query('CREATE TABLE d.t (a INT64, b STRING)');
    await rig.query("INSERT d.t (a, b) VALUES (1, 'x'), (2, 'y')");
    await rig.query('CREATE VIEW d.v AS SELECT a FROM d.t');
    await rig.query('CREATE FUNCTION d.f(x INT64) RETURNS INT64 AS (x + 1)');
    await rig.query('CREATE TABLE d.e_1 (n INT64)');
    await rig.query('CREATE TABLE d.e_2 (n INT64)');
    await rig.query('INSERT d.e_2 (n) VALUES (7)');
  });
  after(() => rig.stop());

  const dry = (sql: string, query: object = {}) => rig.insert('unused', sql, { dryRun: true }, query);

  test('tells type, schema, tables, routines and bytes, and makes no job', async () => {
    const reply = await dry(
      "SELECT v.a, t.b, [1.5] AS list, d.f(v.a), STRUCT(1 AS x, DATE '2024-01-02' AS y) AS s FROM d.v JOIN d.t ON t.a = v.a",
    );
    assert.equal(reply.status, 200);
    assert.equal(reply.get('statistics.query.statementType'), 'SELECT');
    assert.deepEqual(columns(reply, 'statistics.query.schema.fields'), [
      'a INTEGER',
      'b STRING',
      'list FLOAT REPEATED',
      'f0_ INTEGER',
      's RECORD',
    ]);
    assert.deepEqual(reply.get('statistics.query.referencedTables'), [
      { projectId: 'p', datasetId: 'd', tableId: 't' },
    ]);
    assert.deepEqual(reply.get('statistics.query.referencedRoutines'), [
      { projectId: 'p', datasetId: 'd', routineId: 'f' },
    ]);
    // two rows of two cells of ten bytes
    assert.equal(reply.get('statistics.totalBytesProcessed'), '40');
    assert.equal(reply.get('statistics.query.totalBytesProcessedAccuracy'), 'PRECISE');
    assert.equal(reply.get('jobReference.jobId'), undefined);
    assert.equal((await rig.call('GET', '/jobs/unused')).status, 404);
  });

  test('never reaches the emulator: what it would destroy is still there', async () => {
    for (const [sql, type] of [
      ['DROP TABLE d.t', 'DROP_TABLE'],
      ['DELETE FROM d.t WHERE TRUE', 'DELETE'],
      ['TRUNCATE TABLE d.t', 'TRUNCATE_TABLE'],
      ['CREATE TABLE d.new AS SELECT 1 AS a', 'CREATE_TABLE_AS_SELECT'],
      ['CREATE OR REPLACE VIEW d.v AS SELECT 1 AS one', 'CREATE_VIEW'],
      ['MERGE d.t USING d.v ON t.a = v.a WHEN MATCHED THEN DELETE', 'MERGE'],
      ['DECLARE x INT64; SELECT 1', 'SCRIPT'],
      ['SELECT 1; SELECT 2', 'SCRIPT'],
    ] as const) {
      const reply = await dry(sql);
      assert.equal(reply.get('statistics.query.statementType'), type, JSON.stringify(reply.body));
    }
    assert.equal((await rig.query('SELECT COUNT(*) AS n FROM d.t')).get('rows.0.f.0.v'), '2');
    assert.equal((await rig.call('GET', '/datasets/d/tables/new')).status, 404);
    assert.deepEqual(columns(await rig.query('SELECT * FROM d.v')), ['a INTEGER']);
  });

  test('takes a wildcard for its members', async () => {
    const reply = await dry('SELECT n FROM `d.e_*`');
    assert.deepEqual(
      (reply.get('statistics.query.referencedTables') as { tableId: string }[]).map((t) => t.tableId).sort(),
      ['e_1', 'e_2'],
    );
    const defaultDataset = { projectId: 'p', datasetId: 'd' };
    for (const name of ['`d.e_*`', '`p`.`d`.`e_*`', 'p.d.`e_*`', '`d`.`e_*`', '`e_*`']) {
      const sql = `SELECT 'é日', _TABLE_SUFFIX, n FROM ${name} WHERE _TABLE_SUFFIX != '0'`;
      const ran = await rig.query(sql, { defaultDataset });
      assert.deepEqual(values(ran), [['é日', '2', '7']], name);
    }
  });

  test('names the columns of value tables and of equal names as BigQuery does', async () => {
    assert.deepEqual(columns(await dry("SELECT AS STRUCT 1 AS a, 'x'"), 'statistics.query.schema.fields'), [
      'a INTEGER',
      'f0_ STRING',
    ]);
    assert.deepEqual(columns(await dry('SELECT 1 AS a, 2 AS a, 3'), 'statistics.query.schema.fields'), [
      'a INTEGER',
      'a_1 INTEGER',
      'f0_ INTEGER',
    ]);
  });

  test('refuses in the words of GoogleSQL, at the place in the text that was sent', async () => {
    const unknown = await dry('SELECT @p,\n  nme FROM d.t', {
      parameterMode: 'NAMED',
      queryParameters: [
        { name: 'p', parameterType: { type: 'STRING' }, parameterValue: { value: 'long text' } },
      ],
    });
    assert.equal(unknown.status, 400);
    assert.equal(unknown.get('error.message'), 'Unrecognized name: nme at [2:3]');
    assert.deepEqual(unknown.get('error.errors.0'), {
      message: 'Unrecognized name: nme at [2:3]',
      domain: 'global',
      reason: 'invalidQuery',
      location: 'query',
      locationType: 'parameter',
    });
    const syntax = await dry('SELEC 1');
    assert.match(String(syntax.get('error.message')), /^Syntax error: .* at \[1:1\]$/);
  });

  test('finds no table and no data set as BigQuery says it', async () => {
    const table = await dry('SELECT * FROM d.nope');
    assert.equal(table.status, 404);
    assert.equal(table.get('error.errors.0.reason'), 'notFound');
    assert.equal(table.get('error.message'), 'Not found: Table p:d.nope was not found in location US');
    const dataset = await dry('SELECT * FROM nope.t');
    assert.equal(dataset.get('error.message'), 'Not found: Dataset p:nope was not found in location US');
    const bare = await dry('SELECT * FROM t');
    assert.equal(
      bare.get('error.message'),
      'Table "t" must be qualified with a dataset (e.g. dataset.table).',
    );
    assert.equal((await dry('SELECT * FROM t', { defaultDataset: { datasetId: 'd' } })).status, 200);
  });

  test('tells the types of parameters that are not declared', async () => {
    const reply = await dry('SELECT a FROM d.t WHERE b = @who AND a IN UNNEST(@ids)');
    assert.deepEqual(reply.get('statistics.query.undeclaredQueryParameters'), [
      { name: 'who', parameterType: { type: 'STRING' } },
      { name: 'ids', parameterType: { type: 'ARRAY', arrayType: { type: 'INT64' } } },
    ]);
  });

  test('is the same through jobs.query', async () => {
    const reply = await rig.query('SELECT a FROM d.t', { dryRun: true });
    assert.equal(reply.get('totalBytesProcessed'), '40');
    assert.deepEqual(columns(reply), ['a INTEGER']);
    assert.equal(reply.get('rows'), undefined);
  });

  test('is legacy SQL where the request is silent, and that is refused by name', async () => {
    const reply = await rig.call('POST', '/queries', { query: 'SELECT 1', dryRun: true });
    assert.equal(reply.status, 501);
    assert.match(String(reply.get('error.message')), /legacy SQL/);
  });
});
