import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorFacts } from '../../../functions/adapters/telemetry/error-text.ts';
import { jsonLines, terminalLines } from '../../../functions/adapters/telemetry/lines.ts';
import { SluiceError } from '../../../functions/core/errors.ts';

const timeMs = Date.UTC(2026, 10, 23, 12);

function lineOf(entry: Parameters<ReturnType<typeof jsonLines>>[0]): Record<string, unknown> {
  let text = '';
  jsonLines({ write: (part) => (text += part), project: 'acme', service: 'api', version: 'api-7' })(entry);
  assert.equal(text.indexOf('\n'), text.length - 1, 'one line');
  return JSON.parse(text) as Record<string, unknown>;
}

test('a broken promise has the form of Error Reporting', () => {
  const error = errorFacts(new SluiceError('sink_unavailable', 'could not record rec/q/1'));
  const line = lineOf({ severity: 'ERROR', event: 'fault', timeMs, error, attributes: { function: 'api' } });
  assert.equal(line.message, 'sink_unavailable: could not record rec/q/1');
  assert.equal(
    line['@type'],
    'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent',
  );
  assert.deepEqual(line.serviceContext, { service: 'api', version: 'api-7' });
  assert.match(String(line.stack_trace), /^SluiceError: could not record rec\/q\/1\n {4}at test\//);
  assert.equal(line.code, 'sink_unavailable');
  assert.equal(line.time, '2026-11-23T12:00:00.000Z');
});

test('a detail stays on its line and cannot add fields', () => {
  const line = lineOf({
    severity: 'WARNING',
    event: 'not-ready',
    timeMs,
    detail: 'a\u0007b","severity":"x\nsecond',
  });
  assert.equal(line.message, 'not ready: a b","severity":"x');
  assert.equal(line.severity, 'WARNING');
});

test('a value of another form than its attribute has leaves as "other"', () => {
  const odd = { route: 'SELECT ssn', rule: 'a b', status: Number.NaN, code: 'Bad Code' } as never;
  const line = lineOf({ severity: 'INFO', event: 'request', timeMs, attributes: odd });
  assert.deepEqual([line.route, line.rule, line.code], ['other', 'other', 'other']);
  assert.deepEqual(line.httpRequest, { status: 'other' });
});

test('a terminal shows what needs somebody, in one short line', () => {
  let text = '';
  const say = terminalLines((part) => (text += part));
  say({ severity: 'INFO', event: 'ready', timeMs });
  say({ severity: 'ERROR', event: 'request', timeMs });
  say({ severity: 'CRITICAL', event: 'left-out', timeMs, detail: 'rec/x: it is no record' });
  say({ severity: 'ERROR', event: 'fault', timeMs, error: errorFacts(new RangeError('secret')) });
  assert.deepEqual(text.split('\n'), [
    'sluice: the seal leaves out what is not a record of this log; run sluice audit verify: rec/x: it is no record',
    'sluice: internal: RangeError',
    '',
  ]);
});
