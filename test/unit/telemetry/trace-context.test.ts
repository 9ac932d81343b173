import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceContextOf } from '../../../functions/adapters/telemetry/trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

test('traceparent: ids and the sampled flag', () => {
  assert.deepEqual(traceContextOf(`00-${traceId}-${spanId}-01`, undefined), {
    traceId,
    spanId,
    sampled: true,
  });
  assert.equal(traceContextOf(`00-${traceId}-${spanId}-02`, undefined)?.sampled, false);
  assert.equal(traceContextOf(`cc-${traceId}-${spanId}-01-what-will-be`, undefined)?.traceId, traceId);
});

test('what is not exactly a traceparent is none', () => {
  for (const header of [
    '',
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${'0'.repeat(32)}-${spanId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    `00-${traceId}-${spanId}-1`,
    ` 00-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01\nx`,
    'SELECT * FROM t',
  ])
    assert.equal(traceContextOf(header, undefined), undefined, header);
});

test("Google's header: decimal span ids, options, and no span", () => {
  const of = (header: string) => traceContextOf(undefined, header);
  assert.deepEqual(of(`${traceId}/67667974448284343;o=1`), {
    traceId,
    spanId: '00f067aa0ba902b7',
    sampled: true,
  });
  assert.equal(of(`${traceId}/1`)?.sampled, false);
  assert.equal(of(`${traceId}/18446744073709551615;o=1`)?.spanId, 'ffffffffffffffff');
  assert.equal(of(`${traceId};o=1`)?.spanId, '0000000000000001');
  for (const header of [
    `${traceId}/18446744073709551616;o=1`,
    `${'0'.repeat(32)}/1`,
    `${traceId}/-1`,
    `${traceId}/1;o=9`,
  ])
    assert.equal(of(header), undefined, header);
});

test('traceparent wins over the older header', () => {
  const both = traceContextOf(`00-${traceId}-${spanId}-00`, '105445aa7843bc8bf206b12000100000/1;o=1');
  assert.deepEqual(both, { traceId, spanId, sampled: false });
});
