import {
  blobValue,
  type DuckDBValue,
  dateValue,
  decimalValue,
  intervalValue,
  listValue,
  structValue,
  timestampValue,
  timeValue,
} from '@duckdb/node-api';
import type { ScalarName, SqlType } from '../../../../core/sql/types.ts';
import {
  parseBignumeric,
  parseDate,
  parseDatetime,
  parseRange,
  parseScaled,
  parseTime,
  parseTimestamp,
} from '../../../../core/sql/values/literal.ts';
import { parseInterval } from './interval.ts';
import { jsonText, NumberText } from './records.ts';

/** Why a value of a file is not of its column's type: what was expected, never the value. */
export class Misfit extends Error {
  override readonly name = 'Misfit';
}

/** A file's value as DuckDB takes it (physical types of core/sql/duckdb/render.ts), and BigQuery's logical size of it. */
export type Converter = (value: unknown) => { readonly value: DuckDBValue; readonly bytes: number };

const NULL = { value: null, bytes: 0 } as const;

/** Values as BigQuery's load format has them: https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-json */
export function converterOf(type: SqlType): Converter {
  switch (type.kind) {
    case 'array':
      return arrayConverter(converterOf(type.element));
    case 'struct':
      return structConverter(type);
    case 'range':
      return nullable((value) => {
        const range = typeof value === 'string' ? parseRange(value, type.element) : undefined;
        if (range === undefined) throw new Misfit(`a RANGE<${type.element}> such as "[a, b)"`);
        const [s, e] = range.slice(1, -1).split(', ') as [string, string];
        const end = (text: string): DuckDBValue =>
          text === 'UNBOUNDED' ? null : rangeEnd(text, type.element);
        return { value: structValue({ s: end(s), e: end(e) }), bytes: 16 };
      });
    case 'scalar':
      return nullable(scalarConverters[type.name]);
  }
}

const nullable =
  (convert: Converter): Converter =>
  (value) =>
    value === null || value === undefined ? NULL : convert(value);

const rangeEnd = (text: string, element: 'DATE' | 'DATETIME' | 'TIMESTAMP'): DuckDBValue =>
  element === 'DATE'
    ? dateValue(daysOf(text))
    : timestampValue(element === 'DATETIME' ? microsOfDatetime(text) : BigInt(text));

/** A missing or null array is empty: BigQuery stores no NULL arrays. Elements cannot be NULL. */
function arrayConverter(element: Converter): Converter {
  return (value) => {
    if (value === null || value === undefined) return { value: listValue([]), bytes: 0 };
    if (!Array.isArray(value)) throw new Misfit('an array');
    let bytes = 0;
    const items = value.map((item) => {
      if (item === null) throw new Misfit('an array without null elements');
      const converted = element(item);
      bytes += converted.bytes;
      return converted.value;
    });
    return { value: listValue(items), bytes };
  };
}

function structConverter(type: Extract<SqlType, { kind: 'struct' }>): Converter {
  const fields = type.fields.map((f) => ({ name: f.name ?? '', convert: converterOf(f.type) }));
  const byName = new Map(fields.map((f, i) => [f.name.toLowerCase(), i]));
  return nullable((value) => {
    if (typeof value !== 'object' || Array.isArray(value) || value instanceof NumberText)
      throw new Misfit('an object');
    const given = new Map<number, unknown>();
    for (const [name, member] of Object.entries(value as object)) {
      const index = byName.get(name.toLowerCase());
      if (index === undefined) throw new Misfit(`no field "${name}"`);
      given.set(index, member);
    }
    let bytes = 0;
    const entries: Record<string, DuckDBValue> = {};
    for (const [i, field] of fields.entries()) {
      const converted = within(field.name, () => field.convert(given.get(i)));
      bytes += converted.bytes;
      entries[`f${i}`] = converted.value;
    }
    return { value: structValue(entries), bytes };
  });
}

/** Names the field in a misfit's message. */
export function within<T>(name: string, convert: () => T): T {
  try {
    return convert();
  } catch (misfit) {
    if (misfit instanceof Misfit) throw new Misfit(`${misfit.message} (in ${name})`);
    throw misfit;
  }
}

/** The text of a number or string; a JSON boolean is neither. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  return value instanceof NumberText ? value.text : undefined;
}

const daysOf = (date: string): number => Math.round(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
/** Of canonical text `2024-01-02T03:04:05.25`. */
function microsOfDatetime(text: string): bigint {
  return BigInt(daysOf(text.slice(0, 10))) * 86_400_000_000n + microsOfTime(text.slice(11));
}
function microsOfTime(text: string): bigint {
  const [clock, fraction = ''] = text.split('.') as [string, string?];
  const [h, m, s] = clock.split(':').map(Number) as [number, number, number];
  return BigInt((h * 60 + m) * 60 + s) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

function expect<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Misfit(what);
  return value;
}

const floats: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  '+infinity': Number.POSITIVE_INFINITY,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
};

