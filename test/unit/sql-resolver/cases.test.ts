import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import type { TableRef } from '../../../functions/core/sql/catalog.ts';
import { plainCatalog } from '../../../functions/core/sql/resolve/plain-catalog.ts';
import { typeText } from '../../../functions/core/sql/types.ts';
import { checkResolved } from '../../support/resolved-invariants.ts';

type Case = {
  sql: string;
  output: { name: string; type: string; sources: string[] }[];
  reads: string[];
};
type ErrorCase = { sql: string; error: string; line: number; column: number };

const folder = new URL('../../cases/sql-resolver/', import.meta.url);
const lines = <T>(name: string): T[] =>
  readFileSync(new URL(name, folder), 'utf8')
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l));
const catalog = plainCatalog(JSON.parse(readFileSync(new URL('tables.json', folder), 'utf8')), 'p');

const path = (s: { table: TableRef; column: string }): string =>
  `${s.table.dataset}.${s.table.table}.${s.column}`;
const distinct = (list: string[]): string[] => [...new Set(list)].sort();

test('queries have the columns, types, sources and reads that GoogleSQL gives them', () => {
  const cases = lines<Case>('queries.jsonl');
  assert.ok(cases.length > 150);
  for (const c of cases) {
    const analysis = analyze(c.sql, catalog);
    assert.ok(analysis.ok, c.sql);
    const [statement] = analysis.value.statements;
    assert.deepEqual(statement?.refusals, [], c.sql);
    assert.ok(statement?.resolved, c.sql);
    const output = statement.output.map((o) => ({
      name: o.name,
      type: typeText(o.type),
      sources: distinct(o.sources.map(path)),
    }));
    assert.deepEqual(output, c.output, c.sql);
    assert.deepEqual(distinct(statement.clauseReads.map(path)), c.reads, c.sql);
  }
});

test('every reference in a resolved tree is to a column in sight', () => {
  for (const c of lines<Case>('queries.jsonl')) {
    const analysis = analyze(c.sql, catalog);
    const resolved = analysis.ok ? analysis.value.statements[0]?.resolved : undefined;
    assert.ok(resolved, c.sql);
    try {
      checkResolved(resolved);
    } catch (error) {
      throw new Error(`${c.sql}: ${(error as Error).message}`);
    }
  }
});

test('queries that GoogleSQL rejects are rejected at the same place', () => {
  const cases = lines<ErrorCase>('errors.jsonl');
  assert.ok(cases.length > 50);
  for (const c of cases) {
    const analysis = analyze(c.sql, catalog);
    assert.ok(analysis.ok, c.sql);
    const [refusal] = analysis.value.statements[0]?.refusals ?? [];
    assert.equal(refusal?.message, c.error, c.sql);
    assert.deepEqual([refusal.line, refusal.column], [c.line, c.column], c.sql);
    assert.equal(refusal.kind, 'unresolved', c.sql);
  }
});
