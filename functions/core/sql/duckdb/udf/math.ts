import { scaledText } from '../../values/literal.ts';
import type { Udf, UdfType } from '../udf.ts';
import { strict } from './make.ts';
import { bignumeric, divideRounding, doubleText, fail, numeric, scaleDouble, scaled38 } from './numbers.ts';

const one = (name: string, run: (x: number) => number): Udf =>
  strict(`double_${name}`, ['DOUBLE'], 'DOUBLE', run);
const two = (name: string, run: (x: number, y: number) => number): Udf =>
  strict(`double_${name}`, ['DOUBLE', 'DOUBLE'], 'DOUBLE', run);

const NAMES: Readonly<Record<string, string>> = { ln: 'LN', sqrt: 'SQRT', log10: 'LOG10', log: 'LOG' };
const domain = (name: string, ...values: number[]): never =>
  fail(
    `Floating point error in function: ${NAMES[name] ?? name.toUpperCase()}(${values.map(doubleText).join(', ')})`,
  );

/** A result that is not finite, of an argument that is, is an error of the function. */
const checked =
  (name: string, run: (x: number) => number) =>
  (x: number): number => {
    const result = run(x);
    return Number.isFinite(result) || !Number.isFinite(x) ? result : domain(name, x);
  };

function power(x: number, y: number): number {
  // C's pow(1, y) and pow(-1, ±inf) are 1, JavaScript's are NaN.
  if (x === 1 || (x === -1 && !Number.isFinite(y) && !Number.isNaN(y))) return 1;
  const result = x ** y;
  return !Number.isFinite(result) && Number.isFinite(x) && Number.isFinite(y) ? domain('POW', x, y) : result;
}

function logarithm(x: number, base: number): number {
  const result = Number.isFinite(base) && base > 0 ? Math.log(x) / Math.log(base) : Number.NaN;
  return Number.isFinite(result) || !Number.isFinite(x) || !Number.isFinite(base)
    ? result
    : domain('LOG', x, base);
}

/** `numerator / denominator` with the 64 significant bits of an x87 long double, as a fraction over 2^shift. */
function extended(numerator: bigint, denominator: bigint): { readonly bits: bigint; readonly shift: number } {
  const length = (v: bigint): number => v.toString(2).length;
  let shift = 64 - (length(numerator) - length(denominator));
  const divide = (): bigint =>
    divideToEven(
      shift >= 0 ? numerator << BigInt(shift) : numerator,
      shift >= 0 ? denominator : denominator << BigInt(-shift),
    );
  let bits = divide();
  if (length(bits) > 64) {
    shift--;
    bits = divide();
  }
  return { bits, shift };
}

/**
 * Rounds or truncates at `digits` after the point the way GoogleSQL does: scaled by a power of ten in extended
 * precision, so ROUND(2.675, 2) is 2.67, as the FLOAT64 written 2.675 lies below it.
 */
function roundDouble(x: number, digits: bigint, toward: 'half' | 'zero'): number {
  if (!Number.isFinite(x) || x === 0 || digits > 323n) return x;
  if (digits < -308n) return 0;
  const d = Number(digits);
  const binary = 1100n;
  const magnitude = Math.abs(x);
  const scaled = scaleBinary(magnitude, binary) * (d > 0 ? 10n ** digits : 1n);
  const { bits, shift } = extended(scaled, (1n << binary) * (d < 0 ? 10n ** -digits : 1n));
  if (shift <= 0) return x;
  const unit = 1n << BigInt(shift);
  const whole = toward === 'half' ? divideRounding(bits, unit) : bits / unit;
  const result = Number(`${whole}e${-d}`);
  if (!Number.isFinite(result)) return fail(`double overflow: ROUND(${doubleText(x)}, ${digits})`);
  return x < 0 ? -result : result;
}

/** A finite FLOAT64 times 2^power, exactly. */
const scaleBinary = (value: number, power: bigint): bigint => scaleDouble(value, 0, power);

/** Halves go to the even neighbour. */
function divideToEven(a: bigint, unit: bigint): bigint {
  const magnitude = a < 0n ? -a : a;
  let quotient = magnitude / unit;
  const rest = (magnitude % unit) * 2n;
  if (rest > unit || (rest === unit && quotient % 2n === 1n)) quotient += 1n;
  return a < 0n ? -quotient : quotient;
}

const floorTo = (a: bigint, unit: bigint): bigint => {
  const quotient = a / unit;
  return a % unit !== 0n && a < 0n ? quotient - 1n : quotient;
};

type Step = (a: bigint, unit: bigint) => bigint;

/** Rounds a decimal scaled by 10^scale at `digits` after the point. */
function atDigits(value: bigint, scale: number, digits: bigint, step: Step): bigint {
  const drop = BigInt(scale) - digits;
  if (drop <= 0n) return value;
  if (drop > 90n) return 0n;
  const unit = 10n ** drop;
  return step(value, unit) * unit;
}

const D: UdfType = 'DECIMAL(38,9)';
const steps: Readonly<Record<string, Step>> = {
  round: divideRounding,
  round_even: divideToEven,
  trunc: (a, unit) => a / unit,
};

