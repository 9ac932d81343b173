import { parseScaled, scaledText } from '../../values/literal.ts';
import { type Udf, UdfError } from '../udf.ts';
import { strict } from './make.ts';
import { trimOf } from './text.ts';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const NUMERIC_MAX = 10n ** 38n - 1n;
const BIG_MAX = 2n ** 255n - 1n;
const BIG_MIN = -(2n ** 255n);
const E9 = 10n ** 9n;
const E38 = 10n ** 38n;

export const fail = (message: string): never => {
  throw new UdfError(message);
};

export const int64 = (value: bigint, shown: string): bigint =>
  value < INT64_MIN || value > INT64_MAX ? fail(`int64 out of range: ${shown}`) : value;

export const numeric = (value: bigint, what: string): bigint =>
  value > NUMERIC_MAX || value < -NUMERIC_MAX ? fail(`numeric overflow: ${what}`) : value;

export const bignumeric = (value: bigint, what: string): string =>
  value > BIG_MAX || value < BIG_MIN ? fail(`bignumeric overflow: ${what}`) : scaledText(value, 38);

/** Canonical text of a BIGNUMERIC as an integer scaled by 10^38. */
export const scaled38 = (text: string): bigint =>
  parseScaled(text, 38) ?? fail(`Invalid BIGNUMERIC value: ${text}`);

/** a / b to the nearest integer, halves away from zero. */
export function divideRounding(a: bigint, b: bigint): bigint {
  const negative = a < 0n !== b < 0n;
  const [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  const quotient = (2n * x + y) / (2n * y);
  return negative ? -quotient : quotient;
}

/** A finite FLOAT64 times 10^scale times 2^power, exactly computed, then rounded half away from zero. */
export function scaleDouble(value: number, scale: number, power = 0n): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const raw = bits.getBigUint64(0);
  const exponentBits = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  const mantissa = exponentBits === 0 ? fraction : fraction | (1n << 52n);
  const exponent = (exponentBits === 0 ? 1 : exponentBits) - 1075 + Number(power);
  const signed = raw >> 63n === 1n ? -mantissa : mantissa;
  const wide = signed * 10n ** BigInt(scale);
  return exponent >= 0 ? wide << BigInt(exponent) : divideRounding(wide, 1n << BigInt(-exponent));
}

/** 15 significant digits where they read back as the same number, else 17; exponents as C's %g writes them. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (value === 0) return '0';
  const precision = Number(value.toPrecision(15)) === value ? 15 : 17;
  const [mantissa = '', exponentText = '0'] = value.toExponential(precision - 1).split('e');
  const exponent = Number(exponentText);
  if (exponent < -4 || exponent >= precision) {
    const shown = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
    return `${shown}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const fixed = value.toFixed(Math.min(100, Math.max(0, precision - 1 - exponent)));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}

function doubleToInt64(value: number): bigint {
  if (!Number.isFinite(value))
    return fail(`Illegal conversion of non-finite floating point number to an integer: ${doubleText(value)}`);
  const rounded = value < 0 ? -roundHalfUp(-value) : roundHalfUp(value);
  if (rounded < -(2 ** 63) || rounded >= 2 ** 63) return fail(`int64 out of range: ${doubleText(value)}`);
  return BigInt(rounded);
}

/** Nearest integer of a value that is not negative; above 2^52 every double is one. */
export function roundHalfUp(value: number): number {
  const floor = Math.floor(value);
  return value - floor >= 0.5 ? floor + 1 : floor;
}

function doubleToScaled(value: number, scale: number, type: string): bigint {
  if (!Number.isFinite(value))
    return fail(`Illegal conversion of non-finite floating point number to ${type}: ${doubleText(value)}`);
  return scaleDouble(value, scale);
}

const SPACE = ' \t\n\v\f\r';

function stringToInt64(text: string): bigint {
  const trimmed = trimOf(text, SPACE);
  const match = /^([+-]?)(0[xX][0-9a-fA-F]+|\d+)$/.exec(trimmed);
  if (!match) return fail(`Bad int64 value: ${text}`);
  const magnitude = BigInt(match[2]!);
  const value = match[1] === '-' ? -magnitude : magnitude;
  return value < INT64_MIN || value > INT64_MAX ? fail(`Bad int64 value: ${text}`) : value;
}

