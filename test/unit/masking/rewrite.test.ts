import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../../functions/config/embedded.ts';
import { checkMasked } from '../../../functions/core/masking/check.ts';
import { checkRewritten } from '../../../functions/core/masking/check-rewritten.ts';
import { maskingContext, maskStatement } from '../../../functions/core/masking/mask-statement.ts';
import type { MaskingPlan } from '../../../functions/core/masking/plan.ts';
import type { StatementAnalysis } from '../../../functions/core/sql/analysis.ts';
import { analyze } from '../../../functions/core/sql/analyze.ts';
import { printStatement } from '../../../functions/core/sql/print/print.ts';
import { STRING } from '../../../functions/core/sql/types.ts';
import { agent, catalogOf, shippedBundle, table } from '../../support/masking.ts';

const customers = table('customers', {
  id: 'INT64',
  name: 'STRING',
  email: 'STRING',
  ssn: 'STRING',
  phone: 'STRING',
  dob: 'DATE',
  salary: 'NUMERIC',
  country: 'STRING',
  city: 'STRING',
  vip: 'BOOL',
  address: 'STRUCT<street STRING, zip STRING, country STRING>',
  cards: 'ARRAY<STRUCT<pan STRING, brand STRING>>',
  meta: 'JSON',
  notes: 'STRING',
  created_at: 'TIMESTAMP',
});
const partitioned = {
  ...table('users', { id: 'INT64', email: 'STRING' }),
  pseudoColumns: table('p', { _PARTITIONTIME: 'TIMESTAMP' }).columns,
};
const catalog = catalogOf([
  customers,
  partitioned,
  table('orders', { id: 'INT64', customer_id: 'INT64', amount: 'NUMERIC', email: 'STRING', ts: 'TIMESTAMP' }),
  table('customers_dim', { id: 'INT64', ssn: 'STRING' }),
  table('products', { id: 'INT64', name: 'STRING' }),
  table('events_1', { n: 'INT64', email: 'STRING' }),
  table('events_2', { n: 'INT64', email: 'STRING' }),
  table('clicks_1', { n: 'INT64' }),
  table('odd', { sluice_base_1: 'INT64', 'a`b': 'INT64', ssn: 'STRING' }),
  table('deep', {
    id: 'INT64',
    a: 'ARRAY<STRUCT<b STRUCT<c ARRAY<STRUCT<ssn STRING, n INT64>>>, emails ARRAY<STRING>>>',
  }),
  table('v_plain', { id: 'INT64', s: 'STRING' }, 'SELECT id, ssn AS s FROM shop.customers'),
  table('v_nested', { id: 'INT64', s: 'STRING' }, 'SELECT * FROM shop.v_plain'),
  table(
    'v_email',
    { id: 'INT64', email: 'STRING' },
    "SELECT id, CONCAT(name, '@x') AS email FROM shop.products",
  ),
  table('v_loop', { id: 'INT64' }, 'SELECT id FROM shop.v_loop'),
  table('v_broken', { id: 'INT64' }, 'SELECT id FROM shop.gone'),
]);
const everyRule = shippedBundle(`  - { class: email, otherwise: EMAIL_MASK }
  - { class: ssn, otherwise: KEYED_TOKEN }
  - { class: card_number, otherwise: LAST_FOUR_CHARACTERS }
  - { class: zip, otherwise: FIRST_FOUR_CHARACTERS }
  - { class: birth_date, otherwise: DATE_YEAR_MASK }
  - { class: person_name, otherwise: SHA256 }
  - { class: salary, otherwise: DEFAULT_MASKING_VALUE }`);
const shipped = shippedBundle();

function statementOf(sql: string): StatementAnalysis {
  const analyzed = analyze(sql, catalog, { parameters: { named: { sluice_mask_key: STRING } } });
  assert.ok(analyzed.ok, analyzed.ok ? '' : `${analyzed.error.message}: ${sql}`);
  const [statement] = analyzed.value.statements;
  assert.ok(statement);
  return statement;
}

function mask(statement: StatementAnalysis, bundle = shipped) {
  return maskStatement(
    statement,
    maskingContext(catalog, (each) => bundle.maskingFor(agent('analysts'), each)),
  );
}

/** The rewritten text of a query that can be masked. */
function rewritten(
  sql: string,
  bundle = shipped,
): { text: string; plan: MaskingPlan; final: StatementAnalysis } {
  const result = mask(statementOf(sql), bundle);
  assert.ok(result.ok, result.ok ? '' : result.refusal.message);
  const text = printStatement(result.value);
  return { text, plan: result.plan, final: statementOf(text) };
}

const reads = JSON.parse(readFileSync(join(root, 'test/cases/policy/reads.json'), 'utf8')) as string[];

