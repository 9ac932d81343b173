import { runningSha256, sha256, toBase64, toHex, utf8 } from '../core/audit/bytes.ts';
import { type ContentHeader, encrypt, encryptedLength, type Packed, pack } from '../core/audit/content.ts';
import type { AuditEntry } from '../core/audit/entry.ts';
import { leafOf } from '../core/audit/leaf.ts';
import { eventInName, isObjectName, previousEventName, recordName } from '../core/audit/names.ts';
import {
  decodeRecord,
  encodeBody,
  encodeHead,
  openContent,
  type RecordHeader,
  saysTheSame,
  signedText,
} from '../core/audit/record-format.ts';
import { signatureLine, type VerifierKey, verifierKey } from '../core/audit/signed-note.ts';
import { writerName } from '../core/audit/writer-key.ts';
import { SluiceError } from '../core/errors.ts';
import type { RecordSigner } from '../ports/index.ts';
import {
  type LogMemory,
  type LogPorts,
  logMemory,
  rememberEventHash,
  rememberHeader,
  rememberRecord,
} from './log-memory.ts';

/** `recorded`: it is new; `mine`: the name held the same statement already; `other`: the name holds another one. */
export type Recorded = 'recorded' | 'mine' | 'other';

/** A record that is not durable by then is treated as lost: nothing may go on without it. */
const deadlineMs = 5_000;

/**
 * Makes one entry durable as `rec/<entry.name>`: encrypted, signed, created only if the name is free. When it resolves the
 * bytes survive a crash. Throws SluiceError `sink_unavailable` when store or keys fail or take more than 5 s; the record
 * may then exist nevertheless, and asking again answers `mine`. `packed`: the entry's content, where it has been packed
 * already.
 */
export async function record(ports: LogPorts, entry: AuditEntry, packed?: Packed): Promise<Recorded> {
  const objectName = recordName(entry.name);
  if (!isObjectName(objectName))
    throw new SluiceError('internal', `"${entry.name}" cannot be the name of a record`);
  return within(ports, `record ${objectName}`, write(ports, objectName, entry, packed));
}

/**
 * The content of the record `rec/<name>`, decrypted, or undefined where there is no such record. Throws SluiceError
 * `internal` where the record is not what this log wrote or its content has been erased.
 */
export async function readEvent(ports: LogPorts, name: string): Promise<Uint8Array | undefined> {
  const objectName = recordName(name);
  const found = await within(ports, `read ${objectName}`, ports.audit.read(objectName));
  if (found === undefined) return undefined;
  const decoded = decodeRecord(objectName, found.bytes, logMemory(ports).key);
  if ('problem' in decoded)
    throw new SluiceError('internal', `${objectName} cannot be trusted: ${decoded.problem}`);
  if (decoded.header.content === undefined) return new Uint8Array();
  const key = await ports.keys.unwrap(decoded.header.content.wrapped);
  if (key === undefined) throw new SluiceError('internal', `the content of ${objectName} has been erased`);
  return openContent(decoded, key);
}

async function write(
  ports: LogPorts,
  objectName: string,
  entry: AuditEntry,
  packedBefore?: Packed,
): Promise<Recorded> {
  const memory = logMemory(ports);
  const { content, ...said } = entry;
  const [signer, packed, key, previous] = await Promise.all([
    ports.keys.recordSigner(entry.timeMs),
    content === undefined ? undefined : (packedBefore ?? pack(content)),
    content === undefined ? undefined : ports.keys.dataKey(ports.clock.nowMs()),
    previousHash(ports, memory, objectName),
  ]);
  const base = {
    ...said,
    writer: {
      instance: memory.instance,
      seq: memory.nextSeq++,
      ...(signer.certificate === undefined ? {} : { certificate: signer.certificate }),
    },
    sealed: memory.sealedSize,
  };
  const chained: RecordHeader = previous === undefined ? base : { ...base, previous };
  let header = chained;
  let body: readonly Uint8Array[];
  if (packed === undefined || key === undefined) {
    body = encodeBody(encodeHead(header), []);
  } else {
    const nonce = Buffer.from(ports.clock.randomHex(12), 'hex');
    const commitment = await commit(ports, objectName, packed.sha256);
    const about = { commitment, key: key.id, wrapped: key.wrapped, nonce: toBase64(nonce) };
    header = { ...chained, content: contentHeader(packed, about) };
    const head = encodeHead(header);
    body = encodeBody(head, encrypt(key.key, nonce, head, packed));
  }
  const hash = runningSha256(body);
  const signature = await signer.sign(signedText(objectName, hash.soFar()));
  const line = utf8(signatureLine(lineKey(memory, signer), signature));
  hash.add(line);
  return store(ports, memory, objectName, header, Buffer.concat([...body, line]), hash.soFar());
}

