import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEntry } from '../../../functions/core/audit/entry.ts';
import { checkChain, type EventFact } from '../../../functions/core/audit/query-chain.ts';
import { transitions } from '../../../functions/core/query/lifecycle.ts';
import type { QueryState } from '../../../functions/core/query/query.ts';
import { record } from '../../../functions/pipeline/record.ts';
import { sealLog } from '../../../functions/pipeline/seal-log.ts';
import { verifyLog } from '../../../functions/pipeline/verify-log.ts';
import { event, heldLife, recordLife, testLog } from '../../support/audit-log.ts';

async function problemOf(life: readonly AuditEntry['clear'][]) {
  const log = testLog();
  await recordLife(log, 'sluice_a', life);
  await sealLog(log);
  return (await verifyLog(log.audit, log.key)).problems[0];
}
const d = 'sha256:aa';

test('every life that the state table allows is accepted', async () => {
  assert.equal(await problemOf(heldLife()), undefined);
  const start = { event: 'receive', state: 'received' };
  const evaluated = { event: 'evaluate', state: 'evaluated', digest: d };
  assert.equal(await problemOf([start]), undefined);
  assert.equal(await problemOf([start, { event: 'refuse', state: 'denied' }]), undefined);
  assert.equal(
    await problemOf([start, evaluated, { event: 'dispatch', state: 'running', digest: d }]),
    undefined,
  );
  const half = { event: 'approve', state: 'held', digest: d, complete: false };
  assert.equal(await problemOf([...heldLife().slice(0, 3), half, ...heldLife().slice(3)]), undefined);
});

test('an event that its state does not allow is named', async () => {
  const life = heldLife();
  const cases: readonly (readonly [readonly AuditEntry['clear'][], string, RegExp])[] = [
    [life.slice(1), '0000', /does not begin/],
    [
      [life[0], life[4]] as AuditEntry['clear'][],
      '0001',
      /dispatch cannot happen to a query that is received/,
    ],
    [
      [...life.slice(0, 3), life[4]] as AuditEntry['clear'][],
      '0003',
      /cannot happen to a query that is held/,
    ],
    [[...life, life[5]] as AuditEntry['clear'][], '0006', /cannot happen to a query that is done/],
    [[...life.slice(0, 4), { ...life[4], digest: 'sha256:bb' }], '0004', /not the one that was evaluated/],
    [
      [...life.slice(0, 4), { event: 'dispatch', state: 'running' }],
      '0004',
      /not the one that was evaluated/,
    ],
    [[...life.slice(0, 3), { ...life[3], digest: 'sha256:bb' }], '0003', /not the one that was evaluated/],
    [
      [...life.slice(0, 3), { ...life[3], complete: false }],
      '0003',
      /after approve a query is held, not approved/,
    ],
    [[...life.slice(0, 1), { event: 'constructor', state: 'running' }], '0001', /cannot happen/],
  ];
  for (const [events, number, wanted] of cases) {
    const found = await problemOf(events);
    assert.equal(found?.name, `rec/q/sluice_a/${number}`);
    assert.match(found?.problem ?? '', wanted);
  }
});

type Step = { readonly event: string; readonly state: QueryState };
const events = new Set(Object.values(transitions).flatMap((next) => Object.keys(next)));

const factsOf = (steps: readonly Step[]): EventFact[] =>
  steps.map((step, version) => ({
    objectName: `rec/q/x/${version}`,
    version,
    sha256: `h${version}`,
    ...(version === 0 ? {} : { previous: `h${version - 1}` }),
    ...step,
    digest: d,
    complete: step.state === 'approved',
  }));

/** The shortest way to every state. */
function ways(): Map<QueryState, readonly Step[]> {
  const found = new Map<QueryState, readonly Step[]>([
    ['received', [{ event: 'receive', state: 'received' }]],
  ]);
  for (const [state, steps] of found) {
    for (const [event, to] of Object.entries(transitions[state])) {
      if (!found.has(to)) found.set(to, [...steps, { event, state: to }]);
    }
    if (state === 'held') found.set('approved', [...steps, { event: 'approve', state: 'approved' }]);
  }
  return found;
}

test('every pair of state and event is judged as the state table has it', () => {
  const found = ways();
  assert.deepEqual([...found.keys()].sort(), Object.keys(transitions).sort());
  for (const [state, steps] of found) {
    for (const event of events) {
      const to = transitions[state][event as keyof (typeof transitions)[QueryState]];
      const problem = checkChain(factsOf([...steps, { event, state: to ?? 'done' }]));
      assert.equal(problem === undefined, to !== undefined, `${event} in ${state}`);
      if (to === undefined) continue;
      const wrong = checkChain(factsOf([...steps, { event, state: to === 'done' ? 'held' : 'done' }]));
      assert.match(wrong?.problem ?? '', /a query is/);
    }
  }
});

test('a record under the name of an event must be that event', async () => {
  const log = testLog();
  await record(log, {
    ...event(log, 'sluice_a', 0, { event: 'receive', state: 'received' }),
    kind: 'delivery',
  });
  assert.equal((await verifyLog(log.audit, log.key)).problems[0]?.name, 'rec/q/sluice_a/0000');
});

test('a deleted event of an unsealed query is seen by its number or its link', async () => {
  const log = testLog();
  await recordLife(log, 'sluice_a', heldLife());
  log.audit.objects.delete('rec/q/sluice_a/0002');
  const found = (await verifyLog(log.audit, log.key)).problems[0];
  assert.equal(found?.name, 'rec/q/sluice_a/0002');
  assert.match(found?.problem ?? '', /missing/);
});

test('a record that was never sealed though younger ones are is named', async () => {
  const log = testLog();
  const old = event(log, 'sluice_a', 0, { event: 'receive', state: 'received' });
  log.clock.advance(61_000);
  await record(log, event(log, 'sluice_b', 0, { event: 'receive', state: 'received' }));
  await sealLog(log);
  await record(log, old);
  const found = (await verifyLog(log.audit, log.key)).problems[0];
  assert.deepEqual(found, {
    name: 'rec/q/sluice_a/0000',
    problem: 'no plan seals it, though records that are 61 s younger are sealed',
  });
});
