import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { catalogOf, table } from '../../support/masking.ts';

// A query in FROM without an alias that FROM or a pipe ends lets the names of its tables through, with all their columns;
// each answer is GoogleSQL's own.

const catalog = catalogOf([
  table('orders', { id: 'INT64', amount: 'FLOAT64' }),
  table('people', { id: 'INT64', city: 'STRING' }),
]);

function columnsOf(sql: string): string {
  const result = analyze(sql, catalog);
  assert.ok(result.ok, sql);
  const [statement] = result.value.statements;
  const [refusal] = statement?.refusals ?? [];
  if (refusal !== undefined) return refusal.message;
  return (statement?.output ?? [])
    .map(({ sources }) => sources.map(({ table: { table: name }, column }) => `${name}.${column}`).join('+'))
    .join(' ');
}

const answers: Readonly<Record<string, string>> = {
  'SELECT orders.id FROM (FROM shop.orders)': 'orders.id',
  'SELECT orders.id FROM ((FROM shop.orders) ORDER BY orders.amount LIMIT 1)': 'orders.id',
  'SELECT orders.id FROM (WITH w AS (SELECT 1) FROM shop.orders)': 'orders.id',
  'SELECT orders.id FROM (FROM shop.orders |> DROP id)': 'orders.id',
  'SELECT * FROM (FROM shop.orders |> DROP id)': 'orders.amount',
  'SELECT z, orders.id FROM (FROM shop.orders |> RENAME id AS z)': 'orders.id orders.id',
  'SELECT orders.id, people.id FROM (FROM shop.orders |> JOIN shop.people USING (id))': 'orders.id people.id',
  'SELECT q.id FROM (SELECT * FROM shop.orders |> AS q)': 'orders.id',
  'SELECT p.id FROM ((FROM shop.orders) AS p)': 'orders.id',
  '(FROM shop.orders |> DROP id) |> SELECT orders.id': 'orders.id',
  'SELECT (SELECT MAX(orders.id) FROM (FROM shop.orders)) FROM shop.people AS orders': 'orders.id',
  'SELECT (SELECT MAX(orders.city) FROM (FROM shop.orders)) FROM shop.people AS orders':
    'Name city not found inside orders',
  'SELECT (SELECT MAX(orders.id) FROM (SELECT * FROM shop.orders)) FROM shop.people AS orders': 'people.id',
  'SELECT orders.id FROM (SELECT * FROM shop.orders)': 'Unrecognized name: orders',
  'SELECT orders.id FROM (FROM shop.orders) AS x': 'Unrecognized name: orders',
  'WITH w AS (FROM shop.orders) SELECT orders.id FROM w': 'Unrecognized name: orders',
  'SELECT orders.id FROM (FROM shop.orders |> SELECT id)': 'Unrecognized name: orders',
  'SELECT orders.id FROM (FROM shop.orders |> AS o)': 'Unrecognized name: orders',
  'SELECT 1 FROM (FROM shop.orders), (FROM shop.orders)':
    'Duplicate table alias orders in the same FROM clause',
};
for (const [sql, expected] of Object.entries(answers)) {
  test(sql, () => assert.equal(columnsOf(sql), expected));
}
