import type { Item } from './generate.ts';

/** Differences from the oracle that are meant, with the reason. Anything else is a fault. */
const REASONS: readonly { readonly why: string; readonly groups?: RegExp; readonly sql?: RegExp }[] = [
  { why: 'BigQuery has no nanoseconds', sql: /NANOSECOND/ },
  {
    why: 'BigQuery compares neither JSON nor arrays',
    groups:
      /^(operator (=|!=|<|<=|>|>=)|IN|IN two|IN UNNEST|BETWEEN|DISTINCT FROM|CASE value|UNION DISTINCT|MAX|MIN|GREATEST|LEAST|APPROX_.*|PERCENTILE_DISC|ARRAY_(MIN|MAX|IS_DISTINCT))$/,
    sql: /\b(j|sj|a[a-z]+)\b|\[|@p/,
  },
  { why: 'BigQuery aggregates bits of INT64 only', groups: /^BIT_(AND|OR|XOR)$/ },
  {
    why: 'the reference has these for one type each',
    groups: /^((DATE|DATETIME|TIMESTAMP)_BUCKET|FORMAT_TIMESTAMP|FORMAT_DATETIME|array parts)$/,
  },
  {
    why: 'BigQuery has no FLOAT32',
    groups: /^(ARRAY_MAX|ARRAY_SUM|ROUND|TRUNC|CEIL|CEILING|FLOOR)$/,
    sql: /NULL|@p/,
  },
  { why: 'parameters of BigQuery have declared types', sql: /@p/ },
  { why: 'intervals have the parts of the reference', sql: /INTERVAL 1 [A-Z]+|FROM iv\b/ },
];

/** Why a difference in this item is meant; undefined when it is not. */
export const knownReason = (item: Item): string | undefined =>
  REASONS.find((r) => (r.groups?.test(item.group) ?? true) && (r.sql?.test(item.sql) ?? true))?.why;
