import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openEngine } from '../../../functions/adapters/warehouse/duckdb/engine.ts';
import { executionError } from '../../../functions/adapters/warehouse/duckdb/jobs/execution-error.ts';
import { allUdfs } from '../../../functions/core/sql/duckdb/udf/index.ts';
import { type Udf, UdfError, UdfTooSlow, type UdfValue } from '../../../functions/core/sql/duckdb/udf.ts';

// Our functions run on the thread that serves everybody: whatever an agent writes, one call ends soon, in an answer or an error.

const a = 'a'.repeat(1_000_000);
const digits = '1'.repeat(1_000_000);
const bytes = new Uint8Array(1_000_000).fill(97);
const many = new Array<string>(100_000).fill('abc');

const calls: readonly (readonly [string, ...UdfValue[]])[] = [
  ['edit_distance', a, a, null],
  ['like', a, `%${'a'.repeat(400_000)}b`],
  ['bytes_like', bytes, new Uint8Array([37, ...new Uint8Array(400_000).fill(97), 98])],
  ['bytes_shift_left', bytes, 3n],
  ['bytes_bit_count', bytes],
  ['string_to_double', `${digits}x`],
  ['string_to_int64', `1${' '.repeat(1_000_000)}x`],
  ['string_to_numeric', `1${' '.repeat(1_000_000)}x`],
  ['parse_numeric', `1${' '.repeat(1_000_000)}x`],
  ['replace', a, 'a', a],
  ['array_to_string', many, a],
  ['instr', a, `${'a'.repeat(400_000)}b`, 1n, 1n],
  ['regexp_contains', a, '(a*)*(a|b|[a-z]{1,200}){1,5}c'],
  ['regexp_extract_all', a, 'a(?:.*b)?'],
  ['regexp_replace', a, 'a', a],
  ['net_host', `x${' '.repeat(1_000_000)}y`],
  ['net_host', `x${'.'.repeat(1_000_000)}y`],
];

for (const [name, ...args] of calls) {
  test(`${name} on a megabyte ends soon`, () => {
    const udf = allUdfs.find((each) => each.name === `sluice_${name}`);
    assert.ok(udf, 'there is no such function');
    const run = udf.run as unknown as (...values: UdfValue[]) => UdfValue;
    const startMs = performance.now();
    try {
      run(...args.slice(0, udf.arguments.length));
    } catch (error) {
      assert.ok(error instanceof UdfTooSlow || error instanceof UdfError, String(error));
    }
    const tookMs = performance.now() - startMs;
    assert.ok(tookMs < 8000, `took ${Math.round(tookMs)} ms`);
  });
}

test('what is too slow says what to do, and SAFE does not turn it into NULL', () => {
  assert.ok(!(new UdfTooSlow('x') instanceof UdfError));
  const { message } = executionError(
    'Invalid Input Error: Resources exceeded: sluice_like takes too long on these values',
  );
  assert.match(message, /Resources exceeded.*use shorter values/);
});

test('a chunk of calls that are slow together, or make too much together, ends in an error, SAFE or not', async () => {
  const slow: Udf = {
    name: 'sluice_test_slow',
    arguments: ['BIGINT'],
    returns: 'BIGINT',
    nulls: 'strict',
    run: (value: bigint) => {
      for (const endMs = performance.now() + 20; performance.now() < endMs; );
      return value;
    },
  };
  const large: Udf = {
    name: 'sluice_test_large',
    arguments: ['BIGINT'],
    returns: 'VARCHAR',
    nulls: 'strict',
    run: (value: bigint) => String(value).padEnd(1_000_000, 'x'),
  };
  const memoryLimitBytes = 64_000_000;
  const udfs = [slow, large];
  const engine = await openEngine({ threads: 1, memoryLimitBytes, allowedDirectories: [], udfs });
  const connection = await engine.connect();
  for (const name of ['sluice_test_slow', 'sluice_test_slow__safe']) {
    const startMs = performance.now();
    await assert.rejects(connection.run(`SELECT sum(${name}(range)) FROM range(2000)`), /takes too long/);
    assert.ok(performance.now() - startMs < 10_000);
  }
  const beforeBytes = process.memoryUsage.rss();
  await assert.rejects(
    connection.run('SELECT sum(strlen(sluice_test_large(range))) FROM range(2000)'),
    /makes too much/,
  );
  assert.ok(process.memoryUsage.rss() - beforeBytes < 1_000_000_000);
  connection.closeSync();
  engine.close();
});
