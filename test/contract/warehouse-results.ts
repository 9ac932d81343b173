import assert from 'node:assert/strict';
import type { PageRequest } from '../../functions/ports/warehouse.ts';
import { NUMBERS, rowsOf, runJob, specOf, wholePage } from '../support/zoo.ts';
import type { Within } from './warehouse.ts';

/** Once an id, and a result that stays. */
export function resultPromises(project: string, within: Within): void {
  within('an id runs once: again, at the same time, and after a restart', async ({ warehouse, reopen }) => {
    const first = specOf(project, 'SELECT 1 AS x');
    const other = { ...first, sql: 'SELECT 2 AS x' };
    const answers = await Promise.all([first, other, other].map((spec) => warehouse.insert(spec)));
    assert.deepEqual(answers, ['started', 'duplicate', 'duplicate']);
    await warehouse.wait(first, 60_000);
    assert.equal(await warehouse.insert(other), 'duplicate');
    const later = await reopen();
    assert.equal(await later.insert(other), 'duplicate');
    assert.deepEqual((await rowsOf(later, first)).values, [['1']]);
  });

  within('an unknown job has no facts and no rows', async ({ warehouse }) => {
    const unknown = specOf(project, 'SELECT 1');
    assert.equal(await warehouse.job(unknown), undefined);
    assert.equal(await warehouse.wait(unknown, 10_000), undefined);
    await warehouse.cancel(unknown);
    await assert.rejects(warehouse.page(unknown, wholePage), { name: 'SluiceError' });
  });

  within('a finished job tells its facts, also after a restart', async ({ warehouse, reopen }) => {
    const spec = specOf(project, 'SELECT name FROM zoo.animals WHERE id < 3');
    const facts = await runJob(warehouse, spec);
    assert.ok(facts.state === 'done');
    assert.equal(facts.statementType, 'SELECT');
    assert.deepEqual(facts.schema.fields, [{ name: 'name', type: 'STRING', mode: 'NULLABLE' }]);
    assert.deepEqual(facts.referencedTables, [`${project}.zoo.animals`]);
    assert.equal(facts.outcome.totalRows, 2);
    assert.ok(facts.outcome.totalBytesBilled >= facts.outcome.totalBytesProcessed);
    assert.ok(facts.outcome.endMs >= facts.outcome.startMs);
    assert.deepEqual(await (await reopen()).job(spec), facts);
  });

  within(
    'a result is read page by page, whole, in one order, also after a restart',
    async ({ warehouse, reopen }) => {
      const spec = specOf(project, 'SELECT n, label FROM zoo.numbers ORDER BY n DESC');
      await runJob(warehouse, spec);
      const later = await reopen();
      for (const limits of [{ maximumRows: 700 }, { maximumBytes: 20_000 }, { maximumBytes: 1 }]) {
        let at: number | undefined = limits.maximumBytes === 1 ? NUMBERS - 3 : 0;
        const seen: unknown[] = [];
        for (let start = at; at !== undefined; ) {
          const page = await rowsOf(later, spec, { ...limits, startIndex: at });
          assert.equal(page.totalRows, NUMBERS);
          assert.ok(page.rows > 0 && page.rows <= (limits.maximumRows ?? NUMBERS));
          if (limits.maximumBytes !== undefined && page.rows > 1)
            assert.ok(page.rowsJson.length <= limits.maximumBytes + 2);
          seen.push(...page.values.map((row) => row[0]));
          if (page.nextIndex !== undefined) assert.equal(page.nextIndex, start + seen.length);
          else start = 0;
          at = page.nextIndex;
        }
        const wanted = Array.from({ length: NUMBERS }, (_, i) => String(NUMBERS - 1 - i));
        assert.deepEqual(seen, limits.maximumBytes === 1 ? wanted.slice(-3) : wanted);
      }
      const beyond = await rowsOf(later, spec, { startIndex: NUMBERS + 5 });
      assert.deepEqual([beyond.rows, beyond.nextIndex], [0, undefined]);
    },
  );

  within('cells are as BigQuery sends them', async ({ warehouse }) => {
    const spec = specOf(project, 'SELECT * FROM zoo.animals ORDER BY id');
    await runJob(warehouse, spec);
    const { values } = await rowsOf(warehouse, spec);
    // A whole FLOAT64 has a fraction in BigQuery's answers, and none in bigquery-emulator's.
    assert.match(String(values[1]?.[2]), /^310(\.0)?$/);
    assert.deepEqual(
      values.map((row) => row.with(2, row[2] === '310' ? '310.0' : row[2])),
      [
        [
          '1',
          'Ada',
          '4.5',
          '1709209800250000',
          [{ v: 'cat' }, { v: 'old' }],
          { f: [{ v: 'Leeds' }, { v: null }] },
        ],
        ['2', 'Bo "the\nbear"', '310.0', null, [], null],
        ['3', null, null, '-1', [{ v: 'wild' }], { f: [{ v: null }, { v: '7' }] }],
      ],
    );
    const seen = async (timestamps: PageRequest['timestamps']) =>
      (await rowsOf(warehouse, spec, { timestamps })).values.map((row) => row[3]);
    // Seconds as a decimal number, with or without an exponent.
    const seconds = (await seen('FLOAT64')).map((cell) => (cell === null ? null : Number(cell)));
    assert.deepEqual(seconds, [1709209800.25, null, -0.000001]);
    assert.deepEqual(await seen('ISO8601_STRING'), [
      '2024-02-29T12:30:00.250000Z',
      null,
      '1969-12-31T23:59:59.999999Z',
    ]);
  });

  within('parameters and secrets are values, whatever is in them', async ({ warehouse }) => {
    const hostile = "'; DROP TABLE x; --";
    const parameters = [
      { name: 'Name', type: { type: 'STRING' }, value: { value: hostile } },
      {
        name: 'ids',
        type: { type: 'ARRAY', arrayType: { type: 'INT64' } },
        value: { arrayValues: [{ value: '2' }, { value: '3' }] },
      },
      { name: 'none', type: { type: 'DATE' }, value: { value: null } },
    ];
    const sql = 'SELECT @name AS a, ARRAY_LENGTH(@ids) AS b, @none AS c, @key AS d';
    const spec = specOf(project, sql, { parameters, secrets: { key: 's3cret' } });
    await runJob(warehouse, spec);
    assert.deepEqual((await rowsOf(warehouse, spec)).values, [[hostile, '2', null, 's3cret']]);
  });

  within(
    'a parameter that is not of its type is refused by name, without its value',
    async ({ warehouse }) => {
      const parameters = [{ name: 'n', type: { type: 'INT64' }, value: { value: 'forty' } }];
      const dry = await warehouse.dryRun(specOf(project, 'SELECT @n AS n', { parameters }));
      assert.ok(!dry.ok);
      assert.match(dry.error.message, /"n".*INT64/);
      assert.doesNotMatch(dry.error.message, /forty/);
    },
  );
}
