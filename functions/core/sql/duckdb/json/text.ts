import { failed, type Parsed } from '../../values/parsed.ts';
import { UdfError } from '../udf.ts';
import { JsonDuplicateError, JsonReader, JsonTextError } from './reader.ts';
import { compareKeys, double, isArray, isDouble, isObject, type Json } from './value.ts';

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

/** `text` as a JSON string, quotes included: only what JSON demands is escaped. */
export const jsonString = (text: string): string =>
  `"${text.replace(/["\\\u0000-\u001f]/g, (c) => escapes[c] ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`;

/** Shortest digits; always with a point or an exponent, so that it reads as a FLOAT64 again. */
export function jsonDouble(value: number): string {
  if (!Number.isFinite(value))
    return Number.isNaN(value) ? '"NaN"' : value > 0 ? '"Infinity"' : '"-Infinity"';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponentText = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const point = Number(exponentText) + 1;
  const sign = value < 0 ? '-' : '';
  if (digits.length <= point && point <= 15) return `${sign}${digits.padEnd(point, '0')}.0`;
  if (point > 0 && point <= 15) return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
  if (point > -4 && point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  const exponent = point - 1;
  const shown = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  return `${sign}${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}e${shown}`;
}

/** Text without white space; keys sorted, as the JSON type has them, or in the order they came in. */
export function writeJson(v: Json, order: 'sorted' | 'asWritten' = 'sorted'): string {
  if (v === null) return 'null';
  if (typeof v === 'boolean' || typeof v === 'bigint') return String(v);
  if (typeof v === 'string') return jsonString(v);
  if (isDouble(v)) return v.text ?? jsonDouble(v.value);
  if (isArray(v)) return `[${v.map((e) => writeJson(e, order)).join(',')}]`;
  const members = order === 'sorted' ? [...v].sort(([a], [b]) => compareKeys(a, b)) : [...v];
  return `{${members.map(([key, value]) => `${jsonString(key)}:${writeJson(value, order)}`).join(',')}}`;
}

/** Text on several lines, two blanks a level, members in the order they came in. */
export function prettyJson(v: Json, indent = ''): string {
  const inner = `${indent}  `;
  const block = (open: string, parts: readonly string[], close: string): string =>
    parts.length === 0
      ? open + close
      : `${open}\n${parts.map((p) => inner + p).join(',\n')}\n${indent}${close}`;
  if (isArray(v))
    return block(
      '[',
      v.map((e) => prettyJson(e, inner)),
      ']',
    );
  if (!isObject(v)) return writeJson(v);
  const members = [...v].map(([key, e]) => `${jsonString(key)}: ${prettyJson(e, inner)}`);
  return block('{', members, '}');
}

const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

/** A number's text as a value; undefined where neither an integer nor a FLOAT64 holds it exactly (unless `round`). */
export function numberOf(text: string, round: boolean): Json | undefined {
  if (/^-?\d+$/.test(text)) {
    const value = BigInt(text);
    if (value >= INT64_MIN && value <= UINT64_MAX) return value;
  }
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  if (!round && !roundTrips(text, value)) return undefined;
  return double(value);
}

/** Whether 17 digits of a FLOAT64 are the number that was written, as GoogleSQL's wide_number_mode `exact` asks. */
function roundTrips(text: string, value: number): boolean {
  const normal = (t: string): string => {
    const [mantissa = '', exponent = '0'] = t.toLowerCase().replace(/^-/, '').split('e');
    const [whole = '', fraction = ''] = mantissa.split('.');
    const digits = `${whole}${fraction}`.replace(/^0+/, '');
    let end = digits.length;
    while (digits[end - 1] === '0') end--;
    const trimmed = digits.slice(0, end);
    return trimmed === ''
      ? '0'
      : `${trimmed}e${Number(exponent) - fraction.length + (digits.length - trimmed.length)}`;
  };
  const wanted = normal(text);
  return [value.toPrecision(17), value.toPrecision(16), value.toPrecision(15), String(value)].some(
    (shown) => normal(shown) === wanted,
  );
}

/** Parses JSON text as PARSE_JSON does. `round` allows numbers that lose digits (wide_number_mode `round`). */
export function readJson(text: string, round = false): Parsed<Json> {
  try {
    return { ok: true, value: new JsonReader(text, (t) => numberOf(t, round)).read() };
  } catch (error) {
    if (error instanceof JsonTextError) return failed(error.message);
    throw error;
  }
}

/** Reads JSON text in a STRING: numbers keep their text. undefined where it is no JSON. */
export function readJsonText(text: string): Json | undefined {
  try {
    return new JsonReader(text, (t) => ({ kind: 'double', value: Number(t), text: t })).read();
  } catch (error) {
    if (error instanceof JsonDuplicateError) throw new UdfError(error.message);
    if (error instanceof JsonTextError) return undefined;
    throw error;
  }
}

export function canonicalJson(text: string): Parsed<string> {
  const parsed = readJson(text);
  return parsed.ok ? { ok: true, value: writeJson(parsed.value) } : parsed;
}
