import type { Span } from '../ast/index.ts';

/** Turns UTF-16 offsets of a text into UTF-8 byte offsets, as GoogleSQL counts. */
export type Offsets = { readonly span: (span: Span) => { readonly start: number; readonly end: number } };

const ascii = /^[\0-\x7f]*$/;

/** For a text of ASCII the two are the same; for any other a table is made once. */
export function byteOffsets(text: string): Offsets {
  if (ascii.test(text)) return { span: ({ start, end }) => ({ start, end }) };
  const bytes = new Uint32Array(text.length + 1);
  let at = 0;
  for (let index = 0; index < text.length; index++) {
    bytes[index] = at;
    const code = text.charCodeAt(index);
    const low = code >= 0xdc00 && code < 0xe000;
    // a surrogate pair has four bytes, counted two and two
    const half = low || (code >= 0xd800 && code < 0xdc00);
    at += half ? 2 : code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
  }
  bytes[text.length] = at;
  return { span: ({ start, end }) => ({ start: bytes[start]!, end: bytes[end]! }) };
}
