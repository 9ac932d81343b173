import type { ScalarName, SqlType } from '../sql/types.ts';
import type { MaskingRule } from './plan.ts';

const defaultable: ReadonlySet<ScalarName> = new Set([
  'STRING',
  'BYTES',
  'INT64',
  'FLOAT64',
  'NUMERIC',
  'BIGNUMERIC',
  'BOOL',
  'DATE',
  'DATETIME',
  'TIME',
  'TIMESTAMP',
]);

/** Types that each rule can be applied to: BigQuery's own table, JSON, GEOGRAPHY, INTERVAL and RANGE only as NULL. */
export function ruleFits(rule: MaskingRule, type: SqlType): boolean {
  if (rule === 'ALWAYS_NULL') return true;
  if (type.kind === 'array') return rule === 'DEFAULT_MASKING_VALUE' || ruleFits(rule, type.element);
  if (type.kind !== 'scalar') return false;
  switch (rule) {
    case 'DEFAULT_MASKING_VALUE':
      return defaultable.has(type.name);
    case 'SHA256':
    case 'KEYED_TOKEN':
      return type.name === 'STRING' || type.name === 'BYTES';
    case 'FIRST_FOUR_CHARACTERS':
    case 'LAST_FOUR_CHARACTERS':
    case 'EMAIL_MASK':
      return type.name === 'STRING';
    case 'DATE_YEAR_MASK':
      return type.name === 'DATE' || type.name === 'DATETIME' || type.name === 'TIMESTAMP';
  }
}
