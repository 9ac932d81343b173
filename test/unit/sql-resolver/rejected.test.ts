import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { plainCatalog } from '../../../functions/core/sql/resolve/plain-catalog.ts';

const folder = new URL('../../cases/sql-resolver/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const catalog = plainCatalog(JSON.parse(read('tables.json')), 'p');

test('queries that GoogleSQL rejects are rejected, if at another place', () => {
  const cases: { sql: string; error: string }[] = read('rejected.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.ok(cases.length > 30);
  for (const { sql, error } of cases) {
    const analysis = analyze(sql, catalog);
    assert.ok(analysis.ok, sql);
    const refusals = analysis.value.statements.flatMap((s) => s.refusals);
    assert.equal(refusals[0]?.message, error, sql);
    assert.equal(refusals[0]?.kind, 'unresolved', sql);
  }
});
