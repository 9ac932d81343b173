import assert from 'node:assert/strict';
import { ENDLESS, NUMBERS, rowsOf, runJob, specOf, wholePage } from '../support/zoo.ts';
import type { Within } from './warehouse.ts';

/** How jobs end, and what none of them may do. */
export function jobPromises(project: string, within: Within): void {
  within('a job that fails while it runs says why without a value of the data', async ({ warehouse }) => {
    const facts = await runJob(
      warehouse,
      specOf(project, 'SELECT CAST(label AS INT64) AS x FROM zoo.numbers'),
    );
    assert.ok(facts.state === 'failed');
    assert.equal(facts.error.code, 'invalid_query');
    assert.doesNotMatch(facts.error.message, /number/);
    assert.ok(facts.detail.length > 0);
    await assert.rejects(warehouse.page(specOf(project, 'SELECT 1'), wholePage));
  });

  within('a job that fails after its first rows is failed, never short', async ({ warehouse }) => {
    const row = `IF(n = ${NUMBERS - 2} AND k = 50, CAST(label AS INT64), n)`;
    const sql = `SELECT ${row} AS x, label FROM zoo.numbers, UNNEST(GENERATE_ARRAY(1, 50)) AS k`;
    const spec = specOf(project, sql);
    const facts = await runJob(warehouse, spec);
    assert.match(
      facts.state === 'failed' ? facts.error.message : '',
      /^Query error: [^0-9]*$|Bad int64 value$/,
    );
    await assert.rejects(warehouse.page(spec, wholePage), { name: 'SluiceError' });
  });

  within('a job stops when it is cancelled', async ({ warehouse }) => {
    const spec = specOf(project, ENDLESS);
    await warehouse.insert(spec);
    assert.deepEqual(await warehouse.wait(spec, 150), { state: 'running' });
    const gaveUp = new AbortController();
    setTimeout(() => gaveUp.abort(), 20);
    assert.deepEqual(await warehouse.wait(spec, 60_000, gaveUp.signal), { state: 'running' });
    await warehouse.cancel(spec);
    const facts = await warehouse.wait(spec, 30_000);
    assert.equal(facts?.state === 'failed' && facts.error.code, 'stopped');
    assert.equal(await warehouse.insert(spec), 'duplicate');
  });

  within('a job stops at its time limit', async ({ warehouse }) => {
    const facts = await runJob(warehouse, specOf(project, ENDLESS, { timeoutMs: 100 }));
    assert.equal(facts.state === 'failed' && facts.error.code, 'timeout');
  });

  within('a job above its byte limit does not run', async ({ warehouse }) => {
    const facts = await runJob(
      warehouse,
      specOf(project, 'SELECT * FROM zoo.numbers', { maximumBytesBilled: 1000 }),
    );
    assert.ok(facts.state === 'failed');
    assert.equal(facts.error.code, 'bytes_over_limit');
    assert.match(
      facts.error.message,
      /^Query exceeded limit for bytes billed: 1000\. \d+ or higher required\.$/,
    );
  });

  within('many jobs at once all end, each with its own rows', async ({ warehouse }) => {
    const specs = Array.from({ length: 12 }, (_, i) =>
      specOf(project, `SELECT MAX(n) + ${i} AS x FROM zoo.numbers`),
    );
    await Promise.all(specs.map((spec) => runJob(warehouse, spec)));
    for (const [i, spec] of specs.entries())
      assert.deepEqual((await rowsOf(warehouse, spec)).values, [[String(NUMBERS - 1 + i)]]);
  });

  within('nothing but queries over its own tables runs', async ({ warehouse }) => {
    for (const sql of [
      "SELECT * FROM read_csv('/etc/passwd')",
      'SELECT * FROM `/etc/passwd`',
      'SELECT * FROM duckdb_settings()',
      "SELECT getenv('HOME')",
      'SELECT * FROM INFORMATION_SCHEMA.TABLES',
      "ATTACH '/tmp/x.db'",
      'PRAGMA database_list',
      "SET memory_limit = '1GB'",
      'INSTALL httpfs',
      "COPY (SELECT 1) TO '/tmp/x.csv'",
      'SELECT 1; SELECT 2',
    ]) {
      const dry = await warehouse.dryRun(specOf(project, sql));
      assert.ok(!dry.ok || dry.cannotRun !== undefined, sql);
      const facts = await runJob(warehouse, specOf(project, sql));
      assert.equal(facts.state, 'failed', sql);
    }
  });

  within('writing statements are understood and do not run', async ({ warehouse }) => {
    for (const [sql, type] of [
      ['DELETE FROM zoo.animals WHERE id = 1', 'DELETE'],
      ['DROP TABLE zoo.animals', 'DROP_TABLE'],
    ] as const) {
      const dry = await warehouse.dryRun(specOf(project, sql));
      assert.ok(dry.ok && dry.cannotRun !== undefined);
      assert.equal(dry.statementType, type);
      assert.deepEqual(dry.referencedTables, [`${project}.zoo.animals`]);
      assert.equal((await runJob(warehouse, specOf(project, sql))).state, 'failed');
    }
    const spec = specOf(project, 'SELECT COUNT(*) AS n FROM zoo.animals');
    await runJob(warehouse, spec);
    assert.deepEqual((await rowsOf(warehouse, spec)).values, [['3']]);
  });
}
