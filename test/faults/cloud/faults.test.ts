import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { needs } from '../../support/emulators/requires.ts';
import { clockCases, faultCases, nameOf, type Survey, sampleOf } from './cases.ts';
import { type Case, runCase } from './run-case.ts';
import { openSite, type Site } from './site.ts';
import { pairs } from './world.ts';

process.env.METADATA_SERVER_DETECTION = 'none';

const [perPair, seed] = [4, 7];

/** A few of the cases of `npm run faults`: every pair, with other faults at other requests each. */
describe('faults between the parts of the cloud', {
  concurrency: 6,
  ...needs('java', 'firestore', 'pubsub', 'patience'),
}, () => {
  let site: Site;
  let survey: Survey;
  before(async () => {
    site = await openSite();
    const { asked, broken } = await runCase(site);
    assert.deepEqual(broken, [], 'without any trouble');
    survey = asked;
  });
  after(() => site?.stop());

  async function all(cases: readonly Case[]): Promise<{ cases: number; struck: number }> {
    let struck = 0;
    for (const one of cases) {
      const result = await runCase(site, one);
      assert.deepEqual(result.broken, [], `${nameOf(one)}: ${[...new Set(result.told)].join('\n')}`);
      if (result.struck) struck += 1;
    }
    return { cases: cases.length, struck };
  }

  for (const pair of pairs) {
    test(`${pair}: no promise is broken, and all is well after`, async (t) => {
      const { cases, struck } = await all(sampleOf(faultCases(survey, [pair]), perPair, seed));
      t.diagnostic(`${cases} cases, ${struck} struck`);
      assert.ok(struck > cases / 2, `only ${struck} of ${cases} struck`);
    });
  }

  test('a clock that is ten minutes off, in both directions: at the start, and in the middle', async () => {
    const every = clockCases(survey);
    const middle = Math.floor(every.length / 4) * 2;
    await all([...every.slice(0, 2), ...every.slice(middle, middle + 2)]);
  });
});
