import type { Leaf } from '../core/audit/leaf.ts';
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
};

const memories = new WeakMap<object, LogMemory>();
const pendingLimit = 100_000;
const eventHashLimit = 10_000;

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