function floatOf(value: unknown): number | undefined {
  const text = textOf(value)?.trim();
  if (text === undefined || text === '') return undefined;
  const named = floats[text.toLowerCase()];
  if (named !== undefined) return named;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

function intOf(value: unknown): bigint | undefined {
  const text = textOf(value)?.trim();
  if (text === undefined || !/^[+-]?\d{1,30}(\.0*)?$/.test(text)) return undefined;
  const integer = BigInt((text.split('.')[0] as string).replace('+', ''));
  return BigInt.asIntN(64, integer) === integer ? integer : undefined;
}

function timestampOf(value: unknown): bigint | undefined {
  const text = textOf(value)?.trim();
  if (text === undefined) return undefined;
  // Seconds since the epoch, with a fraction: BigQuery's other form of a timestamp in a file.
  if (/^[+-]?\d{1,12}(\.\d+)?([eE]\+?\d+)?$/.test(text)) return parseScaled(text, 6);
  const micros = parseTimestamp(text.replace(/ UTC$/, 'Z'));
  return micros === undefined ? undefined : BigInt(micros);
}

const NUMERIC_LIMIT = 10n ** 38n;

function numericOf(value: unknown): bigint | undefined {
  const text = textOf(value);
  const scaled = text === undefined ? undefined : parseScaled(text, 9, true);
  return scaled !== undefined && scaled < NUMERIC_LIMIT && scaled > -NUMERIC_LIMIT ? scaled : undefined;
}

function bytesOf(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/_-]*={0,2}$/.test(value)) return undefined;
  return Buffer.from(value, 'base64');
}

/** JSON comes as a text that holds JSON or as a value of its own. */
function jsonOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return jsonText(value);
  try {
    return jsonText(
      JSON.parse(value, (_key, member, context?: { source?: string }) =>
        typeof member === 'number' && context?.source !== undefined ? new NumberText(context.source) : member,
      ),
    );
  } catch {
    return undefined;
  }
}

function boolOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = textOf(value)?.toLowerCase();
  if (text === 'true' || text === 't' || text === 'yes' || text === 'y' || text === '1') return true;
  return text === 'false' || text === 'f' || text === 'no' || text === 'n' || text === '0'
    ? false
    : undefined;
}

const text = (value: string): { value: string; bytes: number } => ({
  value,
  bytes: 2 + Buffer.byteLength(value),
});
const sized =
  (bytes: number, convert: (value: unknown) => DuckDBValue): Converter =>
  (value) => ({ value: convert(value), bytes });
/** What a text type's column holds when the file has a number or a boolean there. */
const stringOf = (value: unknown): string | undefined =>
  typeof value === 'boolean' ? String(value) : textOf(value);

/** Sizes are BigQuery's: https://cloud.google.com/bigquery/pricing#data (as its reference gives them for each type). */
const scalarConverters: Readonly<Record<ScalarName, Converter>> = {
  INT64: sized(8, (v) => expect(intOf(v), 'a 64-bit integer')),
  FLOAT64: sized(8, (v) => expect(floatOf(v), 'a floating-point number')),
  NUMERIC: sized(16, (v) =>
    decimalValue(expect(numericOf(v), 'a NUMERIC (29 digits before the point, 9 after)'), 38, 9),
  ),
  BIGNUMERIC: (v) => {
    const given = textOf(v);
    return {
      value: expect(given === undefined ? undefined : parseBignumeric(given), 'a BIGNUMERIC'),
      bytes: 32,
    };
  },
  BOOL: sized(1, (v) => expect(boolOf(v), 'true or false')),
  STRING: (v) => text(expect(stringOf(v), 'a string')),
  BYTES: (v) => {
    const bytes = expect(bytesOf(v), 'bytes in base64');
    return { value: blobValue(bytes), bytes: 2 + bytes.length };
  },
  DATE: sized(8, (v) => dateValue(daysOf(expect(temporal(v, parseDate), 'a date such as 2024-02-29')))),
  DATETIME: sized(8, (v) =>
    timestampValue(
      microsOfDatetime(expect(temporal(v, parseDatetime), 'a date and time such as 2024-02-29T12:30:00')),
    ),
  ),
  TIME: sized(8, (v) => timeValue(microsOfTime(expect(temporal(v, parseTime), 'a time such as 12:30:00.5')))),
  TIMESTAMP: sized(8, (v) =>
    timestampValue(expect(timestampOf(v), 'a timestamp such as 2024-02-29T12:30:00Z, or seconds since 1970')),
  ),
  INTERVAL: sized(16, (v) => {
    const i = expect(
      typeof v === 'string' ? parseInterval(v) : undefined,
      'an interval such as "1-2 3 4:5:6.789"',
    );
    return intervalValue(i.months, i.days, i.micros);
  }),
  JSON: (v) => text(expect(jsonOf(v), 'JSON')),
  GEOGRAPHY: (v) => text(expect(typeof v === 'string' && v !== '' ? v : undefined, 'a geography as WKT')),
  UUID: (v) => text(expect(stringOf(v), 'a string')),
};

const temporal = (value: unknown, parse: (text: string) => string | undefined): string | undefined =>
  typeof value === 'string' ? parse(value.trim()) : undefined;
