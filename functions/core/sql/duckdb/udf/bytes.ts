import { type Udf, UdfError } from '../udf.ts';
import { strict } from './make.ts';

const ALPHABET_32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ALPHABET_64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Groups of `bits` as characters. */
function encode(bytes: Uint8Array, alphabet: string, bits: number): string {
  let text = '';
  let held = 0;
  let count = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    count += 8;
    for (; count >= bits; count -= bits) text += alphabet[(held >> (count - bits)) & ((1 << bits) - 1)];
  }
  return count > 0 ? text + alphabet[(held << (bits - count)) & ((1 << bits) - 1)] : text;
}

/** Undefined for a character that is not in the alphabet. Bits beyond the last whole byte are dropped. */
function decode(text: string, alphabet: string, bits: number): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * bits) / 8));
  let held = 0;
  let count = 0;
  let at = 0;
  for (const c of text) {
    const value = alphabet.indexOf(c);
    if (value < 0) return undefined;
    held = ((held << bits) | value) & 0xffff;
    count += bits;
    if (count >= 8) {
      count -= 8;
      bytes[at++] = (held >> count) & 0xff;
    }
  }
  return bytes;
}

const toBase32 = (bytes: Uint8Array): string => {
  const text = encode(bytes, ALPHABET_32, 5);
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
};

function fromBase32(text: string): Uint8Array {
  const m = /^([A-Z2-7]*)(={0,6})$/.exec(text);
  const digits = m?.[1] ?? '';
  const whole = m && text.length % 8 === 0 && [0, 2, 4, 5, 7].includes(digits.length % 8);
  const bytes = whole ? decode(digits, ALPHABET_32, 5) : undefined;
  if (!bytes) throw new UdfError('Failed to decode invalid base32 string');
  return bytes;
}

/** White space does not count; padding may be left out, but where it stands it is right. */
function fromBase64(text: string): Uint8Array {
  const m = /^([A-Za-z0-9+/]*)(={0,2})$/.exec(text.replace(/[\t\n\v\f\r ]/g, ''));
  const digits = m?.[1] ?? '';
  const right =
    m && digits.length % 4 !== 1 && (m[2] === '' || (digits.length + (m[2]?.length ?? 0)) % 4 === 0);
  const bytes = right ? decode(digits, ALPHABET_64, 6) : undefined;
  if (!bytes) throw new UdfError('Failed to decode invalid base64 string');
  return bytes;
}

function fromHex(text: string): Uint8Array {
  const bad = text.search(/[^0-9A-Fa-f]/);
  if (bad >= 0) {
    throw new UdfError(
      `Failed to decode invalid hexadecimal string due to character at offset ${bad}: ${text}`,
    );
  }
  const even = text.length % 2 === 0 ? text : `0${text}`;
  return Uint8Array.from({ length: even.length / 2 }, (_, i) =>
    Number.parseInt(even.slice(i * 2, i * 2 + 2), 16),
  );
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Length of the well-formed UTF-8 sequence at `at`; negative: of the ill-formed one. */
function sequence(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  if (first < 0x80) return 1;
  const size =
    first >= 0xc2 && first < 0xe0
      ? 2
      : first >= 0xe0 && first < 0xf0
        ? 3
        : first >= 0xf0 && first < 0xf5
          ? 4
          : 0;
  if (size === 0) return -1;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let i = 1; i < size; i++) {
    const next = bytes[at + i];
    if (next === undefined || next < (i === 1 ? low : 0x80) || next > (i === 1 ? high : 0xbf)) return -i;
  }
  return size;
}

/** SAFE_CONVERT_BYTES_TO_STRING: every byte that is in no well-formed sequence becomes U+FFFD. */
function safeText(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const size = sequence(bytes, at);
    if (size > 0) text += strictDecoder.decode(bytes.subarray(at, at + size));
    else text += '\ufffd'.repeat(-size);
    at += Math.abs(size);
  }
  return text;
}

/** Bytes and their texts. */
export const bytesUdfs: readonly Udf[] = [
  strict('to_base32', ['BLOB'], 'VARCHAR', toBase32),
  strict('from_base32', ['VARCHAR'], 'BLOB', fromBase32),
  strict('to_base64', ['BLOB'], 'VARCHAR', (bytes: Uint8Array) => {
    const text = encode(bytes, ALPHABET_64, 6);
    return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
  }),
  strict('from_base64', ['VARCHAR'], 'BLOB', fromBase64),
  strict('from_hex', ['VARCHAR'], 'BLOB', fromHex),
  strict('safe_bytes_text', ['BLOB'], 'VARCHAR', safeText),
];
