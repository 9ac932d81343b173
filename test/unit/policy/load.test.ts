import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPolicies } from '../../../functions/adapters/policy/directory.ts';
import { root } from '../../../functions/config/embedded.ts';
import { loadBundle, problemText } from '../../../functions/core/policy/load.ts';

const base = `version: "1"
limits: { bytes: 1 GB, timeout: 1 min, approvedBytes: 10 GB }
grants:
  - group: a
    datasets: ["*.*"]
`;

function errorsOf(text: string, path = 'p.yaml'): string[] {
  const loaded = loadBundle([{ path, text }]);
  return loaded.ok ? [] : loaded.errors.map(problemText);
}

const rule = (when: string): string => `${base}rules:
  - name: r
    when: ${when}
    effect: permit
`;

test('the smallest bundle loads and says what is not tested', () => {
  const loaded = loadBundle([{ path: 'p.yaml', text: rule("kinds == ['SELECT']") }]);
  assert.ok(loaded.ok);
  assert.deepEqual(loaded.warnings, [
    'rule p#r has no test in which it matches; add one to a .test.yaml file',
  ]);
  assert.match(loaded.bundle.identity.hash, /^sha256:[0-9a-f]{64}$/);
});

const broken: readonly (readonly [string, string, string])[] = [
  [
    'an empty file',
    '',
    'p.yaml:1:1: the file is empty; remove it or give it version, limits, grants, classifications, masks, rules, budgets',
  ],
  ['no YAML', 'a: [', 'p.yaml:1:5: '],
  ['a key that stands twice', `${base}version: "2"\n`, 'p.yaml:6:1: this key stands twice; remove one'],
  [
    'an unknown key',
    `${base}rule: []\n`,
    "p.yaml:6:1: unknown key 'rule' in a policy; there are version, limits,",
  ],
  ['a wrong type', base.replace('"1"', '1'), 'p.yaml:1:10: version must be text; put it in quotes'],
  [
    'a number without a unit',
    base.replace('1 GB', '1000'),
    'p.yaml:2:18: bytes of limits needs a number with its unit, for example 1 GB',
  ],
  [
    'a dataset without a project',
    base.replace('"*.*"', 'shop'),
    "p.yaml:5:16: a dataset is project.dataset, with * and ? in either part, and this is 'shop'",
  ],
  [
    'no version',
    base.replace('version: "1"\n', ''),
    "p.yaml:1:1: 'version' is missing; one file of the bundle must have it",
  ],
  ['an empty list', `${base}rules: []\n`, 'p.yaml:6:8: rules is empty; add to it or leave it out'],
  [
    'an alias',
    `${base}rules: [&a { name: r, when: "true", effect: permit }, *a]\n`,
    'aliases are not read; write it out',
  ],
  ['a condition that is no CEL', rule('kinds =='), 'p.yaml:8:17: the condition is no CEL: '],
  [
    'an unknown name',
    rule('query.kind == "SELECT"'),
    "p.yaml:8:11: the condition 'query' is unknown; there are principal,",
  ],
  [
    'an unknown field',
    rule('estimate.byte > 1'),
    "p.yaml:8:19: the condition there is no field 'byte'; there are bytes, accuracy",
  ],
  [
    'a comparison that never holds',
    rule("estimate.bytes == '5'"),
    "'==' compares int with string, never equal",
  ],
  ['an unknown function', rule("kinds.exists(k, k.lower() == 'x')"), "the function 'lower' is not available"],
  [
    'a condition that is no condition',
    rule('estimate.bytes'),
    'the condition must be true or false, and is a int',
  ],
  [
    'a field of a list',
    rule("statements.kind == 'SELECT'"),
    "'.kind' needs a record, and this is a list(record); ask .exists(x, x.kind ...)",
  ],
  [
    'a hold without approvers',
    `${base}rules: [{ name: r, when: "true", effect: hold, message: m }]\n`,
    "a hold needs 'approvers' (groups) and 'for'",
  ],
  [
    'a deny without a message',
    `${base}rules: [{ name: r, when: "true", effect: deny }]\n`,
    "'message' is missing; say what to change",
  ],
  [
    'a key of another effect',
    `${base}rules: [{ name: r, when: "true", effect: permit, quorum: 2 }]\n`,
    "'quorum' has no meaning with effect permit; remove it",
  ],
  [
    'an unknown placeholder',
    `${base}rules: [{ name: r, when: "true", effect: deny, message: "no {x}" }]\n`,
    "'{x}' is unknown in a message; there are {kinds}",
  ],
  [
    'two rules of one name',
    `${rule('"true"')}  - { name: r, when: "true", effect: permit }\n`,
    'the name p#r stands twice; choose another',
  ],
  [
    'a mask of no class',
    `${base}masks: [{ class: ssn }]\n`,
    "masks name the class 'ssn', which no classification has",
  ],
  [
    'an unknown masking rule',
    `${base}masks: [{ class: "*", otherwise: HASH }]\n`,
    'otherwise must be one of ALWAYS_NULL,',
  ],
  [
    'a class that finds nothing',
    `${base}classifications: [{ name: c }]\n`,
    "class 'c' recognizes nothing; give it columns or tags",
  ],
  [
    'a short path',
    `${base}classifications: [{ name: c, columns: [{ path: a.b }] }]\n`,
    'path must be project.dataset.table.column',
  ],
];

