import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueryEvent } from '../../../functions/core/query/events.ts';
import { apply, isFinal, transitions } from '../../../functions/core/query/lifecycle.ts';
import type { Evaluation, Outcome, Query, QueryState } from '../../../functions/core/query/query.ts';
import { evaluationOf, queryOf } from '../../support/queries.ts';

const error = { code: 'stopped', message: 'stopped' } as const;
const outcome: Outcome = {
  totalRows: 1,
  totalBytesProcessed: 2,
  totalBytesBilled: 3,
  cacheHit: false,
  startMs: 1,
  endMs: 2,
};
const evaluation: Evaluation = evaluationOf();
const person = { issuer: 'i', subject: 'ada' };
const approval = { approver: person, reason: 'because', digest: evaluation.digest, atMs: 5 };

/** One event of every type, the two kinds of approval apart. */
const events: readonly QueryEvent[] = [
  { type: 'evaluate', atMs: 5, evaluation },
  { type: 'refuse', atMs: 5, error },
  { type: 'hold', atMs: 5, expiresMs: 9 },
  { type: 'approve', atMs: 5, approval, complete: false, expiresMs: 9 },
  { type: 'approve', atMs: 5, approval, complete: true, expiresMs: 9 },
  { type: 'reject', atMs: 5, approver: person, reason: 'no', error },
  { type: 'expire', atMs: 5, error },
  { type: 'go-stale', atMs: 5, error },
  { type: 'cancel', atMs: 5, error },
  { type: 'dispatch', atMs: 5, digest: evaluation.digest },
  { type: 'finish', atMs: 5, outcome },
  { type: 'fail', atMs: 5, error },
];

/** What the design says, written down a second time: state, event -> state. Everything else is impossible. */
const wanted: Readonly<Record<string, QueryState>> = {
  'received evaluate': 'evaluated',
  'received refuse': 'denied',
  'received cancel': 'cancelled',
  'evaluated refuse': 'denied',
  'evaluated hold': 'held',
  'evaluated dispatch': 'running',
  'evaluated cancel': 'cancelled',
  'held approve': 'held',
  'held approve complete': 'approved',
  'held reject': 'rejected',
  'held expire': 'expired',
  'held go-stale': 'stale',
  'held cancel': 'cancelled',
  'approved refuse': 'denied',
  'approved expire': 'expired',
  'approved go-stale': 'stale',
  'approved dispatch': 'running',
  'approved cancel': 'cancelled',
  'running finish': 'done',
  'running fail': 'failed',
  'running cancel': 'cancelled',
};

const keyOf = (state: QueryState, event: QueryEvent): string =>
  `${state} ${event.type}${event.type === 'approve' && event.complete ? ' complete' : ''}`;

test('every state meets every event, and only the planned ones move it', () => {
  let met = 0;
  for (const state of Object.keys(transitions) as QueryState[]) {
    for (const event of events) {
      const before: Query = { ...queryOf(), state, version: 7 };
      const after = apply(before, event);
      assert.equal(after?.state, wanted[keyOf(state, event)], keyOf(state, event));
      if (after) assert.equal(after.version, 8);
      met += 1;
    }
  }
  assert.equal(met, 12 * events.length);
});

test('nothing leaves a final state, and every other state can end', () => {
  for (const state of Object.keys(transitions) as QueryState[]) {
    const reachable = new Set<QueryState>();
    const walk = (from: QueryState): void => {
      for (const event of events) {
        const to = apply({ ...queryOf(), state: from }, event)?.state;
        if (to && !reachable.has(to)) {
          reachable.add(to);
          walk(to);
        }
      }
    };
    walk(state);
    if (isFinal(state)) assert.equal(reachable.size, 0, state);
    else assert.ok([...reachable].some(isFinal), `${state} can never end`);
  }
});

test('rows exist only behind a dispatch: done is reached from running alone', () => {
  const before = (Object.keys(transitions) as QueryState[]).filter((state) =>
    events.some((event) => apply({ ...queryOf(), state }, event)?.state === 'done'),
  );
  assert.deepEqual(before, ['running']);
});

test('an ended query says when and why', () => {
  const after = apply(
    { ...queryOf(), state: 'held' },
    { type: 'reject', atMs: 42, approver: person, reason: 'no', error },
  );
  assert.equal(after?.endedMs, 42);
  assert.deepEqual(after?.error, error);
});
