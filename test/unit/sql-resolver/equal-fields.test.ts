import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { catalogOf, table } from '../../support/masking.ts';

const catalog = catalogOf([
  table('orders', { id: 'INT64', amount: 'FLOAT64' }),
  table('people', { id: 'INT64', ssn: 'STRING' }),
]);

// A path names fields, and a struct may have two of one name: none of them may be lost.
test('no column behind struct fields of one name is missed', () => {
  const texts = [
    'SELECT AS STRUCT o.id, p.id, p.ssn FROM shop.orders AS o, shop.people AS p',
    'SELECT s FROM (SELECT STRUCT(o.id, p.id, p.ssn) AS s FROM shop.orders AS o, shop.people AS p)',
    'SELECT v.* FROM (SELECT AS STRUCT o.id, p.id, p.ssn FROM shop.orders AS o, shop.people AS p) AS v',
  ];
  for (const sql of texts) {
    const result = analyze(sql, catalog);
    assert.ok(result.ok);
    const [statement] = result.value.statements;
    const sources = (statement?.output ?? []).flatMap((column) => column.sources);
    const columns = new Set(sources.map((source) => `${source.table.table}.${source.column}`));
    assert.deepEqual([...columns].sort(), ['orders.id', 'people.id', 'people.ssn'], sql);
  }
});
