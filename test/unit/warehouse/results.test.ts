import assert from 'node:assert/strict';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { executionError } from '../../../functions/adapters/warehouse/duckdb/jobs/execution-error.ts';
import {
  cleanJobs,
  type FinishedFacts,
  ResultWriter,
  readFooter,
  readRows,
} from '../../../functions/adapters/warehouse/duckdb/jobs/result-file.ts';
import {
  rewriteTimestamps,
  timestampText,
} from '../../../functions/adapters/warehouse/duckdb/jobs/timestamps.ts';
import { publicBytes } from '../../../functions/core/query/public-bytes.ts';
import { TIMESTAMP } from '../../../functions/core/sql/types.ts';
import { temporaryFolder } from '../../support/data-folder.ts';

const facts: FinishedFacts = { state: 'failed', error: { code: 'stopped', message: 'x' }, detail: 'x' };

test('rows over many blocks come back whole from any place', async () => {
  const dir = await temporaryFolder();
  const writer = new ResultWriter(dir, 'job', '1');
  const row = (i: number): string => JSON.stringify({ f: [{ v: `${i} ${'é'.repeat(i % 700)}` }] });
  const count = 4000;
  for (let i = 0; i < count; i++) {
    writer.add(row(i));
    if (i % 100 === 0) await writer.drain();
  }
  const footer = await writer.finish(facts);
  assert.ok(footer && footer.blocks.length > 2);
  assert.deepEqual(await readFooter(dir, 'job'), footer);
  for (const startIndex of [0, 1, 1533, count - 1]) {
    const { bytes, rows } = await readRows(dir, 'job', footer, {
      startIndex,
      maximumRows: 1e9,
      maximumBytes: 1e9,
    });
    const wanted = Array.from({ length: count - startIndex }, (_, i) => `${row(startIndex + i)},\n`).join('');
    assert.equal(rows, count - startIndex);
    assert.equal(Buffer.concat(bytes).toString(), wanted);
  }
});

test('one id is written once: the first result stands', async () => {
  const dir = await temporaryFolder();
  const first = new ResultWriter(dir, 'job', '1');
  const second = new ResultWriter(dir, 'job', '2');
  first.add('1');
  assert.equal((await first.finish(facts))?.rows, 1);
  assert.equal(await second.finish(facts), undefined);
  assert.equal((await readFooter(dir, 'job'))?.rows, 1);
  assert.deepEqual(await readdir(dir), ['job.job']);
});

test('what was begun and not finished is no job', async () => {
  const dir = await temporaryFolder();
  const writer = new ResultWriter(dir, 'job', '1');
  for (let i = 0; i < 40; i++) {
    writer.add('x'.repeat(100_000));
    await writer.drain();
  }
  assert.equal(await readFooter(dir, 'job'), undefined);
  await writer.discard();
  assert.deepEqual(await readdir(dir), []);
  assert.throws(() => new ResultWriter(dir, '../x', '1'), TypeError);
});

test('old results go, running attempts stay', async () => {
  const dir = await temporaryFolder();
  for (const id of ['old', 'new']) await new ResultWriter(dir, id, '1').finish(facts);
  await utimes(join(dir, 'old.job'), new Date(0), new Date(0));
  await cleanJobs(dir, 1000, new Set());
  assert.deepEqual(await readdir(dir), ['new.job']);
});

test('timestamps in other forms', () => {
  assert.equal(timestampText(1_704_067_200_500_000n, 'FLOAT64'), '1704067200.500000');
  assert.equal(timestampText(-1n, 'FLOAT64'), '-0.000001');
  assert.equal(timestampText(-62_135_596_800_000_000n, 'ISO8601_STRING'), '0001-01-01T00:00:00.000000Z');
  assert.equal(timestampText(-1n, 'ISO8601_STRING'), '1969-12-31T23:59:59.999999Z');
  const nested = '[{"f":[{"v":[{"v":"0"}]},{"v":"[0, UNBOUNDED)"},{"v":null},{"v":"0"}]}]';
  const types = [
    { kind: 'array', element: TIMESTAMP },
    { kind: 'range', element: 'TIMESTAMP' },
    TIMESTAMP,
    { kind: 'scalar', name: 'STRING' },
  ] as const;
  assert.equal(
    rewriteTimestamps(nested, types, 'FLOAT64'),
    '[{"f":[{"v":[{"v":"0.000000"}]},{"v":"[0.000000, UNBOUNDED)"},{"v":null},{"v":"0"}]}]',
  );
});

test('sizes are whole MiB, so that one byte more or less does not show; 10 MiB a table are billed at least', () => {
  const mib = 1024 * 1024;
  assert.deepEqual(publicBytes(0, 1), { processed: 0, billed: 0 });
  assert.deepEqual(publicBytes(1, 1), publicBytes(mib - 1, 1));
  assert.deepEqual(publicBytes(1, 2), { processed: mib, billed: 20 * mib });
  assert.deepEqual(publicBytes(30 * mib + 1, 1), { processed: 31 * mib, billed: 31 * mib });
});

test('an execution error shows its class and never the value', () => {
  for (const [detail, message] of [
    ['Invalid Input Error: Bad int64 value: 900-12-3456', 'Query error: Bad int64 value'],
    ["Conversion Error: Could not convert string '900-12-3456' to INT64", 'Query error: Bad int64 value'],
    ['Invalid Input Error: division by zero', 'Query error: division by zero'],
    ['Out of Range Error: Overflow in multiplication of INT64 (9 * 9)!', 'Query error: int64 overflow'],
    [
      'Invalid Input Error: 900-12-3456',
      'Query error: a value in the data does not fit an operation of the query',
    ],
  ] as const)
    assert.equal(executionError(detail).message, message);
  assert.match(
    executionError('Out of Memory Error: could not allocate block').message,
    /^Resources exceeded/,
  );
});
