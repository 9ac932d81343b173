import { type SqlType, typeText } from '../types.ts';
import { isShort, letBoth, letIn } from './let.ts';
import { refuse } from './refusal.ts';

export type Comparison = '=' | '<' | '<=' | '>' | '>=';

/** A DOUBLE that is written down, so neither NULL nor NaN. */
const isPlainDouble = (text: string): boolean => /^CAST\('-?[0-9][0-9.e+-]*' AS DOUBLE\)$/.test(text);

const doubleUdf = { '=': 'eq', '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' } as const;

/** DuckDB holds NaN equal to itself and above everything; in GoogleSQL every comparison with NaN is false. */
function doubles(a: string, operator: Comparison, b: string): string {
  if (isPlainDouble(b) && (operator === '=' || operator === '<' || operator === '<='))
    return `(${a} ${operator} ${b})`;
  if (isPlainDouble(a) && (operator === '=' || operator === '>' || operator === '>='))
    return `(${a} ${operator} ${b})`;
  if (!isShort(a) || !isShort(b)) return `sluice_double_${doubleUdf[operator]}(${a}, ${b})`;
  switch (operator) {
    case '=':
      return `(${a} = ${b} AND NOT coalesce(isnan(${a}) AND isnan(${b}), FALSE))`;
    case '<':
    case '<=':
      return `(${a} ${operator} ${b} AND NOT coalesce(isnan(${b}) AND ${a} IS NOT NULL, FALSE))`;
    case '>':
    case '>=':
      return `(${a} ${operator} ${b} AND NOT coalesce(isnan(${a}) AND ${b} IS NOT NULL, FALSE))`;
  }
}

/** Field by field, with GoogleSQL's three values: DuckDB's own comparison of structs takes NULL fields as equal. */
function structs(a: string, b: string, type: Extract<SqlType, { kind: 'struct' }>): string {
  return letBoth(a, b, (x, y) => {
    const fields = type.fields.map((f, i) =>
      compare(`struct_extract(${x}, 'f${i}')`, '=', `struct_extract(${y}, 'f${i}')`, f.type),
    );
    return `(CASE WHEN ${x} IS NULL OR ${y} IS NULL THEN NULL ELSE ${fields.join(' AND ')} END)`;
  });
}

/** `a operator b` for two values of `type`. */
export function compare(a: string, operator: Comparison, b: string, type: SqlType): string {
  if (type.kind === 'struct') {
    if (operator !== '=') refuse(operator, 'structs have no order');
    return structs(a, b, type);
  }
  if (type.kind === 'range') {
    if (operator !== '=') refuse(operator, 'the order of ranges is not understood');
    return `(${a} = ${b})`;
  }
  if (type.kind === 'array') return refuse(operator, 'arrays cannot be compared');
  switch (type.name) {
    case 'FLOAT64':
      return doubles(a, operator, b);
    case 'BIGNUMERIC':
      return operator === '=' ? `(${a} = ${b})` : `(sluice_bignumeric_compare(${a}, ${b}) ${operator} 0)`;
    case 'JSON':
    case 'GEOGRAPHY':
      return refuse(operator, `values of type ${typeText(type)} cannot be compared`);
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
      return `(${a} ${operator} ${b})`;
  }
}

/** Whether DuckDB's own `=` (in IN, in list functions) is GoogleSQL's for values of this type. */
export function equalsNatively(type: SqlType): boolean {
  if (type.kind !== 'scalar') return type.kind === 'range';
  return type.name !== 'FLOAT64' && type.name !== 'JSON' && type.name !== 'GEOGRAPHY';
}

/** `operand IN (values)`: equality with each, in three values. */
export function isIn(operand: string, values: readonly string[], type: SqlType): string {
  if (values.length === 0) return 'FALSE';
  const plain = type.kind === 'scalar' && type.name === 'FLOAT64' && values.every(isPlainDouble);
  if (equalsNatively(type) || plain) return `(${operand} IN (${values.join(', ')}))`;
  return letIn(
    'sl_v',
    operand,
    (v) => `(${values.map((value) => compare(v, '=', value, type)).join(' OR ')})`,
  );
}

/** `operand IN UNNEST(array)`: NULL if there is no equal element but a NULL one; FALSE for an absent array. */
export function isInArray(operand: string, array: string, element: SqlType): string {
  return letBoth(operand, array, (o, list) =>
    inResults(`list_transform(${list}, lambda sl_e: ${compare(o, '=', 'sl_e', element)})`),
  );
}

function inResults(results: string): string {
  return letIn('sl_r', results, (r) => {
    const found = `list_contains(${r}, TRUE)`;
    const unknown = `len(list_filter(${r}, lambda sl_k: sl_k IS NULL)) > 0`;
    return `(CASE WHEN coalesce(${found}, FALSE) THEN TRUE WHEN coalesce(${unknown}, FALSE) THEN NULL ELSE FALSE END)`;
  });
}
