import type { Expression, Quantifier } from '../ast/index.ts';
import { parseCount } from './counts.ts';
import type { Cursor } from './cursor.ts';
import { startsHint } from './hints.ts';

/** A whole number, a parameter or a system variable, or nothing where none of them begins. */
export function optionalCount(cursor: Cursor): Expression | undefined {
  const { kind, op } = cursor.token;
  const begins = kind === 'int' || op === '@@' || op === '?' || (op === '@' && !startsHint(cursor));
  return begins ? parseCount(cursor) : undefined;
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
