import { SqlFailure, syntaxFailure } from '../lexer/failure.ts';
import type { Cursor } from './cursor.ts';

/**
 * Fails as GoogleSQL does where few tokens could follow: it names up to four of them, in the order of
 * their text. Keywords are in upper case, classes of tokens (`string literal`) in lower case.
 */
export function failExpected(cursor: Cursor, ...tokens: readonly string[]): never {
  if (cursor.token.kind === 'attached') return cursor.unexpected();
  const shown = tokens.map(shownToken).sort();
  return cursor.fail(`Expected ${shown.join(' or ')} but got ${cursor.here()}`);
}

/** Operators that GoogleSQL writes without quotes. */
const bareOperators: ReadonlySet<string> = new Set(['->', '=>']);

function shownToken(token: string): string {
  if (/^[A-Z]+$/.test(token)) return `keyword ${token}`;
  const bare = /^[A-Za-z_ ]+$/.test(token) || bareOperators.has(token);
  return bare ? token : `"${token}"`;
}

/** Fails at an offset that is not the cursor's. */
export function failAt(message: string, offset: number): never {
  throw syntaxFailure(message, offset);
}

/** Fails with a message that has no prefix, as GoogleSQL's own checks do. */
export function failBare(message: string, offset: number): never {
  throw new SqlFailure('syntax', message, offset);
}

/** The `)` of a list in which each item may also be followed by a comma. */
export function closeList(cursor: Cursor): void {
  if (!cursor.takeOp(')')) failExpected(cursor, ')', ',');
}

/** The `>` of a type's template. */
export function closeTemplate(cursor: Cursor): void {
  if (!cursor.takeOp('>')) failExpected(cursor, '>');
}
