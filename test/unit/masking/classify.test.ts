import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classifier, fieldsOf } from '../../../functions/core/masking/classify.ts';
import { wordsOf } from '../../../functions/core/masking/words.ts';
import { globMatches, pathMatches } from '../../../functions/core/policy/glob.ts';
import { agent, shippedBundle, table } from '../../support/masking.ts';

const bundle = shippedBundle();

const splits: readonly (readonly [string, string])[] = [
  ['customer_email', 'customer email'],
  ['emailAddress', 'email address'],
  ['EMAIL', 'email'],
  ['SSNHash', 'ssn hash'],
  ['address2', 'address 2'],
  ['e-mail', 'e mail'],
  ['ＳＳＮ', 'ssn'],
  ['straßeÄnderung', 'straße änderung'],
];
for (const [name, words] of splits)
  test(`${name} has the words ${words}`, () => assert.equal(wordsOf(name).join(' '), words));

/** The class of a lone column in a table, `-` for none. */
function classOf(tableName: string, column: string, type = 'STRING'): string {
  const [found] = bundle.classify(table(tableName, { [column]: type }));
  return found === undefined ? '-' : [...found.path.slice(1), found.classes.join('+')].join('.');
}

const classes: readonly (readonly [string, string, string, string?])[] = [
  ['t', 'ssn', 'ssn'],
  ['t', 'SocialSecurityNumber', 'ssn'],
  ['t', 'ssns', 'ssn', 'ARRAY<STRING>'],
  ['t', 'lesson', '-'],
  ['t', 'assn_id', '-'],
  ['t', 'tax_id', 'national_id'],
  ['t', 'taxId', 'national_id'],
  ['t', 'tax_amount', '-'],
  ['t', 'passport', 'national_id'],
  ['t', 'driversLicense', 'national_id'],
  ['t', 'customer_email', 'email'],
  ['t', 'emailAddress', 'email'],
  ['t', 'EMAIL', 'email'],
  ['t', 'e_mail', 'email'],
  ['t', 'eMail', 'email'],
  ['t', 'work_emails', 'email', 'ARRAY<STRING>'],
  ['t', 'emailed_at', '-', 'TIMESTAMP'],
  ['t', 'email_verified', '-', 'BOOL'],
  ['t', 'phone', 'phone'],
  ['t', 'homePhone', 'phone'],
  ['t', 'phone_number', 'phone', 'INT64'],
  ['t', 'telephone', 'phone'],
  ['t', 'microphone', '-'],
  ['t', 'first_name', 'person_name'],
  ['t', 'FirstName', 'person_name'],
  ['t', 'lastname', 'person_name'],
  ['t', 'surname', 'person_name'],
  ['t', 'display_name', 'person_name'],
  ['t', 'customer_name', 'person_name'],
  ['t', 'username', 'person_name'],
  ['t', 'employeeName', 'person_name'],
  ['t', 'product_name', '-'],
  ['t', 'filename', '-'],
  ['t', 'country_name', '-'],
  ['customers', 'name', 'person_name'],
  ['dim_customer', 'name', 'person_name'],
  ['UserAccounts', 'Name', 'person_name'],
  ['company_employees', 'name', 'person_name'],
  ['staff', 'name', 'person_name'],
  ['people', 'name', 'person_name'],
  ['products', 'name', '-'],
  ['countries', 'name', '-'],
  ['orders', 'name', '-'],
  ['customers', 'company', '-', 'STRUCT<name STRING>'],
  ['customers', 'profile', 'name.person_name', 'STRUCT<name STRING>'],
  ['orders', 'customer', 'name.person_name', 'STRUCT<name STRING, id INT64>'],
  ['orders', 'lines', '-', 'ARRAY<STRUCT<name STRING, price NUMERIC>>'],
  ['t', 'street', 'street'],
  ['t', 'addressLine1', 'street'],
  ['t', 'address', 'street'],
  ['t', 'address', 'zip.zip', 'STRUCT<city STRING, zip STRING>'],
  ['t', 'ip_address', '-'],
  ['t', 'zip', 'zip'],
  ['t', 'postal_code', 'zip'],
  ['t', 'zip_file', '-'],
  ['t', 'dob', 'birth_date', 'DATE'],
  ['t', 'dateOfBirth', 'birth_date', 'DATE'],
  ['t', 'credit_card', 'card_number'],
  ['t', 'card_number', 'card_number'],
  ['t', 'pan', 'card_number'],
  ['t', 'japan', '-'],
  ['t', 'card_brand', '-'],
  ['t', 'cards', 'pan.card_number', 'ARRAY<STRUCT<pan STRING, brand STRING>>'],
  ['t', 'iban', 'account_number'],
  ['t', 'accountNumber', 'account_number'],
  ['t', 'account_id', '-'],
  ['t', 'salary', 'salary', 'NUMERIC'],
  ['t', 'base_salary_eur', 'salary', 'NUMERIC'],
  ['t', 'gross_pay', 'salary', 'NUMERIC'],
  ['t', 'payment', '-'],
  ['t', 'password_hash', 'secret'],
  ['t', 'apiKey', 'secret'],
  ['t', 'client_secret', 'secret'],
  ['t', 'secretary', '-'],
  ['t', 'token_count', '-', 'INT64'],
  ['customers', 'meta', 'personal_document', 'JSON'],
  ['products', 'meta', '-', 'JSON'],
  ['customers', 'notes', 'personal_notes'],
  ['orders', 'notes', '-'],
  ['t', 'a', 'b.c.d.ssn.ssn', 'STRUCT<b ARRAY<STRUCT<c STRUCT<d STRUCT<ssn STRING>>>>>'],
];
for (const [tableName, column, wanted, type] of classes) {
  test(`${tableName}.${column} ${type ?? 'STRING'} is ${wanted}`, () =>
    assert.equal(classOf(tableName, column, type), wanted));
}

