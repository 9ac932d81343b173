import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../../functions/config/embedded.ts';
import { executionIdentityOf } from '../../../functions/config/execution-identity.ts';
import { type Identities, readIdentities } from '../../../functions/config/identities.ts';
import type { Principal } from '../../../functions/core/query/principal.ts';

const read = (text: string): Identities => {
  const found = readIdentities('identities.yaml', text);
  assert.ok(found.ok, found.ok ? '' : found.problem);
  return found.value;
};
const problems = (text: string): readonly string[] => {
  const found = readIdentities('identities.yaml', text);
  assert.ok(!found.ok, 'nothing was wrong');
  return found.problem.split('\n');
};

test('the example is read whole', () => {
  const example = read(readFileSync(join(root, 'docs/identities.example.yaml'), 'utf8'));
  assert.deepEqual(
    example.issuers.map(({ issuer, principals, algorithms }) => [issuer, principals, algorithms.join()]),
    [
      ['https://accounts.google.com', 'google', 'RS256'],
      ['https://token.actions.githubusercontent.com', 'agents', 'RS256'],
      ['https://login.acme.example', 'people', 'RS256,ES256'],
    ],
  );
  assert.equal(example.issuers[1]?.jwksUrl, undefined, 'found by discovery');
  assert.deepEqual(example.groups[1], {
    group: 'approvers',
    members: [{ issuer: 'https://accounts.google.com', email: 'ada@acme.example' }],
  });
  assert.ok(example.signIn?.kind === 'oidc');
  assert.equal(example.signIn.issuer.audience, '1234567890-abc.apps.googleusercontent.com');
  assert.equal(example.signIn.scope, 'openid email');
});

test('every mistake has its place, all at once', () => {
  const found = problems(`issuers:
  - preset: gogle
    audience: a
  - preset: google
    audience: a
    algorithms: [none]
  - issuer: http://login.acme.example
    audience: a
    algorithms: [HS256]
    principals: robots
groups:
  - group: g
    members:
      - {}
      - { email: nobody }
executionIdentities:
  - group: g
    serviceAccount: ada@acme.example
signIn:
  kind: oidc
  issuer: { preset: google }
  clientId: c
  clientSecret: hunter2
`);
  const places = found.map((line) => /^identities\.yaml:(\d+):\d+: (.*)/.exec(line)?.slice(1));
  assert.deepEqual(
    places.map((place) => place?.[0]),
    ['2', '6', '7', '9', '10', '14', '15', '18', '23'],
    found.join('\n'),
  );
  assert.ok(!found.join('\n').includes('hunter2'), 'a secret in the wrong place is not repeated');
});

test('an issuer with one audience stands once, with two audiences twice', () => {
  assert.match(
    problems('issuers: [{ preset: google, audience: a }, { preset: google, audience: a }]')[0] ?? '',
    /stands twice with audience a/,
  );
  assert.equal(
    read('issuers: [{ preset: google, audience: a }, { preset: google, audience: b }]').issuers.length,
    2,
  );
});

test('no issuers, an empty file and no YAML are refused', () => {
  assert.match(
    problems('groups: [{ group: a, members: [{ email: a@b.c }] }]')[0] ?? '',
    /there are no issuers/,
  );
  assert.match(problems('')[0] ?? '', /the file is empty/);
  assert.match(problems('issuers: [')[0] ?? '', /^identities\.yaml:1:/);
});

test('IAP needs its audience only', () => {
  const { signIn } = read(
    'issuers: [{ preset: google, audience: a }]\nsignIn: { kind: iap, audience: /projects/1/x }',
  );
  assert.ok(signIn?.kind === 'iap');
  assert.deepEqual([signIn.issuer.audience, signIn.issuer.algorithms], ['/projects/1/x', ['ES256']]);
  assert.match(
    problems('issuers: [{ preset: google, audience: a }]\nsignIn: { kind: iap, clientId: c }').join('\n'),
    /clientId belongs to kind: oidc/,
  );
});

const list = [
  { group: 'finance', serviceAccount: 'finance@p.iam.gserviceaccount.com' },
  { group: 'analysts', serviceAccount: 'analysts@p.iam.gserviceaccount.com' },
];
const principal = (groups: readonly string[], behind?: readonly string[]): Principal => ({
  issuer: 'https://i.example',
  subject: 'robot',
  kind: 'agent',
  groups,
  ...(behind === undefined
    ? {}
    : { actingFor: { issuer: 'https://i.example', subject: 'maria', groups: behind } }),
});

test('the first entry in the order of the file decides who a query runs as; who is in none runs nothing', () => {
  assert.equal(
    executionIdentityOf(list, principal(['analysts', 'finance'])),
    'finance@p.iam.gserviceaccount.com',
  );
  assert.equal(executionIdentityOf(list, principal(['analysts'])), 'analysts@p.iam.gserviceaccount.com');
  assert.equal(executionIdentityOf(list, principal(['approvers'])), undefined);
  assert.equal(executionIdentityOf([], principal(['analysts'])), undefined);
});

test('an agent and the person behind it must both be in the group', () => {
  assert.equal(
    executionIdentityOf(list, principal(['finance', 'analysts'], ['analysts'])),
    list[1]?.serviceAccount,
  );
  assert.equal(executionIdentityOf(list, principal(['analysts'], ['finance'])), undefined);
  assert.equal(executionIdentityOf(list, principal([], ['analysts'])), undefined);
  assert.equal(executionIdentityOf(list, principal(['analysts'], [])), undefined);
});

test('the schema for editors has the keys that are read', () => {
  const schema = JSON.parse(readFileSync(join(root, 'docs/identities.schema.json'), 'utf8')) as {
    properties: object;
    $defs: Record<string, { properties: object }>;
  };
  const keysSaid = (text: string): string[] => {
    const said = problems(text).find((line) => line.includes("'unknown_key'"));
    return (said?.split('; there are ')[1] ?? '').split(', ').sort();
  };
  const places: readonly (readonly [string, object | undefined])[] = [
    ['unknown_key: 1', schema.properties],
    ['issuers: [{ unknown_key: 1 }]', schema.$defs.issuer?.properties],
    ['groups: [{ unknown_key: 1 }]', schema.$defs.group?.properties],
    ['groups: [{ group: g, members: [{ unknown_key: 1 }] }]', schema.$defs.member?.properties],
    ['executionIdentities: [{ unknown_key: 1 }]', schema.$defs.executionIdentity?.properties],
    ['signIn: { unknown_key: 1 }', schema.$defs.signIn?.properties],
  ];
  const document = readFileSync(join(root, 'docs/CONFIG.md'), 'utf8');
  for (const [text, properties] of places) {
    assert.deepEqual(Object.keys(properties ?? {}).sort(), keysSaid(text), text);
    for (const key of Object.keys(properties ?? {}))
      assert.ok(document.includes(`\`${key}`), `docs/CONFIG.md does not explain ${key}`);
  }
});
