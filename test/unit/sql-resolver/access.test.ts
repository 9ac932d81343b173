import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { tableName } from '../../../functions/core/sql/catalog.ts';
import { plainCatalog } from '../../../functions/core/sql/resolve/plain-catalog.ts';

const tables = new URL('../../cases/sql-resolver/tables.json', import.meta.url);
const catalog = plainCatalog(JSON.parse(readFileSync(tables, 'utf8')), 'p');

/** The tables that rules see a GRANT or REVOKE to be about. */
function objects(sql: string): string[] {
  const analysis = analyze(sql, catalog);
  assert.ok(analysis.ok, sql);
  const [statement] = analysis.value.statements;
  assert.ok(statement);
  assert.deepEqual(statement.refusals, [], sql);
  assert.deepEqual(statement.writes.map(tableName), statement.referenced.map(tableName), sql);
  assert.deepEqual(statement.reads, [], sql);
  return statement.writes.map(tableName);
}

const known: readonly (readonly [sql: string, objects: readonly string[]])[] = [
  ["GRANT `roles/bigquery.dataViewer` ON TABLE d.t TO 'user:a@b.c'", ['p.d.t']],
  ["GRANT `roles/x`, `roles/y` ON EXTERNAL TABLE q.d.t TO 'user:a@b.c'", ['q.d.t']],
  ["GRANT SELECT (a, s) ON d.t TO 'user:a@b.c'", ['p.d.t']],
  ["REVOKE `roles/x` ON materialized view d.v FROM 'user:a@b.c'", ['p.d.v']],
  ["REVOKE ALL ON VIEW `q.d`.v FROM 'user:a@b.c'", ['q.d.v']],
  ["GRANT `roles/x` ON SCHEMA d TO 'user:a@b.c'", []],
  ["GRANT `roles/x` ON TABLE FUNCTION d.f TO 'user:a@b.c'", []],
];

for (const [sql, expected] of known)
  test(`the tables of ${sql}`, () => assert.deepEqual(objects(sql), expected));
