import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AuditStore } from '../../../functions/ports/index.ts';
import { needs } from '../../support/emulators/requires.ts';
import type { Exchange } from './client.ts';
import { brokenPromises, type Evidence } from './promises.ts';
import { runCase } from './run-case.ts';
import { openSite, type Site } from './site.ts';

process.env.METADATA_SERVER_DETECTION = 'none';

const changed = (evidence: Evidence, which: RegExp, change: Partial<Exchange>): Evidence => {
  const at = evidence.exchanges.findIndex(({ what, status }) => which.test(what) && status === 200);
  assert.ok(at >= 0, String(which));
  const exchanges = evidence.exchanges.map((each, index) => (index === at ? { ...each, ...change } : each));
  return { ...evidence, exchanges };
};

const withAudit = (
  { world, ...rest }: Evidence,
  change: (audit: AuditStore) => Partial<AuditStore>,
): Evidence => {
  const { audit, keys } = world.witness;
  return { ...rest, world: { ...world, witness: { keys, audit: { ...audit, ...change(audit) } } } };
};

const without = (evidence: Evidence, which: RegExp): Evidence =>
  withAudit(evidence, (audit) => ({
    read: async (name) => (which.test(name) ? undefined : audit.read(name)),
    async *list(prefix) {
      for await (const name of audit.list(prefix)) if (!which.test(name)) yield name;
    },
  }));

const withJobs = (evidence: Evidence, change: (ran: Evidence['world']['warehouse']['ran']) => unknown[]) => {
  const { world } = evidence;
  const ran = change(world.warehouse.ran) as typeof world.warehouse.ran;
  return { ...evidence, world: { ...world, warehouse: { ...world.warehouse, ran } } };
};

/** What would have gone wrong, and the promise that it breaks. */
const planted: readonly [string, RegExp, (evidence: Evidence) => Evidence][] = [
  [
    'a job that no record lets run',
    /^P1: job sluice_stranger/,
    (e) => withJobs(e, (ran) => [...ran, { ...ran[0], id: 'sluice_stranger' }]),
  ],
  [
    'a job that ran before its record',
    /^P1: .* before its record/,
    (e) => withJobs(e, (ran) => ran.map((job, at) => (at === 0 ? { ...job, atMs: 1 } : job))),
  ],
  [
    'a job of another text',
    /^P4: .* another text/,
    (e) => withJobs(e, (ran) => ran.map((job, at) => (at === 0 ? { ...job, sql: `${job.sql} ` } : job))),
  ],
  [
    'a job without its limit',
    /^P4: .* another limit/,
    (e) => withJobs(e, (ran) => ran.map((job, at) => (at === 0 ? { ...job, maximumBytesBilled: '1' } : job))),
  ],
  ['a job that ran twice', /^P5: job .* ran twice/, (e) => withJobs(e, (ran) => [...ran, ran[0]])],
  [
    'a changed byte in an answer',
    /^P2: GET .*queries/,
    (e) => changed(e, /\/queries\//, { text: '{"rows":[]}' }),
  ],
  [
    'rows without a record',
    /^P2: GET .* without a record/,
    (e) => changed(e, /\/queries\//, { requestId: 'none' }),
  ],
  ['a missing record of a delivery', /^P6: /, (e) => without(e, /^rec\/d\/.*-r_/)],
  ['a missing checkpoint', /^P6: /, (e) => without(e, /^cp\//)],
  ['records that are never sealed', /^P6: \d+ records are not sealed/, (e) => without(e, /^(cp|plan)\//)],
  [
    'a stack in an answer',
    /^P7: .* tells what is inside/,
    (e) => changed(e, /holds$/, { status: 503, text: 'Error: x\n    at run (file:///a.js:1:2)' }),
  ],
  ['an internal error', /^P7: .* is answered 500/, (e) => changed(e, /holds$/, { status: 500 })],
  ['an answer that takes too long', /^P8: .* took \d+ ms/, (e) => changed(e, /holds$/, { tookMs: 60_000 })],
  ['an answer that never comes', /^P8: .* never answered/, (e) => changed(e, /holds$/, { status: 0 })],
  [
    'an error that nobody translated',
    /^P7: an error that nobody translated: TypeError/,
    (e) => ({ ...e, told: [new TypeError('x is not a function')] }),
  ],
  ['a query that never ends', /^P8: .* is running for ever/, (e) => without(e, /^rec\/q\/.*\/0003$/)],
];

describe('the checker of promises', needs('java', 'firestore', 'pubsub'), () => {
  let site: Site;
  before(async () => {
    site = await openSite();
  });
  after(() => site?.stop());

  test('finds nothing where nothing is wrong, and each planted break', async () => {
    const { broken, outcomes, pushed } = await runCase(site, undefined, async (evidence) => {
      for (const [what, expected, plant] of planted) {
        const found = await brokenPromises(plant(evidence));
        assert.ok(
          found.some((line) => expected.test(line)),
          `${what}: found ${JSON.stringify(found)}`,
        );
      }
    });
    assert.deepEqual(broken, []);
    assert.equal(outcomes.filter(({ rows }) => rows !== undefined).length, 5);
    assert.ok(pushed >= 2, 'the approval came by a push');
  });
});
