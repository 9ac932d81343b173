import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chargeBytes } from '../../../functions/core/query/charge.ts';
import type { Estimate } from '../../../functions/core/query/query.ts';
import { evaluationOf, queryOf } from '../../support/queries.ts';

const running = (estimate: Estimate) => queryOf({ state: 'running', evaluation: evaluationOf({ estimate }) });

test('a budget counts what was billed, what may still be billed, and nothing else', () => {
  const outcome = {
    ...{ totalRows: 1, totalBytesProcessed: 5, cacheHit: false, startMs: 1, endMs: 2 },
    totalBytesBilled: 7,
  };
  assert.equal(chargeBytes(queryOf({ state: 'held', evaluation: evaluationOf() })), 0);
  assert.equal(chargeBytes(running({ bytes: 1000, accuracy: 'PRECISE' })), 1000);
  assert.equal(chargeBytes(running({ bytes: 1e12, accuracy: 'UPPER_BOUND' })), 10_000_000, 'the limit');
  assert.equal(chargeBytes(queryOf({ state: 'done', evaluation: evaluationOf(), outcome })), 7);
  assert.equal(chargeBytes(queryOf({ state: 'failed', outcome })), 7);
});

test('an estimate that bounds nothing counts as the limit while the query runs', () => {
  assert.equal(chargeBytes(running({ bytes: 0, accuracy: 'UNKNOWN' })), 10_000_000);
  assert.equal(chargeBytes(running({ bytes: 10, accuracy: 'LOWER_BOUND' })), 10_000_000);
});
