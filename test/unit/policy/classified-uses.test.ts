import assert from 'node:assert/strict';
import { test } from 'node:test';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { policyInput, unknownEstimate } from '../../../functions/pipeline/evaluate-facts.ts';
import { agent, bundleOf, catalogOf, table } from '../../support/masking.ts';
import { queryOf } from '../../support/queries.ts';

const policy = `
version: "1"
limits: { bytes: 1 GB, approvedBytes: 1 GB, timeout: 1 min }
grants: [{ group: analysts, datasets: ["local.*"] }]
classifications:
  - { name: secret, columns: [{ names: [ssn] }] }
  - { name: number, columns: [{ names: [ssn, phone] }] }
masks: [{ class: "*", otherwise: none }]
rules:
  - { name: reads, when: "kinds == ['SELECT']", effect: permit }
  - name: not-by-number
    when: classified.exists(c, c.classification == 'number' && 'where' in c.uses)
    effect: deny
    message: not by number
`;
const tests = `
tests:
  - { name: a, as: { groups: [analysts] }, given: { datasets: [local.shop] }, want: { outcome: permit } }
`;
const bundle = bundleOf([
  { path: 'p.yaml', text: policy },
  { path: 'p.test.yaml', text: tests },
]);
const people = table('people', { id: 'INT64', ssn: 'STRING', phone: 'STRING' });
const catalog = catalogOf([people]);

function inputOf(sql: string) {
  const analyzed = analyze(sql, catalog);
  assert.ok(analyzed.ok, sql);
  const principal = agent('analysts');
  const query = queryOf({ caller: { ...queryOf().caller, principal } });
  const source = { statements: analyzed.value.statements, catalog, plan: { columns: [] } };
  return policyInput(query, source, bundle.classify, unknownEstimate, { nowMs: 0, principalBytesToday: 0 });
}

test('rules see classified columns that nobody masks, under each of their classes', () => {
  const seen = inputOf(`SELECT id FROM shop.people WHERE ssn = '1'`).classified;
  assert.deepEqual(
    seen.map(({ column, classification, uses }) => [column.split('.').at(-1), classification, uses]),
    [
      ['ssn', 'secret', ['where']],
      ['ssn', 'number', ['where']],
    ],
  );
});

test('so a rule about their use denies, and only the use counts', () => {
  const outcome = (sql: string): string => bundle.decide(inputOf(sql)).decision.outcome;
  assert.equal(outcome(`SELECT id FROM shop.people WHERE ssn = '1'`), 'deny');
  assert.equal(outcome(`SELECT phone, ssn FROM shop.people WHERE id = 1`), 'permit');
  assert.equal(outcome(`SELECT id FROM (SELECT id, phone AS p FROM shop.people) WHERE p > '1'`), 'deny');
});
