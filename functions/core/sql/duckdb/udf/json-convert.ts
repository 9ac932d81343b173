import { parseScaled } from '../../values/literal.ts';
import { isArray, isDouble, type Json } from '../json/value.ts';
import { type Udf, UdfError, type UdfType, type UdfValue } from '../udf.ts';
import { stored } from './json.ts';
import { strict } from './make.ts';
import { divideRounding, doubleText, fail, roundHalfUp, stringToDouble } from './numbers.ts';

type Scalar = bigint | number | boolean | string;

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const inInt64 = (v: bigint): boolean => v >= INT64_MIN && v <= INT64_MAX;
const LOSSLESS = 2n ** 53n;

/** Strict: the JSON value must be of the type; `exact` refuses integers that FLOAT64 cannot hold. */
const strictly = {
  bool: (v: Json): boolean => (typeof v === 'boolean' ? v : fail('The provided JSON input is not a boolean')),
  string: (v: Json): string => (typeof v === 'string' ? v : fail('The provided JSON input is not a string')),
  int64: (v: Json): bigint => {
    if (typeof v === 'bigint' && inInt64(v)) return v;
    if (isDouble(v) && Number.isInteger(v.value) && Math.abs(v.value) < 2 ** 63) return BigInt(v.value);
    if (isDouble(v))
      return fail(`The provided JSON number: ${doubleText(v.value)} cannot be converted to an int64`);
    return fail('The provided JSON input is not an integer');
  },
  float64_round: (v: Json): number => float64(v, false),
  float64_exact: (v: Json): number => float64(v, true),
};

function float64(v: Json, exact: boolean): number {
  if (isDouble(v)) return v.value;
  if (typeof v !== 'bigint') return fail('The provided JSON input is not a number');
  if (exact && (v > LOSSLESS || v < -LOSSLESS))
    return fail(`JSON number: ${v} cannot be converted to FLOAT64 without loss of precision`);
  return Number(v);
}

const orNull = <T>(compute: () => T): T | null => {
  try {
    return compute();
  } catch (error) {
    if (error instanceof UdfError) return null;
    throw error;
  }
};

/** Lax: whatever can reasonably be read as the type, else NULL. */
const laxly = {
  bool: (v: Json): boolean | null => {
    if (typeof v === 'boolean') return v;
    if (typeof v === 'bigint') return v !== 0n;
    if (isDouble(v)) return v.value !== 0;
    const lower = typeof v === 'string' ? v.toLowerCase() : '';
    return lower === 'true' ? true : lower === 'false' ? false : null;
  },
  int64: (v: Json): bigint | null => {
    if (typeof v === 'boolean') return v ? 1n : 0n;
    if (typeof v === 'bigint') return inInt64(v) ? v : null;
    if (isDouble(v)) return roundedInt64(v.value);
    if (typeof v !== 'string') return null;
    const scaled = parseScaled(v, 38);
    const rounded = scaled === undefined ? undefined : divideRounding(scaled, 10n ** 38n);
    return rounded !== undefined && inInt64(rounded) ? rounded : null;
  },
  float64: (v: Json): number | null => {
    if (typeof v === 'bigint') return Number(v);
    if (isDouble(v)) return v.value;
    return typeof v === 'string' ? orNull(() => stringToDouble(v)) : null;
  },
  string: (v: Json): string | null => {
    if (typeof v === 'string') return v;
    if (typeof v === 'boolean' || typeof v === 'bigint') return String(v);
    return isDouble(v) ? doubleText(v.value) : null;
  },
};

function roundedInt64(value: number): bigint | null {
  if (!Number.isFinite(value)) return null;
  const rounded = BigInt(value < 0 ? -roundHalfUp(-value) : roundHalfUp(value));
  return inInt64(rounded) ? rounded : null;
}

type Kind = { readonly name: string; readonly type: UdfType; readonly list: UdfType };
const kinds: Readonly<Record<string, Kind>> = {
  bool: { name: 'bool', type: 'BOOLEAN', list: 'VARCHAR[]' },
  int64: { name: 'int64', type: 'BIGINT', list: 'BIGINT[]' },
  float64: { name: 'float64', type: 'DOUBLE', list: 'DOUBLE[]' },
  float64_round: { name: 'float64_round', type: 'DOUBLE', list: 'DOUBLE[]' },
  float64_exact: { name: 'float64_exact', type: 'DOUBLE', list: 'DOUBLE[]' },
  string: { name: 'string', type: 'VARCHAR', list: 'VARCHAR[]' },
};

/** Lists of BOOL cross as texts: DuckDB casts them back. */
const crossing = (kind: Kind, v: Scalar | null): UdfValue =>
  kind.list === 'VARCHAR[]' && v !== null ? String(v) : v;

function pair(prefix: string, kind: Kind, convert: (v: Json) => Scalar | null, lax: boolean): readonly Udf[] {
  return [
    strict(`${prefix}_${kind.name}`, ['VARCHAR'], kind.type, (text: string) => {
      const value = stored(text);
      return lax && value === null ? null : convert(value);
    }),
    strict(`${prefix}_${kind.name}_array`, ['VARCHAR'], kind.list, (text: string) => {
      const value = stored(text);
      if (!isArray(value)) return lax ? null : fail('The provided JSON input is not an array');
      return value.map((e) => crossing(kind, convert(e))) as UdfValue;
    }),
  ];
}

export const jsonConvertUdfs: readonly Udf[] = [
  ...Object.entries(strictly).flatMap(([name, convert]) => pair('json_to', kinds[name]!, convert, false)),
  ...Object.entries(laxly).flatMap(([name, convert]) => pair('json_lax', kinds[name]!, convert, true)),
];
