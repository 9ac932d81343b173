import { isDeepStrictEqual } from 'node:util';
import type { AuditEntry } from '../core/audit/entry.ts';
import { SluiceError } from '../core/errors.ts';
import { clearFields } from '../core/query/describe-event.ts';
import type { QueryEvent } from '../core/query/events.ts';
import { apply } from '../core/query/lifecycle.ts';
import { recordedPrincipal } from '../core/query/principal.ts';
import type { Query } from '../core/query/query.ts';
import type { Ports } from '../ports/index.ts';
import { readEvent, record } from './record.ts';

/** `advanced`: the event happened. `overtaken`: another one did; `query` is how things stand now. */
export type Advance = { readonly kind: 'advanced' | 'overtaken'; readonly query: Query };

/** What the record of an event holds in its encrypted part: enough to repeat the state change after a crash. */
type Stored = { readonly event: QueryEvent } | { readonly query: Query };

const eventName = (id: string, version: number): string => `q/${id}/${String(version).padStart(4, '0')}`;

/**
 * The one door through which a query's state changes. The record comes first and its name (query, number) can exist only
 * once, so of two writers one wins and the other learns how things stand; the state store follows the record.
 */
export async function advance(ports: Ports, query: Query, event: QueryEvent): Promise<Advance> {
  const next = apply(query, event);
  if (next === undefined) return { kind: 'overtaken', query: await catchUp(ports, query) };
  const written = await record(ports, entryFor(next, event, { event }));
  if (written === 'other') return { kind: 'overtaken', query: await catchUp(ports, query) };
  await store(ports, next, query.version);
  return { kind: 'advanced', query: next };
}

/** Records that a query came in. `overtaken`: its id was known before; `query` is that one. */
export async function begin(ports: Ports, query: Query): Promise<Advance> {
  const received = { type: 'receive', atMs: query.receivedMs } as const;
  const written = await record(ports, entryFor(query, received, { query }));
  if (written !== 'other') {
    const created = await ports.state.create(query);
    if (created === 'created') return { kind: 'advanced', query };
  }
  const known = await knownQuery(ports, query.id);
  if (known === undefined) {
    throw new SluiceError('internal', `the record of ${query.id} exists but cannot be read`);
  }
  return { kind: 'overtaken', query: await catchUp(ports, known) };
}

/**
 * Applies the events that are recorded but have not reached the state store (a crash came between), and returns the query
 * as it stands.
 */
export async function catchUp(ports: Ports, query: Query): Promise<Query> {
  let current = (await ports.state.get(query.id)) ?? query;
  for (;;) {
    const next = await following(ports, current);
    if (next === undefined) return current;
    await store(ports, next, current.version);
    current = next;
  }
}

/**
 * A query as its records tell it, from the first one on. The state store is a copy that finds queries fast; before a step
 * that lets one run, or shows a person what would run, the log is asked. A store that says more than the log, or something
 * else, is put right from the log, and SluiceError `internal` says so: whatever was about to happen does not.
 */
export async function recordedQuery(ports: Ports, known: Query): Promise<Query> {
  let sameOnTheWay = false;
  const recorded = await replayEvents(ports, known.id, (step) => {
    if (step.version === known.version) sameOnTheWay = isDeepStrictEqual(plain(step), plain(known));
  });
  if (recorded === undefined)
    throw new SluiceError('internal', `the log does not know ${known.id}, so nothing is done with it`);
  // A store that is merely behind (a crash came between) follows; one that is ahead by now has been moved by somebody else.
  if (recorded.version !== known.version || !sameOnTheWay) await ports.state.replace(recorded, known.version);
  if (sameOnTheWay) return recorded;
  throw new SluiceError(
    'internal',
    `the state store had ${known.id} as ${known.state}, event ${known.version}, which its records do not say; ` +
      `the records count: ${recorded.state}, event ${recorded.version}`,
  );
}

/** As it lies in a store. */
const plain = (query: Query): unknown => JSON.parse(JSON.stringify(query));

/**
 * The query that the records of an id add up to, or undefined where there are none; `each` sees it after every event. Throws
 * SluiceError `internal` where the records are not a possible life.
 */
async function replayEvents(
  ports: Ports,
  id: Query['id'],
  each: (query: Query) => void,
): Promise<Query | undefined> {
  const first = await readStored(ports, id, 0);
  if (first === undefined) return undefined;
  if (!('query' in first) || first.query.id !== id || first.query.version !== 0)
    throw new SluiceError('internal', `record 0 of ${id} does not begin it`);
  let current = first.query;
  each(current);
  for (;;) {
    const next = await following(ports, current);
    if (next === undefined) return current;
    current = next;
    each(current);
  }
}

/** The query as the state store has it, or, where the store has lost it or never had it, as its first record says. */
export async function knownQuery(ports: Ports, id: Query['id']): Promise<Query | undefined> {
  return (await ports.state.get(id)) ?? recover(ports, id);
}

/** The query after the next recorded event, or undefined where there is none. */
async function following(ports: Ports, current: Query): Promise<Query | undefined> {
  const number = current.version + 1;
  const stored = await readStored(ports, current.id, number);
  if (stored === undefined) return undefined;
  if (!('event' in stored))
    throw new SluiceError('internal', `record ${number} of ${current.id} is no event`);
  const next = apply(current, stored.event);
  if (next !== undefined) return next;
  throw new SluiceError('internal', `record ${number} of ${current.id} does not fit state ${current.state}`);
}

async function recover(ports: Ports, id: Query['id']): Promise<Query | undefined> {
  const stored = await readStored(ports, id, 0);
  if (stored === undefined || !('query' in stored)) return undefined;
  await ports.state.create(stored.query);
  return stored.query;
}

async function store(ports: Ports, next: Query, expectedVersion: number): Promise<void> {
  const replaced = await ports.state.replace(next, expectedVersion);
  if (replaced === 'replaced') return;
  const current = await ports.state.get(next.id);
  if (current === undefined || current.version < next.version) {
    throw new SluiceError('state_unavailable', `the state of ${next.id} could not follow its record`);
  }
}

async function readStored(ports: Ports, id: string, version: number): Promise<Stored | undefined> {
  const content = await readEvent(ports, eventName(id, version));
  return content === undefined ? undefined : (JSON.parse(new TextDecoder().decode(content)) as Stored);
}

function entryFor(query: Query, event: Parameters<typeof clearFields>[1], stored: Stored): AuditEntry {
  const { principal, session } = query.caller;
  return {
    kind: 'event',
    name: eventName(query.id, query.version),
    timeMs: event.atMs,
    session,
    principal: recordedPrincipal(principal),
    query: { id: query.id, jobId: query.jobId, version: query.version },
    clear: clearFields(query, event),
    content: new TextEncoder().encode(JSON.stringify(stored)),
  };
}
