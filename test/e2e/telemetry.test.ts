import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { attributeNames } from '../../functions/adapters/telemetry/attributes.ts';
import { logEvents, metrics } from '../../functions/ports/telemetry.ts';
import { type Collector, plainAttributes, startCollector } from '../support/collector.ts';
import {
  call,
  type GatewayProcess,
  insertJob,
  query,
  results,
  root,
  startGateway,
} from '../support/gateway.ts';

// The whole story, with something to find in every place that an agent or a person can write to.
let collector: Collector;
let gateway: GatewayProcess;
let lines: readonly Record<string, unknown>[];
let told: string;
const tokens: string[] = [];
const canaries = {
  sql: 'canary_in_sql',
  comment: 'canary-in-comment',
  purpose: 'canary-in-purpose',
  job: 'canary-job',
  path: 'canary-in-path',
  query: 'canary-in-query-string',
  body: 'canary-in-body',
  label: 'canary-label',
  parameter: 'canary-parameter',
  reason: 'canary-reason',
  subject: 'canary-subject',
  email: 'canary@example.com',
  header: 'canary-in-header',
  agent: 'canary-user-agent',
  trace: 'canary-trace-state',
} as const;
const traceId = '0af7651916cd43dd8448eb211c80319c';

before(async () => {
  collector = await startCollector();
  gateway = await startGateway({
    env: {
      K_SERVICE: 'sluice-test',
      K_REVISION: 'sluice-test-00001',
      GOOGLE_CLOUD_PROJECT: 'acme-test',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_METRIC_EXPORT_INTERVAL: '60000',
    },
  });
  await story();
  assert.equal(await gateway.stop(), 0);
  const output = gateway.output();
  lines = output
    .split('\n')
    .filter((line) => line.startsWith('{"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  told = [...collector.bodies, ...lines.map((line) => JSON.stringify(line))].join('\n');
});
after(() => collector.close());

async function story(): Promise<void> {
  const { url } = gateway;
  const token = (as: string, groups: string): string => {
    const made = gateway.token(as, groups);
    tokens.push(made);
    return made;
  };
  const robot = token(canaries.subject, 'analysts');
  const ada = token('ada', 'approvers');
  const ask = async (
    sql: string,
    headers: Record<string, string> = {},
    more: object = {},
  ): Promise<Response> => {
    const response = await fetch(`${url}/bigquery/v2/projects/local/queries?quotaUser=${canaries.query}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${robot}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query: sql, useLegacySql: false, timeoutMs: 20_000, ...more }),
    });
    await response.text();
    return response;
  };
  const masked = await ask(
    `SELECT *, '${canaries.sql}' AS ${canaries.sql} FROM shop.customers -- ${canaries.comment}`,
    {
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      tracestate: `vendor=${canaries.trace}`,
      'x-sluice-purpose': canaries.purpose,
      'x-other': canaries.header,
      'user-agent': canaries.agent,
    },
  );
  assert.equal(masked.status, 200);
  await ask(
    'SELECT @p',
    {},
    {
      labels: { a: canaries.label },
      parameterMode: 'NAMED',
      queryParameters: [
        { name: 'p', parameterType: { type: 'STRING' }, parameterValue: { value: canaries.parameter } },
      ],
    },
  );
  await ask(`DROP TABLE shop.${canaries.sql}`);
  await ask(`SELEC ${canaries.sql}`);
  await ask(`SELECT * FROM hr.${canaries.sql}`);
  await ask(`SELECT ${canaries.sql}`, { 'x-cloud-trace-context': '105445aa7843bc8bf206b12000100000/1;o=1' });
  await query(url, `no.token.${canaries.header}`, 'SELECT 1');
  await call(url, robot, 'GET', `/${canaries.path}/SELECT%20ssn`);
  await call(url, robot, 'POST', '/bigquery/v2/projects/local/queries', { query: 5, odd: canaries.body });
  await fetch(`${url}/bigquery/v2/projects/local/jobs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${robot}` },
    body: `{"${canaries.body}`,
  });
  const decide = async (jobId: string, decision: 'approve' | 'reject'): Promise<void> => {
    await insertJob(url, robot, jobId, 'SELECT event_id, page, ip FROM web.events ORDER BY event_id LIMIT 3');
    const { holds } = (await call(url, ada, 'GET', '/approvals/v1/holds')).body as {
      holds: { id: string; digest: string }[];
    };
    const [hold] = holds;
    assert.ok(hold);
    const decided = await call(url, ada, 'POST', `/approvals/v1/holds/${hold.id}/${decision}`, {
      reason: canaries.reason,
      digest: hold.digest,
    });
    assert.equal(decided.status, 200, decided.text);
    await results(url, robot, jobId, 20_000);
  };
  await decide(`${canaries.job}-1`, 'approve');
  await decide(`${canaries.job}-2`, 'reject');
  await fetch(`${url}/approvals?t=${canaries.query}`, { redirect: 'manual' });
  await fetch(`${url}/oidc/authorize?login_hint=${canaries.email}`, { redirect: 'manual' });
  await fetch(`${url}/healthz`);
}

test('nothing that was asked, answered or sent as a credential is told', () => {
  for (const [place, canary] of Object.entries(canaries))
    assert.ok(!told.includes(canary), `${place} was told`);
  for (const token of tokens) {
    for (const part of token.split('.')) assert.ok(!told.includes(part), 'a token was told');
  }
  for (const line of readFileSync(join(root, 'sample/data/shop/customers.ndjson'), 'utf8')
    .trim()
    .split('\n')) {
    const { ssn, email, name, phone } = JSON.parse(line) as Record<string, string | null>;
    for (const value of [ssn, email, name, phone])
      assert.ok(value === null || value === undefined || !told.includes(value), `${value} was told`);
  }
  for (const word of ['SELECT', 'ssn', 'customers', 'analysts', 'ada'])
    assert.ok(!new RegExp(`\\b${word}\\b`).test(told), `${word} was told`);
  assert.ok(!/[\w.]+@(?!type")[\w-]+\.[a-z]+/i.test(told), 'an e-mail address was told');
});

test('every name that is told is of the closed lists, and none has a free value', () => {
  const allowed = new Set(attributeNames.map((name) => `sluice.${name}`));
  for (const span of collector.spans()) {
    for (const [name, value] of Object.entries(plainAttributes(span.attributes))) {
      assert.ok(allowed.has(name), name);
      assert.notEqual(value, 'other', `${span.name} ${name}`);
    }
    assert.equal(span.status?.message, undefined);
  }
  for (const name of collector.metricNames()) assert.ok(name in metrics, name);
  const fields = new Set<string>([
    ...attributeNames,
    ...[
      'severity',
      'message',
      'time',
      'event',
      'durationMs',
      'httpRequest',
      '@type',
      'stack_trace',
      'serviceContext',
    ],
    ...['trace', 'spanId', 'trace_sampled', 'labels'].map((name) => `logging.googleapis.com/${name}`),
  ]);
  for (const line of lines) {
    for (const name of Object.keys(line)) assert.ok(fields.has(name), name);
    assert.ok((line.event as string) in logEvents);
  }
});

test("a request is one trace, the caller's where it sent one, with a span for each call to a port", () => {
  const spans = collector.spans();
  const roots = spans.filter((span) => span.traceId === traceId && span.parentSpanId === 'b7ad6b7169203331');
  assert.deepEqual(
    roots.map(({ name }) => name),
    ['bigquery.jobs.query'],
  );
  const parts = spans.filter((span) => span.parentSpanId === roots[0]?.spanId).map(({ name }) => name);
  for (const name of [
    'identity.verify',
    'warehouse.dryRun',
    'audit.create',
    'warehouse.insert',
    'warehouse.page',
  ])
    assert.ok(parts.includes(name), name);
  const googles = spans.filter((span) => span.traceId === '105445aa7843bc8bf206b12000100000');
  assert.ok(googles.some((span) => span.parentSpanId === '0000000000000001'));
});

test('lines have the form that Cloud Logging takes apart', () => {
  const requests = lines.filter((line) => line.event === 'request');
  const first = requests.find((line) => String(line['logging.googleapis.com/trace']).endsWith(traceId));
  assert.equal(first?.['logging.googleapis.com/trace'], `projects/acme-test/traces/${traceId}`);
  assert.match(String(first?.['logging.googleapis.com/spanId']), /^[0-9a-f]{16}$/);
  assert.equal(first?.['logging.googleapis.com/trace_sampled'], true);
  assert.deepEqual(first?.['logging.googleapis.com/labels'], { function: 'embedded' });
  assert.equal(first?.route, 'bigquery.jobs.query');
  assert.equal(first?.decision, 'permit');
  assert.match(String(first?.queryId), /^sluice_/);
  assert.match(String(first?.requestId), /^r_[0-9a-f]{16}$/);
  const { requestMethod, status, latency, responseSize } = (first?.httpRequest ?? {}) as Record<
    string,
    unknown
  >;
  assert.deepEqual([requestMethod, status], ['POST', 200]);
  assert.match(String(latency), /^\d+\.\d{6}s$/);
  assert.ok(Number(responseSize) > 1000);
  assert.ok(requests.every((line) => line.route !== 'bigquery.healthz' && line.severity === 'INFO'));
  assert.deepEqual(
    lines.filter((line) => line.event === 'fault'),
    [],
  );
});

test('metrics count what happened', () => {
  const sum = (name: string, want: Record<string, unknown> = {}): number =>
    collector
      .points(name)
      .filter(({ attributes }) => Object.entries(want).every(([key, value]) => attributes[key] === value))
      .reduce((total, { value }) => total + value, 0);
  assert.equal(sum('sluice_decisions_total', { decision: 'hold' }), 2);
  assert.equal(sum('sluice_decisions_total', { decision: 'permit' }), 2);
  assert.equal(sum('sluice_decisions_total', { decision: 'deny' }), 1);
  assert.equal(sum('sluice_decisions_total', { decision: 'refused', code: 'forbidden' }), 1);
  assert.equal(sum('sluice_decisions_total', { decision: 'refused' }), 3);
  assert.equal(sum('sluice_approvals_total', { vote: 'approve' }), 1);
  assert.equal(sum('sluice_approvals_total', { vote: 'reject' }), 1);
  assert.equal(sum('sluice_hold_seconds', { state: 'approved' }), 1);
  assert.equal(sum('sluice_hold_seconds', { state: 'rejected' }), 1);
  assert.equal(sum('sluice_hold_notify_seconds'), 2);
  assert.equal(sum('sluice_query_changes_total', { state: 'done' }), 3);
  assert.ok(sum('sluice_rule_hits_total', { effect: 'hold' }) >= 2);
  assert.ok(sum('sluice_rows_delivered_total') > 100);
  assert.ok(sum('sluice_bytes_delivered_total') > 2000);
  assert.ok(sum('sluice_seals_total') >= 1);
  assert.ok(sum('sluice_sealed_records_total') > 20);
  assert.ok(sum('sluice_seal_lag_seconds') >= 1);
  assert.ok(sum('sluice_port_call_seconds', { port: 'audit', call: 'create', code: 'ok' }) > 20);
  assert.equal(sum('sluice_request_duration_seconds', { status: 401 }), 1);
  assert.ok(sum('sluice_decision_seconds') >= 5);
  assert.ok(sum('sluice_request_own_seconds') >= 10);
  assert.equal(sum('sluice_faults_total'), 0);
});
