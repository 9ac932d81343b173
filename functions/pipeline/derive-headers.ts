import { equalBytes, sha256, toHex, utf8 } from '../core/audit/bytes.ts';
import {
  headerLine,
  headerMembers,
  headersFolder,
  headersName,
  sizeInHeadersName,
} from '../core/audit/header-lines.ts';
import { type Leaf, parsePlan } from '../core/audit/leaf.ts';
import { planName } from '../core/audit/names.ts';
import { decodeTrusted } from '../core/audit/record-format.ts';
import { SluiceError } from '../core/errors.ts';
import type { AuditStore } from '../ports/audit-store.ts';
import type { DerivedStore } from '../ports/derived-store.ts';
import { keepHeaders, type LogMemory, type LogPorts, logMemory, takeHeader } from './log-memory.ts';
import { readAhead } from './read-ahead.ts';
import type { Problem } from './verify-log.ts';

export type DerivePorts = LogPorts & { readonly derived: DerivedStore };

export type DerivedHeaders = {
  /** Files that are new, and their lines. */
  readonly files: number;
  readonly lines: number;
  /** Files that are there with other bytes than the log gives, and records that cannot be what was sealed. */
  readonly problems: readonly Problem[];
  /** Set where it was stopped before the end: the next call goes on. */
  readonly unfinished?: true;
};

type File = {
  readonly size: number;
  readonly leaves: readonly Leaf[];
  readonly lines: string[];
  readonly members: AsyncGenerator<string | Problem>;
};
type Deriver = {
  /** Seals without a file, in their order; it has no end, since seals go on. */
  seals: AsyncGenerator<number | 'pause' | 'none'>;
  /** The seal that is worked on, and how far it has come. */
  size: number | undefined;
  file: File | undefined;
};
type Tally = { files: number; lines: number; readonly problems: Problem[] };

/** Records read at once. */
const atOnce = 16;
/** Names of files passed without a look at the signal. */
const namesAtOnce = 1_000;
const derivers = new WeakMap<DerivedStore, Deriver>();
const turns = new WeakMap<DerivedStore, Promise<unknown>>();

/**
 * Writes the readable headers of sealed records for SQL: `headers/<N>.ndjson` with a line for each leaf of `plan/<N>`. Takes the
 * seals that `sealLog` has checked in this process, so nothing unsealed gets in, and a record counts only if its bytes
 * are the sealed ones. The bytes of a file follow from the log alone: any number of processes may do this at once, and what
 * they do twice comes out the same. Files that somebody took away are made again by the next process that starts.
 * Begins nothing more once `signal` has aborted. Throws SluiceError `sink_unavailable` where a store fails; the next call
 * takes up the same seal.
 */
export function deriveHeaders(
  ports: DerivePorts,
  options: { readonly signal?: AbortSignal } = {},
): Promise<DerivedHeaders> {
  const before = turns.get(ports.derived) ?? Promise.resolve();
  const turn = before.then(() => derive(ports, options.signal));
  turns.set(
    ports.derived,
    turn.catch(() => {}),
  );
  return turn;
}

async function derive(ports: DerivePorts, signal: AbortSignal | undefined): Promise<DerivedHeaders> {
  const memory = logMemory(ports);
  keepHeaders(ports);
  const deriver = derivers.get(ports.derived) ?? begin(ports, memory);
  derivers.set(ports.derived, deriver);
  const tally: Tally = { files: 0, lines: 0, problems: [] };
  try {
    for (;;) {
      if (signal?.aborted) return { ...tally, unfinished: true };
      if (deriver.size !== undefined) {
        await goOn(ports, memory, deriver, deriver.size, tally, signal);
        continue;
      }
      const next = await deriver.seals.next();
      if (next.done || next.value === 'none') return tally;
      if (next.value !== 'pause') deriver.size = next.value;
    }
  } catch (error) {
    // A generator that failed has ended: the seal is begun anew, and the listing, too, if that was it.
    deriver.file = undefined;
    if (deriver.size === undefined) derivers.delete(ports.derived);
    throw error;
  }
}

