import type { Udf, UdfType } from '../udf.ts';
import { called, strict } from './make.ts';
import { bignumeric, divideRounding, doubleText, fail, int64, numeric, scaled38 } from './numbers.ts';

const E9 = 10n ** 9n;
const E38 = 10n ** 38n;

/** A result that is not finite though its operands are is an overflow. */
const finite = (value: number, operator: string, a: number, b: number): number =>
  Number.isFinite(value) || !Number.isFinite(a) || !Number.isFinite(b)
    ? value
    : fail(`double overflow: ${doubleText(a)} ${operator} ${doubleText(b)}`);

const divideDoubles = (a: number, b: number): number =>
  b === 0 ? fail(`division by zero: ${doubleText(a)} / ${doubleText(b)}`) : finite(a / b, '/', a, b);

const doubles = (name: string, run: (a: number, b: number) => number): Udf =>
  strict(`double_${name}`, ['DOUBLE', 'DOUBLE'], 'DOUBLE', run);

const comparison = (name: string, run: (a: number, b: number) => boolean): Udf =>
  strict(`double_${name}`, ['DOUBLE', 'DOUBLE'], 'BOOLEAN', run);

const ints = (name: string, run: (a: bigint, b: bigint) => bigint): Udf =>
  strict(name, ['BIGINT', 'BIGINT'], 'BIGINT', run);

const D: UdfType = 'DECIMAL(38,9)';
const decimals = (name: string, run: (a: bigint, b: bigint) => bigint): Udf =>
  strict(`numeric_${name}`, [D, D], D, (a: bigint, b: bigint) => numeric(run(a, b), name));

const bigs = (name: string, run: (a: bigint, b: bigint) => bigint): Udf =>
  strict(`bignumeric_${name}`, ['VARCHAR', 'VARCHAR'], 'VARCHAR', (a: string, b: string) =>
    bignumeric(run(scaled38(a), scaled38(b)), name),
  );

const notZero = (b: bigint): bigint => (b === 0n ? fail('division by zero') : b);

/** Shifts drop bits; a distance of 64 or more leaves nothing. The right shift fills with zeros. */
function shiftLeft(value: bigint, by: bigint): bigint {
  if (by < 0n) return fail('Bitwise shift by a negative amount');
  return by >= 64n ? 0n : BigInt.asIntN(64, value << by);
}
function shiftRight(value: bigint, by: bigint): bigint {
  if (by < 0n) return fail('Bitwise shift by a negative amount');
  return by >= 64n ? 0n : BigInt.asIntN(64, BigInt.asUintN(64, value) >> by);
}

const sign = (value: bigint): bigint => (value > 0n ? 1n : value < 0n ? -1n : 0n);

/** Texts that sort as the numbers do: a sign, then 78 digits, complemented below zero. */
function sortKey(text: string): string {
  const value = scaled38(text);
  return value < 0n
    ? `0${(10n ** 78n + value).toString().padStart(78, '0')}`
    : `1${value.toString().padStart(78, '0')}`;
}

const sum = (values: readonly (string | null)[]): string | null => {
  const present = values.filter((v) => v !== null);
  return present.length === 0
    ? null
    : bignumeric(
        present.reduce((s, v) => s + scaled38(v), 0n),
        'SUM',
      );
};

const average = (values: readonly (string | null)[]): string | null => {
  const present = values.filter((v) => v !== null);
  if (present.length === 0) return null;
  const total = present.reduce((s, v) => s + scaled38(v), 0n);
  return bignumeric(divideRounding(total, BigInt(present.length)), 'AVG');
};

/** Where an element stands in an array: 1-based, or the query fails. */
function position(index: bigint, base: bigint, length: bigint): bigint {
  const at = index - base;
  if (at < 0n || at >= length)
    return fail(
      `Array index ${index} is out of bounds${base === 1n && index === 0n ? ' (ordinals start at 1)' : ''}`,
    );
  return at + 1n;
}

