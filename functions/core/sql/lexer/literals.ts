import { rawText, unescapeBytes, unescapeText } from './escapes.ts';
import { SqlFailure, syntaxFailure } from './failure.ts';

/** A quoted literal: what it is, where it ends, what it says. */
export type QuotedLiteral = {
  readonly kind: 'string' | 'bytes';
  readonly end: number;
  readonly value: string | Uint8Array;
  /** an escape in it is wrong */
  readonly failure?: SqlFailure | undefined;
};

/** The value, or what is wrong with its escapes. After a `wrong` literal none is read. */
function unescaped<T>(
  read: () => T,
  none: T,
  wrong: SqlFailure | undefined,
): { readonly value: T; readonly failure: SqlFailure | undefined } {
  if (wrong !== undefined) return { value: none, failure: wrong };
  try {
    return { value: read(), failure: undefined };
  } catch (failure) {
    if (failure instanceof SqlFailure) return { value: none, failure };
    throw failure;
  }
}

const backslash = 92;

/** After `open` quotes of `quote` at `from`: the offset of the closing ones, or -1. */
function closingOffset(text: string, from: number, quote: number, triple: boolean): number {
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === backslash) {
      i++;
      if (text.charCodeAt(i) === 13 && text.charCodeAt(i + 1) === 10) i++;
    } else if (code === quote) {
      if (!triple || (text.charCodeAt(i + 1) === quote && text.charCodeAt(i + 2) === quote)) return i;
    } else if (!triple && (code === 10 || code === 13)) {
      return -1;
    }
  }
  return -1;
}

function kindInWords(bytes: boolean, raw: boolean, triple: boolean): string {
  return `${triple ? 'triple-quoted ' : ''}${raw ? 'raw ' : ''}${bytes ? 'bytes' : 'string'} literal`;
}

/**
 * Reads a string or bytes literal whose prefix (`''`, `r`, `b`, `rb`, `br`, any case) is
 * `text.slice(start, quoteAt)` and whose first quote is at `quoteAt`.
 */
export function readQuotedLiteral(
  text: string,
  start: number,
  quoteAt: number,
  wrong?: SqlFailure,
): QuotedLiteral {
  const prefix = text.slice(start, quoteAt).toLowerCase();
  const bytes = prefix.includes('b');
  const raw = prefix.includes('r');
  const quote = text.charCodeAt(quoteAt);
  const triple = text.charCodeAt(quoteAt + 1) === quote && text.charCodeAt(quoteAt + 2) === quote;
  const bodyAt = quoteAt + (triple ? 3 : 1);
  const close = closingOffset(text, bodyAt, quote, triple);
  if (close < 0) throw syntaxFailure(`Unclosed ${kindInWords(bytes, raw, triple)}`, start);
  const body = text.slice(bodyAt, close);
  const end = close + (triple ? 3 : 1);
  if (bytes) {
    if (raw) return { kind: 'bytes', end, value: new TextEncoder().encode(rawText(body)) };
    return { kind: 'bytes', end, ...unescaped(() => unescapeBytes(body, bodyAt), new Uint8Array(), wrong) };
  }
  if (raw) return { kind: 'string', end, value: rawText(body) };
  if (!body.includes('\\')) return { kind: 'string', end, value: unescapeText(body, bodyAt) };
  return { kind: 'string', end, ...unescaped(() => unescapeText(body, bodyAt), '', wrong) };
}

/** Reads a name between backticks that starts at `start`; escapes count, an empty name is an error. */
export function readQuotedName(
  text: string,
  start: number,
  wrong?: SqlFailure,
): { readonly end: number; readonly name: string; readonly failure: SqlFailure | undefined } {
  const close = closingOffset(text, start + 1, 96, false);
  if (close < 0) throw syntaxFailure('Unclosed identifier literal', start);
  const end = close + 1;
  if (close === start + 1) {
    return { end, name: '', failure: wrong ?? syntaxFailure('Invalid empty identifier', start) };
  }
  const body = text.slice(start + 1, close);
  const { value, failure } = unescaped(() => unescapeText(body, start + 1), '', wrong);
  return { end, name: value, failure };
}

/** The length of a literal's prefix with its quote at `at`, as `r` in `r'...'`; -1 when there is none. */
export function literalPrefixLength(text: string, at: number): number {
  for (let length = 0; length <= 2; length++) {
    const letter = text.charAt(at + length);
    if (letter === "'" || letter === '"') {
      const prefix = text.slice(at, at + length).toLowerCase();
      return prefix === 'rr' || prefix === 'bb' ? -1 : length;
    }
    if (letter !== 'r' && letter !== 'R' && letter !== 'b' && letter !== 'B') return -1;
  }
  return -1;
}
