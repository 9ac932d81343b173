import type { ConstantValue } from '../resolved/index.ts';
import { type SqlType, typeText } from '../types.ts';
import { parseInterval } from '../values/interval.ts';
import { refuse } from './refusal.ts';
import { duckdbType } from './render.ts';

/** A DuckDB string literal. SQL text ends at U+0000 in DuckDB, so that character is put in by a call. */
export function stringLiteral(value: string): string {
  const parts = value.split('\0').map((part) => `'${part.replaceAll("'", "''")}'`);
  return parts.length === 1 ? parts[0]! : `(${parts.join(' || chr(0) || ')})`;
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');

export const blobLiteral = (bytes: Uint8Array): string => `from_hex('${hex(bytes)}')`;

/** Prints a constant of `type`, with the cast that keeps DuckDB from guessing another type. */
export function constant(value: ConstantValue, type: SqlType): string {
  switch (value.kind) {
    case 'null':
      return `CAST(NULL AS ${duckdbType(type)})`;
    case 'bool':
      return value.value ? 'TRUE' : 'FALSE';
    case 'int64':
      return value.value < 0n ? `CAST((${value.value}) AS BIGINT)` : `CAST(${value.value} AS BIGINT)`;
    case 'float64':
      return `CAST('${Object.is(value.value, -0) ? '-0' : value.value}' AS DOUBLE)`;
    case 'bytes':
      return blobLiteral(value.value);
    case 'text':
      return textConstant(value.value, type);
  }
}

function textConstant(text: string, type: SqlType): string {
  if (type.kind === 'range') return rangeConstant(text, type.element);
  if (type.kind !== 'scalar') return refuse(typeText(type), 'it has no constants');
  switch (type.name) {
    case 'STRING':
    case 'BIGNUMERIC':
    case 'JSON':
    case 'GEOGRAPHY':
    case 'UUID':
      return stringLiteral(text);
    case 'NUMERIC':
      return `CAST('${text}' AS DECIMAL(38,9))`;
    case 'DATE':
      return `CAST('${text}' AS DATE)`;
    case 'TIME':
      return `CAST('${text}' AS TIME)`;
    case 'DATETIME':
      return `CAST('${text.replace('T', ' ')}' AS TIMESTAMP)`;
    case 'TIMESTAMP':
      return `make_timestamp(CAST(${text} AS BIGINT))`;
    case 'INTERVAL':
      return intervalConstant(text);
    case 'INT64':
      return `CAST(${text} AS BIGINT)`;
    case 'FLOAT64':
      return `CAST('${text}' AS DOUBLE)`;
    case 'BOOL':
    case 'BYTES':
      return refuse(type.name, 'a constant of it is no text');
  }
}

function intervalConstant(text: string): string {
  const parsed = parseInterval(text);
  if (!parsed.ok) return refuse('INTERVAL', `the constant ${text} is not understood`);
  const { value } = parsed;
  return `(to_months(${value.months}) + to_days(${value.days}) + to_microseconds(CAST(${value.micros} AS BIGINT)))`;
}

/** `[2020-01-01, UNBOUNDED)` as STRUCT(s, e), an unbounded end being NULL. */
function rangeConstant(text: string, element: 'DATE' | 'DATETIME' | 'TIMESTAMP'): string {
  const match = /^\[\s*(.*?)\s*,\s*(.*?)\s*\)$/.exec(text);
  if (!match) return refuse('RANGE', `the constant ${text} is not understood`);
  const end = (part: string): string =>
    part === '' || /^(unbounded|null)$/i.test(part)
      ? constant({ kind: 'null' }, { kind: 'scalar', name: element })
      : textConstant(part, { kind: 'scalar', name: element });
  return `struct_pack(s := ${end(match[1]!)}, e := ${end(match[2]!)})`;
}
