import type { Expression, Within } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';

/** `WITHIN (...)` after a call: nothing, a length of time, or a range with one or two ends. */
export function parseWithin(cursor: Cursor): Within {
  const { start } = cursor.token;
  cursor.foreign('WITHIN');
  cursor.advance();
  cursor.expectOp('(');
  const parts: (string | Expression)[] = [];
  if (!cursor.isOp(')')) {
    if (cursor.isWord('RANGE') && ['FROM', 'TO'].includes(cursor.peek(1).word)) range(cursor, parts);
    else length(cursor, parts);
  }
  cursor.expectOp(')');
  return { span: cursor.spanFrom(start), parts };
}

function range(cursor: Cursor, parts: (string | Expression)[]): void {
  parts.push(cursor.advance().word);
  if (cursor.isWord('FROM')) {
    parts.push(cursor.advance().word);
    length(cursor, parts);
    if (!cursor.isWord('TO')) return;
  }
  parts.push(cursor.expectWord('TO').word);
  length(cursor, parts);
}

/** `x`, `x PERIOD`, each with PRECEDING or FOLLOWING, or `UNBOUNDED` with one of them. */
function length(cursor: Cursor, parts: (string | Expression)[]): void {
  if (cursor.isWord('UNBOUNDED')) {
    parts.push(cursor.advance().word);
    if (!isDirection(cursor)) cursor.unexpected();
  } else {
    parts.push(parseExpression(cursor));
    if (cursor.isWord('PERIOD')) parts.push(cursor.advance().word);
  }
  if (isDirection(cursor)) parts.push(cursor.advance().word);
}

const isDirection = (cursor: Cursor): boolean => cursor.isWord('PRECEDING') || cursor.isWord('FOLLOWING');
