import {
  type DecodedRecord,
  decodeRecord,
  openContent,
  type RecordHeader,
} from '../core/audit/record-format.ts';
import type { VerifierKey } from '../core/audit/signed-note.ts';
import type { Keys } from '../ports/keys.ts';
import type { LogReader } from './verify-log.ts';

export type ReplaySource = {
  readonly reader: LogReader;
  readonly key: VerifierKey;
  readonly unwrap: Keys['unwrap'];
};

/**
 * `shown`: a record of the selected story with its content as it was. `erased`: its data key has been destroyed.
 * `unreadable`: a record that cannot be trusted, of whatever story it may be.
 */
export type ReplayItem =
  | {
      readonly kind: 'shown';
      readonly name: string;
      readonly header: RecordHeader;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: 'erased'; readonly name: string; readonly header: RecordHeader }
  | { readonly kind: 'unreadable'; readonly name: string; readonly problem: string };

/** Where a record stands in time: by the clock, and within one process by the order of writing. */
type Place = {
  readonly name: string;
  readonly timeMs: number;
  readonly instance: string;
  readonly seq: number;
};

/**
 * What an agent saw, in order: every delivery of a session, a job, a query or a principal (by subject), each with the exact
 * bytes that went out; with `events` the state changes and other records between them too. Records that cannot be trusted
 * come last.
 */
export async function* replaySession(
  source: ReplaySource,
  selector: string,
  options: { readonly events?: boolean } = {},
): AsyncGenerator<ReplayItem> {
  const places: Place[] = [];
  const unreadable: ReplayItem[] = [];
  for await (const name of source.reader.list('rec/')) {
    const record = await read(source, name);
    if ('problem' in record) unreadable.push({ kind: 'unreadable', name, problem: record.problem });
    else if (isSelected(record.header, selector, options.events ?? false)) {
      places.push({ name, timeMs: record.header.timeMs, ...record.header.writer });
    }
  }
  places.sort(byPlace);
  for (const place of places) yield await show(source, place.name);
  yield* unreadable;
}

async function show(source: ReplaySource, name: string): Promise<ReplayItem> {
  const record = await read(source, name);
  if ('problem' in record) return { kind: 'unreadable', name, problem: record.problem };
  const { header } = record;
  if (header.content === undefined) return { kind: 'shown', name, header, bytes: new Uint8Array() };
  const key = await source.unwrap(header.content.wrapped);
  if (key === undefined) return { kind: 'erased', name, header };
  try {
    return { kind: 'shown', name, header, bytes: openContent(record, key) };
  } catch {
    return { kind: 'unreadable', name, problem: 'its content does not open with its data key' };
  }
}

async function read(
  source: ReplaySource,
  name: string,
): Promise<DecodedRecord | { readonly problem: string }> {
  const found = await source.reader.read(name);
  return found === undefined ? { problem: 'it cannot be read' } : decodeRecord(name, found.bytes, source.key);
}

function isSelected(header: RecordHeader, selector: string, events: boolean): boolean {
  if (header.kind !== 'delivery' && !events) return false;
  const { session, query, principal, clear } = header;
  return [
    session,
    query?.id,
    query?.jobId,
    clear.queryId,
    clear.jobId,
    principal?.subject,
    principal?.actingFor?.subject,
  ].includes(selector);
}

function byPlace(a: Place, b: Place): number {
  if (a.timeMs !== b.timeMs) return a.timeMs - b.timeMs;
  if (a.instance === b.instance) return a.seq - b.seq;
  return a.instance < b.instance ? -1 : 1;
}