const decimalRounding = Object.entries(steps).flatMap(([name, step]): Udf[] => [
  strict(`numeric_${name}`, [D, 'BIGINT'], D, (v: bigint, d: bigint) =>
    numeric(atDigits(v, 9, d, step), name),
  ),
  strict(`bignumeric_${name}`, ['VARCHAR', 'BIGINT'], 'VARCHAR', (v: string, d: bigint) =>
    bignumeric(atDigits(scaled38(v), 38, d, step), name),
  ),
]);

const floors: Readonly<Record<string, Step>> = {
  floor: floorTo,
  ceil: (a, unit) => -floorTo(-a, unit),
};

const decimalFloors = Object.entries(floors).flatMap(([name, step]): Udf[] => [
  strict(`numeric_${name}`, [D], D, (v: bigint) => numeric(atDigits(v, 9, 0n, step), name)),
  strict(`bignumeric_${name}`, ['VARCHAR'], 'VARCHAR', (v: string) =>
    bignumeric(atDigits(scaled38(v), 38, 0n, step), name),
  ),
]);

const pick = (name: string, first: (a: bigint, b: bigint) => boolean): Udf =>
  strict(`bignumeric_${name}`, ['VARCHAR', 'VARCHAR'], 'VARCHAR', (a: string, b: string) =>
    first(scaled38(a), scaled38(b)) ? a : b,
  );

function vectors(
  name: string,
  a: readonly (number | null)[],
  b: readonly (number | null)[],
): [number[], number[]] {
  if (a.length !== b.length) return fail(`Array arguments to ${name} must have equal length`);
  if (a.length === 0) return fail(`Array arguments to ${name} must not be empty`);
  const present = (values: readonly (number | null)[]): number[] =>
    values.map((v) => v ?? fail(`NULL array element passed to ${name}`));
  return [present(a), present(b)];
}

function cosine(x: readonly (number | null)[], y: readonly (number | null)[]): number {
  const [a, b] = vectors('COSINE_DISTANCE', x, y);
  let [dot, aa, bb] = [0, 0, 0];
  a.forEach((v, i) => {
    dot += v * b[i]!;
    aa += v * v;
    bb += b[i]! * b[i]!;
  });
  if (aa === 0 || bb === 0) return fail('Cannot compute cosine distance against zero vector');
  return 1 - dot / (Math.sqrt(aa) * Math.sqrt(bb));
}

function euclidean(x: readonly (number | null)[], y: readonly (number | null)[]): number {
  const [a, b] = vectors('EUCLIDEAN_DISTANCE', x, y);
  return Math.sqrt(a.reduce((sum, v, i) => sum + (v - b[i]!) ** 2, 0));
}

const functions: Readonly<Record<string, (x: number) => number>> = {
  cos: Math.cos,
  cosh: Math.cosh,
  acos: Math.acos,
  acosh: Math.acosh,
  sin: Math.sin,
  sinh: Math.sinh,
  asin: Math.asin,
  asinh: Math.asinh,
  tan: Math.tan,
  tanh: Math.tanh,
  atan: Math.atan,
  atanh: Math.atanh,
  cbrt: Math.cbrt,
  exp: Math.exp,
  // Of -inf, too, where `checked` passes what is not finite.
  sqrt: (x) => (x === Number.NEGATIVE_INFINITY ? domain('sqrt', x) : Math.sqrt(x)),
  ln: Math.log,
  log10: Math.log10,
  cot: (x) => 1 / Math.tan(x),
  coth: (x) => 1 / Math.tanh(x),
  csc: (x) => 1 / Math.sin(x),
  csch: (x) => 1 / Math.sinh(x),
  sec: (x) => 1 / Math.cos(x),
  sech: (x) => 1 / Math.cosh(x),
};

const extreme = (name: string, run: (a: number, b: number) => number): Udf => two(name, run);

export const mathUdfs: readonly Udf[] = [
  ...Object.entries(functions).map(([name, run]) => one(name, checked(name, run))),
  two('log', logarithm),
  two('pow', power),
  two('atan2', Math.atan2),
  extreme('max', Math.max),
  extreme('min', Math.min),
  one('sign', (x) => (x > 0 ? 1 : x < 0 ? -1 : Number.isNaN(x) ? Number.NaN : 0)),
  one('ceil', Math.ceil),
  one('floor', Math.floor),
  strict('double_round', ['DOUBLE', 'BIGINT'], 'DOUBLE', (x: number, d: bigint) => roundDouble(x, d, 'half')),
  strict('double_trunc', ['DOUBLE', 'BIGINT'], 'DOUBLE', (x: number, d: bigint) => roundDouble(x, d, 'zero')),
  ...decimalRounding,
  ...decimalFloors,
  pick('max', (a, b) => a >= b),
  pick('min', (a, b) => a <= b),
  strict('bignumeric_abs', ['VARCHAR'], 'VARCHAR', (v: string) => (v.startsWith('-') ? v.slice(1) : v)),
  strict('bignumeric_sign', ['VARCHAR'], 'VARCHAR', (v: string) =>
    scaledText(v.startsWith('-') ? -(10n ** 38n) : v === '0' ? 0n : 10n ** 38n, 38),
  ),
  strict('cosine_distance', ['DOUBLE[]', 'DOUBLE[]'], 'DOUBLE', cosine),
  strict('euclidean_distance', ['DOUBLE[]', 'DOUBLE[]'], 'DOUBLE', euclidean),
];
