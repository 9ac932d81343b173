import type { Expression, Quantifier } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { startsHint } from './hints.ts';
import { parseLiteral, parseParameter } from './literals.ts';
import { parsePath } from './names.ts';
import { parseType } from './types.ts';

/** A whole number, a parameter or a system variable, or nothing where none of them begins. */
export function optionalCount(cursor: Cursor): Expression | undefined {
  const { start, kind } = cursor.token;
  if (kind === 'int') return parseLiteral(cursor);
  if (cursor.takeOp('@@')) {
    const path = parsePath(cursor);
    return { kind: 'SystemVariable', span: cursor.spanFrom(start), path };
  }
  return startsHint(cursor) ? undefined : parseParameter(cursor);
}

export function parseCount(cursor: Cursor): Expression {
  return optionalCount(cursor) ?? cursor.unexpected();
}

/** What `parseCount` takes, or a cast of it. */
export function parseCastCount(cursor: Cursor): Expression {
  const { start } = cursor.token;
  if (!cursor.takeWord('CAST')) return parseCount(cursor);
  cursor.expectOp('(');
  const operand = parseCount(cursor);
  cursor.expectWord('AS');
  const type = parseType(cursor);
  const format = cursor.takeWord('FORMAT') ? { format: parseExpression(cursor) } : {};
  cursor.expectOp(')');
  return { kind: 'Cast', span: cursor.spanFrom(start), safe: false, operand, type, ...format };
}

/** `{n}`, `{n,}`, `{,m}` or `{n, m}` from its opening brace on. */
export function parseBraceQuantifier(cursor: Cursor): Quantifier {
  const { start } = cursor.expectOp('{');
  const base = { kind: 'Quantifier', reluctant: false } as const;
  const lower = optionalCount(cursor);
  if (lower !== undefined && cursor.takeOp('}')) {
    return { ...base, form: 'COUNT', count: lower, span: cursor.spanFrom(start) };
  }
  cursor.expectOp(',');
  const upper = optionalCount(cursor);
  cursor.expectOp('}');
  return {
    ...base,
    form: 'RANGE',
    ...(lower === undefined ? {} : { lower }),
    ...(upper === undefined ? {} : { upper }),
    span: cursor.spanFrom(start),
  };
}

/** `*` or `+`, if one of them stands here. */
export function optionalSymbol(cursor: Cursor): Quantifier | undefined {
  const { start, op } = cursor.token;
  if (op !== '*' && op !== '+') return undefined;
  cursor.advance();
  return { kind: 'Quantifier', form: op, reluctant: false, span: cursor.spanFrom(start) };
}
