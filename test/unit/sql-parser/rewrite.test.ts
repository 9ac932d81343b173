import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Query, Script, TableExpression } from '../../../functions/core/sql/ast/index.ts';
import { visit } from '../../../functions/core/sql/ast/walk.ts';
import { parseQuery } from '../../../functions/core/sql/parser/parse.ts';
import { printQuery, printScript } from '../../../functions/core/sql/print/print.ts';
import { renameParameters } from '../../../functions/core/sql/rewrite/parameters.ts';
import { replaceTables } from '../../../functions/core/sql/rewrite/replace-tables.ts';
import { withLimit } from '../../../functions/core/sql/rewrite/with-limit.ts';
import { parsed } from './tree.ts';

function query(sql: string): Query {
  const result = parseQuery(sql);
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const masked = query('SELECT NULL AS ssn');

/** Every read of the table whose last name is `secret`. */
function secrets(script: Script): Map<TableExpression, { query: Query }> {
  const found = new Map<TableExpression, { query: Query }>();
  visit(script, (node) => {
    if (node.kind === 'TableName' && /(^|\.)secret$/.test(node.path.parts.at(-1)!.name))
      found.set(node, { query: masked });
  });
  return found;
}

const onOneLine = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/\( /g, '(').replace(/ \)/g, ')');

function replaced(sql: string): string {
  const script = parsed(sql);
  const tables = secrets(script);
  assert.ok(tables.size > 0);
  const result = replaceTables(script, tables);
  return result.ok ? onOneLine(printScript(result.value)) : `refused: ${result.refusal.subject}`;
}

test('a table becomes a subquery under the name that the text uses', () => {
  const wanted: readonly (readonly [string, string])[] = [
    ['SELECT ssn FROM p.d.secret', 'SELECT `ssn` FROM (SELECT NULL AS `ssn`) AS `secret`'],
    ['SELECT s.ssn FROM `p.d.secret` s', 'SELECT `s`.`ssn` FROM (SELECT NULL AS `ssn`) AS `s`'],
    ['SELECT secret.ssn FROM `p.d.secret`', 'SELECT `secret`.`ssn` FROM (SELECT NULL AS `ssn`) AS `secret`'],
    [
      'SELECT 1 FROM t JOIN d.secret USING (a)',
      'SELECT 1 FROM `t` JOIN (SELECT NULL AS `ssn`) AS `secret` USING (`a`)',
    ],
    ['FROM t |> JOIN secret AS s ON TRUE', 'FROM `t` |> JOIN (SELECT NULL AS `ssn`) AS `s` ON TRUE'],
    [
      'FROM t |> ASSERT EXISTS(SELECT 1 FROM secret)',
      'FROM `t` |> ASSERT EXISTS(SELECT 1 FROM (SELECT NULL AS `ssn`) AS `secret`)',
    ],
    [
      'SELECT (SELECT MAX(ssn) FROM secret)',
      'SELECT (SELECT MAX(`ssn`) FROM (SELECT NULL AS `ssn`) AS `secret`)',
    ],
    [
      'SELECT * FROM secret PIVOT(SUM(a) FOR b IN (1))',
      'SELECT * FROM (SELECT NULL AS `ssn`) AS `secret` PIVOT (SUM(`a`) FOR `b` IN (1))',
    ],
    [
      'WITH c AS (SELECT * FROM secret) SELECT * FROM c',
      'WITH `c` AS (SELECT * FROM (SELECT NULL AS `ssn`) AS `secret`) SELECT * FROM `c`',
    ],
    [
      'IF x THEN LOOP SELECT ssn FROM secret; END LOOP; END IF',
      'IF `x` THEN LOOP SELECT `ssn` FROM (SELECT NULL AS `ssn`) AS `secret`; END LOOP; END IF',
    ],
    [
      'CREATE PROCEDURE p() BEGIN SELECT ssn FROM secret; END',
      'CREATE PROCEDURE `p`() BEGIN SELECT `ssn` FROM (SELECT NULL AS `ssn`) AS `secret`; END',
    ],
    [
      'INSERT INTO t SELECT ssn FROM secret',
      'INSERT INTO `t` SELECT `ssn` FROM (SELECT NULL AS `ssn`) AS `secret`',
    ],
    [
      'CREATE TABLE t AS SELECT ssn FROM secret',
      'CREATE TABLE `t` AS SELECT `ssn` FROM (SELECT NULL AS `ssn`) AS `secret`',
    ],
    [
      'CREATE PROCEDURE p() BEGIN SELECT ssn FROM secret; END',
      'CREATE PROCEDURE `p`() BEGIN SELECT `ssn` FROM (SELECT NULL AS `ssn`) AS `secret`; END',
    ],
    [
      'DELETE FROM t WHERE a IN (SELECT ssn FROM secret)',
      'DELETE FROM `t` WHERE `a` IN (SELECT `ssn` FROM (SELECT NULL AS `ssn`) AS `secret`)',
    ],
  ];
  for (const [sql, text] of wanted) assert.equal(replaced(sql), text);
});

