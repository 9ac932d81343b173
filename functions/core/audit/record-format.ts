import { canonicalJson, type Json } from '../json.ts';
import { fromUtf8, sha256, toHex, utf8, view } from './bytes.ts';
import { type ContentHeader, decrypt } from './content.ts';
import type { AuditEntry } from './entry.ts';
import { checkSignatureLine, type VerifierKey } from './signed-note.ts';
import { certifiedKey, type WriterCertificate } from './writer-key.ts';

/**
 * The readable part of one record, written as canonical JSON. Besides the entry: `writer` orders the records of one
 * process (with the certificate of its key, where it does not sign with the log's own), `sealed` is the largest tree size that it knew, `previous` the SHA-256 (hex) of the record of the query's event
 * before this one.
 */
export type RecordHeader = Omit<AuditEntry, 'content'> & {
  readonly writer: {
    readonly instance: string;
    readonly seq: number;
    readonly certificate?: WriterCertificate;
  };
  readonly sealed: number;
  readonly previous?: string;
  readonly content?: ContentHeader;
};

export type DecodedRecord = {
  readonly header: RecordHeader;
  /** The bytes that the encrypted part is bound to. */
  readonly head: Uint8Array;
  readonly encrypted: Uint8Array;
};

const magic = 'sluice-record/1';
const newline = Uint8Array.of(10);

/** First line and header line: all that stands before the encrypted part. */
export const encodeHead = (header: RecordHeader): Uint8Array =>
  utf8(`${magic}\n${canonicalJson(header as unknown as Json)}\n`);

/** Everything before the signature line. */
export const encodeBody = (head: Uint8Array, encrypted: readonly Uint8Array[]): readonly Uint8Array[] => [
  head,
  ...encrypted,
  newline,
];

/** What the signature of a record is over: its name and the SHA-256 of every byte before the signature line. */
export const signedText = (objectName: string, bodyHash: Uint8Array): Uint8Array =>
  utf8(`${magic}\n${objectName}\n${toHex(bodyHash)}\n`);

/**
 * Takes a record's stored bytes apart and checks its signature. Returns why it is not a record of this log under this name
 * otherwise: one changed bit anywhere is enough.
 */
export function decodeRecord(
  objectName: string,
  bytes: Uint8Array,
  key: VerifierKey,
): DecodedRecord | { readonly problem: string } {
  const lineStart = view(bytes).lastIndexOf(10, bytes.length - 2) + 1;
  const line = fromUtf8(bytes.subarray(lineStart));
  if (lineStart === 0 || line === undefined) return { problem: 'it has no signature line' };
  const body = bytes.subarray(0, lineStart);
  const text = signedText(objectName, sha256(body));
  switch (checkSignatureLine(key, line, text)) {
    case 'unknown':
      return signedByWriter(objectName, body, line, text, key);
    case 'invalid':
      return { problem: 'its signature does not fit its name and bytes' };
    case 'valid':
      return takeApart(objectName, body);
  }
}

/** A record that a certified key of its writer signed, in place of the log's own. */
function signedByWriter(
  objectName: string,
  body: Uint8Array,
  line: string,
  text: Uint8Array,
  key: VerifierKey,
): DecodedRecord | { readonly problem: string } {
  const record = takeApart(objectName, body);
  const certificate = 'problem' in record ? undefined : record.header.writer.certificate;
  if ('problem' in record || certificate === undefined)
    return { problem: `it is not signed by ${key.name}+${toHex(key.keyId)}` };
  const writer = certifiedKey(key, certificate, record.header.timeMs);
  if ('problem' in writer) return writer;
  if (checkSignatureLine(writer, line, text) === 'valid') return record;
  return { problem: 'its signature does not fit its name and bytes' };
}

/** Like `decodeRecord`, for bytes whose integrity is known already: the signature is not looked at. */
export function decodeTrusted(
  objectName: string,
  bytes: Uint8Array,
): DecodedRecord | { readonly problem: string } {
  return takeApart(objectName, bytes.subarray(0, view(bytes).lastIndexOf(10, bytes.length - 2) + 1));
}

function takeApart(objectName: string, body: Uint8Array): DecodedRecord | { readonly problem: string } {
  const first = view(body).indexOf(10);
  const second = view(body).indexOf(10, first + 1);
  if (second < 0 || fromUtf8(body.subarray(0, first)) !== magic)
    return { problem: `it does not begin with ${magic}` };
  const header = parseHeader(body.subarray(first + 1, second));
  if (header === undefined) return { problem: 'its header is not a record header' };
  if (`rec/${header.name}` !== objectName) return { problem: `it calls itself rec/${header.name}` };
  const encrypted = body.subarray(second + 1, body.length - 1);
  if (encrypted.length !== (header.content?.lengthBytes ?? 0))
    return { problem: 'its content has another length' };
  return { header, head: body.subarray(0, second + 1), encrypted };
}

function parseHeader(bytes: Uint8Array): RecordHeader | undefined {
  let header: Partial<RecordHeader> | null;
  try {
    header = JSON.parse(fromUtf8(bytes) ?? '') as Partial<RecordHeader> | null;
  } catch {
    return undefined;
  }
  const whole =
    header !== null &&
    typeof header.kind === 'string' &&
    typeof header.name === 'string' &&
    typeof header.timeMs === 'number' &&
    typeof header.sealed === 'number' &&
    typeof header.clear === 'object' &&
    typeof header.writer?.seq === 'number';
  return whole ? (header as RecordHeader) : undefined;
}

/** The content of a record, decrypted with the data key that its header names. */
export function openContent(record: DecodedRecord, key: Uint8Array): Uint8Array {
  const { header, head, encrypted } = record;
  return header.content === undefined ? new Uint8Array() : decrypt(key, head, header.content, encrypted);
}

/** Whether two records say the same: all but who wrote them when, and how their content is encrypted. */
export const saysTheSame = (a: RecordHeader, b: RecordHeader): boolean => statement(a) === statement(b);

function statement({ writer: _writer, sealed: _sealed, content, ...said }: RecordHeader): string {
  const commitment = content === undefined ? null : [content.plainBytes, content.commitment];
  return canonicalJson({ ...said, commitment } as unknown as Json);
}
