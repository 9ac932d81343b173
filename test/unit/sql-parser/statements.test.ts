import assert from 'node:assert/strict';
import { test } from 'node:test';
import { visit } from '../../../functions/core/sql/ast/walk.ts';
import { printScript } from '../../../functions/core/sql/print/print.ts';
import { type Summary, summary } from './summary.ts';
import { cases, parsed, refused } from './tree.ts';

for (const { sql, ...wanted } of cases<Summary & { sql: string }>('statements.json')) {
  test(`statements and names of ${JSON.stringify(sql.slice(0, 80))}`, () => {
    const tree = parsed(sql);
    assert.deepEqual(summary(tree), wanted);
    const text = printScript(tree);
    assert.deepEqual(summary(parsed(text)), wanted);
    assert.equal(printScript(parsed(text)), text);
  });
}

test('what is not BigQuery is an error', () => {
  for (const sql of [
    'PRAGMA database_list',
    'USE mydb',
    'VACUUM t',
    "COPY t TO 'file'",
    "ATTACH 'x' AS y",
    'SELECT * FROM t; garbage',
    'DROP TABLE a, b',
    'DROP TABLE a b',
    'CREATE TABLE t (a INT64) ENGINE = InnoDB',
    'CREATE TABLE t (a INT64',
    'TRUNCATE t',
    'BEGIN SELECT 1 END',
    'IF x THEN SELECT 1; END WHILE',
    'a: BEGIN END b',
    'SELECT 1 SELECT 2',
    'COMMIT WORK',
    'SET x TO 1',
  ]) {
    assert.notEqual(refused(sql).kind, 'limit', sql);
  }
});

test('a comment does not get into the text that runs, and a literal keeps its form', () => {
  const text = printScript(
    parsed('CREATE TABLE /* a */ d.t -- b\n (x STRING OPTIONS(description = "it\'s")) # c'),
  );
  assert.equal(text, "CREATE TABLE `d`.`t` (\n  `x` STRING OPTIONS (`description` = 'it\\'s')\n)");
});

test('positional parameters count in every part of a text', () => {
  const positions: number[] = [];
  visit(parsed('SELECT ?; CREATE TABLE t (a INT64 DEFAULT (?)) OPTIONS (b = ?)'), (node) => {
    if (node.kind === 'PositionalParameter') positions.push(node.position);
  });
  assert.deepEqual(positions, [1, 2, 3]);
});

test('no name gets out of its quotes when it is printed', () => {
  const hostile = '`x) FROM secret; DROP TABLE t --`';
  for (const sql of [
    `SELECT ${hostile}, a.${hostile}, ${hostile}.b, @${hostile}, @@${hostile}, (f(1)).${hostile}`,
    `SELECT ${hostile}(1), safe.${hostile}(1), (a).${hostile}(1), f(${hostile} => 1), f(${hostile} -> 1)`,
    `SELECT CAST(a AS ${hostile}), STRUCT<${hostile} INT64>(1), STRUCT(1 AS ${hostile}) AS ${hostile}`,
    `SELECT * EXCEPT (${hostile}) REPLACE (1 AS ${hostile}) FROM ${hostile}.${hostile} AS ${hostile}`,
    `SELECT INTERVAL 1 ${hostile}, INTERVAL 1 DAY + INTERVAL '1-2' ${hostile} TO ${hostile}`,
    `SELECT 1 FROM a TABLESAMPLE ${hostile} (1 PERCENT) JOIN b USING (${hostile})`,
    `SELECT 1 FROM ${hostile}(TABLE ${hostile}) PIVOT(SUM(a) AS ${hostile} FOR b IN (1 AS ${hostile}))`,
    `SELECT 1 FROM t UNPIVOT(${hostile} FOR ${hostile} IN (${hostile} AS 'x')) WINDOW ${hostile} AS (${hostile})`,
    `WITH ${hostile} AS (SELECT 1) SELECT SUM(a) OVER ${hostile} FROM t`,
    `FROM t |> AS ${hostile} |> SET ${hostile} = 1 |> DROP ${hostile} |> CALL ${hostile}() |> WINDOW a AS ${hostile}`,
    `CREATE TABLE ${hostile} (${hostile} INT64) OPTIONS(${hostile} = 1)`,
    `SELECT 1 FROM t MATCH_RECOGNIZE(ORDER BY ${hostile} MEASURES a AS b PATTERN (c) DEFINE c AS TRUE)`,
  ]) {
    const tree = parsed(sql);
    const text = printScript(tree);
    assert.deepEqual(summary(parsed(text)), summary(tree), text);
    assert.equal(tree.statements.length, 1);
  }
  assert.equal(
    refused('SELECT EXTRACT(`DAY FROM x), (SELECT 1` FROM d)').message,
    'EXTRACT of something that is no part of a date is not supported',
  );
});