export function stringToDouble(text: string): number {
  const trimmed = trimOf(text, SPACE);
  if (/^[+-]?(inf|infinity)$/i.test(trimmed)) return trimmed.startsWith('-') ? -Infinity : Infinity;
  if (/^[+-]?nan$/i.test(trimmed)) return Number.NaN;
  if (!/^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(trimmed)) return fail(`Bad double value: ${text}`);
  return Number(trimmed);
}

function stringToBool(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower === 'true';
  return fail(`Bad bool value: ${text}`);
}

const stringToNumeric = (text: string): bigint =>
  numericOrInvalid(parseScaled(trimOf(text, SPACE), 9), `Invalid NUMERIC value: ${text}`);

function numericOrInvalid(value: bigint | undefined, message: string): bigint {
  return value === undefined || value > NUMERIC_MAX || value < -NUMERIC_MAX ? fail(message) : value;
}

function stringToBignumeric(text: string): string {
  const value = parseScaled(trimOf(text, SPACE), 38);
  return value === undefined || value > BIG_MAX || value < BIG_MIN
    ? fail(`Invalid BIGNUMERIC value: ${text}`)
    : scaledText(value, 38);
}

/** `- 12.5`, `+.5e3`, `1,234.5-`: what PARSE_NUMERIC reads beyond a cast. */
function parsedNumber(text: string, type: string): string {
  const compact = text.replace(/[ \t\n\v\f\r]+/g, ' ').trim();
  const match = /^([+-]?) ?((?:[0-9][0-9,]*)?\.?[0-9]*(?:[eE][+-]?[0-9]+)?) ?([+-]?)$/.exec(compact);
  if (!match || !/[0-9]/.test(match[2]!) || (match[1] && match[3]))
    return fail(`Invalid input to PARSE_${type}: "${text}"`);
  return `${match[1] || match[3]}${match[2]!.replaceAll(',', '')}`;
}

/** Casts and parsing of numbers. */
export const numberUdfs: readonly Udf[] = [
  strict('double_to_int64', ['DOUBLE'], 'BIGINT', doubleToInt64),
  strict('double_to_numeric', ['DOUBLE'], 'DECIMAL(38,9)', (v: number) =>
    numeric(doubleToScaled(v, 9, 'NUMERIC'), doubleText(v)),
  ),
  strict('double_to_bignumeric', ['DOUBLE'], 'VARCHAR', (v: number) =>
    bignumeric(doubleToScaled(v, 38, 'BIGNUMERIC'), doubleText(v)),
  ),
  strict('double_to_string', ['DOUBLE'], 'VARCHAR', doubleText),
  strict('numeric_to_int64', ['DECIMAL(38,9)'], 'BIGINT', (v: bigint) =>
    int64(divideRounding(v, E9), scaledText(v, 9)),
  ),
  strict('numeric_to_double', ['DECIMAL(38,9)'], 'DOUBLE', (v: bigint) => Number(scaledText(v, 9))),
  strict('numeric_to_string', ['DECIMAL(38,9)'], 'VARCHAR', (v: bigint) => scaledText(v, 9)),
  strict('bignumeric_to_int64', ['VARCHAR'], 'BIGINT', (v: string) =>
    int64(divideRounding(scaled38(v), E38), v),
  ),
  strict('bignumeric_to_double', ['VARCHAR'], 'DOUBLE', (v: string) => Number(v)),
  strict('bignumeric_to_numeric', ['VARCHAR'], 'DECIMAL(38,9)', (v: string) =>
    numeric(divideRounding(scaled38(v), 10n ** 29n), v),
  ),
  strict('string_to_int64', ['VARCHAR'], 'BIGINT', stringToInt64),
  strict('string_to_double', ['VARCHAR'], 'DOUBLE', stringToDouble),
  strict('string_to_bool', ['VARCHAR'], 'BOOLEAN', stringToBool),
  strict('string_to_numeric', ['VARCHAR'], 'DECIMAL(38,9)', stringToNumeric),
  strict('string_to_bignumeric', ['VARCHAR'], 'VARCHAR', stringToBignumeric),
  strict('parse_numeric', ['VARCHAR'], 'DECIMAL(38,9)', (v: string) =>
    stringToNumeric(parsedNumber(v, 'NUMERIC')),
  ),
  strict('parse_bignumeric', ['VARCHAR'], 'VARCHAR', (v: string) =>
    stringToBignumeric(parsedNumber(v, 'BIGNUMERIC')),
  ),
];