for (const sql of reads) {
  test(`masks ${sql}`, () => {
    const before = statementOf(sql);
    assert.deepEqual(before.refusals, []);
    for (const bundle of [shipped, everyRule]) {
      const { text, plan, final } = rewritten(sql, bundle);
      assert.deepEqual(final.refusals, [], text);
      assert.deepEqual(checkRewritten(final, plan, before), []);
      assert.deepEqual(
        final.output.map((column) => column.name),
        before.output.map((column) => column.name),
      );
      assert.ok(before.resolved);
      // The net itself must see what an unmasked text would read, or it would be no net.
      assert.notDeepEqual(
        checkRewritten(before, plan),
        [],
        'the check finds nothing wrong with the unmasked text',
      );
      assert.doesNotMatch(text, /FROM `shop`/);
      assert.deepEqual(rewritten(text, bundle).final.reads, final.reads);
    }
  });
}

test('a table without sensitive columns only gets its full name', () => {
  assert.equal(
    rewritten('SELECT id FROM products p').text,
    'SELECT `id`\nFROM `local`.`shop`.`products` AS `p`',
  );
});

test('a masked table lists every column in order', () => {
  const { text } = rewritten('SELECT id FROM shop.customers_dim');
  assert.equal(
    text.replace(/\s+/g, ' '),
    'SELECT `id` FROM ( SELECT `sluice_base_1`.`id` AS `id`, CAST(NULL AS STRING) AS `ssn` FROM `local`.`shop`.`customers_dim` AS `sluice_base_1` ) AS `customers_dim`',
  );
});

test('aliases of the mask never meet a column', () => {
  const { text, plan, final } = rewritten('SELECT * FROM shop.odd');
  assert.match(text, /`sluice_base_2`\.`sluice_base_1` AS `sluice_base_1`/);
  assert.deepEqual(checkRewritten(final, plan), []);
});

test('masks go to any depth, and the rest of a struct stays', () => {
  for (const bundle of [shipped, everyRule]) {
    const { text, plan, final } = rewritten(
      'SELECT x.n, x.ssn FROM shop.deep d, d.a AS e, e.b.c AS x',
      bundle,
    );
    assert.deepEqual(
      plan.columns.map((column) => column.path.join('.')),
      ['a.b.c.ssn', 'a.emails'],
    );
    assert.deepEqual(checkRewritten(final, plan), []);
    assert.match(text, /`n` AS `n`/);
  }
});

test('the net finds another table than the query names', () => {
  const { plan, final } = rewritten('SELECT id FROM shop.products');
  assert.deepEqual(checkRewritten(final, plan, statementOf('SELECT id FROM shop.orders')), [
    'local.shop.orders is not read any more',
    'local.shop.products is read although the query does not name it',
  ]);
});

test('the key is asked for only where a rule uses it', () => {
  const plain = mask(statementOf('SELECT 1 FROM shop.customers'));
  const keyed = mask(statementOf('SELECT 1 FROM shop.customers'), everyRule);
  assert.ok(plain.ok && !plain.usesKey);
  assert.ok(keyed.ok && keyed.usesKey);
});

