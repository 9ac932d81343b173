import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkBrowsing, checkSeed } from './check.ts';
import { openTwoShops, type TwoShops } from './two-shops.ts';

// P3 on generated queries. `npm run fuzz:masking` asks many more; a seed that it prints can be asked again with --seed.

let shops: TwoShops;
before(async () => {
  shops = await openTwoShops();
});
after(() => shops.close());

test('two shops that differ in masked values only look alike to browse', async () => {
  assert.deepEqual(await checkBrowsing(shops), []);
});

test('generated queries get one answer in both shops, and most of them run', async () => {
  const seeds = Array.from({ length: 60 }, (_, at) => 7000 + at);
  let ran = 0;
  for (const seed of seeds) {
    const answer = await checkSeed(shops, seed);
    assert.equal(answer.finding, undefined);
    if (answer.ran) ran += 1;
  }
  assert.ok(ran > seeds.length / 2, `only ${ran} of ${seeds.length} ran`);
});
