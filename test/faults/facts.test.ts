import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PolicyBundle } from '../../functions/core/policy/bundle.ts';
import { readResults } from '../../functions/pipeline/read-results.ts';
import { submitQuery } from '../../functions/pipeline/submit-query.ts';
import type { DryRun, JobFacts, JobRef, Ports } from '../../functions/ports/index.ts';
import { newWorld, processIn, robot } from '../support/crash-world.ts';

const submission = {
  caller: robot,
  project: 'local',
  door: 'jobs.query',
  request: { sql: 'SELECT COUNT(*) AS n FROM shop.orders', parameters: [], labels: {} },
} as const;
const page = { startIndex: 0, maximumRows: 9, maximumBytes: 100, timestamps: 'INT64' } as const;

type Done = Extract<JobFacts, { state: 'done' }>;
type Understood = Extract<DryRun, { ok: true }>;

/** The same ports, whose warehouse tells something else of every finished job. */
function telling(ports: Ports, change: (facts: Done) => Done): Ports {
  const told = async (ref: JobRef): Promise<JobFacts | undefined> => {
    const facts = await ports.warehouse.job(ref);
    return facts?.state === 'done' ? change(facts) : facts;
  };
  return { ...ports, warehouse: { ...ports.warehouse, job: told, wait: told } };
}

const strayed: readonly [string, (facts: Done) => Done][] = [
  ['another kind of statement', (facts) => ({ ...facts, statementType: 'DELETE' })],
  [
    'a table that was not decided',
    (facts) => ({ ...facts, referencedTables: [...facts.referencedTables, 'local.hr.employees'] }),
  ],
  ['a routine', (facts) => ({ ...facts, referencedRoutines: ['local.shop.peek'] })],
  [
    'another column',
    (facts) => ({ ...facts, schema: { fields: [{ name: 'ssn', type: 'STRING', mode: 'NULLABLE' }] } }),
  ],
  [
    'more bytes than the limit',
    (facts) => ({ ...facts, outcome: { ...facts.outcome, totalBytesBilled: 1e15 } }),
  ],
];
for (const [what, change] of strayed) {
  test(`a job whose own facts show ${what} gives no row`, async () => {
    const ports = telling(processIn(await newWorld()).ports, change);
    const submitted = await submitQuery(ports, submission);
    assert.ok(submitted.kind === 'query' && submitted.query.state === 'failed');
    assert.equal(submitted.query.error?.code, 'disagreement');
    const read = await readResults(
      ports,
      robot,
      submitted.query,
      page,
      { method: 'GET', path: '/' },
      (rows) => rows.rowsJson,
    );
    assert.ok(!read.ok && read.refusal.code === 'disagreement');
  });
}

const misunderstood: readonly [string, (dry: Understood) => Understood][] = [
  ['kind', (dry) => ({ ...dry, statementType: 'MERGE' })],
  ['tables', (dry) => ({ ...dry, referencedTables: ['local.shop.orders', 'local.shop.hidden'] })],
  ['columns', (dry) => ({ ...dry, schema: { fields: [] } })],
];
for (const [what, change] of misunderstood) {
  test(`a text of whose ${what} the warehouse thinks otherwise does not run`, async () => {
    const world = await newWorld();
    const { ports } = processIn(world);
    const dryRun: Ports['warehouse']['dryRun'] = async (spec) => {
      const dry = await ports.warehouse.dryRun(spec);
      return dry.ok ? change(dry) : dry;
    };
    const submitted = await submitQuery({ ...ports, warehouse: { ...ports.warehouse, dryRun } }, submission);
    assert.ok(submitted.kind === 'refused' && submitted.refusal.code === 'disagreement');
    assert.deepEqual(world.warehouse.executions, []);
  });
}

test('a result with more rows than the policy lets out gives no row; one with as many does', async () => {
  for (const [totalRows, state] of [
    [6, 'failed'],
    [5, 'done'],
  ] as const) {
    const { ports } = processIn(await newWorld());
    const bundle = ports.policy();
    const decide: PolicyBundle['decide'] = (input) => {
      const { decision, trace } = bundle.decide(input);
      return decision.outcome === 'deny'
        ? { decision, trace }
        : { decision: { ...decision, limits: { ...decision.limits, maximumRows: 5 } }, trace };
    };
    const limited = telling({ ...ports, policy: () => ({ ...bundle, decide }) }, (facts) => ({
      ...facts,
      outcome: { ...facts.outcome, totalRows },
    }));
    const submitted = await submitQuery(limited, submission);
    assert.ok(submitted.kind === 'query');
    assert.equal(submitted.query.state, state);
    if (state === 'failed') {
      assert.equal(submitted.query.error?.code, 'response_too_large');
      assert.match(submitted.query.error?.message ?? '', /6 rows.*5.*LIMIT/);
    }
  }
});
