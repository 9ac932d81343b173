import { type SqlType, scalarType } from '../sql/types.ts';
import type { ParameterType } from './request.ts';

/** The SQL type of a query parameter as the REST API declares it; `undefined` for a type that does not exist. */
export function parameterSqlType(type: ParameterType): SqlType | undefined {
  const name = type.type.toUpperCase();
  if (name === 'ARRAY') {
    const element = type.arrayType && parameterSqlType(type.arrayType);
    return element && { kind: 'array', element };
  }
  if (name === 'STRUCT' || name === 'RECORD') {
    const fields = (type.structTypes ?? []).map((field) => ({
      name: field.name,
      type: parameterSqlType(field.type),
    }));
    if (fields.some((field) => field.type === undefined)) return undefined;
    return {
      kind: 'struct',
      fields: fields.map((field) => ({
        ...(field.name ? { name: field.name } : {}),
        type: field.type as SqlType,
      })),
    };
  }
  if (name === 'RANGE') {
    const element = type.rangeElementType?.type.toUpperCase();
    return element === 'DATE' || element === 'DATETIME' || element === 'TIMESTAMP'
      ? { kind: 'range', element }
      : undefined;
  }
  return scalarType(name);
}