test('policy tags classify, whatever the column is called', () => {
  const tag = 'projects/p/locations/eu/taxonomies/1/policyTags/2';
  const classify = classifier([
    { name: 'tagged', matchers: [], unless: [], except: [['local', 'shop', '*', 'clear']], tags: [tag] },
  ]);
  const plain = table('t', { x: 'STRING', clear: 'STRING', y: 'STRING' });
  const tagged = {
    ...plain,
    columns: plain.columns.map((c) => (c.name === 'y' ? c : { ...c, policyTags: [tag] })),
  };
  assert.deepEqual(
    classify(tagged).map((c) => c.path),
    [['x']],
  );
});

test('a class for every other policy tag takes what no class names, on nested fields too', () => {
  const named = 'projects/p/locations/eu/taxonomies/1/policyTags/2';
  const other = 'projects/p/locations/eu/taxonomies/1/policyTags/3';
  const base = { matchers: [], unless: [], except: [] };
  const classify = classifier([
    { ...base, name: 'known', tags: [named] },
    { ...base, name: 'others', tags: ['*'] },
  ]);
  const plain = table('t', { a: 'STRING', b: 'STRING', c: 'STRING', d: 'STRUCT<x STRING, y STRING>' });
  const [a, b, c, d] = plain.columns;
  assert.ok(a && b && c && d);
  const [x, y] = fieldsOf(d);
  assert.ok(x && y);
  const tags = (...policyTags: string[]) => ({ policyTags });
  const tagged = {
    ...plain,
    columns: [
      { ...a, ...tags(named) },
      { ...b, ...tags(other) },
      c,
      { ...d, fields: [x, { ...y, ...tags(other, named) }] },
    ],
  };
  assert.deepEqual(
    classify(tagged).map(({ path, classes }) => [path.join('.'), ...classes]),
    [
      ['a', 'known'],
      ['b', 'others'],
      ['d.y', 'known', 'others'],
    ],
  );
});

test('masks stand for the fields that are classified, and a REPEATED scalar mode is an array', () => {
  const customers = table('customers', { email: 'STRING' });
  const repeated = {
    ...customers,
    columns: customers.columns.map((c) => ({ ...c, mode: 'REPEATED' as const })),
  };
  assert.deepEqual(
    bundle.maskingFor(agent('analysts'), repeated).columns.map((c) => c.rule),
    ['ALWAYS_NULL'],
  );
});

const globs: readonly (readonly [string, string, boolean])[] = [
  ['*', '', true],
  ['a*c', 'abbbc', true],
  ['a*c', 'abbbd', false],
  ['A?C', 'abc', true],
  ['a?c', 'ac', false],
  ['*a*a*a*b', 'a'.repeat(5000), false],
];
for (const [pattern, text, wanted] of globs) {
  test(`glob ${pattern} on ${text.slice(0, 10)}: ${wanted}`, () => {
    const started = performance.now();
    assert.equal(globMatches(pattern, text), wanted);
    assert.ok(performance.now() - started < 500);
  });
}

test('a path matches part by part, ** any number of parts', () => {
  const path = ['local', 'shop', 'customers', 'address', 'zip'];
  assert.equal(pathMatches(['*', '*', '*', '**', 'zip'], path), true);
  assert.equal(pathMatches(['*', '*', '*', '**', 'address', 'zip'], path), true);
  assert.equal(pathMatches(['*', '*', '*', 'zip'], path), false);
  assert.equal(pathMatches(['local', 'sh?p', 'CUST*', 'address', 'zip'], path), true);
});
