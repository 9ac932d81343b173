import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatementAnalysis } from '../../functions/core/sql/analysis.ts';
import { analyze } from '../../functions/core/sql/analyze.ts';
import type { Catalog } from '../../functions/core/sql/catalog.ts';
import { catalogOf, table } from '../support/masking.ts';

// Short texts that mean something enormous: refused by name, soon. Each would take minutes or all memory, followed to its end.

const times = (count: number, part: (i: number) => string, between = ''): string =>
  Array.from({ length: count }, (_, i) => part(i)).join(between);

/** c0 and then `count` more tables in WITH, each over the one before it. */
const chain = (
  first: string,
  count: number,
  next: (before: string) => string,
  last = 'SELECT 1 FROM',
): string =>
  `WITH c0 AS (${first})${times(count, (i) => `, c${i + 1} AS (${next(`c${i}`)})`)} ${last} c${count}`;

/** Each calls or reads the one before it four times. */
const fourfold = (name: string, args: string): string => times(4, () => `${name}(${args})`, ' + ');
const views = Array.from({ length: 14 }, (_, i) =>
  table(
    `v${i}`,
    { a: 'INT64' },
    i === 0
      ? 'SELECT a FROM shop.t'
      : `SELECT x.a FROM ${times(4, (n) => `shop.v${i - 1} AS ${'xyzw'[n]}`, ', ')}`,
  ),
);
const catalog: Catalog = catalogOf([table('t', { a: 'INT64', b: 'STRING' }), ...views]);

const bombs: Readonly<Record<string, string>> = {
  'stars over stars': chain('SELECT * FROM shop.t', 30, (before) => `SELECT *, * FROM ${before}`),
  'a star of many stars': `SELECT ${times(9000, () => '*', ', ')} FROM shop.t`,
  'rows of rows': chain('SELECT 1 AS a', 30, (before) => `SELECT x, y FROM ${before} AS x, ${before} AS y`),
  'structs of structs': chain('SELECT 1 AS a', 40, (before) => `SELECT STRUCT(a, a) AS a FROM ${before}`),
  'arrays of structs': chain(
    'SELECT 1 AS a',
    40,
    (before) => `SELECT [STRUCT(a AS x, a AS y)] AS a FROM ${before}`,
    'SELECT TO_JSON(a) FROM',
  ),
  'a long chain of structs': chain(
    'SELECT 1 AS a',
    2000,
    (before) => `SELECT [STRUCT(a)] AS a FROM ${before}`,
  ),
  'queries with names of their own': times(
    150,
    (j) => `SELECT ${times(200, (i) => `a AS c${j * 200 + i}`, ', ')} FROM shop.t`,
    ' FULL UNION ALL BY NAME ',
  ),
  'keys without end': `SELECT 1 FROM shop.t GROUP BY ${times(20_000, (i) => `a + ${i}`, ', ')}`,
  'rolled up keys': `SELECT 1 FROM shop.t GROUP BY ROLLUP (${times(3000, (i) => `a + ${i}`, ', ')})`,
  'WITH expressions': `SELECT ${times(40, (i) => `WITH(x${i} AS ${i ? `STRUCT(x${i - 1}, x${i - 1})` : 1}, `)}x39${')'.repeat(40)}`,
  'functions that call functions': `${times(16, (i) => `CREATE TEMP FUNCTION f${i}(x INT64) AS (${i ? fourfold(`f${i - 1}`, 'x') : 'x'})`, ';')};SELECT f15(1)`,
  'table functions of table functions': `${times(16, (i) => `CREATE TEMP TABLE FUNCTION g${i}() AS (${i ? `SELECT a.x FROM ${times(4, (n) => `g${i - 1}() AS ${'abcd'[n]}`, ', ')}` : 'SELECT 1 AS x'})`, ';')};SELECT * FROM g15()`,
  'procedures that call procedures': `${times(14, (i) => `CREATE PROCEDURE shop.p${i}() BEGIN ${i ? `CALL shop.p${i - 1}();`.repeat(4) : 'SELECT 1;'} END`, ';')};CALL shop.p13()`,
  'views of views': 'SELECT * FROM shop.v13',
};

/** What is understood of a text, and the milliseconds that it took of this thread's processor. */
function spent(sql: string): { readonly ms: number; readonly statements: readonly StatementAnalysis[] } {
  const before = process.threadCpuUsage();
  const analyzed = analyze(sql, catalog);
  const { user, system } = process.threadCpuUsage(before);
  assert.ok(analyzed.ok, sql.slice(0, 100));
  return { ms: (user + system) / 1000, statements: analyzed.value.statements };
}

for (const [what, sql] of Object.entries(bombs)) {
  test(`${what} are refused before they grow`, () => {
    const { ms, statements } = spent(sql);
    const refusals = statements.flatMap((statement) => statement.refusals);
    assert.ok(
      refusals.some(({ kind }) => kind === 'limit'),
      `${refusals[0]?.message ?? 'understood'}`,
    );
    assert.ok(ms < 1500, `${ms} ms`);
  });
}

const large: Readonly<Record<string, string>> = {
  'loops in loops': `DECLARE ${times(40, (i) => `v${i}`, ', ')} STRING;${'LOOP '.repeat(40)}${times(39, (i) => `SET v${i} = v${i + 1};`)}SET v39 = (SELECT MAX(b) FROM shop.t);${'END LOOP;'.repeat(40)}`,
  'many variables': times(2000, (i) => `DECLARE v${i} INT64 DEFAULT ${i ? `v${i - 1}` : '1'}`, ';'),
  'columns and the same keys': `SELECT ${times(2500, (i) => `a + ${i}`, ', ')} FROM shop.t GROUP BY ${times(2500, (i) => `a + ${i}`, ', ')}`,
  'columns of one name': `SELECT ${times(20_000, () => 'a', ', ')} FROM shop.t`,
  'a long chain of WITH tables': chain('SELECT * FROM shop.t', 3000, (before) => `SELECT * FROM ${before}`),
  'joins of a WITH table with itself': chain(
    'SELECT a, b FROM shop.t',
    60,
    (before) => `SELECT x.a, y.b FROM ${before} AS x JOIN ${before} AS y ON x.a = y.a`,
  ),
};
for (const [what, sql] of Object.entries(large)) {
  test(`${what} are understood in time`, () => {
    const { ms, statements } = spent(sql);
    assert.deepEqual(
      statements.flatMap(({ refusals }) => refusals.map(({ message }) => message)),
      [],
    );
    assert.ok(ms < 1500, `${ms} ms`);
  });
}

test('a loop is read until no lineage is new, however many passes that takes', () => {
  const assignments = times(24, (i) => `SET v${i} = v${i + 1};`);
  const sql = `DECLARE ${times(25, (i) => `v${i}`, ', ')} STRING; LOOP SELECT v0; ${assignments} SET v24 = (SELECT MAX(b) FROM shop.t); END LOOP`;
  const query = spent(sql).statements.find(({ statementType }) => statementType === 'SELECT');
  assert.deepEqual(
    query?.output[0]?.sources.map(({ column }) => column),
    ['b'],
  );
});
