import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { trace } from '@opentelemetry/api';
import { checkedAttributes } from '../../../functions/adapters/telemetry/attributes.ts';
import { noTelemetry } from '../../../functions/adapters/telemetry/none.ts';
import { withTelemetry } from '../../../functions/adapters/telemetry/observed-ports.ts';
import { openTelemetry } from '../../../functions/adapters/telemetry/open.ts';
import { openScope } from '../../../functions/adapters/telemetry/scope.ts';
import { tellAges } from '../../../functions/adapters/telemetry/secret-ages.ts';
import { SluiceError } from '../../../functions/core/errors.ts';
import { methods } from '../../../functions/http/bigquery/methods.ts';
import { observedHandler, routeName } from '../../../functions/http/observed.ts';
import type { Ports } from '../../../functions/ports/index.ts';
import { metrics, portCalls } from '../../../functions/ports/telemetry.ts';
import { type Collector, startCollector } from '../../support/collector.ts';
import { openTestGateway, type TestGateway } from '../../support/test-gateway.ts';

let collector: Collector;
const gateways: TestGateway[] = [];
const clock = { nowMs: () => Date.now() };
const env = { K_SERVICE: 'sluice-test' };

before(async () => {
  collector = await startCollector();
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
});
after(async () => {
  delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
  await Promise.all(gateways.map((gateway) => gateway.close()));
  await collector.close();
});

async function lines(work: (open: Awaited<ReturnType<typeof openTelemetry>>) => Promise<void>) {
  const texts: string[] = [];
  const telemetry = await openTelemetry(env, {
    function: 'api',
    clock,
    write: (text) => void texts.push(text),
  });
  await work(telemetry);
  return texts.map((text) => JSON.parse(text) as Record<string, unknown>);
}

/** Closed at the end, whatever a test says. */
async function openGateway(): Promise<TestGateway> {
  const gateway = await openTestGateway([], []);
  gateways.push(gateway);
  return gateway;
}

const start = { function: 'api', route: 'bigquery.jobs.query' } as const;

test('where nothing is kept, ports and handlers are the very same', async () => {
  const gateway = await openGateway();
  assert.equal(withTelemetry(gateway.ports, noTelemetry), gateway.ports);
  const handler = async (): Promise<void> => {};
  assert.equal(observedHandler(handler, noTelemetry, 'api'), handler);
  assert.equal(await noTelemetry.request(start, async () => 7), 7);
});

test('every call of a port is in the list, or is known not to be timed', async () => {
  const gateway = await openGateway();
  const untimed = new Set(['close', 'list', 'check', 'destroy']);
  for (const [port, calls] of Object.entries(portCalls)) {
    const target = gateway.ports[port as keyof typeof portCalls];
    for (const [name, value] of Object.entries(target)) {
      if (typeof value !== 'function' || untimed.has(name)) continue;
      assert.ok((calls as readonly string[]).includes(name), `${port}.${name} is not in portCalls`);
    }
  }
});

test('what a port is besides its calls stays: getters, prototypes, this', async () => {
  class Counting {
    count = 0;
    async create(): Promise<'exists'> {
      this.count += 1;
      return 'exists';
    }
    extra(): string {
      return 'kept';
    }
  }
  const gateway = await openGateway();
  const audit = new Counting();
  let version = 1;
  const keys = {
    ...gateway.ports.keys,
    get logName() {
      return `v${version}`;
    },
  };
  const telemetry = await openTelemetry(env, { function: 'api', clock, write: () => {} });
  const ports = withTelemetry(
    { ...gateway.ports, keys, audit: audit as unknown as Ports['audit'] },
    telemetry,
  );
  assert.equal(await ports.audit.create('rec/x', new Uint8Array()), 'exists');
  assert.equal(audit.count, 1);
  assert.equal((ports.audit as unknown as Counting).extra(), 'kept');
  version = 2;
  assert.equal(ports.keys.logName, 'v2');
});

