import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StatementAnalysis } from '../../../functions/core/sql/analysis.ts';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { tableName } from '../../../functions/core/sql/catalog.ts';
import { plainCatalog } from '../../../functions/core/sql/resolve/plain-catalog.ts';

const columns = [
  { name: 'id', type: 'INT64' },
  { name: 'ssn', type: 'STRING' },
  { name: 'n', type: 'NUMERIC' },
];
const catalog = plainCatalog(
  { 'd.t': { columns }, 'd.u': { columns }, 'd.v': { columns, view: 'SELECT * FROM d.t' } },
  'p',
);

function one(sql: string): StatementAnalysis {
  const analysis = analyze(sql, catalog);
  assert.ok(analysis.ok, sql);
  return analysis.value.statements[0] as StatementAnalysis;
}

type Facts = { type: string; writes: string[]; reads: string[]; where: string; columns: string[] };
const facts = (sql: string): Facts => {
  const s = one(sql);
  assert.deepEqual(s.refusals, [], sql);
  return {
    type: s.statementType,
    writes: s.writes.map(tableName),
    reads: s.reads.map(tableName),
    where: s.where,
    columns: [...new Set(s.clauseReads.map((r) => `${r.clause} ${r.table.table}.${r.column}`))].sort(),
  };
};

test('a delete says whether its WHERE restricts anything', () => {
  const where = (condition: string): string => one(`DELETE FROM d.t WHERE ${condition}`).where;
  for (const c of ['TRUE', '1 = 1', 'id = id', '1 < 2', 'id = 1 OR TRUE', 'TRUE AND 2 = 2', 'NOT FALSE'])
    assert.equal(where(c), 'trivial', c);
  for (const c of ['id = 1', 'id = 1 AND TRUE', 'id = @x', 'id IN (SELECT id FROM d.u)', 'n IS NULL'])
    assert.equal(where(c), 'present', c);
  assert.deepEqual(facts('DELETE d.t WHERE id = 1'), {
    type: 'DELETE',
    writes: ['p.d.t'],
    reads: [],
    where: 'present',
    columns: ['where t.id'],
  });
});

test('updates read what their values and conditions read', () => {
  assert.deepEqual(facts('UPDATE d.t x SET ssn = u.ssn, n = x.n + 1 FROM d.u u WHERE x.id = u.id'), {
    type: 'UPDATE',
    writes: ['p.d.t'],
    reads: ['p.d.u'],
    where: 'present',
    columns: ['select t.n', 'select u.ssn', 'where t.id', 'where u.id'],
  });
});

test('inserts write their target and read their query', () => {
  assert.deepEqual(facts('INSERT d.t (id, ssn) SELECT id, ssn FROM d.u WHERE n > 1'), {
    type: 'INSERT',
    writes: ['p.d.t'],
    reads: ['p.d.u'],
    where: 'none',
    columns: ['select u.id', 'select u.ssn', 'where u.n'],
  });
  assert.deepEqual(facts("INSERT INTO d.t VALUES (1, 'x', 2)").reads, []);
});

test('a merge reads its source', () => {
  const merge = facts(
    "MERGE d.t USING d.u AS s ON t.id = s.id WHEN MATCHED AND s.n > 1 THEN UPDATE SET ssn = s.ssn WHEN NOT MATCHED THEN INSERT (id, ssn) VALUES (s.id, 'x') WHEN NOT MATCHED BY SOURCE THEN DELETE",
  );
  assert.deepEqual([merge.type, merge.writes, merge.reads], ['MERGE', ['p.d.t'], ['p.d.u']]);
  assert.deepEqual(merge.columns, ['join t.id', 'join u.id', 'select u.id', 'select u.n', 'select u.ssn']);
});

test('mistakes in DML are refused', () => {
  const message = (sql: string): string => one(sql).refusals[0]?.message ?? '';
  assert.match(message('DELETE FROM d.nope WHERE TRUE'), /Table not found/);
  assert.match(message('DELETE FROM d.v WHERE TRUE'), /Cannot modify view/);
  assert.match(message('UPDATE d.t SET nope = 1 WHERE TRUE'), /Column nope is not present/);
  assert.match(message("UPDATE d.t SET id = 'x' WHERE TRUE"), /cannot be assigned/);
  assert.match(message('INSERT d.t (id) VALUES (1, 2)'), /wrong column count/);
  assert.match(message('INSERT d.t (id, ID) VALUES (1, 2)'), /duplicate name/);
});

test('other statements are known by kind and names', () => {
  const ctas = one('CREATE TABLE d.copy AS SELECT ssn FROM d.t');
  assert.deepEqual(ctas.refusals, []);
  assert.deepEqual(
    [ctas.statementType, ctas.writes.map(tableName), ctas.reads.map(tableName)],
    ['CREATE_TABLE_AS_SELECT', ['p.d.copy'], ['p.d.t']],
  );
  const drop = one('DROP TABLE d.t');
  assert.deepEqual(
    [drop.statementType, drop.writes.map(tableName), drop.refusals],
    ['DROP_TABLE', ['p.d.t'], []],
  );
  const immediate = one("EXECUTE IMMEDIATE CONCAT('SELECT ', '1')");
  assert.equal(immediate.refusals[0]?.kind, 'unsupported');
});
