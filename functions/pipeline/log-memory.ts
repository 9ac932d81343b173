import { headerMembers } from '../core/audit/header-lines.ts';
import type { Leaf } from '../core/audit/leaf.ts';
import type { RecordHeader } from '../core/audit/record-format.ts';
import { type VerifierKey, verifierKey } from '../core/audit/signed-note.ts';
import type { Ports } from '../ports/index.ts';

/** The ports that the log needs. */
export type LogPorts = Pick<Ports, 'audit' | 'keys' | 'clock'>;

/** What this process knows about a log from having written to it: saves reading back, and decides nothing. */
export type LogMemory = {
  readonly instance: string;
  readonly key: VerifierKey;
  nextSeq: number;
  /** Largest tree size that this process has seen sealed. */
  sealedSize: number;
  /** Records of this process that are durable and in no plan yet, by object name, in the order of writing. */
  readonly pending: Map<string, Leaf>;
  /** False where records may exist that are neither sealed nor pending: then the store is listed before the next seal. */
  pendingIsAll: boolean;
  /** SHA-256 (hex) of the newest event records, by object name. */
  readonly eventHashes: Map<string, string>;
  /** Tree sizes at which the seals begin that this process has followed or written, in their order. */
  readonly seals: number[];
  /** Headers of records that this process has had in its hands; undefined in one that derives nothing from the log. */
  headers: HeaderMemory | undefined;
};

/** What `headerMembers` says of records, by object name and hash, up to a limit: who misses one reads the record. */
export type HeaderMemory = {
  readonly byName: Map<string, { readonly sha256: string; readonly members: string }>;
  characters: number;
};

const memories = new WeakMap<object, LogMemory>();
const pendingLimit = 100_000;
const eventHashLimit = 10_000;
const headerCharactersLimit = 16_000_000;

export function logMemory(ports: LogPorts): LogMemory {
  const known = memories.get(ports.audit);
  if (known !== undefined) return known;
  const memory: LogMemory = {
    instance: ports.clock.randomHex(8),
    key: verifierKey(ports.keys.logName, ports.keys.publicKey),
    nextSeq: 0,
    sealedSize: 0,
    pending: new Map(),
    pendingIsAll: false,
    eventHashes: new Map(),
    seals: [],
    headers: undefined,
  };
  memories.set(ports.audit, memory);
  return memory;
}

export function rememberRecord(memory: LogMemory, leaf: Leaf): void {
  if (memory.pending.size < pendingLimit) memory.pending.set(leaf.name, leaf);
  else memory.pendingIsAll = false;
}

export function rememberEventHash(memory: LogMemory, objectName: string, sha256: string): void {
  memory.eventHashes.set(objectName, sha256);
  if (memory.eventHashes.size <= eventHashLimit) return;
  const oldest = memory.eventHashes.keys().next();
  if (!oldest.done) memory.eventHashes.delete(oldest.value);
}

/** From now on headers are remembered: for a process that derives from the log, so that it reads few records twice. */
export function keepHeaders(ports: LogPorts): void {
  logMemory(ports).headers ??= { byName: new Map(), characters: 0 };
}

/** What comes when the memory is full is not remembered: what has waited longest is needed first. */
export function rememberHeader({ headers }: LogMemory, leaf: Leaf, header: RecordHeader): void {
  if (headers === undefined || headers.characters >= headerCharactersLimit || headers.byName.has(leaf.name))
    return;
  const members = headerMembers(header);
  headers.byName.set(leaf.name, { sha256: leaf.sha256, members });
  headers.characters += members.length;
}

/** What was remembered of exactly this record, which is forgotten by that. */
export function takeHeader({ headers }: LogMemory, leaf: Leaf): string | undefined {
  const known = headers?.byName.get(leaf.name);
  if (headers === undefined || known === undefined) return undefined;
  headers.byName.delete(leaf.name);
  headers.characters -= known.members.length;
  return known.sha256 === leaf.sha256 ? known.members : undefined;
}
