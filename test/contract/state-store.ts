import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StateStore } from '../../functions/ports/state-store.ts';
import { evaluationOf, queryOf } from '../support/queries.ts';

const id = (n: number): `sluice_${string}` => `sluice_${String(n).padStart(40, '0')}`;
const robot = { issuer: 'http://issuer', subject: 'robot' };

/** The promises of ports/state-store.ts, for any adapter. `reopen` closes the store and opens what it left behind. */
export function stateStoreContract(
  name: string,
  open: () => Promise<{ store: StateStore; reopen(): Promise<StateStore> }>,
): void {
  test(`${name}: create is if-absent`, async () => {
    const { store } = await open();
    assert.equal(await store.create(queryOf()), 'created');
    assert.equal(await store.create(queryOf({ jobId: 'other' })), 'exists');
    assert.equal((await store.get(queryOf().id))?.jobId, 'job_1');
    assert.equal(await store.get(id(99)), undefined);
    await store.close();
  });

  test(`${name}: replace writes only over the version it names, and one of many racers wins`, async () => {
    const { store } = await open();
    await store.create(queryOf());
    const next = queryOf({ version: 1, state: 'evaluated' });
    assert.equal(await store.replace(next, 3), 'conflict');
    const race = await Promise.all(Array.from({ length: 20 }, () => store.replace(next, 0)));
    assert.equal(race.filter((result) => result === 'replaced').length, 1);
    assert.deepEqual(await store.get(next.id), next);
    assert.equal(await store.replace({ ...next, id: id(77) }, 0), 'conflict');
    await store.close();
  });

  test(`${name}: what was stored is there after a reopen`, async () => {
    const { store, reopen } = await open();
    const query = queryOf({ state: 'held', version: 2, evaluation: evaluationOf(), expiresMs: 9 });
    await store.create(query);
    const again = await reopen();
    assert.deepEqual(await again.get(query.id), query);
    await again.close();
  });

  test(`${name}: lists a principal's own queries newest first, in pages, by state`, async () => {
    const { store } = await open();
    for (let n = 1; n <= 5; n++)
      await store.create(queryOf({ id: id(n), receivedMs: 100 + Math.floor(n / 2) }));
    const stranger = { ...queryOf().caller, principal: { ...queryOf().caller.principal, subject: 'other' } };
    await store.create(queryOf({ id: id(6), caller: stranger, state: 'held' }));
    const first = await store.listByPrincipal(robot, { limit: 3 });
    assert.deepEqual(
      first.map((query) => query.id),
      [id(5), id(4), id(3)],
    );
    const last = first[2];
    assert.ok(last);
    const rest = await store.listByPrincipal(robot, {
      limit: 3,
      before: { receivedMs: last.receivedMs, id: last.id },
    });
    assert.deepEqual(
      rest.map((query) => query.id),
      [id(2), id(1)],
    );
    assert.deepEqual(await store.listByPrincipal(robot, { limit: 9, states: ['held'] }), []);
    assert.equal((await store.listByState(['held'], 9)).length, 1);
    assert.equal((await store.listByState(['received', 'held'], 4)).length, 4);
    await store.close();
  });

  test(`${name}: counts what a budget has used: billed bytes, and what running queries may still cost`, async () => {
    const { store } = await open();
    const outcome = {
      totalRows: 1,
      totalBytesProcessed: 5,
      totalBytesBilled: 7,
      cacheHit: false,
      startMs: 1,
      endMs: 2,
    };
    await store.create(queryOf({ id: id(1), receivedMs: 10, state: 'done', outcome }));
    await store.create(queryOf({ id: id(2), receivedMs: 20, state: 'running', evaluation: evaluationOf() }));
    await store.create(queryOf({ id: id(3), receivedMs: 20, state: 'held', evaluation: evaluationOf() }));
    assert.equal(await store.bytesUsedSince(robot, 0), 1007);
    assert.equal(await store.bytesUsedSince(robot, 15), 1000);
    assert.equal(await store.bytesUsedSince({ ...robot, issuer: 'else' }, 0), 0);
    await store.close();
  });
}
