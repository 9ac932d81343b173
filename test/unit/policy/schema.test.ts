import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { root } from '../../../functions/config/embedded.ts';
import { loadBundle, problemText } from '../../../functions/core/policy/load.ts';
import { environment } from '../../../functions/core/policy/shape.ts';

type Definition = { readonly properties: Readonly<Record<string, unknown>> };
const schema = JSON.parse(readFileSync(`${root}/policies/schema.json`, 'utf8')) as Definition & {
  readonly $defs: Readonly<Record<string, Definition>>;
};
const document = readFileSync(`${root}/docs/POLICY.md`, 'utf8');

/** The keys that the loader itself names when it meets one that it does not know. */
function keysAt(text: string): string[] {
  const loaded = loadBundle([{ path: 'p.yaml', text }]);
  assert.ok(!loaded.ok);
  const said = loaded.errors.map(problemText).find((each) => each.includes("'unknown_key'"));
  assert.ok(said);
  return (said.split('; there are ')[1] ?? '').split(', ').sort();
}

const places: readonly (readonly [string, string, Definition | undefined])[] = [
  ['a policy', 'unknown_key: 1', schema],
  ['limits', 'limits: { unknown_key: 1 }', schema.$defs.limits],
  ['a grant', 'grants: [{ unknown_key: 1 }]', schema.$defs.grant],
  ['a classification', 'classifications: [{ unknown_key: 1 }]', schema.$defs.classification],
  ['a column pattern', 'classifications: [{ name: a, columns: [{ unknown_key: 1 }] }]', schema.$defs.column],
  ['a mask', 'masks: [{ unknown_key: 1 }]', schema.$defs.mask],
  ['a rule', 'rules: [{ unknown_key: 1 }]', schema.$defs.rule],
  ['a budget', 'budgets: [{ unknown_key: 1 }]', schema.$defs.budget],
];

for (const [name, text, definition] of places) {
  test(`schema.json and docs/POLICY.md have the keys of ${name}`, () => {
    const keys = keysAt(text);
    assert.deepEqual(Object.keys(definition?.properties ?? {}).sort(), keys);
    for (const key of keys)
      assert.ok(document.includes(`\`${key}\``), `docs/POLICY.md does not explain ${key}`);
  });
}

test('docs/POLICY.md explains every name that a condition can use', () => {
  for (const [name, shape] of Object.entries(environment)) {
    assert.ok(document.includes(`\`${name}\``), name);
    const record = shape.kind === 'list' ? shape.element : shape;
    if (record?.kind !== 'record') continue;
    for (const field of Object.keys(record.fields))
      assert.ok(document.includes(`\`${field}\``), `${name}.${field}`);
  }
});

test('the policy that docs/POLICY.md shows loads', () => {
  const blocks = [...document.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  const [policy, tests] = blocks;
  assert.ok(policy && tests);
  const loaded = loadBundle([
    { path: 'shop.yaml', text: policy },
    { path: 'shop.test.yaml', text: tests },
  ]);
  assert.ok(loaded.ok, loaded.ok ? '' : loaded.errors.map(problemText).join('\n'));
  assert.deepEqual(loaded.warnings, []);
});
