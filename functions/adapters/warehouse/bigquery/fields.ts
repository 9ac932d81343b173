import type { FieldSchema, Schema } from '../../../core/query/schema.ts';
import type { CatalogColumn } from '../../../core/sql/catalog.ts';
import { type SqlType, scalarType } from '../../../core/sql/types.ts';
import { type Fields, object, objects, required, text } from './rest/json.ts';
import { MalformedAnswer } from './rest/malformed.ts';

/*
 * TableFieldSchema of the REST API: https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema
 * Types come by their legacy or their GoogleSQL names; precision, length and rounding are limits of a column, not of a type.
 */

const legacyNames: Readonly<Record<string, string>> = {
  INT64: 'INTEGER',
  FLOAT64: 'FLOAT',
  BOOL: 'BOOLEAN',
  STRUCT: 'RECORD',
  DECIMAL: 'NUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
};

/** The name that results carry. */
function legacyName(written: string): string {
  const name = written.toUpperCase();
  return Object.hasOwn(legacyNames, name) ? (legacyNames[name] as string) : name;
}

function modeOf(field: Fields): FieldSchema['mode'] {
  const mode = text(field, 'mode') ?? 'NULLABLE';
  if (mode === 'NULLABLE' || mode === 'REQUIRED' || mode === 'REPEATED') return mode;
  throw new MalformedAnswer('mode of a field');
}

/** A result's or a table's schema; `described` keeps what only tables have: descriptions and policy tags. */
export function schemaFrom(schema: Fields | undefined, described = false): Schema {
  return schema === undefined
    ? { fields: [] }
    : { fields: objects(schema, 'fields').map((field) => fieldFrom(field, described)) };
}

function fieldFrom(field: Fields, described: boolean): FieldSchema {
  const type = legacyName(required(text(field, 'type'), 'type'));
  const element = object(field, 'rangeElementType');
  const description = text(field, 'description');
  const names = tagsOf(field);
  return {
    name: required(text(field, 'name'), 'name'),
    type,
    mode: modeOf(field),
    ...(type === 'RECORD' ? { fields: objects(field, 'fields').map((f) => fieldFrom(f, described)) } : {}),
    ...(element ? { rangeElementType: { type: required(text(element, 'type'), 'type') } } : {}),
    ...(described && description ? { description } : {}),
    ...(described && names.length > 0 ? { policyTags: { names } } : {}),
  };
}

function tagsOf(field: Fields): readonly string[] {
  const names = object(field, 'policyTags')?.names;
  if (names === undefined || names === null) return [];
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    throw new MalformedAnswer('policyTags');
  return names;
}

/** A type of a column that has no counterpart here; nothing is guessed about it. */
export class UnknownType extends Error {
  override readonly name = 'UnknownType';
}

/** A table's columns for the resolver. Throws UnknownType for a type that GoogleSQL here does not have. */
export const columnsFrom = (schema: Fields | undefined): readonly CatalogColumn[] =>
  schema === undefined ? [] : objects(schema, 'fields').map(columnFrom);

function columnFrom(field: Fields): CatalogColumn {
  const name = required(text(field, 'name'), 'name');
  const mode = modeOf(field);
  const written = required(text(field, 'type'), 'type').toUpperCase();
  const isStruct = written === 'RECORD' || written === 'STRUCT';
  const fields = isStruct ? objects(field, 'fields').map(columnFrom) : undefined;
  const type = fields ? structOf(fields) : plainType(name, written, field);
  const description = text(field, 'description');
  const policyTags = tagsOf(field);
  return {
    name,
    mode,
    type: mode === 'REPEATED' ? { kind: 'array', element: type } : type,
    ...(description ? { description } : {}),
    ...(policyTags.length > 0 ? { policyTags } : {}),
    ...(fields ? { fields } : {}),
  };
}

const structOf = (fields: readonly CatalogColumn[]): SqlType => ({
  kind: 'struct',
  fields: fields.map(({ name, type }) => ({ name, type })),
});

function plainType(name: string, written: string, field: Fields): SqlType {
  if (written === 'RANGE') {
    const element = (text(object(field, 'rangeElementType') ?? {}, 'type') ?? '').toUpperCase();
    if (element === 'DATE' || element === 'DATETIME' || element === 'TIMESTAMP')
      return { kind: 'range', element };
    throw new UnknownType(`column ${name} is a RANGE of ${element || 'nothing'}`);
  }
  const scalar = scalarType(written);
  if (scalar === undefined) throw new UnknownType(`column ${name} has type ${written}`);
  return scalar;
}
