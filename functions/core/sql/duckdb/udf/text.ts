/** Text as its characters (code points): positions and lengths of GoogleSQL count those. */
export const characters = (text: string): readonly string[] => Array.from(text);

/** Whether every character is one UTF-16 unit, so that JavaScript's indexes are GoogleSQL's positions. */
export const isPlain = (text: string): boolean => !/[\ud800-\udfff]/.test(text);

/** BYTES as text of the characters U+0000 to U+00FF, one a byte: what works on text then works on bytes. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => HEX[byte]).join('');

/** Characters of Unicode's property White_Space, which is not JavaScript's `\s`. */
export const WHITE_SPACE = /\p{White_Space}/u;

/** Without these characters at both ends. (A regular expression looks at every run inside, from each of its places.) */
export function trimOf(text: string, characters: string): string {
  let [start, end] = [0, text.length];
  while (start < end && characters.includes(text.charAt(start))) start++;
  while (end > start && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** GoogleSQL gives up on texts beyond this many bytes. */
export const MAX_OUTPUT_BYTES = 1 << 20;

const encoder = new TextEncoder();
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Unicode's full case folding of one character. Lower case of upper case is it, but for these few. */
function foldCharacter(c: string): string {
  if (c === 'ı') return c;
  if (c === 'ẞ') return 'ss';
  const upper = c.toUpperCase();
  return /^[\u{13a0}-\u{13f5}]$/u.test(upper) ? upper : upper.toLowerCase();
}

/** Case folding, a final sigma like any other. */
export const foldCase = (text: string): string =>
  /^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : Array.from(text, foldCharacter).join('');