const begin = (ports: DerivePorts, memory: LogMemory): Deriver => ({
  seals: sealsWithoutFile(ports, memory.seals),
  size: undefined,
  file: undefined,
});

/** Goes along the names of all files once, beside the seals; after the last name every seal is one without. */
async function* sealsWithoutFile(
  ports: DerivePorts,
  seals: readonly number[],
): AsyncGenerator<number | 'pause' | 'none'> {
  let at = 0;
  let passed = 0;
  for await (const name of ports.derived.list(headersFolder)) {
    const size = sizeInHeadersName(name) ?? -1;
    for (let seal = seals[at]; seal !== undefined && seal < size; seal = seals[++at]) yield seal;
    if (seals[at] === size) at += 1;
    if (++passed % namesAtOnce === 0) yield 'pause';
  }
  for (;;) {
    const seal = seals[at];
    if (seal !== undefined) at += 1;
    yield seal ?? 'none';
  }
}

async function goOn(
  ports: DerivePorts,
  memory: LogMemory,
  deriver: Deriver,
  size: number,
  tally: Tally,
  signal: AbortSignal | undefined,
): Promise<void> {
  deriver.file ??= await beginFile(ports, memory, size);
  const { leaves, lines, members } = deriver.file;
  const done = (): void => {
    deriver.size = undefined;
    deriver.file = undefined;
  };
  if (await isThere(ports, size)) {
    for (const leaf of leaves) takeHeader(memory, leaf);
    return done();
  }
  while (lines.length < leaves.length) {
    if (signal?.aborted) return;
    const next = await members.next();
    if (next.done) break;
    if (typeof next.value !== 'string') {
      tally.problems.push(next.value);
      return done();
    }
    lines.push(headerLine(size + lines.length, leaves[lines.length] as Leaf, next.value));
  }
  await write(ports, headersName(size), lines, tally);
  done();
}

async function beginFile(ports: DerivePorts, memory: LogMemory, size: number): Promise<File> {
  const leaves = await readPlan(ports.audit, size);
  const members = readAhead(leaves, atOnce, (leaf) => membersOf(ports.audit, leaf, takeHeader(memory, leaf)));
  return { size, leaves, lines: [], members };
}

const isThere = async (ports: DerivePorts, size: number): Promise<boolean> =>
  (await ports.derived.read(headersName(size))) !== undefined;

async function write(
  ports: DerivePorts,
  name: string,
  lines: readonly string[],
  tally: Tally,
): Promise<void> {
  const bytes = utf8(lines.join(''));
  if ((await ports.derived.create(name, bytes)) === 'created') {
    tally.files += 1;
    tally.lines += lines.length;
    return;
  }
  const there = await ports.derived.read(name);
  if (there === undefined || !equalBytes(there, bytes)) tally.problems.push({ name, problem: otherBytes });
}

export const otherBytes = 'it is not what the log says: delete it, and it is made again';

/** The leaves of a seal that has been checked. */
export async function readPlan(audit: Pick<AuditStore, 'read'>, size: number): Promise<readonly Leaf[]> {
  const name = planName(size);
  const found = await audit.read(name);
  const leaves = found === undefined ? { problem: 'it is missing' } : parsePlan(found.bytes);
  if ('problem' in leaves)
    throw new SluiceError('internal', `${name}: ${leaves.problem}; run sluice audit verify`);
  return leaves;
}

/** What a sealed record's header says, from memory where it is known, else from the record itself. */
export async function membersOf(
  audit: Pick<AuditStore, 'read'>,
  leaf: Leaf,
  known?: string,
): Promise<string | Problem> {
  if (known !== undefined) return known;
  const { name } = leaf;
  const found = await audit.read(name);
  if (found === undefined) return { name, problem: 'it is missing' };
  if (toHex(sha256(found.bytes)) !== leaf.sha256)
    return { name, problem: 'its bytes are not those that were sealed' };
  const decoded = decodeTrusted(name, found.bytes);
  return 'problem' in decoded ? { name, problem: decoded.problem } : headerMembers(decoded.header);
}
