import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { tableName } from '../../../functions/core/sql/catalog.ts';
import { plainCatalog } from '../../../functions/core/sql/resolve/plain-catalog.ts';
import { checkResolved } from '../../support/resolved-invariants.ts';

const folder = new URL('../../../../shared/corpus/queries/', import.meta.url);
const skip = existsSync(folder) ? false : 'the shared corpus is not beside this repository';
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const lines = <T>(name: string): T[] =>
  read(name)
    .trim()
    .split('\n')
    .map((l) => JSON.parse(l));
const catalog = () => plainCatalog(JSON.parse(read('tables.json')), 'acme-prod');

type Lineage = { id: string; sql: string; output: { name: string; columns: string[]; may?: string[] }[] };
type Query = {
  id: string;
  kinds: string[];
  sql: string;
  reads: string[];
  writes?: string[];
  result?: { cols?: string[] };
};

test('the labelled lineage cases come out exactly', { skip }, () => {
  const known = catalog();
  for (const c of lines<Lineage>('lineage.jsonl')) {
    const analysis = analyze(c.sql, known);
    assert.ok(analysis.ok, c.id);
    const [statement] = analysis.value.statements;
    assert.deepEqual(statement?.refusals, [], c.id);
    const output = (statement?.output ?? []).map((o, i) => {
      const may = new Set(c.output[i]?.may ?? []);
      const columns = o.sources.map((s) => `${s.table.dataset}.${s.table.table}.${s.column}`);
      return { name: o.name, columns: [...new Set(columns)].filter((x) => !may.has(x)).sort() };
    });
    const wanted = c.output.map((o) => ({ name: o.name, columns: [...o.columns].sort() }));
    assert.deepEqual(output, wanted, c.id);
  }
});

test('realistic queries resolve with their tables and column names', { skip }, () => {
  const known = catalog();
  for (const c of lines<Query>('realistic.jsonl')) {
    const analysis = analyze(c.sql, known);
    assert.ok(analysis.ok, c.id);
    const [statement] = analysis.value.statements;
    assert.deepEqual(statement?.refusals, [], c.id);
    if (statement === undefined) continue;
    if (statement.resolved) checkResolved(statement.resolved);
    // The corpus names a wildcard as it is written; its members are what is read.
    const wildcard = c.reads.some((r) => r.endsWith('*'));
    const reads = (wildcard ? statement.referenced : statement.reads).map(tableName);
    assert.deepEqual(reads.sort(), [...c.reads].sort(), c.id);
    assert.deepEqual(statement.writes.map(tableName).sort(), [...(c.writes ?? [])].sort(), c.id);
    // A result of struct rows has one unnamed column there, its fields here.
    if (c.result?.cols && c.result.cols[0] !== '')
      assert.deepEqual(
        statement.output.map((o) => o.name),
        c.result.cols,
        c.id,
      );
  }
});
