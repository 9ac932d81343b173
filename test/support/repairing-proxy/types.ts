import type { Field } from './wire.ts';

/** Types as BigQuery's schemas call them in answers, whatever they were called in a request. */
const legacyNames: Readonly<Record<string, string>> = {
  INT64: 'INTEGER',
  FLOAT64: 'FLOAT',
  BOOL: 'BOOLEAN',
  STRUCT: 'RECORD',
};

/** And as GoogleSQL calls those. */
const sqlNames: Readonly<Record<string, string>> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
};

/** The field of a column of this name and type: the type as GoogleSQL writes it (`ARRAY<STRUCT<a INT64>>`). */
export function fieldOf(name: string, typeText: string): Field {
  const reader = { text: typeText, at: 0 };
  const field = readType(reader, name);
  if (reader.at !== typeText.length) throw new Error(`not a type: ${typeText}`);
  return field;
}

type Reader = { readonly text: string; at: number };

function readType(reader: Reader, name: string): Field {
  const word = /^[A-Z0-9]+/.exec(reader.text.slice(reader.at))?.[0];
  if (word === undefined) throw new Error(`no type at ${reader.at} of ${reader.text}`);
  reader.at += word.length;
  if (word === 'ARRAY') {
    const element = inBrackets(reader, () => readType(reader, name));
    return { ...element, mode: 'REPEATED' };
  }
  if (word === 'RANGE') {
    const element = inBrackets(reader, () => readType(reader, name));
    return { name, type: 'RANGE', mode: 'NULLABLE', rangeElementType: { type: element.type } };
  }
  if (word === 'STRUCT') {
    return { name, type: 'RECORD', mode: 'NULLABLE', fields: inBrackets(reader, () => readFields(reader)) };
  }
  skipLimits(reader);
  return { name, type: legacyNames[word] ?? word, mode: 'NULLABLE' };
}

function inBrackets<T>(reader: Reader, read: () => T): T {
  if (reader.text[reader.at] !== '<') throw new Error(`no < at ${reader.at} of ${reader.text}`);
  reader.at++;
  const content = read();
  if (reader.text[reader.at] !== '>') throw new Error(`no > at ${reader.at} of ${reader.text}`);
  reader.at++;
  return content;
}

/** `NUMERIC(10, 2)`, `STRING(5)` */
function skipLimits(reader: Reader): void {
  const limits = /^\([^)]*\)/.exec(reader.text.slice(reader.at))?.[0];
  reader.at += limits?.length ?? 0;
}

function readFields(reader: Reader): readonly Field[] {
  const fields: Field[] = [];
  while (reader.text[reader.at] !== '>') {
    const rest = reader.text.slice(reader.at);
    const named = /^(?:`((?:[^`\\]|\\.)+)`|([A-Za-z_][A-Za-z_0-9]*)) /.exec(rest);
    reader.at += named?.[0].length ?? 0;
    fields.push(readType(reader, named?.[1] ?? named?.[2] ?? `_field_${fields.length + 1}`));
    const separator = /^, */.exec(reader.text.slice(reader.at))?.[0];
    reader.at += separator?.length ?? 0;
  }
  return fields;
}

/** The type of a schema's field as GoogleSQL writes it. */
export function typeOf(field: Field): string {
  const single = singleType(field);
  return field.mode === 'REPEATED' ? `ARRAY<${single}>` : single;
}

function singleType(field: Field): string {
  const type = field.type.toUpperCase();
  if (type === 'RECORD' || type === 'STRUCT') {
    return `STRUCT<${(field.fields ?? []).map((f) => `\`${f.name}\` ${typeOf(f)}`).join(', ')}>`;
  }
  if (type === 'RANGE') return `RANGE<${sqlName(field.rangeElementType?.type ?? 'DATE')}>`;
  return sqlName(type);
}

const sqlName = (type: string): string => sqlNames[type.toUpperCase()] ?? type.toUpperCase();
