import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  callsMade,
  functionNames,
  type Need,
  needsAtStart,
  needsBeyond,
  needsOf,
  permissionsOf,
  portCallsOf,
  strayCalls,
} from '../support/terraform/code-calls.ts';
import { grantKey, grantsOf, type PrivilegeRow, privilegeTable } from '../support/terraform/grants.ts';
import { infra, parseModules, readSources } from '../support/terraform/modules.ts';

const { rows } = JSON.parse(readFileSync(join(infra, 'privileges.json'), 'utf8')) as { rows: PrivilegeRow[] };
const key = ({ resource, permission }: Need): string => `${permission} on ${resource}`;

test('privileges.json is what Terraform grants', async () => {
  const granted = grantsOf((await parseModules(readSources())).values());
  assert.deepEqual(granted.map(grantKey).sort(), rows.map(grantKey).sort());
});

test('PRIVILEGES.md shows privileges.json', () => {
  const text = readFileSync(join(infra, 'PRIVILEGES.md'), 'utf8');
  const table = /<!-- table -->\n([\s\S]*?)\n<!-- end -->/.exec(text)?.[1];
  assert.equal(table, privilegeTable(rows));
});

for (const name of functionNames) {
  const calls = portCallsOf(name);
  const needs = [...needsAtStart, ...needsBeyond[name], ...[...calls].flatMap((call) => needsOf[call] ?? [])];
  const mine = rows.filter((row) => row.account === name);

  test(`${name}: every call to a port is known`, () => {
    assert.deepEqual(
      [...calls].filter((call) => !(call in needsOf)),
      [],
    );
    assert.ok(calls.size > 4, 'the imports were followed');
  });

  test(`${name}: what the code calls is granted`, () => {
    const granted = new Set(
      mine.flatMap(({ resource, role }) =>
        (permissionsOf[role] ?? []).map((permission) => key({ resource, permission })),
      ),
    );
    assert.deepEqual(
      [...new Set(needs.map(key))].filter((each) => !granted.has(each)),
      [],
    );
  });

  test(`${name}: what is granted is called`, () => {
    const needed = new Set(needs.map(key));
    const idle = mine.filter(
      ({ resource, role }) =>
        !(permissionsOf[role] ?? []).some((permission) => needed.has(key({ resource, permission }))),
    );
    assert.deepEqual(
      idle.map(({ resource, role }) => `${role} on ${resource}`),
      [],
    );
  });
}

test('only one folder makes each kind of call', () => {
  assert.deepEqual(strayCalls(), []);
  assert.ok(callsMade().has('storage.objects.create'));
});

test('approvals cannot run anything: it reaches no warehouse and is lent no identity', () => {
  assert.deepEqual(
    [...portCallsOf('approvals')].filter((call) => call.startsWith('warehouse.')),
    [],
  );
  assert.deepEqual(
    rows.filter(({ account, role }) => account === 'approvals' && /bigquery|TokenCreator/.test(role)),
    [],
  );
});
