import type { BinaryOperator, Expression } from '../ast/index.ts';
import { isComparison, parseComparison } from './comparison.ts';
import type { Cursor } from './cursor.ts';
import { parseOperand, parsePostfixes } from './operand.ts';

/**
 * How tightly binary operators bind, loosest first; each groups from the left.
 * Looser than all of them are OR, AND, NOT and the comparisons, which do not group at all.
 */
const binaryLevels: ReadonlyMap<string, number> = new Map([
  ['|', 1],
  ['^', 2],
  ['&', 3],
  ['<<', 4],
  ['>>', 4],
  ['+', 5],
  ['-', 5],
  ['||', 6],
  ['*', 7],
  ['/', 7],
]);

const loosestBinary = 1;
const unaryLevel = 8;

const firstOperators: ReadonlySet<string> = new Set(['(', '[', '{', '-', '+', '~', '@', '@@', '?', '**']);
const firstWords: ReadonlySet<string> = new Set(
  (
    'ARRAY CASE CAST COLLATE EXISTS EXTRACT FALSE GROUPING IF INTERVAL LEFT NEW NOT NULL RANGE RIGHT STRUCT ' +
    'TRUE WITH'
  ).split(' '),
);

/** Whether an expression could begin with what stands here. */
export function startsExpression(cursor: Cursor): boolean {
  const { kind, op, word, reserved } = cursor.token;
  if (kind === 'op') return firstOperators.has(op);
  if (kind === 'word') return !reserved || firstWords.has(word);
  return kind !== 'eof' && kind !== 'attached';
}

/** A value to store, in INSERT, UPDATE and MERGE: DEFAULT or an expression. */
export function parseExpressionOrDefault(cursor: Cursor): Expression {
  if (!cursor.isWord('DEFAULT')) return parseExpression(cursor);
  const { start, end } = cursor.advance();
  return { kind: 'DefaultValue', span: { start, end } };
}

/** A whole expression: OR of ANDs of comparisons. */
export function parseExpression(cursor: Cursor): Expression {
  cursor.enter();
  const start = cursor.token.start;
  const first = parseAnd(cursor);
  const expression = cursor.isWord('OR') ? logical(cursor, start, 'OR', first, parseAnd) : first;
  cursor.leave();
  return expression;
}

function parseAnd(cursor: Cursor): Expression {
  const start = cursor.token.start;
  const first = parseUnconnected(cursor);
  return cursor.isWord('AND') ? logical(cursor, start, 'AND', first, parseUnconnected) : first;
}

function logical(
  cursor: Cursor,
  start: number,
  operator: 'AND' | 'OR',
  first: Expression,
  operand: (cursor: Cursor) => Expression,
): Expression {
  const operands = [first];
  while (cursor.takeWord(operator)) operands.push(operand(cursor));
  return { kind: 'Logical', span: cursor.spanFrom(start), operator, operands };
}

/**
 * An expression without a bare AND or OR: a comparison, a NOT or something tighter.
 * `a IN (1) + 2` goes on after a comparison that ends in no operand: GoogleSQL's grammar lets it.
 */
export function parseUnconnected(cursor: Cursor): Expression {
  const start = cursor.token.start;
  if (cursor.isWord('NOT')) return parseNot(cursor);
  let left = parseTight(cursor);
  while (isComparison(cursor)) {
    const comparison = parseComparison(cursor, left, start);
    if (comparison.complete) {
      if (isComparison(cursor)) cursor.unexpected();
      return comparison.expression;
    }
    cursor.chainSteps++;
    left = parseBinaryRest(
      cursor,
      parsePostfixes(cursor, comparison.expression, start),
      loosestBinary,
      start,
    );
  }
  return left;
}

const notOperators: ReadonlySet<string> = new Set(['LIKE', 'IN', 'BETWEEN', 'DISTINCT']);

