import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '../../functions/core/errors.ts';
import { readResults } from '../../functions/pipeline/read-results.ts';
import { submitQuery } from '../../functions/pipeline/submit-query.ts';
import type { Ports } from '../../functions/ports/index.ts';
import { newWorld, processIn, robot } from '../support/crash-world.ts';

const submission = {
  caller: robot,
  project: 'local',
  door: 'jobs.query',
  request: { sql: 'SELECT COUNT(*) AS n FROM shop.orders', parameters: [], labels: {} },
} as const;

const never = (): Promise<never> => new Promise(() => {});
const broken = async (): Promise<never> => {
  throw new Error('connection refused');
};
const lost = async (): Promise<never> => {
  throw new SluiceError('state_unavailable', 'connection refused');
};

/** A port that is gone, and what may still happen then: nothing. */
const losses: readonly [string, (ports: Ports) => Partial<Ports>][] = [
  ['the log refuses', (ports) => ({ audit: { ...ports.audit, create: broken } })],
  ['the log hangs', (ports) => ({ audit: { ...ports.audit, create: never } })],
  ['the signing key is gone', (ports) => ({ keys: { ...ports.keys, recordSigner: broken } })],
  ['the key service hangs', (ports) => ({ keys: { ...ports.keys, dataKey: never } })],
  [
    'the state store is gone',
    (ports) => ({ state: { ...ports.state, create: lost, replace: lost, bytesUsedSince: lost } }),
  ],
  ['the state store takes no changes', (ports) => ({ state: { ...ports.state, replace: lost } })],
];

for (const [what, lose] of losses) {
  test(`P8: ${what}, and nothing runs; the error comes in bounded time`, async () => {
    const world = await newWorld();
    const { ports } = processIn(world);
    // Seconds of patience pass in a moment.
    const clock = {
      ...ports.clock,
      sleep: (ms: number) => new Promise<void>((done) => setTimeout(done, Math.min(ms, 30))),
    };
    const without: Ports = { ...ports, clock, ...lose(ports) };
    await assert.rejects(submitQuery(without, submission), (error) => {
      assert.ok(error instanceof SluiceError, String(error));
      assert.match(error.code, /_unavailable$/);
      return true;
    });
    assert.deepEqual(world.warehouse.executions, []);
  });
}

test('P8: once the log is lost, not even finished rows are delivered', async () => {
  const world = await newWorld();
  const { ports } = processIn(world);
  const submitted = await submitQuery(ports, submission);
  assert.ok(submitted.kind === 'query' && submitted.query.state === 'done');
  const without: Ports = { ...ports, audit: { ...ports.audit, create: broken } };
  const page = { startIndex: 0, maximumRows: 1, maximumBytes: 100, timestamps: 'INT64' } as const;
  let rendered = 0;
  const read = readResults(without, robot, submitted.query, page, { method: 'GET', path: '/' }, (result) => {
    rendered += 1;
    return result.rowsJson;
  });
  await assert.rejects(read, /record/);
  assert.equal(rendered, 1, 'the page was made, but not given out');
});
