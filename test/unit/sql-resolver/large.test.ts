import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatementAnalysis } from '../../../functions/core/sql/analysis.ts';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { plainCatalog } from '../../../functions/core/sql/resolve/plain-catalog.ts';

const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const catalog = plainCatalog(
  {
    'd.t': {
      columns: [
        { name: 'a', type: 'INT64' },
        { name: 's', type: 'STRING' },
      ],
    },
    'd.wide': { columns: many(1000, (i) => ({ name: `c${i}`, type: 'INT64' })) },
  },
  'p',
);

/** Far above what one core takes, far below what a quadratic algorithm does. */
const limitMs = 2_000;

function analyzed(sql: string): StatementAnalysis | undefined {
  const before = process.cpuUsage();
  const analysis = analyze(sql, catalog);
  const { user, system } = process.cpuUsage(before);
  assert.ok((user + system) / 1000 < limitMs, `${(user + system) / 1000} ms: ${sql.slice(0, 60)}`);
  return analysis.ok ? analysis.value.statements[0] : undefined;
}

test('a long chain of WITH tables is followed to its base', () => {
  const tables = many(5_000, (i) =>
    i === 0 ? 'q0 AS (SELECT a, s FROM d.t)' : `q${i} AS (SELECT x.a + x.a AS a, x.s FROM q${i - 1} x)`,
  );
  const statement = analyzed(`WITH ${tables.join(', ')} SELECT * FROM q4999`);
  assert.deepEqual(statement?.refusals, []);
  assert.deepEqual(
    statement.output.map((o) => o.sources.map((s) => `${s.column} ${s.flow}`)),
    [['a derived'], ['s copied']],
  );
});

test('many references, branches and columns take time by their number', () => {
  const texts = [
    `WITH ${many(1_000, (i) => `q${i} AS (SELECT a FROM d.t)`).join(', ')} ${many(1_000, (i) => `SELECT * FROM q${i}`).join(' UNION ALL ')}`,
    `SELECT CASE ${many(5_000, (i) => `WHEN a = ${i} THEN 'v${i}'`).join(' ')} ELSE s END FROM d.t`,
    `SELECT s, ${many(1_000, (i) => `SUM(IF(a = ${i}, a, 0)) AS x${i}`).join(', ')} FROM d.t GROUP BY s`,
    `SELECT * REPLACE (${many(1_000, (i) => `c${i} + 1 AS c${i}`).join(', ')}) FROM d.wide`,
    `FROM d.t ${many(900, (i) => `|> EXTEND a + ${i} AS e${i}`).join(' ')}`,
  ];
  for (const sql of texts) assert.deepEqual(analyzed(sql)?.refusals, [], sql.slice(0, 60));
});

test('what would take too long is refused by name', () => {
  const message = (sql: string): string | undefined => analyzed(sql)?.refusals[0]?.message;
  assert.equal(
    message(`FROM d.t ${many(1_001, () => '|> WHERE a > 1').join(' ')}`),
    'a pipeline of more than 1000 operators is not supported',
  );
  assert.equal(
    message(`SELECT 1 FROM d.wide w ${many(30, (i) => `JOIN d.wide w${i} ON TRUE`).join(' ')}`),
    'a join of more than 25000 columns is not supported',
  );
});

test('a recursion that makes paths longer and longer ends', () => {
  const json = plainCatalog({ 'd.docs': { columns: [{ name: 'j', type: 'JSON' }] } }, 'p');
  const sql = 'WITH RECURSIVE t AS (SELECT j FROM d.docs UNION ALL SELECT j.a AS j FROM t) SELECT j.b FROM t';
  const analysis = analyze(sql, json);
  assert.ok(analysis.ok);
  const columns = analysis.value.statements[0]?.output[0]?.sources.map((s) => s.column);
  assert.deepEqual([...new Set(columns)], ['j']);
});
