import assert from 'node:assert/strict';
import { test } from 'node:test';
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
  assert.equal(text, "CREATE TABLE d.t (x STRING OPTIONS(description = 'it\\'s'))");
});

test('positional parameters beside tokens that are not analyzed are refused', () => {
  assert.equal(refused('SELECT ?; CREATE TABLE t (a INT64 DEFAULT (?))').kind, 'unsupported');
});