function parseNot(cursor: Cursor): Expression {
  // `NOT LIKE` is one operator, and that has something before it
  if (notOperators.has(cursor.peek(1).word)) cursor.unexpected();
  const { start } = cursor.advance();
  const operand = cursor.nested(parseUnconnected);
  return { kind: 'Unary', span: cursor.spanFrom(start), operator: 'NOT', operand };
}

/** An expression without a bare comparison: arithmetic, bits, concatenation. */
export function parseTight(cursor: Cursor): Expression {
  return parseBinary(cursor, loosestBinary);
}

/** Where an operand should stand, NOT is read with what follows it, and then refused. */
export function refuseNot(cursor: Cursor): void {
  if (!cursor.isWord('NOT')) return;
  const at = cursor.token;
  cursor.nested(parseUnconnected);
  cursor.fail('Unexpected keyword NOT', at);
}

/** `>>` comes as two tokens, because two types can close there too. `*:` belongs to a braced constructor. */
function binaryOperatorHere(cursor: Cursor): string {
  const { op, end } = cursor.token;
  if (op !== '>' && op !== '*') return op;
  const next = cursor.peek(1);
  if (op === '*') return next.op === ':' ? '' : op;
  return next.op === '>' && next.start === end ? '>>' : op;
}

function parseBinary(cursor: Cursor, level: number): Expression {
  const start = cursor.token.start;
  return parseBinaryRest(cursor, parsePrefix(cursor), level, start);
}

function parseBinaryRest(cursor: Cursor, first: Expression, level: number, start: number): Expression {
  let left = first;
  for (;;) {
    const operator = binaryOperatorHere(cursor);
    const found = operator === '' ? undefined : binaryLevels.get(operator);
    if (found === undefined || found < level) return left;
    cursor.advance();
    if (operator === '>>') cursor.advance();
    refuseNot(cursor);
    const right = parseBinary(cursor, found + 1);
    cursor.chainSteps++;
    left = {
      kind: 'Binary',
      span: cursor.spanFrom(start),
      operator: operator as BinaryOperator,
      left,
      right,
    };
  }
}

function parsePrefix(cursor: Cursor): Expression {
  const { op, start } = cursor.token;
  if (op === '**') return parseUnpack(cursor);
  if (op !== '-' && op !== '+' && op !== '~') return parseOperand(cursor);
  cursor.advance();
  const operand = cursor.nested(parseUnaryOperand);
  return { kind: 'Unary', span: cursor.spanFrom(start), operator: op, operand };
}

function parseUnaryOperand(cursor: Cursor): Expression {
  refuseNot(cursor);
  return parseBinary(cursor, unaryLevel);
}

/** `**x`, `**COLUMNS(x)` */
export function parseUnpack(cursor: Cursor): Extract<Expression, { kind: 'Unpack' }> {
  const { start } = cursor.token;
  cursor.foreign('unpacking with **');
  cursor.advance();
  const wrapped = cursor.isOp('(') && startsColumns(cursor, 1);
  const columns = wrapped || startsColumns(cursor, 0);
  if (wrapped) cursor.advance();
  const operand = columns ? parseColumns(cursor) : cursor.nested(parseUnpackOperand);
  if (wrapped) cursor.expectOp(')');
  return { kind: 'Unpack', span: cursor.spanFrom(start), columns, operand };
}

function parseUnpackOperand(cursor: Cursor): Expression {
  return cursor.isWord('NOT') ? parseNot(cursor) : parseBinary(cursor, unaryLevel);
}

/** Whether `COLUMNS(` stands there, which names columns where it may, and calls no function. */
function startsColumns(cursor: Cursor, ahead: number): boolean {
  return cursor.peek(ahead).word === 'COLUMNS' && cursor.peek(ahead + 1).op === '(';
}

/** `COLUMNS(expression)`; the result is the expression. */
export function parseColumns(cursor: Cursor): Expression {
  cursor.advance();
  cursor.expectOp('(');
  const columns = parseExpression(cursor);
  cursor.expectOp(')');
  return columns;
}
