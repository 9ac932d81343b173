import { createHash } from 'node:crypto';

/** SHA-256 of the parts, one after the other. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** Bytes in one run or in several, one after the other: a large answer is never copied only to be in one piece. */
export type Bytes = Uint8Array | readonly Uint8Array[];

export const partsOf = (bytes: Bytes): readonly Uint8Array[] =>
  bytes instanceof Uint8Array ? [bytes] : bytes;

export const lengthOf = (bytes: Bytes): number => partsOf(bytes).reduce((sum, part) => sum + part.length, 0);

/** The bytes in one run: themselves where they are one already. */
export const joined = (bytes: Bytes): Uint8Array =>
  bytes instanceof Uint8Array ? bytes : bytes.length === 1 ? (bytes[0] as Uint8Array) : Buffer.concat(bytes);

/** SHA-256 over bytes that come one after the other; the hash of what has come so far is there at any time. */
export type RunningHash = { add(bytes: Uint8Array): void; soFar(): Uint8Array };

export function runningSha256(parts: readonly Uint8Array[]): RunningHash {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return { add: (bytes) => void hash.update(bytes), soFar: () => hash.copy().digest() };
}

export const toHex = (bytes: Uint8Array): string => view(bytes).toString('hex');
export const toBase64 = (bytes: Uint8Array): string => view(bytes).toString('base64');

/** The bytes behind standard base64 with padding, or undefined unless the text is exactly how they are written. */
export function fromBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

/** The text behind UTF-8 bytes, or undefined where they are not UTF-8 (a byte order mark stays a character). */
export function fromUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

export const utf8 = (text: string): Uint8Array => Buffer.from(text, 'utf8');

export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => view(a).equals(b);

export const view = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
