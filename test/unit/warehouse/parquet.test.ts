import assert from 'node:assert/strict';
import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { openDuckdbWarehouse } from '../../../functions/adapters/warehouse/duckdb/open.ts';
import { temporaryFolder } from '../../support/data-folder.ts';
import { rowsOf, runJob, specOf } from '../../support/zoo.ts';

/** A data folder whose table `d.t` is the query's result as Parquet, with an optional schema file. */
async function parquetFolder(select: string, schema?: unknown): Promise<string> {
  const dir = await temporaryFolder();
  await mkdir(join(dir, 'd'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${join(dir, 'd', 't.parquet')}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  if (schema !== undefined) await writeFile(join(dir, 'd', 't.schema.json'), JSON.stringify(schema));
  return dir;
}

const open = async (dataDir: string) =>
  openDuckdbWarehouse({ dataDir, stateDir: await temporaryFolder(), project: 'local' });

test("a Parquet file's own types become BigQuery's, nested ones too", async () => {
  const warehouse = await open(
    await parquetFolder(`SELECT 7::UTINYINT AS a, 1.50::DECIMAL(10,2) AS b, 123456789012345678901234567890.12::DECIMAL(38,8) AS c,
      TIMESTAMP '2024-01-02 03:04:05' AS d, TIMESTAMPTZ '2024-01-02 03:04:05+02' AS e, 'x'::BLOB AS f, 1.25::FLOAT AS g,
      [{'p': 1, 'q': ['u', 'v']}] AS h, NULL::INTEGER[] AS i, MAP {'k': 1} AS j, '{"z": 1}'::JSON AS k,
      {'only': NULL::VARCHAR} AS l, TIME '01:02:03' AS m, '11111111-2222-3333-4444-555555555555'::UUID AS n,
      18446744073709551615::UBIGINT AS o`),
  );
  const info = await warehouse.table({ project: 'local', dataset: 'd', table: 't' });
  assert.deepEqual(
    info?.schema.fields.map((f) => `${f.name} ${f.type} ${f.mode}`),
    [
      'a INTEGER NULLABLE',
      'b NUMERIC NULLABLE',
      'c BIGNUMERIC NULLABLE',
      'd DATETIME NULLABLE',
      'e TIMESTAMP NULLABLE',
      'f BYTES NULLABLE',
      'g FLOAT NULLABLE',
      'h RECORD REPEATED',
      'i INTEGER REPEATED',
      'j RECORD REPEATED',
      'k JSON NULLABLE',
      'l RECORD NULLABLE',
      'm TIME NULLABLE',
      'n STRING NULLABLE',
      'o NUMERIC NULLABLE',
    ],
  );
  const spec = specOf('local', 'SELECT * FROM d.t');
  assert.equal((await runJob(warehouse, spec)).state, 'done');
  assert.deepEqual((await rowsOf(warehouse, spec)).values, [
    [
      '7',
      '1.5',
      '123456789012345678901234567890.12',
      '2024-01-02T03:04:05',
      '1704157445000000',
      'eA==',
      '1.25',
      [{ v: { f: [{ v: '1' }, { v: [{ v: 'u' }, { v: 'v' }] }] } }],
      [],
      [{ v: { f: [{ v: 'k' }, { v: '1' }] } }],
      '{"z":1}',
      { f: [{ v: null }] },
      '01:02:03',
      '11111111-2222-3333-4444-555555555555',
      '18446744073709551615',
    ],
  ]);
  await warehouse.close();
});

test('a schema file says what a Parquet file means, and must agree with it', async () => {
  const select = "SELECT TIMESTAMP '2024-01-02 03:04:05' AS at, 'POINT(1 2)' AS place, 5 AS n";
  const schema = [
    { name: 'n', type: 'FLOAT' },
    { name: 'at', type: 'TIMESTAMP', description: 'UTC' },
    { name: 'place', type: 'GEOGRAPHY' },
  ];
  const warehouse = await open(await parquetFolder(select, schema));
  const spec = specOf('local', 'SELECT * FROM d.t');
  await runJob(warehouse, spec);
  assert.deepEqual((await rowsOf(warehouse, spec)).values, [['5.0', '1704164645000000', 'POINT(1 2)']]);
  await warehouse.close();
  for (const [fields, message] of [
    [[...schema, { name: 'zz', type: 'STRING' }], /column zz is not in .*t\.parquet; remove it/],
    [schema.slice(1), /also has the column n; add it/],
    [
      [{ ...schema[0], type: 'DATE' }, schema[1], schema[2]],
      /column n: the schema says DATE but the file has INT64/,
    ],
  ] as const)
    await assert.rejects(open(await parquetFolder(select, fields)), message);
});

test('what is not Parquet, or has a type that BigQuery lacks, is an error in one line', async () => {
  const dir = await temporaryFolder();
  await writeFile(join(dir, 'x.parquet'), 'not parquet');
  await assert.rejects(open(dir), /x\.parquet: is not a readable Parquet file; check or remove it$/);
  await assert.rejects(
    open(await parquetFolder('SELECT [[1]] AS a')),
    /column a: a list of lists has no GoogleSQL type/,
  );
});

test('the estimate counts the columns that matter to the answer, as BigQuery sizes them', async () => {
  const rows = 3_000_000;
  const mib = 1024 * 1024;
  const warehouse = await open(
    await parquetFolder(
      `SELECT range AS id, 'constant text' AS label, range % 2 = 0 AS even FROM range(${rows})`,
    ),
  );
  const bytes = async (sql: string): Promise<number> => {
    const dry = await warehouse.dryRun(specOf('local', sql));
    assert.ok(dry.ok, JSON.stringify(dry));
    return dry.estimate.bytes;
  };
  const whole = (exact: number): number => Math.ceil(exact / mib) * mib;
  assert.equal(await bytes('SELECT COUNT(*) FROM d.t'), 0);
  assert.equal(await bytes('SELECT id FROM d.t'), whole(8 * rows));
  assert.equal(await bytes('SELECT MAX(label) FROM d.t WHERE even'), whole((2 + 13 + 1) * rows));
  assert.equal(await bytes('SELECT * FROM d.t'), whole((8 + 2 + 13 + 1) * rows));
  // A column that a subquery computes and nobody uses is not read; what decides the rows is.
  assert.equal(await bytes('SELECT id FROM (SELECT id, UPPER(label) AS u FROM d.t)'), whole(8 * rows));
  assert.equal(
    await bytes('WITH w AS (SELECT id, label FROM d.t) SELECT a.id FROM w AS a JOIN w AS b ON a.id = b.id'),
    whole(8 * rows),
  );
  assert.equal(
    await bytes('SELECT id FROM d.t WHERE EXISTS (SELECT 1 FROM d.t AS u WHERE u.even)'),
    whole(9 * rows),
  );
  assert.equal(await bytes('SELECT 1 FROM d.t ORDER BY label LIMIT 1'), whole(15 * rows));
  await warehouse.close();
});

test('a Parquet file that changes after the start is not read any more', async () => {
  const dir = await parquetFolder('SELECT 1 AS x');
  const warehouse = await open(dir);
  assert.ok((await warehouse.dryRun(specOf('local', 'SELECT x FROM d.t'))).ok);
  await utimes(join(dir, 'd', 't.parquet'), new Date(), new Date(Date.now() + 5000));
  const dry = await warehouse.dryRun(specOf('local', 'SELECT x FROM d.t'));
  assert.ok(!dry.ok);
  assert.match(dry.error.message, /local\.d\.t has changed on disk/);
  await warehouse.close();
});
