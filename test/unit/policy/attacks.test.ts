import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../../functions/config/embedded.ts';
import type { PolicyInput } from '../../../functions/core/policy/bundle.ts';
import { queryFacts } from '../../../functions/core/policy/query-facts.ts';
import { agent, shippedBundle, table } from '../../support/masking.ts';

const bundle = shippedBundle();
const tables = [
  table('customers', { id: 'INT64', ssn: 'STRING', email: 'STRING', country: 'STRING' }),
  table('orders', { id: 'INT64', customer_id: 'INT64', amount: 'NUMERIC', email: 'STRING', ts: 'TIMESTAMP' }),
];

/** What an agent of the analysts gets: a decision, or that the text is not understood (which never runs). */
function outcomeOf(sql: string): string {
  const facts = queryFacts(sql, tables, bundle.classify);
  if ('problem' in facts) return 'refused';
  const input: PolicyInput = {
    principal: agent('analysts'),
    purpose: '',
    nowMs: 0,
    estimate: { bytes: 1000, accuracy: 'PRECISE' },
    used: { principalBytesToday: 0 },
    ...facts,
  };
  return bundle.decide(input).decision.outcome;
}

const own: readonly (readonly [string, string])[] = [
  ['DELETE FROM shop.orders WHERE 1=1', 'deny'],
  ['DELETE FROM shop.orders WHERE TRUE OR id = 1', 'deny'],
  ["UPDATE shop.orders SET amount = 0 WHERE 'a' = 'a'", 'deny'],
  ['UPDATE shop.orders SET amount = 0 WHERE id = 5', 'hold'],
  ['MERGE shop.orders USING (SELECT 1) ON FALSE WHEN NOT MATCHED BY SOURCE THEN DELETE', 'hold'],
  ['INSERT INTO shop.orders (id) SELECT 1', 'hold'],
  ['TRUNCATE TABLE shop.orders', 'deny'],
  ['/* ok */ -- ok\n DROP TABLE shop.orders', 'deny'],
  ['DROP SCHEMA shop CASCADE', 'deny'],
  ['DROP SEARCH INDEX i ON shop.customers', 'deny'],
  ['ALTER TABLE shop.customers DROP COLUMN ssn', 'deny'],
  ['CREATE OR REPLACE FUNCTION shop.mask(x STRING) AS (x)', 'deny'],
  ["CREATE SCHEMA evil OPTIONS (location='US')", 'deny'],
  ['UNDROP SCHEMA shop_old', 'deny'],
  ['SELECT 1; DROP TABLE shop.orders', 'deny'],
  ['IF FALSE THEN DROP TABLE shop.orders; END IF', 'deny'],
  ["EXECUTE IMMEDIATE 'DROP TABLE shop.orders'", 'deny'],
  ["SET @@dataset_id = 'hr'; SELECT * FROM payroll", 'deny'],
  ["CALL BQ.JOBS.CANCEL('other')", 'deny'],
  ['LOOP SELECT 1; END LOOP', 'deny'],
  ['SELECT 1; SELECT 2', 'deny'],
  ['BEGIN TRANSACTION', 'deny'],
  ["REVOKE `roles/bigquery.dataViewer` ON SCHEMA shop FROM 'user:a@b.c'", 'deny'],
];
for (const [sql, wanted] of own) {
  test(`${wanted}: ${sql}`, () => {
    const outcome = outcomeOf(sql);
    // What the front end does not understand is refused before any rule: no less strict than a denial.
    assert.ok(outcome === wanted || (wanted === 'deny' && outcome === 'refused'), outcome);
  });
}

const corpus = join(root, '..', 'shared', 'corpus', 'attacks.jsonl');
test('risky statements and scripts of the corpus never run unasked', {
  skip: existsSync(corpus) ? false : `${corpus} is not here`,
}, () => {
  const outcomes = new Map<string, number>();
  for (const line of readFileSync(corpus, 'utf8').trim().split('\n')) {
    const { id, area, request } = JSON.parse(line) as { id: string; area: string; request: string };
    if (area !== 'risky-statement' && area !== 'scripting') continue;
    const outcome = outcomeOf(request);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    assert.notEqual(outcome, 'permit', `${id}: ${request}`);
  }
  assert.ok((outcomes.get('deny') ?? 0) >= 20, JSON.stringify([...outcomes]));
});