for (const [name, text, wanted] of broken) {
  test(`refuses ${name}`, () => {
    const errors = errorsOf(text);
    assert.ok(errors.length > 0, 'it loads');
    assert.ok(
      errors.some((error) => error.includes(wanted)),
      errors.join('\n'),
    );
    for (const error of errors) assert.doesNotMatch(error, /\n/);
  });
}

test('an error in a block scalar has its own line', () => {
  const text = `${base}rules:
  - name: r
    when: |
      kinds == ['SELECT'] &&
        estimate.byte > 1
    effect: permit
`;
  assert.match(errorsOf(text).join('\n'), /^p\.yaml:10:17: the condition there is no field 'byte'/);
});

test('finds every mistake in one pass', () => {
  const text = `${base}rules:
  - { name: a b, when: "true", effect: permit }
  - { name: c, when: "nothing", effect: permit }
  - { name: d, when: "true", effect: allow }
`;
  assert.equal(errorsOf(text).length, 3);
});

const expensive: readonly (readonly [string, string])[] = [
  ['three loops in one another', 'reads.all(a, writes.all(b, functions.all(c, a == b && b == c)))'],
  ['two long loops in one another', 'reads.all(a, writes.all(b, a == b))'],
  ['a deep expression', `${'(true == '.repeat(60)}true${')'.repeat(60)}`],
  ['a very deep expression', `${'('.repeat(1900)}true${')'.repeat(1900)}`],
  ['a long expression', Array.from({ length: 400 }, () => '1<2').join('&&')],
  ['a longer text', `'${'x'.repeat(5000)}' == ''`],
];

for (const [name, when] of expensive) {
  test(`refuses ${name} before it can run`, () => {
    const started = performance.now();
    assert.equal(errorsOf(rule(JSON.stringify(when))).length, 1);
    assert.ok(performance.now() - started < 1000);
  });
}

test('a bundle whose test fails does not load, and the error names the test', () => {
  const tests = `tests:
  - name: nobody reads
    as: { groups: [a] }
    want: { outcome: deny }
`;
  const loaded = loadBundle([
    { path: 'p.yaml', text: rule("kinds == ['SELECT']") },
    { path: 'p.test.yaml', text: tests },
  ]);
  assert.ok(!loaded.ok);
  assert.deepEqual(loaded.errors.map(problemText), [
    "p.test.yaml:2:5: policy test 'nobody reads' fails: the outcome is permit by p#r, not deny",
  ]);
});

test('the hash changes with the rules and not with the order of the files', () => {
  const other = { path: 'q.yaml', text: 'grants:\n  - { group: b, datasets: ["p.d"] }\n' };
  const one = { path: 'p.yaml', text: rule("kinds == ['SELECT']") };
  const hash = (...files: { path: string; text: string }[]): string => {
    const loaded = loadBundle(files);
    assert.ok(loaded.ok);
    return loaded.bundle.identity.hash;
  };
  assert.equal(hash(one, other), hash(other, one));
  assert.notEqual(hash(one, other), hash(one));
  assert.notEqual(hash(one, other), hash({ ...one, text: `${one.text}# more\n` }, other));
});

for (const folder of ['policies', 'policies/examples/open']) {
  test(`${folder} loads, passes its tests and tests every rule`, () => {
    const loaded = loadBundle(readPolicies(`${root}/${folder}`));
    assert.ok(loaded.ok, loaded.ok ? '' : loaded.errors.map(problemText).join('\n'));
    assert.deepEqual(loaded.warnings, []);
  });
}

test('a folder without policies is one line that says what to do', () => {
  assert.throws(
    () => readPolicies(`${root}/functions`),
    /has no \.yaml file; put one there or name another with --policies/,
  );
  assert.throws(
    () => readPolicies(`${root}/nowhere`),
    /cannot be read: it does not exist; mend it or name another/,
  );
});