/** The key that the signature line names. */
function lineKey({ key }: LogMemory, { certificate }: RecordSigner): VerifierKey {
  if (certificate === undefined) return key;
  const known = lineKeys.get(certificate);
  if (known !== undefined) return known;
  const made = verifierKey(writerName(key.name), Buffer.from(certificate.publicKey, 'base64'));
  lineKeys.set(certificate, made);
  return made;
}

const lineKeys = new WeakMap<object, VerifierKey>();

const contentHeader = (
  packed: Packed,
  about: Pick<ContentHeader, 'commitment' | 'key' | 'wrapped' | 'nonce'>,
): ContentHeader => ({
  encoding: packed.encoding,
  lengthBytes: encryptedLength(packed),
  plainBytes: packed.plainBytes,
  ...about,
});

async function store(
  ports: LogPorts,
  memory: LogMemory,
  objectName: string,
  header: RecordHeader,
  bytes: Uint8Array,
  hash: Uint8Array,
): Promise<Recorded> {
  const created = await ports.audit.create(objectName, bytes);
  if (created === 'exists') return compare(ports, memory, objectName, header);
  const leaf = leafOf(objectName, created.generation, hash);
  rememberRecord(memory, leaf);
  rememberHeader(memory, leaf, header);
  if (header.kind === 'event') rememberEventHash(memory, objectName, leaf.sha256);
  return 'recorded';
}

async function compare(
  ports: LogPorts,
  memory: LogMemory,
  objectName: string,
  header: RecordHeader,
): Promise<Recorded> {
  const existing = await ports.audit.read(objectName);
  if (existing === undefined)
    throw new SluiceError('sink_unavailable', `${objectName} exists but cannot be read`);
  const decoded = decodeRecord(objectName, existing.bytes, memory.key);
  if ('problem' in decoded)
    throw new SluiceError('internal', `${objectName} cannot be trusted: ${decoded.problem}`);
  return saysTheSame(decoded.header, header) ? 'mine' : 'other';
}

/** Bound to the name, so that equal contents of two records cannot be told from their commitments. */
async function commit(ports: LogPorts, objectName: string, hash: Uint8Array): Promise<string> {
  return toBase64(await ports.keys.hmac('commitment', Buffer.concat([utf8(`${objectName}\n`), hash])));
}

/** SHA-256 of the record of the query's event before this one: links the events of a query into a chain. */
async function previousHash(
  ports: LogPorts,
  memory: LogMemory,
  objectName: string,
): Promise<string | undefined> {
  if (eventInName(objectName) === undefined) return undefined;
  const name = previousEventName(objectName);
  if (name === undefined) return undefined;
  const known = memory.eventHashes.get(name);
  if (known !== undefined) return known;
  const found = await ports.audit.read(name);
  if (found === undefined)
    throw new SluiceError('internal', `${objectName} cannot follow: there is no ${name}`);
  return toHex(sha256(found.bytes));
}

/** Gives up on the log after the deadline; what fails on the way there counts as a lost sink. */
async function within<T>(ports: LogPorts, what: string, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const late = ports.clock.sleep(deadlineMs, done.signal).then((): never => {
    throw new SluiceError('sink_unavailable', `could not ${what} within ${deadlineMs} ms`);
  });
  late.catch(() => {});
  try {
    return await Promise.race([work, late]);
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    throw new SluiceError('sink_unavailable', `could not ${what}`, { cause });
  } finally {
    work.catch(() => {});
    done.abort();
  }
}
