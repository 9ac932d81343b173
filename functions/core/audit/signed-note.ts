import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { equalBytes, fromBase64, sha256, toBase64, toHex, utf8, view } from './bytes.ts';

/** Who signs: the key's name and its Ed25519 public key (32 bytes). https://c2sp.org/signed-note */
export type VerifierKey = {
  readonly name: string;
  readonly publicKey: Uint8Array;
  /** First four bytes of SHA-256 over name, newline, 0x01 and the key. */
  readonly keyId: Uint8Array;
  readonly keyObject: KeyObject;
};

const ed25519Type = Uint8Array.of(1);
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

export function verifierKey(name: string, publicKey: Uint8Array): VerifierKey {
  const keyId = sha256(utf8(`${name}\n`), ed25519Type, publicKey).subarray(0, 4);
  const der = Buffer.concat([spkiPrefix, publicKey]);
  return { name, publicKey, keyId, keyObject: createPublicKey({ key: der, format: 'der', type: 'spki' }) };
}

/** `name+keyid+base64`: the text form in which an auditor keeps the key. */
export const formatVerifierKey = (key: VerifierKey): string =>
  `${key.name}+${toHex(key.keyId)}+${toBase64(Buffer.concat([ed25519Type, key.publicKey]))}`;

/** The key behind its text form, or what is wrong with the text. */
export function parseVerifierKey(text: string): VerifierKey | { readonly problem: string } {
  const match = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
  const raw = match === null ? undefined : fromBase64(match[3] as string);
  if (match === null || raw === undefined) return { problem: 'it is not of the form name+keyid+base64' };
  if (raw.length !== 33 || raw[0] !== 1) return { problem: 'it is not an Ed25519 key' };
  const key = verifierKey(match[1] as string, raw.subarray(1));
  return toHex(key.keyId) === match[2] ? key : { problem: 'its key id does not belong to its key' };
}

/** One signature line with its newline. */
export const signatureLine = (key: VerifierKey, signature: Uint8Array): string =>
  `— ${key.name} ${toBase64(Buffer.concat([key.keyId, signature]))}\n`;

/**
 * Checks one signature line over `text`. `unknown`: another key's line, which says nothing. Only the exact text that
 * `signatureLine` writes passes.
 */
export function checkSignatureLine(
  key: VerifierKey,
  line: string,
  text: Uint8Array,
): 'valid' | 'invalid' | 'unknown' {
  const match = /^— ([^+\s]+) ([A-Za-z0-9+/=]+)\n$/.exec(line);
  const raw = match === null ? undefined : fromBase64(match[2] as string);
  if (match === null || raw === undefined || raw.length < 5) return 'invalid';
  if (match[1] !== key.name || !equalBytes(raw.subarray(0, 4), key.keyId)) return 'unknown';
  return verify(null, text, key.keyObject, view(raw).subarray(4)) ? 'valid' : 'invalid';
}

/** The text of a note that this key signed (other keys' lines are passed over), or why it is not one. */
export function openNote(
  key: VerifierKey,
  note: string,
): { readonly text: string } | { readonly problem: string } {
  const split = note.lastIndexOf('\n\n');
  if (split < 0 || !note.endsWith('\n')) return { problem: 'it is not a signed note' };
  const text = note.slice(0, split + 1);
  const lines = note
    .slice(split + 2)
    .split('\n')
    .slice(0, -1);
  const results = lines.slice(0, 64).map((line) => checkSignatureLine(key, `${line}\n`, utf8(text)));
  if (results.includes('invalid')) return { problem: 'its signature is wrong' };
  if (!results.includes('valid')) return { problem: `it is not signed by ${key.name}+${toHex(key.keyId)}` };
  return { text };
}
