import type { ScalarName, SqlType } from '../types.ts';
import { sameType } from '../types.ts';

/** What CAST turns each scalar type into. Source: BigQuery reference, "Conversion rules". */
const CASTS: Readonly<Record<ScalarName, readonly ScalarName[]>> = {
  INT64: ['BOOL', 'INT64', 'NUMERIC', 'BIGNUMERIC', 'FLOAT64', 'STRING'],
  NUMERIC: ['INT64', 'NUMERIC', 'BIGNUMERIC', 'FLOAT64', 'STRING'],
  BIGNUMERIC: ['INT64', 'NUMERIC', 'BIGNUMERIC', 'FLOAT64', 'STRING'],
  FLOAT64: ['INT64', 'NUMERIC', 'BIGNUMERIC', 'FLOAT64', 'STRING'],
  BOOL: ['BOOL', 'INT64', 'STRING'],
  STRING: [
    'BOOL',
    'INT64',
    'NUMERIC',
    'BIGNUMERIC',
    'FLOAT64',
    'STRING',
    'BYTES',
    'DATE',
    'DATETIME',
    'TIME',
    'TIMESTAMP',
    'INTERVAL',
    'UUID',
  ],
  BYTES: ['STRING', 'BYTES', 'UUID'],
  DATE: ['STRING', 'DATE', 'DATETIME', 'TIMESTAMP'],
  DATETIME: ['STRING', 'DATE', 'DATETIME', 'TIME', 'TIMESTAMP'],
  TIME: ['STRING', 'TIME'],
  TIMESTAMP: ['STRING', 'DATE', 'DATETIME', 'TIME', 'TIMESTAMP'],
  INTERVAL: ['STRING', 'INTERVAL'],
  JSON: ['JSON'],
  GEOGRAPHY: ['GEOGRAPHY'],
  UUID: ['STRING', 'BYTES', 'UUID'],
};

const DATES: readonly ScalarName[] = ['DATE', 'DATETIME', 'TIME', 'TIMESTAMP'];
const NUMBERS: readonly ScalarName[] = ['INT64', 'NUMERIC', 'BIGNUMERIC', 'FLOAT64'];

const scalarName = (type: SqlType): ScalarName | '' => (type.kind === 'scalar' ? type.name : '');

/** Whether CAST takes FORMAT: for text of numbers, and both ways between text and BYTES, dates and times. */
export function formattable(from: SqlType, to: SqlType): boolean {
  const [a, b] = [scalarName(from), scalarName(to)];
  const both: readonly string[] = ['BYTES', ...DATES];
  return (a === 'STRING' && both.includes(b)) || (b === 'STRING' && [...both, ...NUMBERS].includes(a));
}

/** Whether CAST takes AT TIME ZONE. */
export const zoned = (from: SqlType, to: SqlType): boolean =>
  [scalarName(from), scalarName(to)].sort().join() === 'STRING,TIMESTAMP';

/** Whether CAST exists. */
export function castable(from: SqlType, to: SqlType): boolean {
  if (sameType(from, to)) return true;
  if (from.kind === 'array' && to.kind === 'array')
    return sameType(from.element, to.element) || castable(from.element, to.element);
  if (from.kind === 'struct' && to.kind === 'struct')
    return (
      from.fields.length === to.fields.length &&
      from.fields.every((f, i) => castable(f.type, to.fields[i]?.type ?? f.type))
    );
  const text = to.kind === 'scalar' && to.name === 'STRING';
  if (from.kind === 'range') return text;
  if (to.kind === 'range') return from.kind === 'scalar' && from.name === 'STRING';
  return scalarCast(from, to);
}

const scalarCast = (from: SqlType, to: SqlType): boolean =>
  from.kind === 'scalar' && to.kind === 'scalar' && CASTS[from.name].includes(to.name);
