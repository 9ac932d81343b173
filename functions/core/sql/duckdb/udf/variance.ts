import type { Udf } from '../udf.ts';
import { strict } from './make.ts';
import { scaled38 } from './numbers.ts';

const bitLength = (value: bigint): number => value.toString(2).length;

/** The FLOAT64 nearest to `a / b`; both are positive. */
function quotient(a: bigint, b: bigint): number {
  const shift = 66 - (bitLength(a) - bitLength(b));
  const [top, bottom] = shift >= 0 ? [a << BigInt(shift), b] : [a, b << BigInt(-shift)];
  // The lowest bit says that something is left over, so that a tie is not mistaken for one.
  const bits = top / bottom;
  const sticky = bits * bottom === top ? bits : bits | 1n;
  return Number(sticky) * 2 ** -shift;
}

/** The variance of decimals, summed exactly; `lost` is what the sample takes off the count. */
function variance(values: readonly (string | null)[], lost: bigint): number | null {
  const numbers = values.filter((v) => v !== null).map(scaled38);
  const count = BigInt(numbers.length);
  if (count <= lost) return null;
  const sum = numbers.reduce((total, v) => total + v, 0n);
  const squares = numbers.reduce((total, v) => total + v * v, 0n);
  const spread = count * squares - sum * sum;
  return spread === 0n ? 0 : quotient(spread, count * (count - lost) * 10n ** 76n);
}

const root = (value: number | null): number | null => (value === null ? null : Math.sqrt(value));

/** Statistics of NUMERIC and BIGNUMERIC: lists of decimal texts in, FLOAT64 out. */
export const varianceUdfs: readonly Udf[] = [
  strict('decimal_var_pop', ['VARCHAR[]'], 'DOUBLE', (v: (string | null)[]) => variance(v, 0n)),
  strict('decimal_var_samp', ['VARCHAR[]'], 'DOUBLE', (v: (string | null)[]) => variance(v, 1n)),
  strict('decimal_stddev_pop', ['VARCHAR[]'], 'DOUBLE', (v: (string | null)[]) => root(variance(v, 0n))),
  strict('decimal_stddev_samp', ['VARCHAR[]'], 'DOUBLE', (v: (string | null)[]) => root(variance(v, 1n))),
];
