import type { BinaryOperator, Expression } from '../ast/index.ts';
import { isComparison, parseComparison } from './comparison.ts';
import type { Cursor } from './cursor.ts';
import { parseOperand } from './operand.ts';

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

/** An expression without a bare AND or OR: a comparison, a NOT or something tighter. */
export function parseUnconnected(cursor: Cursor): Expression {
  const start = cursor.token.start;
  if (cursor.takeWord('NOT')) {
    const operand = cursor.nested(parseUnconnected);
    return { kind: 'Unary', span: cursor.spanFrom(start), operator: 'NOT', operand };
  }
  const left = parseTight(cursor);
  if (!isComparison(cursor)) return left;
  const compared = parseComparison(cursor, left, start);
  if (isComparison(cursor)) refuseSecondComparison(cursor, compared);
  return compared;
}

function refuseSecondComparison(cursor: Cursor, first: Expression): never {
  if (first.kind === 'Binary') cursor.unexpected();
  return cursor.fail('Expression to the left of comparison must be parenthesized');
}

/** An expression without a bare comparison: arithmetic, bits, concatenation. */
export function parseTight(cursor: Cursor): Expression {
  return parseBinary(cursor, loosestBinary);
}

/** `>>` comes as two tokens, because two types can close there too. */
function binaryOperatorHere(cursor: Cursor): string {
  const { op, end } = cursor.token;
  if (op !== '>') return op;
  const next = cursor.peek(1);
  return next.op === '>' && next.start === end ? '>>' : op;
}

function parseBinary(cursor: Cursor, level: number): Expression {
  const start = cursor.token.start;
  let left = parsePrefix(cursor);
  for (;;) {
    const operator = binaryOperatorHere(cursor);
    const found = operator === '' ? undefined : binaryLevels.get(operator);
    if (found === undefined || found < level) return left;
    cursor.advance();
    if (operator === '>>') cursor.advance();
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
  if (op !== '-' && op !== '+' && op !== '~') return parseOperand(cursor);
  cursor.advance();
  const operand = cursor.nested(parseUnaryOperand);
  return { kind: 'Unary', span: cursor.spanFrom(start), operator: op, operand };
}

function parseUnaryOperand(cursor: Cursor): Expression {
  return parseBinary(cursor, unaryLevel);
}
