import assert from 'node:assert/strict';
import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { scanDataFolder } from '../../../functions/adapters/warehouse/duckdb/data/folder.ts';
import { cachePath, fillTableCache } from '../../../functions/adapters/warehouse/duckdb/data/table-cache.ts';
import { typeText } from '../../../functions/core/sql/types.ts';
import { dataFolder, temporaryFolder } from '../../support/data-folder.ts';

const LIMIT = 200_000_000;

/** Loads a folder and gives each table's columns, sizes and rows as DuckDB prints them. */
async function load(dir: string, stateDir?: string) {
  const state = stateDir ?? (await temporaryFolder());
  const cached = await fillTableCache(state, scanDataFolder(dir).files, LIMIT);
  const instance = await DuckDBInstance.create(cachePath(state), { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const tables = new Map<string, { columns: string[]; bytes: readonly number[]; rows: unknown[][] }>();
  for (const [path, table] of cached) {
    const result = await connection.runAndReadAll(`SELECT * FROM "${table.name}"`);
    tables.set(path.slice(dir.length + 1), {
      columns: table.facts.columns.map((c) => `${c.name} ${typeText(c.type)}`),
      bytes: table.facts.columnBytes,
      rows: result.getRows().map((row) => row.map((value) => (value === null ? null : String(value)))),
    });
  }
  connection.closeSync();
  instance.closeSync();
  return tables;
}

const fails = async (files: Record<string, string>, message: RegExp): Promise<void> => {
  const dir = await dataFolder(files);
  await assert.rejects(load(dir), (error: Error) => {
    assert.equal((error as { code?: string }).code, 'invalid');
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
};

test('CSV without a schema: types from all of its values', async () => {
  const dir = await dataFolder({
    'd/t.csv': [
      'i,f,b,d,m,s,zip,mixed',
      '1,1.5,true,2024-02-29,2024-01-02T03:04:05Z,"a, ""b""\nc",01234,1',
      '-2,2,FALSE,,,"",99999,x',
    ].join('\r\n'),
  });
  const table = (await load(dir)).get('d/t.csv');
  assert.deepEqual(table?.columns, [
    'i INT64',
    'f FLOAT64',
    'b BOOL',
    'd DATE',
    'm TIMESTAMP',
    's STRING',
    'zip STRING',
    'mixed STRING',
  ]);
  assert.deepEqual(table?.rows, [
    ['1', '1.5', 'true', '2024-02-29', '2024-01-02 03:04:05', 'a, "b"\nc', '01234', '1'],
    ['-2', '2', 'false', null, null, '', '99999', 'x'],
  ]);
  assert.deepEqual(table?.bytes, [16, 16, 2, 8, 8, 10 + 2, 14, 6]);
});

test('JSON without a schema: nested, repeated, absent, and numbers that a double cannot hold', async () => {
  const dir = await dataFolder({
    't.json': JSON.stringify([
      { a: 1, s: { x: 'p', y: [1, 2] }, l: [{ q: true }], any: 1 },
      { a: 2.5, s: { x: null, y: [] }, any: { k: [1] } },
      { s: { x: 'r', z: '2024-01-01' }, l: [] },
    ]),
    'n.ndjson': '{"big": 9007199254740993}\n\n{"big": "x"}\n{"big": 5}',
    'b.ndjson': '{"big": 9007199254740993}\n',
  });
  const tables = await load(dir);
  assert.deepEqual(tables.get('t.json')?.columns, [
    'a FLOAT64',
    's STRUCT<x STRING, y ARRAY<INT64>, z DATE>',
    'l ARRAY<STRUCT<q BOOL>>',
    'any JSON',
  ]);
  assert.deepEqual(
    tables.get('t.json')?.rows.map((row) => row[3]),
    ['1', '{"k":[1]}', null],
  );
  assert.deepEqual(tables.get('n.ndjson')?.rows, [['9007199254740993'], ['x'], ['5']]);
  assert.deepEqual(
    [tables.get('b.ndjson')?.columns, tables.get('b.ndjson')?.rows],
    [['big INT64'], [['9007199254740993']]],
  );
});

test("with a schema: BigQuery's load format, every type", async () => {
  const fields = [
    ['i', 'INTEGER'],
    ['f', 'FLOAT64'],
    ['n', 'NUMERIC'],
    ['bn', 'BIGNUMERIC'],
    ['b', 'BOOL'],
    ['y', 'BYTES'],
    ['d', 'DATE'],
    ['dt', 'DATETIME'],
    ['t', 'TIME'],
    ['ts', 'TIMESTAMP'],
    ['iv', 'INTERVAL'],
    ['j', 'JSON'],
    ['g', 'GEOGRAPHY'],
  ].map(([name, type]) => ({ name, type }));
  const row = {
    i: '9223372036854775807',
    f: 'NaN',
    n: '-0.000000001',
    bn: '0.00000000000000000000000000000000000001',
    b: 'true',
    y: 'AP8=',
    d: '0001-01-01',
    dt: '9999-12-31 23:59:59.999999',
    t: '1:2:3.5',
    ts: 1.5,
    iv: '1-2 3 4:5:6.5',
    j: '{ "a": [1.0, "x y"] }',
    g: 'POINT(1 2)',
  };
  const other = { i: 3, f: '-Infinity', ts: '2024-01-01 00:00:00+02:00', j: { z: 1e2 } };
  const dir = await dataFolder({
    't.ndjson': `${JSON.stringify(row)}\n${JSON.stringify(other)}`,
    't.schema.json': JSON.stringify(fields),
  });
  const table = (await load(dir)).get('t.ndjson');
  assert.deepEqual(table?.rows[0], [
    '9223372036854775807',
    'NaN',
    '-0.000000001',
    '0.00000000000000000000000000000000000001',
    'true',
    '\\x00\\xFF',
    '0001-01-01',
    '9999-12-31 23:59:59.999999',
    '01:02:03.5',
    '1970-01-01 00:00:01.5',
    '1 year 2 months 3 days 04:05:06.5',
    '{"a":[1.0,"x y"]}',
    'POINT(1 2)',
  ]);
  assert.deepEqual(
    [table?.rows[1]?.[1], table?.rows[1]?.[9], table?.rows[1]?.[11]],
    ['-Infinity', '2023-12-31 22:00:00', '{"z":100}'],
  );
});

test('a file that does not fit its schema is an error with file, place, column and what was expected', async () => {
  const schema = (type: string, more = {}): string => JSON.stringify([{ name: 'a', type, ...more }]);
  await fails(
    { 'd/t.ndjson': '{"a":1}\n{"a":"secret"}', 'd/t.schema.json': schema('INT64') },
    /t\.ndjson: line 2: column a: expected a 64-bit integer$/,
  );
  await fails(
    { 'd/t.csv': 'a\n1\n2024-13-01\n', 'd/t.schema.json': schema('DATE') },
    /line 2: column a: expected a date/,
  );
  await fails(
    { 'd/t.json': '[{"a":[1,null]}]', 'd/t.schema.json': schema('INT64', { mode: 'REPEATED' }) },
    /element 1: column a: expected an array without null/,
  );
  await fails(
    { 'd/t.ndjson': '{}', 'd/t.schema.json': schema('INT64', { mode: 'REQUIRED' }) },
    /line 1: column a: expected a value, since the column is REQUIRED/,
  );
  await fails(
    { 'd/t.ndjson': '{"b":1}', 'd/t.schema.json': schema('INT64') },
    /line 1: no column "b" in the schema/,
  );
  await fails({ 'd/t.csv': 'a,b\n1\n' }, /line 2: expected 2 cells but found 1/);
  await fails({ 'd/t.csv': 'a\n"x\n' }, /a quoted cell is not closed/);
  await fails({ 'd/t.ndjson': '{"a":\n' }, /line 1: not valid JSON/);
  await fails({ 'd/t.ndjson': '[1]\n' }, /line 1: expected a JSON object/);
  await fails({ 'd/t.csv': '' }, /line 1: expected a row of column names/);
  await fails({ 'd/u.csv': 'a,A\n1,2\n' }, /line 1: two columns are named A; rename one/);
});

test('text that is not UTF-8 is an error', async () => {
  const dir = await dataFolder({ 'd/t.csv': new Uint8Array([0x61, 0x0a, 0xff, 0x0a]) });
  await assert.rejects(load(dir), /t\.csv: is not valid UTF-8/);
});

test('a second start reuses what is loaded; a changed file or schema is loaded again, a removed one dropped', async () => {
  const dir = await dataFolder({ 'd/a.csv': 'x\n1\n', 'd/b.csv': 'x\n2\n' });
  const state = await temporaryFolder();
  const names = async (): Promise<string[]> => {
    const cached = await fillTableCache(state, scanDataFolder(dir).files, LIMIT);
    return [...cached.values()].map((table) => table.name);
  };
  const first = await names();
  assert.deepEqual(await names(), first);
  await writeFile(join(dir, 'd/a.csv'), 'x\n7\n');
  await utimes(join(dir, 'd/a.csv'), new Date(), new Date(Date.now() + 5000));
  const second = await names();
  assert.notEqual(second[0], first[0]);
  assert.equal(second[1], first[1]);
  await writeFile(join(dir, 'd/b.schema.json'), '[{"name":"x","type":"STRING"}]');
  assert.notEqual((await names())[1], first[1]);
  assert.deepEqual((await load(dir, state)).get('d/a.csv')?.rows, [['7']]);
});

test('a broken cache is made again', async () => {
  const dir = await dataFolder({ 'd/a.csv': 'x\n1\n' });
  const state = await temporaryFolder();
  await writeFile(cachePath(state), 'not a database at all, but long enough to be one? '.repeat(400));
  assert.deepEqual((await load(dir, state)).get('d/a.csv')?.rows, [['1']]);
});
