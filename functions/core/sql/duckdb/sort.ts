import type { ResolvedExpression, SortKey } from '../resolved/index.ts';
import { type SqlType, typeText } from '../types.ts';
import { printExpression } from './expression.ts';
import { refuse } from './refusal.ts';
import type { Scope } from './scope.ts';

/**
 * A value that DuckDB sorts as GoogleSQL sorts `text`, or several in turn: DuckDB has NaN above everything, GoogleSQL
 * below everything but NULL.
 */
export function sortable(text: string, type: SqlType): readonly string[] {
  if (type.kind === 'scalar') {
    switch (type.name) {
      case 'FLOAT64':
        return [
          `CASE WHEN isnan(${text}) THEN CAST('-Infinity' AS DOUBLE) ELSE ${text} END`,
          `NOT isnan(${text})`,
        ];
      case 'BIGNUMERIC':
        return [`sluice_bignumeric_key(${text})`];
      case 'JSON':
      case 'GEOGRAPHY':
        return refuse('ORDER BY', `values of type ${type.name} have no order`);
      case 'INT64':
      case 'NUMERIC':
      case 'BOOL':
      case 'STRING':
      case 'BYTES':
      case 'DATE':
      case 'DATETIME':
      case 'TIME':
      case 'TIMESTAMP':
      case 'INTERVAL':
      case 'UUID':
        return [text];
    }
  }
  if (type.kind === 'range')
    return [`(${text}).s IS NOT NULL`, `(${text}).s`, `(${text}).e IS NULL`, `(${text}).e`];
  return refuse('ORDER BY', `values of type ${typeText(type)} have no order here`);
}

const isNaNFree = (e: ResolvedExpression): boolean => e.kind === 'Constant';

function oneKey(key: SortKey, scope: Scope): readonly string[] {
  if (key.collation !== undefined)
    refuse('COLLATE', `the order ${key.collation} is not understood here`, key.expression.span);
  const text = printExpression(key.expression, scope);
  const direction = key.descending ? 'DESC' : 'ASC';
  const nulls = key.nullsFirst ? 'NULLS FIRST' : 'NULLS LAST';
  const values = isNaNFree(key.expression) ? [text] : sortable(text, key.expression.type);
  if (key.expression.type.kind === 'range') {
    const nullKey = `(${text} IS NULL) ${key.nullsFirst ? 'DESC' : 'ASC'}`;
    return [nullKey, ...values.map((value) => `${value} ${direction} NULLS FIRST`)];
  }
  return values.map((value) => `${value} ${direction} ${nulls}`);
}

/** Items of an ORDER BY. A bare integer would be a position, so constants are always casts (see `constant`). */
export const sortKeys = (keys: readonly SortKey[], scope: Scope): string[] =>
  keys.flatMap((key) => oneKey(key, scope));
