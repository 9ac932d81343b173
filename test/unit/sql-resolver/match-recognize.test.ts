import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { visit } from '../../../functions/core/sql/ast/walk.ts';
import { printDuckdb } from '../../../functions/core/sql/duckdb/print.ts';
import { explainAnalyze } from '../../../functions/core/sql/explain/analyze-answer.ts';
import { namedCatalog, readCatalogFile } from '../../../functions/core/sql/explain/catalog-file.ts';
import { parseQuery } from '../../../functions/core/sql/parser/parse.ts';
import { printQuery } from '../../../functions/core/sql/print/print.ts';
import { plainCatalog } from '../../../functions/core/sql/resolve/plain-catalog.ts';
import { replaceTables } from '../../../functions/core/sql/rewrite/replace-tables.ts';
import { checkResolved } from '../../support/resolved-invariants.ts';

const tables = {
  'p.d.t': {
    columns: [
      { name: 'id', type: 'INT64' },
      { name: 'day', type: 'DATE' },
      { name: 'price', type: 'FLOAT64' },
      { name: 'sym', type: 'STRING' },
      { name: 's', type: 'STRUCT<a INT64, b STRING>' },
      { name: 'arr', type: 'ARRAY<INT64>' },
    ],
  },
  'p.d.u': {
    columns: [
      { name: 'id', type: 'INT64' },
      { name: 'x', type: 'FLOAT64' },
    ],
  },
};
const catalog = plainCatalog(tables, 'p');

/** `output`: name, type and base columns; what GoogleSQL's analyzer says of the same text and tables. */
type Case = { readonly sql: string } & (
  | { readonly output: readonly (readonly string[])[]; readonly reads: readonly string[] }
  | { readonly error: readonly [number, number]; readonly message: string }
);

const cases: readonly Case[] = JSON.parse(
  readFileSync(new URL('../../cases/sql-resolver/match-recognize.json', import.meta.url), 'utf8'),
);

for (const one of cases) {
  test(`lineage of ${one.sql}`, () => {
    const answer = explainAnalyze(one.sql, namedCatalog(readCatalogFile({ project: 'p', tables })));
    if ('error' in one) {
      assert.ok(!answer.ok, 'accepted');
      const { line, column, message } = answer.error;
      assert.deepEqual([line, column, message], [...one.error, one.message]);
      return;
    }
    assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
    const [statement] = answer.statements;
    const output = (statement?.output ?? []).map((o) => [o.name, o.type, ...[...(o.columns ?? [])].sort()]);
    assert.deepEqual(output, one.output);
    assert.deepEqual(statement?.reads ?? [], one.reads);
    const analysis = analyze(one.sql, catalog);
    const resolved = analysis.ok ? analysis.value.statements[0]?.resolved : undefined;
    if (resolved) checkResolved(resolved);
  });
}

const peaks = `SELECT sym, top FROM d.t MATCH_RECOGNIZE (
  PARTITION BY sym ORDER BY day MEASURES MAX(up.price) AS top
  PATTERN (up+ down) DEFINE up AS price > PREV(price), down AS id > 1)`;

test('clauses say why a column is read', () => {
  const analysis = analyze(peaks, catalog);
  assert.ok(analysis.ok);
  const reads = analysis.value.statements[0]?.clauseReads.map(({ clause, column }) => `${clause} ${column}`);
  assert.deepEqual(
    new Set(reads),
    new Set(['window sym', 'window day', 'where price', 'where id', 'select price']),
  );
});

test('the embedded warehouse refuses it by name', () => {
  const analysis = analyze(peaks, catalog);
  assert.ok(analysis.ok);
  const resolved = analysis.value.statements[0]?.resolved;
  assert.ok(resolved);
  const printed = printDuckdb(
    resolved,
    { relation: () => '"t"', parameters: new Map(), nowMicros: 0n },
    peaks,
  );
  assert.ok(!printed.ok);
  assert.equal(printed.error.subject, 'MATCH_RECOGNIZE');
});

test('a table that is matched can be replaced by a query', () => {
  const query = parseQuery(peaks);
  const masked = parseQuery('SELECT NULL AS price, sym, day, id FROM d.t');
  assert.ok(query.ok && masked.ok);
  const replacements = new Map();
  visit(query.value, (node) => {
    if (node.kind === 'TableName') replacements.set(node, { query: masked.value });
  });
  const replaced = replaceTables(query.value, replacements);
  assert.ok(replaced.ok);
  const text = printQuery(replaced.value);
  assert.match(text, /FROM \(\s+SELECT NULL AS `price`[^)]+\) AS `t` MATCH_RECOGNIZE \(/);
  assert.ok(analyze(text, catalog).ok);
});
