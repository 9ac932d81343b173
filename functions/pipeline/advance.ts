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
  const known = (await ports.state.get(query.id)) ?? (await recover(ports, query.id));
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
    const stored = await readStored(ports, current.id, current.version + 1);
    if (stored === undefined) return current;
    if (!('event' in stored))
      throw new SluiceError('internal', `record ${current.version + 1} of ${current.id} is no event`);
    const next = apply(current, stored.event);
    if (next === undefined) {
      throw new SluiceError(
        'internal',
        `record ${current.version + 1} of ${current.id} does not fit state ${current.state}`,
      );
    }
    await store(ports, next, current.version);
    current = next;
  }
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
