import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkRewritten, readsOutsidePlan } from '../../../functions/core/masking/check-rewritten.ts';
import { maskingContext, maskStatement } from '../../../functions/core/masking/mask-statement.ts';
import type { StatementAnalysis } from '../../../functions/core/sql/analysis.ts';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import type { Catalog } from '../../../functions/core/sql/catalog.ts';
import { agent, catalogOf, shippedBundle, table } from '../../support/masking.ts';

// Tables that are read where no subquery can stand, in the text itself or beneath a view, would come unmasked.

const bundle = shippedBundle();
const views = [
  table(
    'searched',
    { x: 'STRING' },
    "SELECT base.ssn AS x FROM VECTOR_SEARCH(TABLE shop.people, 'e', TABLE shop.people)",
  ),
  table('appended', { id: 'INT64', x: 'STRING' }, 'SELECT id, ssn AS x FROM APPENDS(TABLE shop.people)'),
  table('outer', { x: 'STRING' }, 'SELECT x FROM shop.searched'),
  table('called', { x: 'STRING' }, 'SELECT local.shop.show(id) AS x FROM shop.people'),
];
const catalog: Catalog = {
  ...catalogOf([table('people', { id: 'INT64', ssn: 'STRING', e: 'ARRAY<FLOAT64>' }), ...views]),
  routine: ({ table: name }) =>
    name === 'show'
      ? {
          name,
          definition:
            'CREATE FUNCTION local.shop.show(i INT64) AS ((SELECT MAX(ssn) FROM local.shop.people))',
        }
      : undefined,
};
const context = maskingContext(catalog, (each) => bundle.maskingFor(agent('analysts'), each));

function analyzed(sql: string): StatementAnalysis {
  const result = analyze(sql, catalog);
  assert.ok(result.ok, sql);
  const [statement] = result.value.statements;
  assert.ok(statement);
  return statement;
}

const texts = [
  ...views.map(({ ref }) => `SELECT * FROM shop.${ref.table}`),
  'SELECT COUNT(*) FROM (FROM shop.searched)',
  'INSERT INTO shop.people (ssn) SELECT x FROM shop.appended',
  'SELECT id FROM APPENDS(TABLE shop.people)',
  'FROM shop.people |> WHERE id = 1 |> CALL APPENDS()',
  'SELECT distance FROM VECTOR_SEARCH(TABLE shop.people, "e", (SELECT e FROM shop.people))',
  'SELECT local.shop.show(1)',
];
for (const sql of texts) {
  test(`refused, since it cannot be masked: ${sql}`, () => {
    const masked = maskStatement(analyzed(sql), context);
    assert.ok(!masked.ok);
    assert.equal(masked.refusal.code, 'policy_denied');
  });
}

test('the second net catches what the first one lets through', () => {
  const nothing = { columns: [] };
  for (const sql of ['SELECT id FROM APPENDS(TABLE shop.people)', 'SELECT local.shop.show(1)']) {
    assert.ok(checkRewritten(analyzed(sql), nothing).length > 0, sql);
    assert.deepEqual(readsOutsidePlan(analyzed(sql), nothing, context), ['local.shop.people'], sql);
  }
  const plain = analyzed('SELECT id FROM shop.people');
  assert.deepEqual(readsOutsidePlan(plain, nothing, context), ['local.shop.people']);
  const masked = maskStatement(plain, context);
  assert.ok(masked.ok);
  assert.deepEqual(readsOutsidePlan(plain, masked.plan, context), []);
});