/** BigQuery's bound on the rounds of a recursive CTE. */
const maxRounds = 500n;

const nextRound = (round: bigint): bigint =>
  round >= maxRounds
    ? fail(`A recursive CTE has reached the maximum number of iterations: ${maxRounds}`)
    : round + 1n;

export const arithmeticUdfs: readonly Udf[] = [
  strict('next_round', ['BIGINT'], 'BIGINT', nextRound),
  called('fail', ['VARCHAR'], 'VARCHAR', (message: string | null) => fail(message ?? 'NULL')),
  doubles('add', (a, b) => finite(a + b, '+', a, b)),
  doubles('subtract', (a, b) => finite(a - b, '-', a, b)),
  doubles('multiply', (a, b) => finite(a * b, '*', a, b)),
  doubles('divide', divideDoubles),
  doubles('ieee_divide', (a, b) => a / b),
  comparison('eq', (a, b) => a === b),
  comparison('lt', (a, b) => a < b),
  comparison('le', (a, b) => a <= b),
  comparison('gt', (a, b) => a > b),
  comparison('ge', (a, b) => a >= b),
  strict('no_nan', ['DOUBLE'], 'DOUBLE', (v: number) =>
    Number.isNaN(v) ? fail('NaN is not supported here by the embedded warehouse') : v,
  ),
  strict('finite', ['DOUBLE'], 'DOUBLE', (v: number) =>
    Number.isFinite(v) ? v : fail('NaN and infinity are not supported here by the embedded warehouse'),
  ),
  ints('div', (a, b) => int64(a / (b === 0n ? fail(`division by zero: ${a} / ${b}`) : b), `${a} / ${b}`)),
  ints('mod', (a, b) => a % (b === 0n ? fail(`division by zero: MOD(${a}, ${b})`) : b)),
  ints('add', (a, b) => int64(a + b, `${a} + ${b}`)),
  ints('subtract', (a, b) => int64(a - b, `${a} - ${b}`)),
  ints('multiply', (a, b) => int64(a * b, `${a} * ${b}`)),
  ints('shift_left', shiftLeft),
  ints('shift_right', shiftRight),
  decimals('add', (a, b) => a + b),
  decimals('subtract', (a, b) => a - b),
  decimals('multiply', (a, b) => divideRounding(a * b, E9)),
  decimals('divide', (a, b) => divideRounding(a * E9, notZero(b))),
  decimals('div', (a, b) => (a / notZero(b)) * E9),
  decimals('mod', (a, b) => a % notZero(b)),
  strict('numeric_average', [D, 'BIGINT'], D, (total: bigint, count: bigint) => divideRounding(total, count)),
  bigs('add', (a, b) => a + b),
  bigs('subtract', (a, b) => a - b),
  bigs('multiply', (a, b) => divideRounding(a * b, E38)),
  bigs('divide', (a, b) => divideRounding(a * E38, notZero(b))),
  bigs('div', (a, b) => (a / notZero(b)) * E38),
  bigs('mod', (a, b) => a % notZero(b)),
  strict('bignumeric_compare', ['VARCHAR', 'VARCHAR'], 'BIGINT', (a: string, b: string) =>
    sign(scaled38(a) - scaled38(b)),
  ),
  strict('bignumeric_key', ['VARCHAR'], 'VARCHAR', sortKey),
  strict('bignumeric_sum', ['VARCHAR[]'], 'VARCHAR', sum),
  strict('bignumeric_average', ['VARCHAR[]'], 'VARCHAR', average),
  strict('position', ['BIGINT', 'BIGINT', 'BIGINT'], 'BIGINT', position),
  strict('safe_position', ['BIGINT', 'BIGINT'], 'BIGINT', (index: bigint, base: bigint) =>
    index - base < 0n || index - base >= 2n ** 40n ? null : index - base + 1n,
  ),
];
