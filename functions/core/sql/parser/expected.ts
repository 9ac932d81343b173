import { syntaxFailure } from '../lexer/failure.ts';
import type { Cursor } from './cursor.ts';

/**
 * Fails as GoogleSQL does where few tokens could follow: it names up to four of them, in the order of
 * their text. Words are in upper case, everything else is punctuation.
 */
export function failExpected(cursor: Cursor, ...tokens: readonly string[]): never {
  if (cursor.token.kind === 'attached') return cursor.unexpected();
  const shown = tokens.map((token) => (/^[A-Z_]+$/.test(token) ? `keyword ${token}` : `"${token}"`)).sort();
  return cursor.fail(`Expected ${shown.join(' or ')} but got ${cursor.here()}`);
}

/** Fails at an offset that is not the cursor's. */
export function failAt(message: string, offset: number): never {
  throw syntaxFailure(message, offset);
}

/** The `)` of a list in which each item may also be followed by a comma. */
export function closeList(cursor: Cursor): void {
  if (!cursor.takeOp(')')) failExpected(cursor, ')', ',');
}
