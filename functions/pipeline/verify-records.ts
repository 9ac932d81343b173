import { sha256, toHex } from '../core/audit/bytes.ts';
import { eventInName, isObjectName, previousEventName } from '../core/audit/names.ts';
import { checkChain, type EventFact, eventFact } from '../core/audit/query-chain.ts';
import { type DecodedRecord, decodeRecord, decodeTrusted } from '../core/audit/record-format.ts';
import type { VerifierKey } from '../core/audit/signed-note.ts';
import { readAhead } from './read-ahead.ts';
import type { LogReader, Problem } from './verify-log.ts';
import { recordsAhead, type Walk, walkOn } from './verify-seals.ts';

type Note = (problem: Problem) => void;

/** How much older than the newest sealed record a record may be that no seal has taken. */
const sealWithinMs = 60_000;

/**
 * Everything below `rec/`: what no plan seals must be signed and new; the events of each query must be a possible life.
 * Returns how many records are not sealed yet. Events are grouped by query in byte order of names, so that only one
 * query's facts are held at a time.
 */
export async function checkRecords(
  reader: LogReader,
  key: VerifierKey,
  walk: Walk,
  note: Note,
  bad: ReadonlySet<string>,
): Promise<number> {
  let unsealed = 0;
  let query: { readonly id: string; readonly facts: EventFact[] } = { id: '', facts: [] };
  const judge = (): void => {
    const problem = checkChain(query.facts);
    // What follows a bad record cannot fit it, and is not bad for that.
    const cause = problem === undefined ? undefined : previousEventName(problem.name);
    if (problem !== undefined && !(cause !== undefined && bad.has(cause))) note(problem);
  };
  const read = async (name: string) => {
    const sealed = walk.sealed.has(name);
    const named = eventInName(name);
    const skip = sealed && named === undefined;
    return { name, named, sealed, record: skip ? undefined : await readRecord(reader, key, name, sealed) };
  };
  for await (const { name, named, sealed, record } of readAhead(reader.list('rec/'), recordsAhead, read)) {
    if (record === undefined) continue;
    if ('problem' in record) {
      if (!sealed) note({ name, problem: record.problem });
      continue;
    }
    if (!sealed) {
      unsealed += 1;
      checkUnsealed(name, record, walk, note);
    }
    if (named === undefined) continue;
    if (named.id !== query.id) {
      judge();
      query = { id: named.id, facts: [] };
    }
    const fact = eventFact(name, named, record.header, record.sha256);
    if ('problem' in fact) note(fact);
    else query.facts.push(fact);
  }
  judge();
  return unsealed;
}

async function readRecord(
  reader: LogReader,
  key: VerifierKey,
  name: string,
  sealed: boolean,
): Promise<(DecodedRecord & { readonly sha256: string }) | { readonly problem: string }> {
  if (!isObjectName(name)) return { problem: 'it is not of this log: no record has such a name' };
  const found = await reader.read(name);
  if (found === undefined) return { problem: 'it cannot be read' };
  const decoded = sealed ? decodeTrusted(name, found.bytes) : decodeRecord(name, found.bytes, key);
  return 'problem' in decoded ? decoded : { ...decoded, sha256: toHex(sha256(found.bytes)) };
}

function checkUnsealed(name: string, record: DecodedRecord, walk: Walk, note: Note): void {
  const { header } = record;
  if (header.sealed > walk.seen.size) walk.seen = { size: header.sealed, by: name };
  if (!walk.whole || header.timeMs >= walk.newestMs - sealWithinMs) return;
  const olderS = Math.round((walk.newestMs - header.timeMs) / 1000);
  note({ name, problem: `no plan seals it, though records that are ${olderS} s younger are sealed` });
}

/** Records carry the tree size that their writer knew: a tree that is smaller now has been cut. */
export function checkSeen(walk: Walk, note: Note): void {
  if (!walk.whole || walk.seen.size <= walk.tree.size) return;
  const problem = `it is missing: ${walk.seen.by} was written when ${walk.seen.size} records were sealed`;
  note({ name: walk.end, problem });
}

/** Below `plan/` and `cp/` there is nothing but the chain that was walked. */
export async function checkNames(reader: LogReader, key: VerifierKey, walk: Walk, note: Note): Promise<void> {
  const unknown: string[] = [];
  for (const prefix of ['plan/', 'cp/']) {
    for await (const name of reader.list(prefix)) if (!walk.visited.has(name)) unknown.push(name);
  }
  await walkOn(reader, key, walk, {}, note);
  const problem = walk.whole
    ? `it is not of this log: the chain of seals ends before ${walk.end}`
    : 'it cannot be reached: the chain of seals is broken before it';
  for (const name of unknown) if (!walk.visited.has(name)) note({ name, problem });
}
