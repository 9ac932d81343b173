import assert from 'node:assert/strict';
import { test } from 'node:test';
import { approvers, mayDecide, staleness } from '../../../functions/core/approval/rules.ts';
import type { Principal } from '../../../functions/core/query/principal.ts';
import { evaluationOf, queryOf } from '../../support/queries.ts';

const ada: Principal = { issuer: 'http://issuer', subject: 'ada', kind: 'person', groups: ['approvers'] };
const held = queryOf({ state: 'held', evaluation: evaluationOf() });

test('a person of an approver group may decide', () => {
  assert.equal(mayDecide(held, ada, 'approve'), undefined);
  assert.equal(mayDecide(held, ada, 'reject'), undefined);
});

const maria = { issuer: 'http://issuer', subject: 'maria', groups: [] };
const forMaria = {
  ...held,
  caller: { ...held.caller, principal: { ...held.caller.principal, actingFor: maria } },
};

const forbidden: readonly [string, typeof held, Principal][] = [
  ['not in the group', held, { ...ada, groups: ['analysts'] }],
  ['an agent', held, { ...ada, kind: 'agent' }],
  ['a token that acts for someone', held, { ...ada, actingFor: maria }],
  ['the requester', held, { ...ada, subject: 'robot' }],
  ['the person behind the agent', forMaria, { ...ada, subject: 'maria' }],
  [
    'somebody who has approved already',
    { ...held, approvals: [{ approver: ada, reason: 'x', digest: 'd', atMs: 1 }] },
    ada,
  ],
  ['anybody, when nothing is held', queryOf(), ada],
];
for (const [who, query, approver] of forbidden) {
  test(`${who} may not approve`, () =>
    assert.equal(mayDecide(query, approver, 'approve')?.code, 'forbidden'));
}

test('the same subject of another issuer is another person', () => {
  assert.equal(mayDecide(held, { ...ada, subject: 'robot', issuer: 'http://other' }, 'approve'), undefined);
});

test('the quorum counts distinct people, for exactly one digest', () => {
  const by = (subject: string, digest: string, issuer = 'i') => ({
    approver: { issuer, subject },
    reason: 'r',
    digest,
    atMs: 1,
  });
  const given = [by('a', 'd1'), by('a', 'd1'), by('b', 'd2'), by('a', 'd1', 'j')];
  assert.equal(approvers(given, 'd1').length, 2);
  assert.equal(approvers(given, 'd2').length, 1);
});

test('whatever an approval binds to makes it stale when it changes', () => {
  const approved = evaluationOf();
  assert.deepEqual(staleness(approved, approved), []);
  const changes = [
    { canonicalSql: 'SELECT 2' },
    { policy: { version: '1', hash: 'sha256:99' } },
    {
      masking: {
        columns: [
          {
            table: { project: 'p', dataset: 'd', table: 't' },
            path: ['c'],
            classification: 'x',
            rule: 'SHA256' as const,
          },
        ],
      },
    },
    { schema: { fields: [] } },
    { tables: [] },
    { statementType: 'DELETE' },
    { estimate: { bytes: 1101, accuracy: 'PRECISE' as const } },
    { estimate: { bytes: 1000, accuracy: 'UNKNOWN' as const } },
  ];
  for (const change of changes)
    assert.equal(staleness(approved, { ...approved, ...change }).length, 1, JSON.stringify(change));
  assert.deepEqual(staleness(approved, { ...approved, estimate: { bytes: 1100, accuracy: 'PRECISE' } }), []);
});
