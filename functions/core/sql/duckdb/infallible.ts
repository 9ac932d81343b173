import type { ResolvedExpression } from '../resolved/index.ts';

/** Functions that give a value or NULL for all arguments. */
const total = new Set([
  '$eq',
  '$ne',
  '$lt',
  '$le',
  '$gt',
  '$ge',
  '$and',
  '$or',
  '$not',
  '$is_null',
  '$is_true',
  '$is_false',
  '$is_distinct',
  '$between',
  '$in',
  '$in_array',
  '$case',
  '$array',
  '$concat',
  '$safe_array_offset',
  '$safe_array_ordinal',
  '$bitand',
  '$bitor',
  '$bitxor',
  '$bitnot',
  'IF',
  'IFNULL',
  'COALESCE',
  'NULLIF',
  'UPPER',
  'LOWER',
  'TRIM',
  'LTRIM',
  'RTRIM',
  'CONCAT',
  'REPLACE',
  'REVERSE',
  'LENGTH',
  'CHAR_LENGTH',
  'STARTS_WITH',
  'ENDS_WITH',
  'STRPOS',
  'ARRAY_LENGTH',
  'ARRAY_REVERSE',
  'ARRAY_FIRST',
  'ARRAY_LAST',
  'JSON_VALUE',
  'JSON_QUERY',
  'TO_JSON_STRING',
  'IS_NAN',
  'IS_INF',
  'SAFE_DIVIDE',
  'SAFE_ADD',
  'SAFE_SUBTRACT',
  'SAFE_MULTIPLY',
  'SAFE_NEGATE',
  'IEEE_DIVIDE',
  'JSON_TYPE',
]);

/** Whether evaluating `e` can never fail the query. Doubt says no. */
export function isInfallible(e: ResolvedExpression): boolean {
  switch (e.kind) {
    case 'Constant':
    case 'ParameterRef':
    case 'ColumnRef':
      return true;
    case 'GetField':
    case 'GetJsonField':
      return isInfallible(e.base);
    case 'MakeStruct':
      return e.fields.every(isInfallible);
    case 'ResolvedCast':
      return (e.safe || e.implicit || isWidening(e)) && !e.format && isInfallible(e.operand);
    case 'Call':
      return !e.lambdas?.length && (e.safe || total.has(e.name)) && e.arguments.every(isInfallible);
    case 'Subquery':
    case 'Let':
      return false;
  }
}

/** Casts to STRING succeed, except of bytes that are no UTF-8. */
function isWidening(e: Extract<ResolvedExpression, { kind: 'ResolvedCast' }>): boolean {
  const from = e.operand.type;
  return (
    e.type.kind === 'scalar' && e.type.name === 'STRING' && from.kind === 'scalar' && from.name !== 'BYTES'
  );
}
