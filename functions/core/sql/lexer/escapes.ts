import { syntaxFailure } from './failure.ts';

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '?': '?',
  "'": "'",
  '"': '"',
  '`': '`',
};

/** One unescaped piece: a code point, and where the text goes on. */
type Piece = { readonly code: number; readonly next: number };

function digits(body: string, at: number, count: number, radix: 8 | 16): number | undefined {
  const text = body.slice(at, at + count);
  const shape = radix === 8 ? /^[0-7]+$/ : /^[0-9a-fA-F]+$/;
  return text.length === count && shape.test(text) ? Number.parseInt(text, radix) : undefined;
}

function illegal(message: string, offset: number): never {
  throw syntaxFailure(`Illegal escape sequence: ${message}`, offset);
}

function octalEscape(body: string, at: number, offset: number): Piece {
  const code = digits(body, at, 3, 8);
  if (code === undefined || body.charCodeAt(at) > 0x33) {
    illegal(`Octal escape must be followed by 3 octal digits but saw: \\${body.slice(at, at + 3)}`, offset);
  }
  return { code, next: at + 3 };
}

function hexEscape(body: string, at: number, offset: number): Piece {
  const code = digits(body, at + 1, 2, 16);
  if (code === undefined) {
    illegal(`Hex escape must be followed by 2 hex digits but saw: \\${body.slice(at, at + 3)}`, offset);
  }
  return { code, next: at + 3 };
}

function unicodeEscape(body: string, at: number, offset: number): Piece {
  const letter = body.charAt(at);
  const count = letter === 'u' ? 4 : 8;
  const code = digits(body, at + 1, count, 16);
  const seen = body.slice(at, at + 1 + count);
  if (code === undefined)
    illegal(`\\${letter} must be followed by ${count} hex digits but saw: \\${seen}`, offset);
  if (code > 0x10ffff) illegal(`Value of \\${seen} exceeds Unicode limit (0x0010FFFF)`, offset);
  if (code >= 0xd800 && code <= 0xdfff) illegal(`Unicode value \\${seen} is invalid`, offset);
  return { code, next: at + 1 + count };
}

function escapeAt(body: string, at: number, bytes: boolean, offset: number): Piece {
  const letter = body.charAt(at);
  const simple = simpleEscapes[letter];
  if (simple !== undefined) return { code: simple.charCodeAt(0), next: at + 1 };
  if (letter >= '0' && letter <= '3') return octalEscape(body, at, offset);
  if (letter === 'x' || letter === 'X') return hexEscape(body, at, offset);
  if (letter === 'u' || letter === 'U') {
    if (bytes) illegal(`Unicode escape sequence \\${letter} cannot be used in bytes literals`, offset);
    return unicodeEscape(body, at, offset);
  }
  if (letter === '\n' || letter === '\r') throw syntaxFailure('Illegal escaped newline', offset);
  const shown = String.fromCodePoint(body.codePointAt(at) ?? 0xfffd);
  return illegal(`\\${shown}`, offset);
}

/**
 * The content of a string or of a name between backticks, escapes resolved and line ends made `\n`.
 * `offset` is where `body` starts in the text.
 */
export function unescapeText(body: string, offset: number): string {
  if (!body.includes('\\')) return body.includes('\r') ? body.replace(/\r\n?/g, '\n') : body;
  let out = '';
  let at = 0;
  while (at < body.length) {
    const next = body.indexOf('\\', at);
    const plainEnd = next < 0 ? body.length : next;
    out += body.slice(at, plainEnd).replace(/\r\n?/g, '\n');
    if (next < 0) break;
    const piece = escapeAt(body, next + 1, false, offset + next);
    out += String.fromCodePoint(piece.code);
    at = piece.next;
  }
  return out;
}

/** A raw literal keeps its backslashes and only has its line ends made `\n`, except directly after one. */
export function rawText(body: string): string {
  return body.replace(/(\\[\s\S])|\r\n?/g, (found, escaped: string | undefined) =>
    escaped === undefined ? '\n' : found,
  );
}

/** The content of a bytes literal: characters outside of escapes are their UTF-8 bytes. */
export function unescapeBytes(body: string, offset: number): Uint8Array {
  const encoder = new TextEncoder();
  const out: number[] = [];
  let at = 0;
  while (at < body.length) {
    const next = body.indexOf('\\', at);
    const plainEnd = next < 0 ? body.length : next;
    for (const byte of encoder.encode(body.slice(at, plainEnd).replace(/\r\n?/g, '\n'))) out.push(byte);
    if (next < 0) break;
    const piece = escapeAt(body, next + 1, true, offset + next);
    out.push(piece.code);
    at = piece.next;
  }
  return Uint8Array.from(out);
}
