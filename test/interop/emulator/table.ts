import type { Random } from '../../fuzz/random.ts';
import { literal } from './template.ts';

/** The columns of a made-up table `t`; `id` is unique, all others may be NULL. */
export const columns = {
  id: 'INT64',
  g: 'STRING',
  h: 'BOOL',
  i: 'INT64',
  f: 'FLOAT64',
  n: 'NUMERIC',
  s: 'STRING',
  d: 'DATE',
  ts: 'TIMESTAMP',
  y: 'BYTES',
} as const;
export type ColumnName = keyof typeof columns;
export const names = Object.keys(columns) as ColumnName[];

const groups = ["'x'", "'y'", "'z'", 'NULL'];

/** `WITH t AS (...)` without the WITH: a table of `rows` rows, its numbers small enough to be summed exactly. */
export function table(random: Random, name: string, rows: number): string {
  const row = (id: number): string =>
    `(${names
      .map((column) => {
        if (column === 'id') return String(id);
        if (column === 'g') return random.pick(groups);
        return value(random, columns[column]);
      })
      .join(', ')})`;
  const fields = names.map((c) => `${c} ${columns[c]}`).join(', ');
  if (rows === 0) return `${name} AS (SELECT * FROM UNNEST(CAST([] AS ARRAY<STRUCT<${fields}>>)))`;
  const all = Array.from({ length: rows }, (_, at) => row(at + 1));
  return `${name} AS (SELECT * FROM UNNEST(ARRAY<STRUCT<${fields}>>[${all.join(', ')}]))`;
}

const floats = ['0.0', '1.0', '0.5', '-2.25', '100.75', '-0.0', 'NULL', '3.0'];
const edgeFloats = ["CAST('nan' AS FLOAT64)", 'IEEE_DIVIDE(1, 0)', 'IEEE_DIVIDE(-1, 0)'];

function value(random: Random, type: string): string {
  // Sums of these are exact in whatever order they are made.
  if (type === 'FLOAT64') return random.pick(random.chance(0.01) ? edgeFloats : floats);
  const text = literal(random, type, type === 'INT64' || type === 'NUMERIC' ? 0.03 : 0.15);
  return text.startsWith('CAST(NULL') ? 'NULL' : text;
}
