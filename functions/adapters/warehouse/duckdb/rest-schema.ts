import type { FieldSchema, Schema } from '../../../core/query/schema.ts';
import type { CatalogColumn } from '../../../core/sql/catalog.ts';
import type { SqlType } from '../../../core/sql/types.ts';

/** A type by its legacy name, as BigQuery's REST API sends it. */
function restType(type: Exclude<SqlType, { kind: 'array' }>): string {
  if (type.kind === 'struct') return 'RECORD';
  if (type.kind === 'range') return 'RANGE';
  switch (type.name) {
    case 'INT64':
      return 'INTEGER';
    case 'FLOAT64':
      return 'FLOAT';
    case 'BOOL':
      return 'BOOLEAN';
    case 'UUID':
      return 'STRING';
    default:
      return type.name;
  }
}

/** The REST form of a query's output column (always NULLABLE or REPEATED, as BigQuery reports results). */
export function restField(name: string, type: SqlType): FieldSchema {
  const inner = type.kind === 'array' ? type.element : type;
  if (inner.kind === 'array') throw new TypeError('an array of arrays has no REST form');
  return {
    name,
    type: restType(inner),
    mode: type.kind === 'array' ? 'REPEATED' : 'NULLABLE',
    ...(inner.kind === 'range' ? { rangeElementType: { type: inner.element } } : {}),
    // BigQuery names an unnamed field of a struct by its place.
    ...(inner.kind === 'struct'
      ? { fields: inner.fields.map((f, i) => restField(f.name || `_field_${i + 1}`, f.type)) }
      : {}),
  };
}

/** The REST form of a table's column, with its mode, description and policy tags. */
export function restColumn(column: CatalogColumn): FieldSchema {
  return {
    ...restField(column.name, column.type),
    mode: column.mode,
    ...(column.description === undefined ? {} : { description: column.description }),
    ...(column.policyTags === undefined ? {} : { policyTags: { names: column.policyTags } }),
    ...(column.fields === undefined ? {} : { fields: column.fields.map(restColumn) }),
  };
}

export const restSchema = (columns: readonly CatalogColumn[]): Schema => ({
  fields: columns.map(restColumn),
});
