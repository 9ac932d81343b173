import { sha256 } from '../core/audit/bytes.ts';
import type { Fingerprints } from '../core/audit/fingerprints.ts';
import { type Leaf, leafOf } from '../core/audit/leaf.ts';
import { decodeRecord, type RecordHeader } from '../core/audit/record-format.ts';
import { type LogMemory, type LogPorts, rememberHeader, rememberRecord } from './log-memory.ts';
import { readAhead } from './read-ahead.ts';

/** An object below `rec/` that is not this log's record. */
export type Refused = { readonly name: string; readonly problem: string };
type Found = { readonly leaf: Leaf; readonly header: RecordHeader };
type Read = Found | Refused;

/** How far the search for other processes' records has come: it may stop at any time and goes on there. */
export type Search = {
  listing: AsyncGenerator<Read | undefined> | undefined;
  /** Up to when the newest answers have been looked through. */
  recentMs: number | undefined;
};

export type SearchOptions = {
  readonly full?: boolean;
  readonly recent?: boolean;
  readonly signal?: AbortSignal;
};

type Log = { readonly ports: LogPorts; readonly memory: LogMemory; readonly sealed: Fingerprints };

/** Records read at once: the store is far away, and a record is a few kilobytes. */
const atOnce = 16;
/** What one slice takes up at most: bounds memory, and what a crash would have found in vain. */
const sliceRecords = 20_000;
/** Names of answers hold their time in ms with 13 digits: those with the same first seven lie within 1,000 s. */
const windowMs = 1_000_000;
const mostWindows = 24;

/**
 * Looks for durable records that are in no plan yet and remembers them: `recent` among the answers of the last minutes and
 * the events of the queries that they tell of, `full` in the whole store. Resolves with whether it came to the end; where
 * it was stopped it goes on there the next time.
 */
export async function findUnsealed(
  log: Log,
  search: Search,
  options: SearchOptions,
  refused: Refused[],
): Promise<boolean> {
  const found: Found[] = [];
  const take = (read: Read): void => {
    if ('problem' in read) refused.push(read);
    else found.push(read);
  };
  const recentDone = !options.recent || (await searchRecent(log, search, options.signal, take));
  const listed = await searchAll(log, search, options, take);
  found.sort((a, b) => a.header.timeMs - b.header.timeMs);
  for (const { leaf } of found) rememberRecord(log.memory, leaf);
  return recentDone && listed;
}

/** The whole store, in slices: its listing stays open from one call to the next. */
async function searchAll(
  { ports, memory, sealed }: Log,
  search: Search,
  { full, signal }: SearchOptions,
  take: (read: Read) => void,
): Promise<boolean> {
  if (search.listing === undefined) {
    if (!full && memory.pendingIsAll) return true;
    // Set before listing: what is written meanwhile is remembered or listed, perhaps both, never neither.
    memory.pendingIsAll = true;
    const names = unknownNames(ports.audit.list('rec/'), memory, sealed);
    search.listing = readAhead(names, atOnce, (name) => readIf(ports, memory, name));
  }
  for (let taken = 0; taken < sliceRecords && !signal?.aborted; taken++) {
    const next = await search.listing.next();
    if (next.done) {
      search.listing = undefined;
      return true;
    }
    if (next.value) take(next.value);
  }
  return false;
}

async function searchRecent(
  log: Log,
  search: Search,
  signal: AbortSignal | undefined,
  take: (read: Read) => void,
): Promise<boolean> {
  const { ports, memory, sealed } = log;
  const nowMs = ports.clock.nowMs();
  const queries = new Set<string>();
  for (const prefix of recentPrefixes(search.recentMs ?? nowMs, nowMs)) {
    const names = unknownNames(ports.audit.list(prefix), memory, sealed);
    for await (const read of readAhead(names, atOnce, (name) => readIf(ports, memory, name))) {
      if (read) take(read);
      const id = !read || 'problem' in read ? undefined : queryOf(read.header);
      if (id !== undefined) queries.add(id);
      if (signal?.aborted) return false;
    }
  }
  for await (const events of readAhead(queries, atOnce, (id) => unsealedEvents(log, id))) {
    for (const read of events) take(read);
    if (signal?.aborted) return false;
  }
  search.recentMs = nowMs;
  return true;
}

/** `rec/d/<day>/<first seven digits>` of the windows from the one before `sinceMs` to the one of `nowMs`. */
export function recentPrefixes(sinceMs: number, nowMs: number): readonly string[] {
  const last = Math.floor(nowMs / windowMs);
  const first = Math.max(Math.floor(sinceMs / windowMs) - 1, last - mostWindows);
  const prefixes = new Set<string>();
  for (let window = first; window <= last; window++) {
    for (const atMs of [window * windowMs, (window + 1) * windowMs - 1])
      prefixes.add(`rec/d/${new Date(atMs).toISOString().slice(0, 10)}/${window}`);
  }
  return [...prefixes];
}

const queryOf = (header: RecordHeader): string | undefined => {
  const id = header.query?.id ?? header.clear.queryId;
  return typeof id === 'string' ? id : undefined;
};

/** The events of one query that are in no plan, in their order, up to the first that does not exist. */
async function unsealedEvents({ ports, memory, sealed }: Log, id: string): Promise<readonly Read[]> {
  const found: Read[] = [];
  for (let number = 0; ; number++) {
    const name = `rec/q/${id}/${String(number).padStart(4, '0')}`;
    if (sealed.has(name) || memory.pending.has(name)) continue;
    const read = await readLeaf(ports, memory, name);
    if ('problem' in read && read.problem === absent) return found;
    found.push(read);
  }
}

/**
 * The names that are neither sealed nor pending. Between them `undefined` after every fifty that are: whoever pulls can
 * stop there, however long the part of the log is that is sealed already.
 */
async function* unknownNames(
  names: AsyncIterable<string>,
  memory: LogMemory,
  sealed: Fingerprints,
): AsyncGenerator<string | undefined> {
  let passed = 0;
  for await (const name of names) {
    if (!sealed.has(name) && !memory.pending.has(name)) yield name;
    else if (++passed % 50 === 0) yield undefined;
  }
}

const readIf = async (
  ports: LogPorts,
  memory: LogMemory,
  name: string | undefined,
): Promise<Read | undefined> => (name === undefined ? undefined : readLeaf(ports, memory, name));

const absent = 'it is not there';

/** The leaf of a record as it lies in the store, or why it is no record of this log. */
export async function readLeaf(ports: LogPorts, memory: LogMemory, name: string): Promise<Read> {
  const found = await ports.audit.read(name);
  if (found === undefined) return { name, problem: absent };
  const decoded = decodeRecord(name, found.bytes, memory.key);
  if ('problem' in decoded) return { name, problem: decoded.problem };
  const leaf = leafOf(name, found.generation, sha256(found.bytes));
  rememberHeader(memory, leaf, decoded.header);
  return { leaf, header: decoded.header };
}
