import type { IncomingMessage, ServerResponse } from 'node:http';
import { noTelemetry } from '../functions/adapters/telemetry/none.ts';
import { withTelemetry } from '../functions/adapters/telemetry/observed-ports.ts';
import { openTelemetry } from '../functions/adapters/telemetry/open.ts';
import { observedHandler } from '../functions/http/observed.ts';
import type { Ports } from '../functions/ports/index.ts';
import type { Telemetry } from '../functions/ports/telemetry.ts';
import { startCollector } from '../test/support/collector.ts';

// What watching costs a request: a request that does nothing but the calls to ports that a small query makes, each of
// which answers at once. `node bench/telemetry.ts` (Node 24) prints microseconds a request and the difference to none.

/** As counted at a small permitted query: docs/OPERATIONS.md, cost. */
const calls = {
  create: 5,
  deliver: 1,
  stateCreate: 1,
  replace: 4,
  bytes: 1,
  dryRun: 1,
  insert: 1,
  wait: 1,
  page: 1,
  verify: 1,
  hmac: 12,
  sign: 6,
};
const requests = 4_000;
const rounds = 7;
const clock = { nowMs: () => Date.now() };

const query = { id: 'sluice_0123456789abcdef', state: 'running', version: 1, approvals: [] };
const head = `sluice-record/1\n${JSON.stringify({
  ...{ kind: 'delivery', name: 'd/2026-11-23/1700000000000-r_0123456789abcdef', timeMs: 1, sealed: 0 },
  ...{ writer: { instance: 'x', seq: 1 }, clear: { rows: 100, path: 'x'.repeat(300) } },
})}\n`;
const record = Buffer.concat([Buffer.from(head), Buffer.alloc(1), Buffer.from('\n- signature\n')]);
const fakePorts = (): Ports =>
  ({
    clock,
    warehouse: {
      dryRun: async () => 0,
      insert: async () => 0,
      wait: async () => 0,
      page: async () => ({ rows: 1 }),
    },
    state: { create: async () => 'created', replace: async () => 'replaced', bytesUsedSince: async () => 0 },
    queue: {},
    audit: { create: async () => ({ generation: '1' }) },
    keys: { hmac: async () => 0, sign: async () => 0 },
    identity: { verify: async () => 0 },
    notifier: {},
  }) as unknown as Ports;

async function oneRequest(ports: Ports): Promise<void> {
  const times = async (count: number, work: () => Promise<unknown>): Promise<void> => {
    for (let at = 0; at < count; at++) await work();
  };
  const any = undefined as never;
  await times(calls.verify, () => ports.identity.verify(any));
  await times(calls.hmac, () => ports.keys.hmac(any, any));
  await times(calls.stateCreate, () => ports.state.create(query as never));
  await times(calls.bytes, () => ports.state.bytesUsedSince(any, any));
  await times(calls.dryRun, () => ports.warehouse.dryRun(any));
  await times(calls.sign, () => ports.keys.sign(any));
  await times(calls.create, () =>
    ports.audit.create('rec/d/2026-11-23/1700000000000-r_0123456789abcdef', record),
  );
  await times(calls.replace, () => ports.state.replace(query as never, 0));
  await times(calls.insert, () => ports.warehouse.insert(any));
  await times(calls.wait, () => ports.warehouse.wait(any, 0));
  await times(calls.page, () => ports.warehouse.page(any, any));
}

/** Microseconds a request, the best of some rounds. */
async function measure(telemetry: Telemetry): Promise<number> {
  const ports = withTelemetry(fakePorts(), telemetry);
  const handler = observedHandler(() => oneRequest(ports), telemetry, 'api');
  const req = {
    url: '/bigquery/v2/projects/p/queries',
    method: 'POST',
    headers: {},
    socket: { bytesWritten: 0 },
  };
  const res = { statusCode: 200, writableFinished: true };
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const startedMs = performance.now();
    for (let at = 0; at < requests; at++)
      await handler(req as unknown as IncomingMessage, res as unknown as ServerResponse);
    best = Math.min(best, ((performance.now() - startedMs) * 1000) / requests);
  }
  return best;
}

const collector = await startCollector();
process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
const write = (): void => {};
const off = { OTEL_SDK_DISABLED: 'true' };
const on = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
const kinds: readonly (readonly [string, Telemetry])[] = [
  ['none', noTelemetry],
  ['terminal', await openTelemetry(off, { function: 'api', clock, write })],
  ['lines', await openTelemetry({ ...off, K_SERVICE: 'x' }, { function: 'api', clock, write })],
  ['metrics and traces', await openTelemetry(on, { function: 'api', clock, write })],
  ['all', await openTelemetry({ ...on, K_SERVICE: 'x' }, { function: 'api', clock, write })],
];
let none = 0;
for (const [name, telemetry] of kinds) {
  const us = await measure(telemetry);
  if (name === 'none') none = us;
  process.stdout.write(
    `${name.padEnd(20)} ${us.toFixed(1).padStart(7)} us a request, ${(us - none).toFixed(1)} more than none\n`,
  );
  await telemetry.close();
}
await collector.close();
process.exit(0);
