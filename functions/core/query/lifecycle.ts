import type { QueryEvent } from './events.ts';
import type { Query, QueryState } from './query.ts';

type Next = { readonly [E in QueryEvent['type']]?: QueryState };

/** What may follow what. An event that has no entry for a state is impossible there. */
export const transitions: { readonly [S in QueryState]: Next } = {
  received: { evaluate: 'evaluated', refuse: 'denied', cancel: 'cancelled' },
  evaluated: { refuse: 'denied', hold: 'held', dispatch: 'running', cancel: 'cancelled' },
  held: { approve: 'held', reject: 'rejected', expire: 'expired', 'go-stale': 'stale', cancel: 'cancelled' },
  approved: {
    refuse: 'denied',
    expire: 'expired',
    'go-stale': 'stale',
    dispatch: 'running',
    cancel: 'cancelled',
  },
  running: { finish: 'done', fail: 'failed', cancel: 'cancelled' },
  denied: {},
  rejected: {},
  expired: {},
  stale: {},
  cancelled: {},
  done: {},
  failed: {},
};

export const isFinal = (state: QueryState): boolean => Object.keys(transitions[state]).length === 0;

/** The query after the event, or `undefined` where the event cannot happen in its state. */
export function apply(query: Query, event: QueryEvent): Query | undefined {
  const planned = transitions[query.state][event.type];
  if (planned === undefined) return undefined;
  const state = event.type === 'approve' && event.complete ? 'approved' : planned;
  const ended = isFinal(state) ? { endedMs: event.atMs } : {};
  return { ...query, ...changes(query, event), ...ended, state, version: query.version + 1 };
}

function changes(query: Query, event: QueryEvent): Partial<Query> {
  switch (event.type) {
    case 'evaluate':
      return { evaluation: event.evaluation };
    case 'hold':
      return { expiresMs: event.expiresMs };
    case 'approve':
      return { approvals: [...query.approvals, event.approval], expiresMs: event.expiresMs };
    case 'dispatch':
      return { startedMs: event.atMs };
    case 'finish':
      return { outcome: event.outcome };
    case 'fail':
      return event.outcome === undefined
        ? { error: event.error }
        : { error: event.error, outcome: event.outcome };
    case 'refuse':
    case 'reject':
    case 'expire':
    case 'go-stale':
    case 'cancel':
      return { error: event.error };
  }
}
