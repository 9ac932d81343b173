import type { Expression, TypeNode } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseLiteral } from './literals.ts';
import { parsePath, pathOf } from './names.ts';

const typeKeywords: ReadonlySet<string> = new Set(['ARRAY', 'STRUCT', 'RANGE', 'INTERVAL']);

/** `INT64`, `STRING(10)`, `ARRAY<STRUCT<a INT64>>`, each with an optional collation. */
export function parseType(cursor: Cursor): TypeNode {
  return cursor.nested(typeBody);
}

function typeBody(cursor: Cursor): TypeNode {
  const start = cursor.token.start;
  const word = cursor.token.word;
  const template = cursor.peek(1).op === '<';
  if (word === 'ARRAY') return arrayType(cursor, start);
  if (word === 'STRUCT') return structType(cursor, start);
  if (word === 'RANGE') {
    const element = templateElement(cursor);
    return { kind: 'RangeType', span: cursor.spanFrom(start), element };
  }
  if (template && (word === 'FUNCTION' || word === 'MAP')) cursor.unsupported(`type ${word}`);
  const name = word === 'INTERVAL' ? intervalName(cursor) : parsePath(cursor);
  const parameters = typeParameters(cursor);
  const collate = collation(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'SimpleType', span, name, parameters, ...(collate === undefined ? {} : { collate }) };
}

function intervalName(cursor: Cursor) {
  return pathOf([cursor.nameOr(new Set(['INTERVAL']))]);
}

function templateElement(cursor: Cursor): TypeNode {
  cursor.advance();
  cursor.expectOp('<');
  const element = parseType(cursor);
  cursor.expectOp('>');
  return element;
}

function arrayType(cursor: Cursor, start: number): TypeNode {
  const element = templateElement(cursor);
  const collate = collation(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'ArrayType', span, element, ...(collate === undefined ? {} : { collate }) };
}

function structType(cursor: Cursor, start: number): TypeNode {
  cursor.advance();
  cursor.expectOp('<');
  const fields = cursor.isOp('>') ? [] : commaList(cursor, structField);
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

export function typeParameters(cursor: Cursor): Expression[] {
  if (!cursor.takeOp('(')) return [];
  const parameters: Expression[] = [];
  do {
    if (parameters.length > 0 && cursor.isOp(')')) break;
    parameters.push(typeParameter(cursor));
  } while (cursor.takeOp(','));
  cursor.expectOp(')');
  return parameters;
}

function typeParameter(cursor: Cursor): Expression {
  if (cursor.isWord('MAX')) {
    const path = parsePath(cursor);
    return { kind: 'PathExpression', span: path.span, path };
  }
  return parseLiteral(cursor) ?? cursor.unexpected();
}

function collation(cursor: Cursor): Expression | undefined {
  if (!cursor.takeWord('COLLATE')) return undefined;
  return cursor.token.kind === 'string' ? parseLiteral(cursor) : cursor.unexpected();
}
