import type { BinaryOperator, Expression } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseExpression, parseTight } from './expression.ts';
import { parseGraphTest, startsGraphTest } from './graph/expressions.ts';
import { parseBracedGraph } from './graph/query.ts';
import { parseParenthesizedQuery, startsQuery } from './query.ts';

const comparisonOperators: Readonly<Record<string, BinaryOperator>> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

const comparisonWords: ReadonlySet<string> = new Set(['LIKE', 'IN', 'BETWEEN', 'IS']);
const afterNot: ReadonlySet<string> = new Set(['LIKE', 'IN', 'BETWEEN']);

/** Whether a comparison operator stands here. */
export function isComparison(cursor: Cursor): boolean {
  const { op, word } = cursor.token;
  if (op !== '') return comparisonOperators[op] !== undefined;
  if (word === 'NOT') return afterNot.has(cursor.peek(1).word);
  return comparisonWords.has(word);
}

/** The rest of a comparison whose left side is `operand`. */
export function parseComparison(cursor: Cursor, operand: Expression, start: number): Expression {
  const operator = comparisonOperators[cursor.token.op];
  if (operator !== undefined) return simpleComparison(cursor, operand, start, operator);
  const not = cursor.takeWord('NOT');
  if (cursor.takeWord('IS')) return isTest(cursor, operand, start);
  if (cursor.takeWord('BETWEEN')) return between(cursor, operand, start, not);
  if (cursor.takeWord('IN')) return inTest(cursor, operand, start, not);
  cursor.expectWord('LIKE');
  return like(cursor, operand, start, not);
}

function simpleComparison(
  cursor: Cursor,
  left: Expression,
  start: number,
  operator: BinaryOperator,
): Expression {
  cursor.advance();
  if (cursor.isWord('ANY') || cursor.isWord('ALL') || cursor.isWord('SOME')) {
    cursor.unsupported('quantified comparison');
  }
  const right = parseTight(cursor);
  return { kind: 'Binary', span: cursor.spanFrom(start), operator, left, right };
}

function isTest(cursor: Cursor, operand: Expression, start: number): Expression {
  const not = cursor.takeWord('NOT');
  if (cursor.takeWord('DISTINCT')) {
    cursor.expectWord('FROM');
    const right = parseTight(cursor);
    return { kind: 'IsDistinct', span: cursor.spanFrom(start), left: operand, right, not };
  }
  const { word } = cursor.token;
  if (word !== 'NULL' && word !== 'TRUE' && word !== 'FALSE' && word !== 'UNKNOWN') {
    if (startsGraphTest(cursor)) return parseGraphTest(cursor, operand, start, not);
    cursor.unexpected();
  }
  cursor.advance();
  return { kind: 'IsTest', span: cursor.spanFrom(start), operand, not, test: word };
}

function between(cursor: Cursor, operand: Expression, start: number, not: boolean): Expression {
  const at = cursor.token;
  if (at.word === 'NOT') cursor.fail('Expression in BETWEEN must be parenthesized');
  const low = parseTight(cursor);
  if (cursor.isWord('OR') || isComparison(cursor))
    cursor.fail('Expression in BETWEEN must be parenthesized', at);
  cursor.expectWord('AND');
  const high = parseTight(cursor);
  return { kind: 'Between', span: cursor.spanFrom(start), operand, not, low, high };
}

function inTest(cursor: Cursor, operand: Expression, start: number, not: boolean): Expression {
  cursor.refuseHint();
  if (cursor.isWord('UNNEST')) {
    const array = unnestOperand(cursor);
    return { kind: 'InUnnest', span: cursor.spanFrom(start), operand, not, array };
  }
  const braced = cursor.isOp('{');
  if (!braced && !cursor.isOp('(')) cursor.fail(`Expected "(" or keyword UNNEST but got ${cursor.here()}`);
  if (braced || startsQuery(cursor, 1)) {
    const query = braced ? parseBracedGraph(cursor) : parseParenthesizedQuery(cursor);
    return { kind: 'InQuery', span: cursor.spanFrom(start), operand, not, query };
  }
  const list = parenthesizedList(cursor);
  return { kind: 'InList', span: cursor.spanFrom(start), operand, not, list };
}

function parenthesizedList(cursor: Cursor): Expression[] {
  cursor.expectOp('(');
  const list = commaList(cursor, parseExpression);
  cursor.expectOp(')');
  return list;
}

/** `UNNEST(array)` where a test wants values: one array, no alias. */
function unnestOperand(cursor: Cursor): Expression {
  cursor.expectWord('UNNEST');
  cursor.expectOp('(');
  const array = parseExpression(cursor);
  cursor.expectOp(')');
  return array;
}

function like(cursor: Cursor, operand: Expression, start: number, not: boolean): Expression {
  const { word } = cursor.token;
  if (word !== 'ANY' && word !== 'SOME' && word !== 'ALL') {
    const pattern = parseTight(cursor);
    return { kind: 'Like', span: cursor.spanFrom(start), operand, not, patterns: [pattern] };
  }
  cursor.advance();
  cursor.refuseHint();
  const quantifier = word === 'ALL' ? 'ALL' : 'ANY';
  const base = { kind: 'Like' as const, operand, not, quantifier } as const;
  if (cursor.isWord('UNNEST')) {
    const patterns = [unnestOperand(cursor)];
    return { ...base, span: cursor.spanFrom(start), patterns, patternsFrom: 'UNNEST' };
  }
  if (cursor.isOp('(') && startsQuery(cursor, 1)) {
    const at = cursor.token.start;
    const query = parseParenthesizedQuery(cursor);
    const patterns = [{ kind: 'ScalarSubquery' as const, span: cursor.spanFrom(at), query }];
    return { ...base, span: cursor.spanFrom(start), patterns, patternsFrom: 'QUERY' };
  }
  const patterns = parenthesizedList(cursor);
  return { ...base, span: cursor.spanFrom(start), patterns };
}