test('a view becomes its definition, also without masks', () => {
  const { text, plan } = rewritten('SELECT id FROM shop.v_email');
  assert.match(text, /`local`\.`shop`\.`products`/);
  assert.doesNotMatch(text, /`v_email`\.`|`shop`\.`v_email`/);
  assert.deepEqual(
    plan.columns.map((column) => [column.table.table, column.path.join('.'), column.rule]),
    [['v_email', 'email', 'ALWAYS_NULL']],
  );
});

test('a wildcard is masked like its members', () => {
  const { text, plan, final } = rewritten('SELECT n, email FROM `shop.events_*`');
  assert.match(text, /FROM `local`\.`shop`\.`events_\*` AS `sluice_base_1`/);
  assert.deepEqual(
    plan.columns.map((column) => column.table.table),
    ['events_1', 'events_2'],
  );
  assert.deepEqual(checkRewritten(final, plan), []);
});

const refused: readonly (readonly [string, RegExp])[] = [
  [
    "SELECT n FROM `shop.events_*` WHERE _TABLE_SUFFIX = '1'",
    /events_\* has sensitive columns, so _TABLE_SUFFIX cannot be read/,
  ],
  [
    'SELECT id FROM shop.users WHERE _PARTITIONTIME IS NULL',
    /so _PARTITIONTIME cannot be read from it; leave _PARTITIONTIME out/,
  ],
  [
    'SELECT id FROM shop.customers TABLESAMPLE SYSTEM (10 PERCENT)',
    /cannot be read with TABLESAMPLE; leave TABLESAMPLE out/,
  ],
  ["SELECT id FROM shop.customers FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-01'", /FOR SYSTEM_TIME AS OF/],
  [
    "SELECT TO_JSON_STRING(p) FROM shop.products AS p FOR SYSTEM_TIME AS OF TIMESTAMP '2026-01-01'",
    /may have had sensitive columns then/,
  ],
  ['SELECT id FROM shop.v_loop', /v_loop refers to itself/],
  ['SELECT id FROM shop.v_broken', /Invalid view local\.shop\.v_broken: Table not found/],
  [
    "DELETE FROM shop.customers WHERE ssn = '1'",
    /DELETE looks at the sensitive column ssn of local\.shop\.customers/,
  ],
  ['UPDATE shop.customers SET city = name WHERE id = 1', /UPDATE looks at the sensitive column name/],
  ['CREATE TABLE shop.copy AS SELECT * FROM shop.customers', /CREATE_TABLE_AS_SELECT/],
  ['DROP TABLE shop.orders', /DROP_TABLE cannot be rewritten/],
];
for (const [sql, wanted] of refused) {
  test(`refuses ${sql}`, () => {
    const result = mask(statementOf(sql));
    assert.ok(!result.ok);
    assert.match(result.refusal.message, wanted);
  });
}

const untouched: readonly (readonly [string, RegExp])[] = [
  ["SELECT n FROM `shop.clicks_*` WHERE _TABLE_SUFFIX = '1'", /`local`\.`shop`\.`clicks_\*`/],
  ['SELECT id FROM shop.users WHERE id = 1', /`local`\.`shop`\.`users` AS `sluice_base_1`/],
];
for (const [sql, wanted] of untouched)
  test(`permits ${sql}`, () => assert.match(rewritten(sql).text, wanted));

const writes: readonly (readonly [string, RegExp])[] = [
  ['DELETE FROM orders WHERE id = 1', /^DELETE FROM `local`\.`shop`\.`orders`/],
  ["UPDATE shop.customers SET city = 'x' WHERE id = 1", /^UPDATE `local`\.`shop`\.`customers`/],
  ['INSERT INTO orders (email) SELECT email FROM customers', /CAST\(NULL AS STRING\) AS `email`/],
];
for (const [sql, wanted] of writes) {
  test(`rewrites ${sql}`, () => {
    const { text, final } = rewritten(sql);
    assert.match(text, wanted);
    assert.deepEqual(final.refusals, []);
  });
}

const { plan } = rewritten('SELECT 1 FROM shop.customers', everyRule);
const evasions: readonly string[] = [
  "SELECT CONCAT(email, '') FROM local.shop.customers",
  'SELECT IF(TRUE, ssn, NULL) FROM local.shop.customers',
  'SELECT SUBSTR(ssn, 1, 99) FROM local.shop.customers',
  'SELECT x FROM (SELECT id, email AS x FROM local.shop.customers AS sluice_base_1)',
  'SELECT salary IS NULL FROM local.shop.customers',
  'SELECT (SELECT MAX(k.pan) FROM UNNEST(cards) AS k) FROM local.shop.customers',
];
for (const sql of evasions) {
  test(`the net finds ${sql}`, () => assert.notDeepEqual(checkRewritten(statementOf(sql), plan), []));
}

test('the net under the net finds a constant mask that is read', () => {
  const statement = statementOf('SELECT salary + 1 FROM local.shop.customers');
  assert.ok(statement.resolved);
  assert.match(
    checkMasked(statement.resolved, plan).join(),
    /customers\.salary is read although its mask is DEFAULT_MASKING_VALUE/,
  );
});

const attacks = join(root, '..', 'shared', 'corpus', 'attacks.jsonl');
test('attacks on masks: each is masked or refused', {
  skip: existsSync(attacks) ? false : `${attacks} is not here`,
}, () => {
  const areas = [
    'column-masking',
    'inference',
    'encoding',
    'object-laundering',
    'parser-differential',
    'benign-control',
  ];
  let masked = 0;
  for (const line of readFileSync(attacks, 'utf8').trim().split('\n')) {
    const { area, request } = JSON.parse(line) as { area: string; request: string };
    const analyzed = areas.includes(area) ? analyze(request, catalog) : undefined;
    const [statement, ...others] = analyzed?.ok ? analyzed.value.statements : [];
    if (statement === undefined || others.length > 0) continue;
    const result = mask(statement);
    if (!result.ok || statement.statementType !== 'SELECT') continue;
    const final = statementOf(printStatement(result.value));
    assert.deepEqual(final.refusals, [], request);
    assert.deepEqual(checkRewritten(final, result.plan), [], request);
    masked += 1;
  }
  assert.ok(masked >= 60, `only ${masked} attacks were understood and masked`);
});