test('a broken promise is told once, with the request that it belongs to, and goes on', async () => {
  const error = new SluiceError('state_unavailable', 'the store is away');
  const told = await lines(async (telemetry) => {
    const request = { ...start, traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
    await assert.rejects(
      telemetry.request(request, async () => {
        throw error;
      }),
      error,
    );
    telemetry.fault(error);
  });
  assert.deepEqual(
    told.map((line) => [line.event, line.severity, line.code]),
    [
      ['fault', 'ERROR', 'state_unavailable'],
      ['request', 'ERROR', 'state_unavailable'],
    ],
  );
  assert.match(String(told[0]?.['logging.googleapis.com/trace']), /4bf92f3577b34da6a3ce929d0e0e4736$/);
});

test('requests at once do not mix what they note', async () => {
  const told = await lines(async (telemetry) => {
    const one = (rows: number) =>
      telemetry.request(start, async (scope) => {
        await new Promise((resolve) => setTimeout(resolve, rows % 7));
        assert.equal(telemetry.scope(), scope);
        telemetry.scope()?.addRows(rows);
        await new Promise((resolve) => setTimeout(resolve, rows % 5));
      });
    await Promise.all(Array.from({ length: 50 }, (_, index) => one(index + 1)));
    assert.equal(telemetry.scope(), undefined);
  });
  assert.deepEqual(
    told.map((line) => Number(line.rows)).sort((a, b) => a - b),
    Array.from({ length: 50 }, (_, i) => i + 1),
  );
});

test('the own part of a request is what no port was waited for in', () => {
  let now = 0;
  const scope = openScope(start, () => now);
  now = 3;
  scope.enter();
  now = 10;
  scope.enter();
  now = 20;
  scope.leave();
  assert.equal(scope.ownMs(), 3, 'one is still under way');
  now = 30;
  scope.leave();
  now = 34;
  assert.equal(scope.ownMs(), 7);
  assert.equal(scope.ownMs(), 7);
});

test('nothing is registered globally: no library finds a tracer', async () => {
  const telemetry = await openTelemetry(
    { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
    { function: 'api', clock, write: () => {} },
  );
  await telemetry.request(start, async () => {
    assert.equal(trace.getTracer('library').startSpan('x').isRecording(), false);
    assert.equal(trace.getActiveSpan(), undefined);
  });
  await telemetry.close();
  assert.deepEqual(
    collector.spans().map(({ name }) => name),
    ['bigquery.jobs.query'],
  );
});

test('a collector that is away delays neither requests nor the end', async () => {
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:9';
  process.env.OTEL_EXPORTER_OTLP_TIMEOUT = '4000';
  const telemetry = await openTelemetry(
    { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' },
    { function: 'api', clock, write: () => {} },
  );
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
  delete process.env.OTEL_EXPORTER_OTLP_TIMEOUT;
  const startedMs = performance.now();
  await telemetry.request(start, async () => {});
  assert.ok(performance.now() - startedMs < 500);
  await telemetry.close();
  assert.ok(performance.now() - startedMs < 5_000);
});

test('a protocol that is not built in is refused by name', async () => {
  const wrong = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' };
  await assert.rejects(
    openTelemetry(wrong, { function: 'api', clock }),
    /OTEL_EXPORTER_OTLP_PROTOCOL must be http\/json/,
  );
  const off = await openTelemetry({ ...wrong, OTEL_SDK_DISABLED: 'true' }, { function: 'api', clock });
  assert.equal(off.observes, false);
});

test('every route has a name that may leave, and no name holds what a path holds', () => {
  for (const method of methods) {
    const path = `/bigquery/v2/${method.path.replace(/\{\w+\}/g, 'canary')}`;
    const name = routeName('api', method.verb, path);
    assert.equal(checkedAttributes({ route: name }).route, name);
    assert.ok(!name.includes('canary'));
  }
  const paths = [
    '/',
    '/x',
    '/approvals',
    '/approvals/sluice_1?t=x',
    '/approvals/v1/holds/sluice_1',
    '/oidc/jwks',
    '//',
    '/%2e',
    '/approvals/x/decide',
  ];
  for (const name of ['api', 'approvals', 'resume', 'sweep', 'embedded'] as const) {
    for (const path of paths) {
      const route = routeName(name, 'GET', path);
      assert.equal(checkedAttributes({ route }).route, route, `${name} ${path}`);
    }
  }
});

test('metrics have the names that Prometheus would give them', () => {
  for (const [name, { kind, unit, attributes }] of Object.entries(metrics)) {
    assert.match(name, /^sluice_[a-z_]+$/);
    assert.equal(name.endsWith('_total'), kind === 'counter', name);
    if (unit === 's') assert.match(name, /_seconds$/);
    for (const high of ['queryId', 'requestId', 'rows', 'bytes', 'ownMs'])
      assert.ok(!(attributes as readonly string[]).includes(high), `${name} by ${high} has no end`);
  }
});

test('where watching fails, what is watched goes on, and it is told', async () => {
  const gateway = await openGateway();
  const audit = { ...gateway.ports.audit, create: async () => ({ generation: '1' }) };
  const told = await lines(async (telemetry) => {
    const ports = withTelemetry({ ...gateway.ports, audit }, telemetry);
    await telemetry.request(start, async () => {
      const name = 'rec/d/2026-11-23/1700000000000-r_0123456789abcdef';
      assert.deepEqual(await ports.audit.create(name, undefined as never), { generation: '1' });
    });
  });
  assert.deepEqual(
    told.map((line) => line.event),
    ['fault', 'request'],
  );
});

test('a call that Google did not make is no broken promise of resume or sweep', async () => {
  const texts: string[] = [];
  const write = (text: string): void => void texts.push(text);
  const telemetry = await openTelemetry(env, { function: 'resume', clock, write });
  await telemetry.request({ function: 'resume', route: 'resume.push' }, async () => {
    telemetry.fault(new SluiceError('unauthenticated', 'a call was refused: the token has another audience'));
    telemetry.fault(new SluiceError('state_unavailable', 'away'));
  });
  telemetry.fault(new SluiceError('invalid', 'the configuration has a problem'));
  const told = texts.map((text) => JSON.parse(text) as Record<string, unknown>);
  assert.deepEqual(
    told.map((line) => line.event),
    ['push-refused', 'fault', 'request', 'fault'],
  );
  assert.match(String(told[0]?.message), /another audience$/);
});

test('old secrets are told, but not those that are for good', async () => {
  const nowMs = Date.UTC(2026, 10, 23);
  const old = 'projects/acme/secrets/sluice-hmac';
  const log = 'projects/acme/locations/eu/keyRings/sluice/cryptoKeys/log/cryptoKeyVersions/1';
  const told = await lines(async (telemetry) =>
    tellAges(
      telemetry,
      [
        { name: old, createdMs: nowMs - 200 * 86_400_000 },
        { name: 'projects/acme/secrets/new', createdMs: nowMs - 1000 },
        { name: log, createdMs: 0 },
      ],
      nowMs,
      [log],
    ),
  );
  assert.deepEqual(
    told.map((line) => [line.event, line.secret]),
    [['secret-old', old]],
  );
});
