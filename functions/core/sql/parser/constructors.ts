import type { Expression, TypeNode } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseBracedGraph } from './graph/query.ts';
import { joinedStrings } from './literals.ts';
import { parseParenthesizedQuery } from './query.ts';
import { parseType } from './types.ts';

/** Arrays, structs and ranges built from a keyword or a bracket; nothing if none stands here. */
export function parseConstructor(cursor: Cursor): Expression | undefined {
  const { word, op } = cursor.token;
  if (op === '[') return arrayElements(cursor, cursor.token.start, undefined);
  if (word === 'ARRAY') return arrayConstructor(cursor);
  if (word === 'STRUCT') return structConstructor(cursor);
  if (word === 'RANGE' && cursor.peek(1).op === '<') return rangeLiteral(cursor);
  return undefined;
}

function arrayConstructor(cursor: Cursor): Expression {
  const start = cursor.token.start;
  const next = cursor.peek(1).op;
  if (next === '(') {
    cursor.advance();
    const query = parseParenthesizedQuery(cursor);
    return { kind: 'ArraySubquery', span: cursor.spanFrom(start), query };
  }
  if (next === '{') {
    cursor.advance();
    const query = parseBracedGraph(cursor);
    return { kind: 'ArraySubquery', span: cursor.spanFrom(start), query };
  }
  if (next !== '<') {
    cursor.advance();
    return arrayElements(cursor, start, undefined);
  }
  const type = parseType(cursor);
  return arrayElements(cursor, start, type.kind === 'ArrayType' ? type.element : undefined);
}

function arrayElements(cursor: Cursor, start: number, elementType: TypeNode | undefined): Expression {
  cursor.expectOp('[');
  const elements = cursor.isOp(']') ? [] : commaList(cursor, parseExpression);
  cursor.expectOp(']');
  const span = cursor.spanFrom(start);
  return { kind: 'ArrayConstructor', span, ...(elementType === undefined ? {} : { elementType }), elements };
}

function structConstructor(cursor: Cursor): Expression {
  const start = cursor.token.start;
  const typed = cursor.peek(1).op === '<';
  const type = typed ? parseType(cursor) : undefined;
  if (!typed) cursor.advance();
  if (cursor.isOp('{')) cursor.unsupported('braced constructor');
  cursor.expectOp('(');
  const fields = cursor.isOp(')') ? [] : commaList(cursor, structArgument);
  cursor.expectOp(')');
  const span = cursor.spanFrom(start);
  return { kind: 'StructConstructor', span, ...(type === undefined ? {} : { type }), tuple: false, fields };
}

function structArgument(cursor: Cursor) {
  const start = cursor.token.start;
  const value = parseExpression(cursor);
  const alias = cursor.takeWord('AS') ? cursor.name() : undefined;
  const span = cursor.spanFrom(start);
  return alias === undefined ? { span, value } : { span, value, alias };
}

function rangeLiteral(cursor: Cursor): Expression {
  const start = cursor.token.start;
  const type = parseType(cursor);
  if (type.kind !== 'RangeType' || cursor.token.kind !== 'string') return cursor.unexpected();
  const value = joinedStrings(cursor);
  return { kind: 'RangeLiteral', span: cursor.spanFrom(start), element: type.element, value };
}
