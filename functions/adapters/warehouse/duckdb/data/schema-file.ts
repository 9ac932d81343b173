import { SluiceError } from '../../../../core/errors.ts';
import type { CatalogColumn } from '../../../../core/sql/catalog.ts';
import { arrayOf, type SqlType, scalarType } from '../../../../core/sql/types.ts';

/** Keys that say nothing about which values the column holds or how they compare. */
const harmless = new Set(['name', 'type', 'mode', 'description', 'fields', 'policyTags', 'rangeElementType']);
const ignored = new Set([
  'maxLength',
  'precision',
  'scale',
  'defaultValueExpression',
  'roundingMode',
  'categories',
]);

/** `path` names the file in messages. Takes the array of fields or an object with `fields`. */
export function parseSchemaFile(text: string, path: string): readonly CatalogColumn[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new SluiceError(
      'invalid',
      `${path}: not valid JSON (${(cause as Error).message}); write a BigQuery schema`,
    );
  }
  const fields = Array.isArray(value) ? value : (value as { fields?: unknown } | null)?.fields;
  if (!Array.isArray(fields) || fields.length === 0)
    throw new SluiceError(
      'invalid',
      `${path}: expected an array of fields, or {"fields": [...]}, as BigQuery's schema files have it`,
    );
  return columnsOf(fields, path, '');
}

function columnsOf(fields: readonly unknown[], path: string, within: string): readonly CatalogColumn[] {
  const seen = new Set<string>();
  return fields.map((field, index) => {
    const column = columnOf(field, path, `${within}field ${index + 1}`);
    const key = column.name.toLowerCase();
    if (seen.has(key))
      throw new SluiceError('invalid', `${path}: two columns are named ${column.name}; rename one`);
    seen.add(key);
    return column;
  });
}

function columnOf(field: unknown, path: string, where: string): CatalogColumn {
  const bad = (why: string): SluiceError => new SluiceError('invalid', `${path}: ${where} ${why}`);
  if (typeof field !== 'object' || field === null || Array.isArray(field)) throw bad('is not an object');
  const f = field as Record<string, unknown>;
  for (const key of Object.keys(f))
    if (!harmless.has(key) && !ignored.has(key))
      throw bad(`has the key "${key}", which is not supported; remove it`);
  if (typeof f.name !== 'string' || !isColumnName(f.name))
    throw bad('needs a name of at most 300 letters, digits and _');
  const mode = String(f.mode ?? 'NULLABLE').toUpperCase();
  if (mode !== 'NULLABLE' && mode !== 'REQUIRED' && mode !== 'REPEATED')
    throw bad(`(${f.name}) has mode ${mode}; use NULLABLE, REQUIRED or REPEATED`);
  const { type, sub } = typeOf(f, path, `${f.name}: `, bad);
  const tags = (f.policyTags as { names?: unknown } | undefined)?.names;
  if (tags !== undefined && !(Array.isArray(tags) && tags.every((t) => typeof t === 'string')))
    throw bad(`(${f.name}) has policyTags that are not {"names": ["..."]}`);
  return {
    name: f.name,
    type: mode === 'REPEATED' ? arrayOf(type) : type,
    mode,
    ...(typeof f.description === 'string' ? { description: f.description } : {}),
    ...(tags === undefined ? {} : { policyTags: tags as readonly string[] }),
    ...(sub === undefined ? {} : { fields: sub }),
  };
}

type FieldType = { readonly type: SqlType; readonly sub?: readonly CatalogColumn[] };

function typeOf(
  f: Record<string, unknown>,
  path: string,
  within: string,
  bad: (why: string) => SluiceError,
): FieldType {
  const name = String(f.type ?? '').toUpperCase();
  if (name === 'RECORD' || name === 'STRUCT') {
    if (!Array.isArray(f.fields) || f.fields.length === 0)
      throw bad(`(${f.name}) is a ${name} without fields`);
    const sub = columnsOf(f.fields, path, within);
    return { type: { kind: 'struct', fields: sub.map((c) => ({ name: c.name, type: c.type })) }, sub };
  }
  if (name === 'RANGE') {
    const element = String((f.rangeElementType as { type?: unknown } | undefined)?.type ?? '').toUpperCase();
    if (element !== 'DATE' && element !== 'DATETIME' && element !== 'TIMESTAMP')
      throw bad(`(${f.name}) is a RANGE; give rangeElementType {"type": "DATE"}, DATETIME or TIMESTAMP`);
    return { type: { kind: 'range', element } };
  }
  const scalar = scalarType(name);
  if (scalar === undefined) throw bad(`(${f.name}) has type "${name}", which is not a BigQuery type`);
  return { type: scalar };
}

/** BigQuery's rule for column names, without its reserved prefixes. */
export const isColumnName = (name: string): boolean =>
  /^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd} &%=+:'<>#|]{1,300}$/u.test(name) &&
  !/^(_TABLE_|_FILE_|_PARTITION)/i.test(name);
