import { SluiceError } from '../../../../core/errors.ts';
import type { CatalogColumn } from '../../../../core/sql/catalog.ts';
import {
  arrayOf,
  BOOL,
  DATE,
  DATETIME,
  FLOAT64,
  INT64,
  JSON_TYPE,
  type SqlType,
  STRING,
  TIMESTAMP,
} from '../../../../core/sql/types.ts';
import { parseDate, parseDatetime, parseTimestamp } from '../../../../core/sql/values/literal.ts';
import type { DataFile } from './folder.ts';
import { type FileRecord, NumberText } from './records.ts';
import { isColumnName } from './schema-file.ts';

type Kind = 'bool' | 'int' | 'float' | 'date' | 'datetime' | 'timestamp' | 'text' | 'object' | 'array';

/** What the values of one column have been so far. */
type Shape = { readonly kinds: Set<Kind>; fields?: Map<string, Shape>; elements?: Shape };
const newShape = (): Shape => ({ kinds: new Set() });

/** A nested object with more members than this is a map rather than a record. */
const MAXIMUM_FIELDS = 500;

/** Columns of a file without a schema file: every value is looked at, so that no row can fail to fit. */
export function inferColumns(
  file: DataFile,
  names: readonly string[],
  records: Iterable<FileRecord>,
): readonly CatalogColumn[] {
  const shapes = new Map<string, Shape>(names.map((name) => [name, newShape()]));
  const kindOf = file.kind === 'csv' ? csvKind : jsonKind;
  for (const { fields } of records)
    for (const [name, value] of Object.entries(fields)) look(shapeIn(shapes, name), value, kindOf);
  if (shapes.size === 0)
    throw new SluiceError(
      'invalid',
      `${file.path}: has no rows to infer columns from; add ${file.table}.schema.json`,
    );
  const seen = new Set<string>();
  return [...shapes].map(([name, shape]) => {
    if (!isColumnName(name) || seen.has(name.toLowerCase()))
      throw new SluiceError(
        'invalid',
        `${file.path}: "${name}" cannot be a column's name or is there twice; rename it`,
      );
    seen.add(name.toLowerCase());
    return columnOf(name, shape);
  });
}

function shapeIn(shapes: Map<string, Shape>, name: string): Shape {
  const known = shapes.get(name);
  if (known) return known;
  const shape = newShape();
  shapes.set(name, shape);
  return shape;
}

function look(shape: Shape, value: unknown, kindOf: (value: unknown) => Kind): void {
  if (value === null || value === undefined) return;
  const kind = kindOf(value);
  shape.kinds.add(kind);
  if (kind === 'array') {
    shape.elements ??= newShape();
    for (const element of value as readonly unknown[]) look(shape.elements, element, kindOf);
  } else if (kind === 'object') {
    shape.fields ??= new Map();
    for (const [name, member] of Object.entries(value as object))
      look(shapeIn(shape.fields, name), member, kindOf);
  }
}

function jsonKind(value: unknown): Kind {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'int' : 'float';
  if (value instanceof NumberText) return integerKind(value.text) ?? 'float';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'object' ? 'object' : momentKind(value as string);
}

/** A number with leading zeros (a zip code, a phone number) is text: as a number it would lose them. */
function csvKind(value: unknown): Kind {
  const text = value as string;
  if (/^(true|false)$/i.test(text)) return 'bool';
  if (/^[+-]?0\d/.test(text)) return 'text';
  const integer = integerKind(text);
  if (integer) return integer;
  if (/^[+-]?(\d+\.\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return 'float';
  return momentKind(text);
}

function integerKind(text: string): Kind | undefined {
  if (!/^[+-]?\d{1,19}$/.test(text)) return undefined;
  return BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? 'int' : undefined;
}

function momentKind(text: string): Kind {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return 'text';
  if (text.length === 10) return parseDate(text) === undefined ? 'text' : 'date';
  if (/(Z|[+-]\d{2}:?\d{2}| UTC)$/.test(text))
    return parseTimestamp(text) === undefined ? 'text' : 'timestamp';
  return parseDatetime(text) === undefined ? 'text' : 'datetime';
}

function columnOf(name: string, shape: Shape): CatalogColumn {
  const type = typeOf(shape);
  const inner = type.kind === 'array' ? shape.elements : shape;
  const struct = type.kind === 'array' ? type.element : type;
  return {
    name,
    type,
    mode: type.kind === 'array' ? 'REPEATED' : 'NULLABLE',
    ...(struct.kind === 'struct' && inner?.fields
      ? { fields: [...inner.fields].map(([field, sub]) => columnOf(field, sub)) }
      : {}),
  };
}

function typeOf(shape: Shape): SqlType {
  const { kinds } = shape;
  const [only] = kinds;
  if (only === undefined) return STRING;
  if (kinds.size > 1) {
    if (kinds.has('object') || kinds.has('array')) return JSON_TYPE;
    return [...kinds].every((kind) => kind === 'int' || kind === 'float') ? FLOAT64 : STRING;
  }
  switch (only) {
    case 'bool':
      return BOOL;
    case 'int':
      return INT64;
    case 'float':
      return FLOAT64;
    case 'date':
      return DATE;
    case 'datetime':
      return DATETIME;
    case 'timestamp':
      return TIMESTAMP;
    case 'text':
      return STRING;
    case 'array': {
      const element = typeOf(shape.elements ?? newShape());
      return element.kind === 'array' ? JSON_TYPE : arrayOf(element);
    }
    case 'object': {
      const fields = [...(shape.fields ?? [])];
      const fits = fields.length > 0 && fields.length <= MAXIMUM_FIELDS;
      const distinct = new Set(fields.map(([name]) => name.toLowerCase())).size === fields.length;
      if (!fits || !distinct || !fields.every(([name]) => isColumnName(name))) return JSON_TYPE;
      return { kind: 'struct', fields: fields.map(([name, sub]) => ({ name, type: typeOf(sub) })) };
    }
  }
}
