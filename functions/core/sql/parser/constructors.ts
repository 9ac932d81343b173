import type { Expression, TypeNode } from '../ast/index.ts';
import { parseBracedConstructor } from './braced.ts';
import { type Cursor, commaList } from './cursor.ts';
import { closeList, failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { parseBracedGraph } from './graph/query.ts';
import { joinedStrings } from './literals.ts';
import { parseParenthesizedQuery } from './query.ts';
import { parseArrayType, parseRangeType, parseStructType } from './types.ts';

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
    if (!cursor.isOp('[')) failExpected(cursor, '<');
    return arrayElements(cursor, start, undefined);
  }
  const type = parseArrayType(cursor);
  return arrayElements(cursor, start, type.element);
}

function arrayElements(cursor: Cursor, start: number, elementType: TypeNode | undefined): Expression {
  cursor.expectOp('[');
  const elements = cursor.isOp(']') ? [] : commaList(cursor, parseExpression);
  if (!cursor.takeOp(']')) failExpected(cursor, ',', ']');
  const span = cursor.spanFrom(start);
  return { kind: 'ArrayConstructor', span, ...(elementType === undefined ? {} : { elementType }), elements };
}

function structConstructor(cursor: Cursor): Expression {
  const start = cursor.token.start;
  const type = cursor.peek(1).op === '<' ? parseStructType(cursor) : undefined;
  if (type === undefined) cursor.advance();
  const typePart = type === undefined ? {} : { type };
  if (cursor.isOp('{')) return parseBracedConstructor(cursor, { keyword: 'STRUCT', ...typePart }, start);
  if (!cursor.takeOp('(')) failExpected(cursor, ...(type === undefined ? ['<'] : ['(', '{']));
  const fields = cursor.isOp(')') ? [] : commaList(cursor, structArgument);
  closeList(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'StructConstructor', span, ...typePart, tuple: false, fields };
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
  const { element } = parseRangeType(cursor);
  if (cursor.token.kind !== 'string') failExpected(cursor, 'string literal');
  const value = joinedStrings(cursor);
  return { kind: 'RangeLiteral', span: cursor.spanFrom(start), element, value };
}
