import type { Cell, CellValue, Field, Row } from './wire.ts';

export type TimestampFormat = 'FLOAT64' | 'INT64' | 'ISO8601_STRING';

/**
 * A row as BigQuery has it, with timestamps as microseconds: the emulator shortens fractions, writes nested timestamps as
 * text, infinities as Go does, points with a blank, and arrays that are NULL as null.
 */
export const repairRow = (row: Row, fields: readonly Field[]): Row => ({
  f: fields.map((field, i) => ({ v: repair(row.f[i]?.v ?? null, field) })),
});

function repair(value: CellValue, field: Field): CellValue {
  if (field.mode === 'REPEATED') {
    const cells = Array.isArray(value) ? value : [];
    return cells.map((cell) => ({ v: repair(cell.v, { ...field, mode: 'NULLABLE' }) }));
  }
  if (value === null) return null;
  if (typeof value === 'object') return Array.isArray(value) ? value : repairRow(value, field.fields ?? []);
  return repairText(value, field.type);
}

function repairText(text: string, type: string): string {
  switch (type) {
    case 'TIMESTAMP':
      return /^-?\d+$/.test(text) ? text : String(microsOf(text));
    case 'TIME':
    case 'DATETIME':
      return text.replace(' ', 'T').replace(/\.(\d+)$/, (_, digits: string) => `.${digits.padEnd(6, '0')}`);
    case 'FLOAT':
      return text.replace(/^([-+]?)Inf$/, (_, sign: string) => `${sign === '-' ? '-' : ''}Infinity`);
    case 'GEOGRAPHY':
      return text.replaceAll(/([A-Z]) \(/g, '$1(');
    default:
      return text;
  }
}

/** `2024-01-01 00:00:00.500000+00` as microseconds since 1970. */
function microsOf(text: string): bigint {
  const parts =
    /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:\+00(?::00)?|Z| UTC)?$/.exec(text);
  if (parts === null) throw new Error(`not a timestamp: ${text}`);
  const [, year, month, day, hour, minute, second, fraction = ''] = parts;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  return BigInt(date.getTime()) * 1000n + BigInt(fraction.padEnd(6, '0'));
}

/** The row with its timestamps as the request wants them. */
export function formatRow(row: Row, fields: readonly Field[], format: TimestampFormat): Row {
  if (format === 'INT64' || !fields.some(holdsTimestamp)) return row;
  return { f: fields.map((field, i) => ({ v: formatValue((row.f[i] as Cell).v, field, format) })) };
}

const holdsTimestamp = (field: Field): boolean =>
  field.type === 'TIMESTAMP' || (field.fields ?? []).some(holdsTimestamp);

function formatValue(value: CellValue, field: Field, format: TimestampFormat): CellValue {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((cell) => ({ v: formatValue(cell.v, field, format) }));
  if (typeof value === 'object') return formatRow(value, field.fields ?? [], format);
  return field.type === 'TIMESTAMP' ? timestampText(BigInt(value), format) : value;
}

function timestampText(micros: bigint, format: TimestampFormat): string {
  if (format === 'INT64') return String(micros);
  if (format === 'FLOAT64') return javaDouble(Number(micros) / 1e6);
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = Number((micros - fraction) / 1_000_000n);
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  return `${text}${fraction === 0n ? '' : `.${String(fraction).padStart(6, '0')}`}Z`;
}

/** `1.7040672005E9`: a double as BigQuery's own answers have it. */
function javaDouble(value: number): string {
  const plain = Math.abs(value) < 1e7 && (value === 0 || Math.abs(value) >= 1e-3);
  if (plain) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = '', exponent] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}
