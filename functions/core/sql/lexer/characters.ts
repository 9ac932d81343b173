/** What a UTF-16 unit can start. The table covers ASCII; the rest is white space or an error. */
export const isDigit = (code: number): boolean => code >= 48 && code <= 57;

export const isHexDigit = (code: number): boolean =>
  isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);

export const isWordStart = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;

export const isWordPart = (code: number): boolean => isWordStart(code) || isDigit(code);

/**
 * White space as GoogleSQL's lexer lists it: backspace is in, and of Unicode's spaces the Ogham mark,
 * the Mongolian vowel separator and the zero-width ones are out.
 */
export function isSpace(code: number): boolean {
  if (code <= 32) return code === 32 || (code >= 8 && code <= 13);
  if (code < 160) return false;
  return (
    code === 0xa0 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** The first byte of a character as GoogleSQL shows it in a message: `\357`, `$`, `\001`. */
export function shownFirstByte(text: string, at: number): string {
  const byte = new TextEncoder().encode(String.fromCodePoint(text.codePointAt(at) ?? 0))[0] ?? 0;
  if (byte >= 32 && byte < 127) return byte === 92 ? '\\\\' : String.fromCharCode(byte);
  return `\\${byte.toString(8).padStart(3, '0')}`;
}
