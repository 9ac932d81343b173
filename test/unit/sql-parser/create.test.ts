import assert from 'node:assert/strict';
import { test } from 'node:test';
import { definedExpression, definedQueries } from '../../../functions/core/sql/ast/definitions.ts';
import type { CreateStatement } from '../../../functions/core/sql/ast/index.ts';
import {
  printExpression,
  printQuery,
  printScript,
  printStatement,
} from '../../../functions/core/sql/print/print.ts';
import {
  definedQuery,
  procedureBody,
  routineLanguage,
  routineParameters,
  routineResult,
} from '../../support/definitions.ts';
import { testArea } from './area-cases.ts';
import { parsed } from './tree.ts';

testArea('create.json');

/** The only statement of a text, which creates something. */
function created(sql: string): CreateStatement {
  const [statement] = parsed(sql).statements;
  assert.ok(statement?.kind.startsWith('Create'), sql);
  return statement as CreateStatement;
}

const canonical: readonly (readonly [sql: string, text: string])[] = [
  [
    "create or replace temp table d.t (a int64 default 5 not null options (description = 'n'), b struct<c string(9) not null, date>, primary key (a) not enforced) partition by a cluster by b options () as select 1 as a",
    "CREATE OR REPLACE TEMP TABLE `d`.`t` (\n  `a` INT64 DEFAULT 5 NOT NULL OPTIONS (`description` = 'n'),\n  `b` STRUCT<`c` STRING(9) NOT NULL, DATE>,\n  PRIMARY KEY (`a`) NOT ENFORCED\n)\nPARTITION BY `a`\nCLUSTER BY `b` OPTIONS ()\nAS\nSELECT 1 AS `a`",
  ],
  [
    "create function d.f(x int64, y any type) returns string language js as 'return x'",
    "CREATE FUNCTION `d`.`f`(`x` INT64, `y` ANY TYPE) RETURNS STRING LANGUAGE `js`\nAS 'return x'",
  ],
  [
    "create row access policy p on d.t grant to ('user:a@b.c') filter using (x = 1)",
    "CREATE ROW ACCESS POLICY `p` ON `d`.`t`\nGRANT TO ('user:a@b.c')\nFILTER USING (`x` = 1)",
  ],
];

for (const [sql, text] of canonical) {
  test(`canonical text of ${sql.slice(0, 60)}`, () => assert.equal(printScript(parsed(sql)), text));
}

test('the query that a statement defines', () => {
  const query = 'SELECT `a`\nFROM `t`';
  for (const head of [
    'CREATE TABLE x AS',
    'CREATE VIEW x AS',
    'CREATE MATERIALIZED VIEW x AS',
    'CREATE TABLE FUNCTION x(p INT64) AS',
    'CREATE MODEL x OPTIONS(a = 1) AS',
  ]) {
    const found = definedQuery(created(`${head} SELECT a FROM t`));
    assert.ok(found, head);
    assert.equal(printQuery(found), query, head);
  }
  for (const sql of [
    'CREATE TABLE x (a INT64)',
    'CREATE MATERIALIZED VIEW x AS REPLICA OF y',
    'CREATE SCHEMA x',
  ]) {
    assert.equal(definedQuery(created(sql)), undefined, sql);
  }
  const several = created('CREATE MODEL x AS (a AS (SELECT 1), b AS (SELECT 2))');
  assert.equal(definedQuery(several), undefined);
  assert.deepEqual(definedQueries(several).map(printQuery), ['SELECT 1', 'SELECT 2']);
});

test('the expression that a statement defines', () => {
  const text = (sql: string) => {
    const found = definedExpression(created(sql));
    return found && printExpression(found);
  };
  assert.equal(text('CREATE FUNCTION f(a INT64) AS (a + 1)'), '`a` + 1');
  assert.equal(text('CREATE ROW ACCESS POLICY p ON t FILTER USING (a = 1)'), '`a` = 1');
  assert.equal(text("CREATE FUNCTION f() RETURNS INT64 LANGUAGE js AS 'return 1'"), undefined);
});

test('the parameters, result and language of a routine', () => {
  const routine = created('CREATE PROCEDURE p(IN a INT64, OUT b STRING, c ANY TYPE) BEGIN SELECT 1; END');
  assert.deepEqual(
    routineParameters(routine).map(({ mode, name, type }) => [mode, name?.name, type.kind]),
    [
      ['IN', 'a', 'SimpleType'],
      ['OUT', 'b', 'SimpleType'],
      [undefined, 'c', 'TemplatedType'],
    ],
  );
  const body = procedureBody(routine);
  assert.ok(body);
  assert.match(printStatement(body), /^BEGIN\s+SELECT 1;\s+END$/);
  const result = (sql: string) => routineResult(created(sql))?.kind;
  assert.equal(result('CREATE FUNCTION f() RETURNS ARRAY<INT64> AS ([1])'), 'ArrayType');
  assert.equal(result('CREATE TABLE FUNCTION f() RETURNS TABLE<a INT64> AS SELECT 1 AS a'), 'TableType');
  assert.equal(result('CREATE FUNCTION f() AS (1)'), undefined);
  const language = (sql: string) => routineLanguage(created(sql));
  assert.equal(language('CREATE FUNCTION f() AS (1)'), 'SQL');
  assert.equal(language("CREATE FUNCTION f() RETURNS INT64 LANGUAGE js AS 'x'"), 'JS');
  assert.equal(language('CREATE FUNCTION f() RETURNS INT64 REMOTE WITH CONNECTION a.b OPTIONS()'), 'REMOTE');
  assert.equal(language("CREATE PROCEDURE p() WITH CONNECTION a.b LANGUAGE python AS 'x'"), 'PYTHON');
  assert.equal(language('CREATE TABLE t (a INT64)'), undefined);
});
