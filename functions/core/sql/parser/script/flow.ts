import type {
  BreakStatement,
  ContinueStatement,
  Identifier,
  RaiseStatement,
  ReturnStatement,
} from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { parseExpression } from '../expression.ts';
import { given } from '../given.ts';

const jumpLabel = (cursor: Cursor): { readonly label?: Identifier } =>
  cursor.isName() ? { label: cursor.name() } : {};

export function parseBreak(cursor: Cursor): BreakStatement {
  const { start, word } = cursor.advance();
  const label = jumpLabel(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'BreakStatement', span, word: word === 'LEAVE' ? word : 'BREAK', ...label };
}

export function parseContinue(cursor: Cursor): ContinueStatement {
  const { start, word } = cursor.advance();
  const label = jumpLabel(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'ContinueStatement', span, word: word === 'ITERATE' ? word : 'CONTINUE', ...label };
}

export function parseReturn(cursor: Cursor): ReturnStatement {
  const { start } = cursor.expectWord('RETURN');
  return { kind: 'ReturnStatement', span: cursor.spanFrom(start) };
}

/** `RAISE [USING MESSAGE = expression]` */
export function parseRaise(cursor: Cursor): RaiseStatement {
  const { start } = cursor.expectWord('RAISE');
  const message = cursor.takeWord('USING') ? raisedMessage(cursor) : undefined;
  return { kind: 'RaiseStatement', span: cursor.spanFrom(start), ...given({ message }) };
}

function raisedMessage(cursor: Cursor) {
  cursor.expectWord('MESSAGE');
  cursor.expectOp('=');
  return parseExpression(cursor);
}