test('a clause that the subquery would lose refuses', () => {
  assert.equal(replaced('SELECT 1 FROM secret TABLESAMPLE SYSTEM (1 PERCENT)'), 'refused: TABLESAMPLE');
  assert.equal(replaced('SELECT 1 FROM secret FOR SYSTEM_TIME AS OF x'), 'refused: FOR SYSTEM_TIME AS OF');
  assert.equal(replaced('SELECT 1 FROM secret WITH OFFSET'), 'refused: WITH OFFSET');
});

test('a table that is not in the tree is a broken promise', () => {
  const other = secrets(parsed('SELECT 1 FROM secret'));
  assert.throws(() => replaceTables(parsed('SELECT 1 FROM secret'), other), /not in the tree/);
});

test('the original tree stays as it is, and what did not change is shared', () => {
  const script = parsed('SELECT 1 FROM secret; SELECT 2 FROM t');
  const before = printScript(script);
  const result = replaceTables(script, secrets(script));
  assert.ok(result.ok);
  assert.equal(printScript(script), before);
  assert.equal(result.value.statements[1], script.statements[1]);
});

test('parameters get names', () => {
  const script = parsed('SELECT ?, @Name, @other, (SELECT ?)');
  const names = new Map<number | string, string>([
    [1, 'p1'],
    [2, 'p2'],
    ['name', 'n'],
  ]);
  assert.equal(
    onOneLine(printScript(renameParameters(script, names))),
    'SELECT @p1, @n, @other, (SELECT @p2)',
  );
});

test('a limit is added, lowered or put after the pipes', () => {
  const limited = (sql: string): string => onOneLine(printQuery(withLimit(query(sql), 10)));
  assert.equal(
    limited('SELECT 1 UNION ALL SELECT 2 ORDER BY 1'),
    'SELECT 1 UNION ALL SELECT 2 ORDER BY 1 LIMIT 10',
  );
  assert.equal(limited('SELECT 1 LIMIT 5 OFFSET 2'), 'SELECT 1 LIMIT 5 OFFSET 2');
  assert.equal(limited('SELECT 1 LIMIT 50 OFFSET 2'), 'SELECT 1 LIMIT 10 OFFSET 2');
  assert.equal(limited('SELECT 1 LIMIT @n'), 'SELECT 1 LIMIT @n |> LIMIT 10');
  assert.equal(limited('FROM t |> WHERE a'), 'FROM `t` |> WHERE `a` |> LIMIT 10');
});

test('a table in one pair of backticks that is called like its column is not replaced', () => {
  const read = (sql: string): string => {
    const script = parsed(sql);
    const tables = new Map<TableExpression, { query: Query }>();
    visit(script, (node) => {
      if (node.kind === 'TableName') tables.set(node, { query: masked });
    });
    const result = replaceTables(script, tables);
    return result.ok ? 'replaced' : result.refusal.message;
  };
  assert.match(read('SELECT ssn FROM `p.d.SSN`'), /the name of one of its columns; give it an alias/);
  assert.equal(read('SELECT ssn FROM `p.d.ssn` AS t'), 'replaced');
  assert.equal(read('SELECT ssn FROM p.d.ssn'), 'replaced');
  assert.equal(read('SELECT ssn FROM `p.d.people`'), 'replaced');
});
