import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundedWarehouse } from '../../../functions/compose/bounded-warehouse.ts';
import { currentShare, openBudget, openShare, withShare } from '../../../functions/http/load.ts';
import type { JobRef, PageRequest, Warehouse } from '../../../functions/ports/index.ts';

test('bytes are taken in turn, and a small request does not overtake a large one for ever', async () => {
  const budget = openBudget(100);
  const first = await budget.take(80, 10);
  const order: string[] = [];
  const large = budget.take(90, 1000).then((room) => {
    order.push('large');
    return room;
  });
  const small = budget.take(10, 1000).then((room) => {
    order.push('small');
    return room;
  });
  await new Promise((done) => setTimeout(done, 20));
  assert.deepEqual(order, [], 'the small one would fit, but it came later');
  first?.release();
  (await large)?.release();
  (await small)?.release();
  assert.deepEqual(order, ['large', 'small']);
  assert.equal(budget.freeBytes, 100);
});

test('who waits too long, or has gone, gets nothing and holds nothing', async () => {
  const budget = openBudget(100);
  const all = await budget.take(1000, 10);
  assert.equal(budget.freeBytes, 0, 'more than everything is everything');
  assert.equal(await budget.take(1, 20), undefined);
  const gone = new AbortController();
  const waiting = budget.take(1, 10_000, gone.signal);
  gone.abort();
  assert.equal(await waiting, undefined);
  assert.equal(await budget.take(1, 10_000, AbortSignal.abort()), undefined);
  all?.shrink(40);
  assert.equal(budget.freeBytes, 60);
  all?.shrink(70);
  assert.equal(budget.freeBytes, 60, 'what was given back is not taken again');
  all?.release();
  all?.release();
  assert.equal(budget.freeBytes, 100);
});

const ref = {
  id: 'sluice_x',
  project: 'p',
  location: 'US',
  executionIdentity: 'e',
} as const satisfies JobRef;
const request: PageRequest = { startIndex: 0, maximumRows: 10, maximumBytes: 1000, timestamps: 'INT64' };

test('pages that are under way together never exceed the budget, and the end of a request gives all back', async () => {
  const budget = openBudget(5000);
  let [underWay, most] = [0, 0];
  const warehouse = boundedWarehouse({
    page: async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((done) => setTimeout(done, 5));
      underWay -= 1;
      return { rowsJson: Buffer.alloc(900), rows: 1, totalRows: 1 };
    },
  } as unknown as Warehouse);
  const ask = async (): Promise<void> => {
    const share = openShare(budget);
    await withShare(share, async () => {
      assert.equal(currentShare(), share);
      await warehouse.page(ref, request);
      await new Promise((done) => setTimeout(done, 5));
    });
    share.end();
  };
  await Promise.all(Array.from({ length: 30 }, ask));
  assert.ok(most <= 2, `${most} pages of up to 2,000 bytes at once in 5,000`);
  assert.equal(budget.freeBytes, 5000);
  await warehouse.page(ref, request);
  assert.equal(budget.freeBytes, 5000, 'outside of a request nothing is bounded');
});

test('a request that has ended keeps nothing that comes late', async () => {
  const budget = openBudget(10);
  const first = await budget.take(10, 10);
  const share = openShare(budget);
  const late = share.take(5);
  share.end();
  first?.release();
  await late;
  assert.equal(budget.freeBytes, 10);
});
