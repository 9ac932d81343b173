import type { QueryEvent } from '../query/events.ts';
import { transitions } from '../query/lifecycle.ts';
import type { QueryState } from '../query/query.ts';
import type { RecordHeader } from './record-format.ts';

/** What the record of one event of a query says, as far as the whole chain is judged by it. */
export type EventFact = {
  readonly objectName: string;
  readonly version: number;
  /** SHA-256 (hex) of the stored bytes. */
  readonly sha256: string;
  readonly previous?: string;
  readonly event: string;
  readonly state: string;
  readonly digest?: string;
  readonly complete: boolean;
};

export type ChainProblem = { readonly name: string; readonly problem: string };

/** The fact of an event record, or why its header does not fit its name `rec/q/<id>/<version>`. */
export function eventFact(
  objectName: string,
  named: { readonly id: string; readonly version: number },
  header: RecordHeader,
  sha256: string,
): EventFact | ChainProblem {
  const { query, clear, previous } = header;
  if (header.kind !== 'event' || query?.id !== named.id || query.version !== named.version) {
    return { name: objectName, problem: 'it is not the record of the event that its name says' };
  }
  const { event, state, digest, complete } = clear;
  if (typeof event !== 'string' || typeof state !== 'string') {
    return { name: objectName, problem: 'it names no event and state' };
  }
  return {
    objectName,
    version: named.version,
    sha256,
    event,
    state,
    complete: complete === true,
    ...(previous === undefined ? {} : { previous }),
    ...(typeof digest === 'string' ? { digest } : {}),
  };
}

/**
 * Whether the events of one query, in any order, are a life that the state table allows: numbered from 0 without a gap,
 * each linked to the one before it, and each dispatch and approval of exactly what was evaluated before. Names the first
 * that is not.
 */
export function checkChain(facts: readonly EventFact[]): ChainProblem | undefined {
  const sorted = [...facts].sort((a, b) => a.version - b.version);
  let digest: string | undefined;
  for (const [at, fact] of sorted.entries()) {
    const before = sorted[at - 1];
    if (fact.version !== at)
      return { name: nameOf(fact, at), problem: 'it is missing: later events of the query exist' };
    const problem = checkLink(before, fact) ?? checkDigest(fact, digest);
    if (problem !== undefined) return { name: fact.objectName, problem };
    if (fact.event === 'evaluate') digest = fact.digest;
  }
  return undefined;
}

function nameOf(fact: EventFact, version: number): string {
  const slash = fact.objectName.lastIndexOf('/') + 1;
  const digits = fact.objectName.length - slash;
  return fact.objectName.slice(0, slash) + String(version).padStart(digits, '0');
}

function checkLink(before: EventFact | undefined, fact: EventFact): string | undefined {
  if (before === undefined) {
    const begins = fact.event === 'receive' && fact.state === 'received' && fact.previous === undefined;
    return begins ? undefined : 'a query does not begin with this event';
  }
  if (fact.previous !== before.sha256) return `it does not follow ${before.objectName} as that is now`;
  if (!Object.hasOwn(transitions, before.state)) return `there is no state ${before.state}`;
  const next = transitions[before.state as QueryState];
  const planned = Object.hasOwn(next, fact.event) ? next[fact.event as QueryEvent['type']] : undefined;
  if (planned === undefined) return `${fact.event} cannot happen to a query that is ${before.state}`;
  const state = fact.event === 'approve' && fact.complete ? 'approved' : planned;
  return state === fact.state ? undefined : `after ${fact.event} a query is ${state}, not ${fact.state}`;
}

function checkDigest(fact: EventFact, evaluated: string | undefined): string | undefined {
  if (fact.event !== 'dispatch' && fact.event !== 'approve') return undefined;
  if (evaluated !== undefined && fact.digest === evaluated) return undefined;
  return `its execution digest is not the one that was evaluated before`;
}
