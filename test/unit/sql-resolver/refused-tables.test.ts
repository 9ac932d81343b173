import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { plainCatalog } from '../../../functions/core/sql/resolve/plain-catalog.ts';

const tables = new URL('../../cases/sql-resolver/tables.json', import.meta.url);
const catalog = plainCatalog(JSON.parse(readFileSync(tables, 'utf8')), 'p');

/** What stands in the way of a text, by name: the text as a whole or its first statement. */
function subjectOf(sql: string): string | undefined {
  const analysis = analyze(sql, catalog);
  if (!analysis.ok) return analysis.error.subject;
  const [statement] = analysis.value.statements;
  assert.equal(statement?.resolved, undefined, sql);
  return statement?.refusals[0]?.subject;
}

const refused: readonly (readonly [sql: string, subject: string])[] = [
  ['TABLE d.t', 'TABLE clause'],
  ['FROM d.t |> UNION ALL TABLE d.t', 'TABLE clause'],
  ['SELECT x.a FROM d.t AS x NATURAL JOIN d.t AS y', 'NATURAL JOIN'],
  ['SELECT x.a FROM d.t AS x HASH JOIN d.t AS y USING (a)', 'HASH JOIN'],
  ['SELECT a FROM d.t @{force_index = x}', 'hint'],
  ['SELECT AS p.Message a FROM d.t', 'SELECT AS a protocol buffer'],
  ['WITH RECURSIVE q AS (SELECT 1 AS k UNION ALL SELECT k FROM q) WITH DEPTH SELECT k FROM q', 'WITH DEPTH'],
  ['SELECT a FROM d.t TABLESAMPLE SYSTEM (1 PERCENT) REPEATABLE (1)', 'TABLESAMPLE REPEATABLE'],
  ['SELECT a FROM d.t TABLESAMPLE SYSTEM (1 PERCENT) WITH WEIGHT', 'TABLESAMPLE WITH WEIGHT'],
  ['SELECT a FROM d.t TABLESAMPLE RESERVOIR (1 ROWS PARTITION BY s)', 'TABLESAMPLE with PARTITION BY'],
  ['SELECT a FROM d.t TABLESAMPLE RESERVOIR (1 ROWS)', 'TABLESAMPLE RESERVOIR'],
  ['SELECT a FROM d.t, LATERAL f(a)', 'LATERAL table function'],
  ['SELECT a FROM /p/d.t', 'table path with slashes'],
  ['SELECT * EXCEPT (**st) FROM d.t', 'unpacking with **'],
  ['SELECT a FROM d.t ALIGN (PERIOD a)', 'ALIGN'],
  ['SELECT ARRAY(SELECT a FROM GROUP ROWS) FROM d.t GROUP BY s', 'FROM GROUP ROWS'],
  ['FROM d.t |> ASSERT a > 1', '|> ASSERT'],
  ['FROM d.t |> IF TRUE THEN (|> WHERE a > 1)', '|> IF'],
  ['FROM d.t |> FORK (|> SELECT a)', '|> FORK'],
  ['FROM d.t |> TEE (|> INSERT INTO d.u)', '|> TEE'],
  ['FROM d.t |> LOG', '|> LOG'],
  ['FROM d.t |> DESCRIBE', '|> DESCRIBE'],
  ['FROM d.t |> STATIC_DESCRIBE', '|> STATIC_DESCRIBE'],
  ['FROM d.t |> FINISH', '|> FINISH'],
  ['FROM d.t |> CREATE TABLE d.u', '|> CREATE TABLE'],
  ["FROM d.t |> EXPORT DATA OPTIONS (uri = 'gs://b/x-*')", '|> EXPORT DATA'],
  ['FROM d.t |> INSERT INTO d.u', '|> INSERT'],
  ['FROM d.t |> RECURSIVE UNION ALL (|> WHERE a > 1)', '|> RECURSIVE'],
  [
    'EXPORT DATA OPTIONS (uri = (SELECT MAX(s) FROM d.t)) AS SELECT 1',
    "a subquery outside of the statement's query",
  ],
  [
    'CREATE TABLE d.x OPTIONS (description = (SELECT MAX(s) FROM d.t)) AS SELECT 1 AS a',
    "a subquery outside of the statement's query",
  ],
  [
    'CREATE TABLE d.x (a INT64 DEFAULT (SELECT MAX(a) FROM d.t))',
    "a subquery outside of the statement's query",
  ],
  [
    'ALTER TABLE d.t SET OPTIONS (description = (SELECT MAX(s) FROM d.t))',
    "a subquery outside of the statement's query",
  ],
  [
    'CREATE SNAPSHOT TABLE d.x CLONE d.t FOR SYSTEM_TIME AS OF (SELECT MAX(ts) FROM d.t)',
    "a subquery outside of the statement's query",
  ],
  ['EXPORT DATA OPTIONS (uri = d.peek(3)) AS SELECT 1', 'd.peek'],
  ['|> WHERE a > 1', 'a statement of pipe operators alone'],
  ["EXECUTE IMMEDIATE 'SELECT 1' |> LIMIT 1", 'pipe operators after a statement'],
];

for (const [sql, subject] of refused) {
  test(`refused by name: ${sql}`, () => assert.equal(subjectOf(sql), subject));
}
