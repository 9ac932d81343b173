import type { Expression, TypeNode } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { closeList, failExpected } from './expected.ts';
import { parseLiteral, parseParameter } from './literals.ts';
import { parsePath, pathOf } from './names.ts';

const typeKeywords: ReadonlySet<string> = new Set(['ARRAY', 'STRUCT', 'RANGE', 'INTERVAL']);
const intervalWord: ReadonlySet<string> = new Set(['INTERVAL']);

type TypeOf<K extends TypeNode['kind']> = Extract<TypeNode, { kind: K }>;

/** `INT64`, `STRING(10)`, `ARRAY<STRUCT<a INT64>>`, each with an optional collation. */
export function parseType(cursor: Cursor): TypeNode {
  return cursor.nested(typeBody);
}

function typeBody(cursor: Cursor): TypeNode {
  const start = cursor.token.start;
  const raw = rawType(cursor);
  const hasParameters = cursor.isOp('(');
  if (!hasParameters && !cursor.isWord('COLLATE')) return raw;
  const parameters = hasParameters ? { parameters: typeParameters(cursor) } : {};
  const collate = parseCollation(cursor);
  const span = cursor.spanFrom(start);
  return { ...raw, span, ...parameters, ...(collate === undefined ? {} : { collate }) };
}

function rawType(cursor: Cursor): TypeNode {
  const { word } = cursor.token;
  if (word === 'ARRAY') return parseArrayType(cursor);
  if (word === 'STRUCT') return parseStructType(cursor);
  if (word === 'RANGE') return parseRangeType(cursor);
  if (cursor.peek(1).op === '<') {
    if (word === 'FUNCTION') return functionType(cursor);
    if (word === 'MAP') return parseMapType(cursor);
  }
  return parseTypeName(cursor);
}

/** A type by its name alone. */
export function parseTypeName(cursor: Cursor): TypeOf<'SimpleType'> {
  const name = cursor.isWord('INTERVAL') ? pathOf([cursor.nameOr(intervalWord)]) : parsePath(cursor);
  return { kind: 'SimpleType', span: name.span, name, parameters: [] };
}

/** `<` after the word that stands here. */
function openTemplate(cursor: Cursor): void {
  cursor.advance();
  cursor.expectOp('<');
}

/** `ARRAY<element>` */
export function parseArrayType(cursor: Cursor): TypeOf<'ArrayType'> {
  const { start } = cursor.token;
  openTemplate(cursor);
  const element = parseType(cursor);
  cursor.expectOp('>');
  return { kind: 'ArrayType', span: cursor.spanFrom(start), element };
}

/** `RANGE<element>` */
export function parseRangeType(cursor: Cursor): TypeOf<'RangeType'> {
  const { start } = cursor.token;
  openTemplate(cursor);
  const element = parseType(cursor);
  cursor.expectOp('>');
  return { kind: 'RangeType', span: cursor.spanFrom(start), element };
}

/** `STRUCT<name type, type>` */
export function parseStructType(cursor: Cursor): TypeOf<'StructType'> {
  const { start } = cursor.token;
  openTemplate(cursor);
  const begins = cursor.isName() || typeKeywords.has(cursor.token.word);
  const fields = begins ? commaList(cursor, structField) : [];
  cursor.expectOp('>');
  return { kind: 'StructType', span: cursor.spanFrom(start), fields };
}

function structField(cursor: Cursor) {
  const start = cursor.token.start;
  const next = cursor.peek(1);
  const named = cursor.isName() && (cursor.isName(next) || typeKeywords.has(next.word));
  const name = named ? cursor.name() : undefined;
  const type = parseType(cursor);
  const span = cursor.spanFrom(start);
  return name === undefined ? { span, type } : { span, name, type };
}

/** `MAP<key, value>` */
export function parseMapType(cursor: Cursor): TypeOf<'MapType'> {
  const { start } = cursor.token;
  cursor.foreign('type MAP');
  openTemplate(cursor);
  const key = parseType(cursor);
  cursor.expectOp(',');
  const value = parseType(cursor);
  cursor.expectOp('>');
  return { kind: 'MapType', span: cursor.spanFrom(start), key, value };
}

/** `FUNCTION<()->T>`, `FUNCTION<T->U>`, `FUNCTION<(T, U)->V>` */
function functionType(cursor: Cursor): TypeOf<'FunctionType'> {
  const { start } = cursor.token;
  cursor.foreign('type FUNCTION');
  openTemplate(cursor);
  const parenthesized = cursor.isOp('(');
  const args = parenthesized ? functionArguments(cursor) : [parseType(cursor)];
  cursor.expectOp('->');
  const result = parseType(cursor);
  cursor.expectOp('>');
  const span = cursor.spanFrom(start);
  return { kind: 'FunctionType', span, arguments: args, parenthesized, result };
}

function functionArguments(cursor: Cursor): TypeNode[] {
  cursor.advance();
  const args = cursor.isOp(')') ? [] : commaList(cursor, parseType);
  closeList(cursor);
  return args;
}

export function typeParameters(cursor: Cursor): Expression[] {
  cursor.advance();
  const parameters = [typeParameter(cursor)];
  while (cursor.isOp(',')) {
    const comma = cursor.advance();
    if (cursor.isOp(')')) cursor.fail('Trailing comma in type parameter list is not allowed.', comma);
    parameters.push(typeParameter(cursor));
  }
  closeList(cursor);
  return parameters;
}

const parameterKinds: ReadonlySet<string> = new Set(['int', 'float', 'string', 'bytes']);

function typeParameter(cursor: Cursor): Expression {
  const { kind, word } = cursor.token;
  if (word === 'MAX') {
    const path = pathOf([cursor.name()]);
    return { kind: 'PathExpression', span: path.span, path };
  }
  const literal = parameterKinds.has(kind) || word === 'TRUE' || word === 'FALSE';
  return (literal ? parseLiteral(cursor) : undefined) ?? cursor.unexpected();
}

/** `COLLATE 'und:ci'` if it stands here: a string, a parameter or a system variable. */
export function parseCollation(cursor: Cursor): Expression | undefined {
  return cursor.takeWord('COLLATE') ? collationName(cursor) : undefined;
}

function collationName(cursor: Cursor): Expression {
  if (cursor.token.kind === 'string') return parseLiteral(cursor) ?? cursor.unexpected();
  return parseParameter(cursor) ?? failExpected(cursor, '@', '@@', 'string literal');
}
