/** BigQuery's types as values compute with them. Length and precision limits of columns are not part of a type. */
export type ScalarName =
  | 'INT64'
  | 'FLOAT64'
  | 'NUMERIC'
  | 'BIGNUMERIC'
  | 'BOOL'
  | 'STRING'
  | 'BYTES'
  | 'DATE'
  | 'DATETIME'
  | 'TIME'
  | 'TIMESTAMP'
  | 'INTERVAL'
  | 'JSON'
  | 'GEOGRAPHY'
  | 'UUID';

export type StructField = { readonly name?: string; readonly type: SqlType };

export type SqlType =
  | { readonly kind: 'scalar'; readonly name: ScalarName }
  | { readonly kind: 'array'; readonly element: SqlType }
  | { readonly kind: 'struct'; readonly fields: readonly StructField[] }
  | { readonly kind: 'range'; readonly element: 'DATE' | 'DATETIME' | 'TIMESTAMP' };

const scalar = (name: ScalarName): SqlType => ({ kind: 'scalar', name });

export const INT64 = scalar('INT64');
export const FLOAT64 = scalar('FLOAT64');
export const NUMERIC = scalar('NUMERIC');
export const BIGNUMERIC = scalar('BIGNUMERIC');
export const BOOL = scalar('BOOL');
export const STRING = scalar('STRING');
export const BYTES = scalar('BYTES');
export const DATE = scalar('DATE');
export const DATETIME = scalar('DATETIME');
export const TIME = scalar('TIME');
export const TIMESTAMP = scalar('TIMESTAMP');
export const INTERVAL = scalar('INTERVAL');
export const JSON_TYPE = scalar('JSON');
export const GEOGRAPHY = scalar('GEOGRAPHY');
export const UUID = scalar('UUID');

export const arrayOf = (element: SqlType): SqlType => ({ kind: 'array', element });

/** `STRUCT<a INT64, ARRAY<STRING>>`, as GoogleSQL writes a type. */
export function typeText(type: SqlType): string {
  switch (type.kind) {
    case 'scalar':
      return type.name;
    case 'array':
      return `ARRAY<${typeText(type.element)}>`;
    case 'range':
      return `RANGE<${type.element}>`;
    case 'struct':
      return `STRUCT<${type.fields.map((f) => (f.name ? `${f.name} ` : '') + typeText(f.type)).join(', ')}>`;
  }
}

/** Field names count: two structs are the same type when names (case-insensitively) and types agree. */
export function sameType(a: SqlType, b: SqlType): boolean {
  if (a.kind === 'scalar') return b.kind === 'scalar' && a.name === b.name;
  if (a.kind === 'array') return b.kind === 'array' && sameType(a.element, b.element);
  if (a.kind === 'range') return b.kind === 'range' && a.element === b.element;
  return (
    b.kind === 'struct' &&
    a.fields.length === b.fields.length &&
    a.fields.every((f, i) => {
      const g = b.fields[i];
      return (
        g !== undefined &&
        (f.name ?? '').toLowerCase() === (g.name ?? '').toLowerCase() &&
        sameType(f.type, g.type)
      );
    })
  );
}

const scalarNames: Readonly<Record<string, ScalarName>> = {
  INT64: 'INT64',
  INT: 'INT64',
  INTEGER: 'INT64',
  SMALLINT: 'INT64',
  BIGINT: 'INT64',
  TINYINT: 'INT64',
  BYTEINT: 'INT64',
  FLOAT64: 'FLOAT64',
  FLOAT: 'FLOAT64',
  NUMERIC: 'NUMERIC',
  DECIMAL: 'NUMERIC',
  BIGNUMERIC: 'BIGNUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
  BOOL: 'BOOL',
  BOOLEAN: 'BOOL',
  STRING: 'STRING',
  BYTES: 'BYTES',
  DATE: 'DATE',
  DATETIME: 'DATETIME',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMP',
  INTERVAL: 'INTERVAL',
  JSON: 'JSON',
  GEOGRAPHY: 'GEOGRAPHY',
  UUID: 'UUID',
};

/** A scalar type by any of its BigQuery names, in any case. */
export function scalarType(name: string): SqlType | undefined {
  const found = Object.hasOwn(scalarNames, name.toUpperCase()) ? scalarNames[name.toUpperCase()] : undefined;
  return found && { kind: 'scalar', name: found };
}
