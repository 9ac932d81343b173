import type { Expression } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { failExpected } from './expected.ts';
import { parseLiteral, parseParameter } from './literals.ts';
import { parsePath } from './names.ts';
import { parseType } from './types.ts';

/** An integer literal, `@name`, `?` or `@@name`: what may count rows or rounds. */
export function parseCount(cursor: Cursor): Expression {
  if (cursor.token.kind === 'int') return parseLiteral(cursor) ?? cursor.unexpected();
  if (cursor.isOp('@@')) return systemVariable(cursor);
  return parseParameter(cursor) ?? cursor.unexpected();
}

function systemVariable(cursor: Cursor): Expression {
  const { start } = cursor.expectOp('@@');
  const path = parsePath(cursor);
  return { kind: 'SystemVariable', span: cursor.spanFrom(start), path };
}

/** A count, or `CAST(count AS type)`. */
export function parseCastCount(cursor: Cursor): Expression {
  if (!cursor.isWord('CAST')) return parseCount(cursor);
  const { start } = cursor.advance();
  cursor.expectOp('(');
  const { kind, op } = cursor.token;
  if (kind !== 'int' && op !== '@' && op !== '@@' && op !== '?') {
    failExpected(cursor, '@', '@@', 'integer literal');
  }
  const operand = parseCount(cursor);
  cursor.expectWord('AS');
  const type = parseType(cursor);
  cursor.expectOp(')');
  return { kind: 'Cast', span: cursor.spanFrom(start), safe: false, operand, type };
}
