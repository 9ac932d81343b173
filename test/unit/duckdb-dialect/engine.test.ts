import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Engine, openEngine } from '../../../functions/adapters/warehouse/duckdb/engine.ts';
import { type Udf, UdfError } from '../../../functions/core/sql/duckdb/udf.ts';

const udf = (
  name: string,
  args: Udf['arguments'],
  returns: Udf['returns'],
  nulls: Udf['nulls'],
  run: Udf['run'],
): Udf => ({
  name: `sluice_test_${name}`,
  arguments: args,
  returns,
  nulls,
  run,
});

const udfs: readonly Udf[] = [
  udf('half', ['BIGINT'], 'DOUBLE', 'strict', (v: bigint) => {
    if (v < 0n) throw new UdfError(`no half of ${v}`);
    return Number(v) / 2;
  }),
  udf('shown', ['VARCHAR'], 'VARCHAR', 'called', (v: string | null) => (v === null ? 'absent' : `<${v}>`)),
  udf('broken', ['BIGINT'], 'BIGINT', 'strict', (v: bigint) => BigInt(`secret ${v}`)),
  udf('same_decimal', ['DECIMAL(38,9)'], 'DECIMAL(38,9)', 'strict', (v: bigint) => v),
  udf('same_date', ['DATE'], 'DATE', 'strict', (v: bigint) => v + 1n),
  udf('same_timestamp', ['TIMESTAMP'], 'TIMESTAMP', 'strict', (v: bigint) => v + 1n),
  udf('same_time', ['TIME'], 'TIME', 'strict', (v: bigint) => v + 1n),
  udf(
    'same_interval',
    ['INTERVAL'],
    'INTERVAL',
    'strict',
    (v: { months: number; days: number; micros: bigint }) => v,
  ),
  udf('same_blob', ['BLOB'], 'BLOB', 'strict', (v: Uint8Array) => v),
  udf('is', ['BOOLEAN'], 'BOOLEAN', 'strict', (v: boolean) => !v),
  udf('texts', ['VARCHAR[]'], 'VARCHAR[]', 'strict', (v: readonly (string | null)[]) => [...v].reverse()),
  udf('integers', ['BIGINT[]'], 'BIGINT[]', 'strict', (v: readonly (bigint | null)[]) => [...v, null]),
  udf('doubles', ['DOUBLE[]'], 'DOUBLE[]', 'strict', (v: readonly (number | null)[]) => [...v, 0.5]),
];

describe('the DuckDB engine', () => {
  let engine: Engine;
  let folder: string;
  let outside: string;

  const one = async (sql: string): Promise<unknown> => {
    const connection = await engine.connect();
    try {
      const rows = (await connection.runAndReadAll(sql)).getRowsJson();
      return rows.map((row) => (row.length === 1 ? row[0] : row));
    } finally {
      connection.closeSync();
    }
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'engine-'));
    outside = mkdtempSync(join(tmpdir(), 'outside-'));
    writeFileSync(join(folder, 'in.csv'), 'a\n1\n2\n');
    writeFileSync(join(outside, 'out.csv'), 'a\n3\n');
    engine = await openEngine({
      threads: 2,
      memoryLimitBytes: 500_000_000,
      allowedDirectories: [folder],
      udfs,
    });
    await engine.setup.run(`CREATE VIEW inside AS SELECT * FROM read_csv('${join(folder, 'in.csv')}')`);
    await engine.lock();
  });
  after(() => {
    engine.close();
    rmSync(folder, { recursive: true });
    rmSync(outside, { recursive: true });
  });

  it('runs functions of ours on all connections, over many rows', async () => {
    assert.deepEqual(await one('SELECT sum(sluice_test_half(i)) FROM range(10000) AS t(i)'), [24997500]);
    assert.deepEqual(await one('SELECT sluice_test_half(NULL), sluice_test_shown(NULL)'), [[null, 'absent']]);
  });

  it('fails the query with the words of a UdfError; the safe variant gives NULL', async () => {
    await assert.rejects(one('SELECT sluice_test_half(-1)'), /Invalid Input Error: no half of -1$/);
    assert.deepEqual(await one('SELECT sluice_test_half__safe(i) FROM range(-1, 2) AS t(i)'), [null, 0, 0.5]);
  });

  it('does not evaluate the branch that is not taken', async () => {
    const sql = 'SELECT CASE WHEN i < 0 THEN 0 ELSE sluice_test_half(i) END FROM range(-2, 2) AS t(i)';
    assert.deepEqual(await one(sql), [0, 0, 0, 0.5]);
  });

  it('keeps the text of an unexpected error to itself', async () => {
    await assert.rejects(one('SELECT sluice_test_broken(42)'), (error: Error) => {
      assert.match(error.message, /sluice_test_broken broke its promise/);
      return !/secret|42/.test(error.message);
    });
  });

  it('passes every type both ways', async () => {
    const cases: readonly (readonly [string, unknown])[] = [
      [
        "sluice_test_same_decimal(CAST('-12345678901234567890.123456789' AS DECIMAL(38,9)))",
        '-12345678901234567890.123456789',
      ],
      ["sluice_test_same_date(DATE '2024-02-28')", '2024-02-29'],
      ["sluice_test_same_timestamp(TIMESTAMP '1969-12-31 23:59:59.999999')", '1970-01-01 00:00:00'],
      ["sluice_test_same_time(TIME '01:02:03')", '01:02:03.000001'],
      ["sluice_test_same_interval(INTERVAL '1' MONTH)", { months: 1, days: 0, micros: '0' }],
      ["hex(sluice_test_same_blob(from_hex('00FF10')))", '00FF10'],
      ['sluice_test_is(TRUE)', false],
      ["sluice_test_texts(['a', NULL, 'é'])", ['é', null, 'a']],
      ['sluice_test_integers([1, 2])', ['1', '2', null]],
      ['sluice_test_doubles([1.5::DOUBLE])', [1.5, 0.5]],
    ];
    for (const [expression, wanted] of cases)
      assert.deepEqual(await one(`SELECT ${expression}`), [wanted], expression);
  });

  it('reads what views were made over, and nothing else', async () => {
    assert.deepEqual(await one('SELECT sum(a) FROM inside'), ['3']);
    const file = join(outside, 'out.csv');
    const refused = [
      `SELECT * FROM read_csv('${file}')`,
      `SELECT * FROM read_text('${file}')`,
      `SELECT * FROM '${file}'`,
      `SELECT * FROM glob('${outside}/*')`,
      "SELECT * FROM read_text('/etc/hostname')",
      `COPY (SELECT 1) TO '${join(outside, 'x.csv')}'`,
      `ATTACH '${join(outside, 'x.db')}'`,
      'INSTALL httpfs',
      'LOAD httpfs',
      "SELECT * FROM read_csv('http://127.0.0.1:1/x.csv')",
    ];
    for (const sql of refused) await assert.rejects(one(sql), /Error/, sql);
  });

  it('keeps its settings', async () => {
    const statements = [
      'SET threads = 1',
      'SET enable_external_access = true',
      'SET lock_configuration = false',
      'RESET scalar_subquery_error_on_multiple_rows',
      'PRAGMA threads=4',
      "SET TimeZone = 'America/New_York'",
    ];
    for (const sql of statements) await assert.rejects(one(sql), /locked|cannot|Cannot|changed/, sql);
    assert.deepEqual(await one("SELECT current_setting('TimeZone')"), ['UTC']);
  });
});
