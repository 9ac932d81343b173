import type { ColumnField, ColumnType, Expression, Identifier } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { closeTemplate, failExpected } from './expected.ts';
import { parseLiteral, parseParameter } from './literals.ts';
import { parsePath, pathOf } from './names.ts';
import { optionalOptions } from './options.ts';
import { typeParameters } from './types.ts';

const intervalWord: ReadonlySet<string> = new Set(['INTERVAL']);
const reservedTypes: ReadonlySet<string> = new Set(['ARRAY', 'STRUCT', 'RANGE', 'INTERVAL']);

/** The type of a column where columns are defined, with its parameters: `ARRAY<STRUCT<a INT64 NOT NULL>>`. */
export function parseColumnType(cursor: Cursor): ColumnType {
  return cursor.nested(columnType);
}

function columnType(cursor: Cursor): ColumnType {
  const { start, word } = cursor.token;
  const inside = templateOf(cursor, word);
  const parameters = cursor.isOp('(') ? typeParameters(cursor) : [];
  const span = cursor.spanFrom(start);
  return { ...inside, span, parameters };
}

type Part<T> = T extends unknown ? Omit<T, 'span' | 'parameters'> : never;

function templateOf(cursor: Cursor, word: string): Part<ColumnType> {
  switch (word) {
    case 'ARRAY':
    case 'RANGE': {
      openTemplate(cursor);
      const element = field(cursor, cursor.token.start, undefined, true);
      closeTemplate(cursor);
      return { kind: word === 'ARRAY' ? 'ArrayColumnType' : 'RangeColumnType', element };
    }
    case 'STRUCT': {
      openTemplate(cursor);
      const fields = structFields(cursor);
      return { kind: 'StructColumnType', fields };
    }
    case 'MAP':
      if (cursor.peek(1).op === '<') return mapType(cursor);
      return { kind: 'SimpleColumnType', name: parsePath(cursor) };
    case 'INTERVAL':
      return { kind: 'SimpleColumnType', name: pathOf([cursor.nameOr(intervalWord)]) };
    default:
      return { kind: 'SimpleColumnType', name: parsePath(cursor) };
  }
}

function openTemplate(cursor: Cursor): void {
  cursor.advance();
  cursor.expectOp('<');
}

function mapType(cursor: Cursor): Part<ColumnType> {
  cursor.foreign('type MAP');
  openTemplate(cursor);
  const key = field(cursor, cursor.token.start, undefined, true);
  cursor.expectOp(',');
  const value = field(cursor, cursor.token.start, undefined, true);
  closeTemplate(cursor);
  return { kind: 'MapColumnType', key, value };
}

function structFields(cursor: Cursor): ColumnField[] {
  const fields: ColumnField[] = [];
  if (!cursor.isOp('>')) {
    do fields.push(structField(cursor));
    while (cursor.takeOp(','));
  }
  closeTemplate(cursor);
  return fields;
}

/** Whether a type begins at the token after this one, so that this one is a field's name. */
function typeFollows(cursor: Cursor): boolean {
  const next = cursor.peek(1);
  return cursor.isName() && (cursor.isName(next) || reservedTypes.has(next.word));
}

/** A field without a name has no options: OPTIONS would be read as its type. */
function structField(cursor: Cursor): ColumnField {
  const { start } = cursor.token;
  const name = typeFollows(cursor) ? cursor.name() : undefined;
  return field(cursor, start, name, name !== undefined);
}

/** `type [COLLATE c] [NOT NULL] [OPTIONS (...)]`, as after SET DATA TYPE. */
export const parseFieldSchema = (cursor: Cursor): ColumnField =>
  field(cursor, cursor.token.start, undefined, true);

function field(
  cursor: Cursor,
  start: number,
  name: Identifier | undefined,
  mayHaveOptions: boolean,
): ColumnField {
  const type = parseColumnType(cursor);
  const collate = optionalCollation(cursor);
  const notNull = cursor.takeWord('NOT');
  if (notNull) cursor.expectWord('NULL');
  const options = mayHaveOptions ? optionalOptions(cursor) : {};
  return {
    kind: 'ColumnField',
    span: cursor.spanFrom(start),
    ...(name === undefined ? {} : { name }),
    type,
    ...collate,
    notNull,
    ...options,
  };
}

/** `COLLATE 'und:ci'` if it stands here, to spread into a node. */
export function optionalCollation(cursor: Cursor): { readonly collate?: Expression } {
  return cursor.takeWord('COLLATE') ? { collate: stringOrParameter(cursor) } : {};
}

/** A string literal, `@parameter`, `?` or `@@variable`. */
export function stringOrParameter(cursor: Cursor): Expression {
  if (cursor.token.kind === 'string') return parseLiteral(cursor) ?? cursor.unexpected();
  const { start } = cursor.token;
  if (cursor.takeOp('@@')) {
    const path = parsePath(cursor);
    return { kind: 'SystemVariable', span: cursor.spanFrom(start), path };
  }
  return parseParameter(cursor) ?? failExpected(cursor, '@', '@@', 'string literal');
}
