import type { Query, QueryId } from '../../functions/core/query/query.ts';
import type { StateStore } from '../../functions/ports/state-store.ts';

/** What a state store keeps, apart from the store, so that a "restart" can open it again. */
export type StateMemory = Map<QueryId, string>;

/** A state store in memory that keeps the port's promises: for tests that end "processes" in the middle. */
export function memoryStateStore(memory: StateMemory = new Map()): StateStore {
  const all = (): Query[] => [...memory.values()].map((text) => JSON.parse(text) as Query);
  const newestFirst = (a: Query, b: Query): number =>
    b.receivedMs - a.receivedMs || (a.id === b.id ? 0 : a.id < b.id ? 1 : -1);
  return {
    async create(query) {
      if (memory.has(query.id)) return 'exists';
      memory.set(query.id, JSON.stringify(query));
      return 'created';
    },
    async get(id) {
      const text = memory.get(id);
      return text === undefined ? undefined : (JSON.parse(text) as Query);
    },
    async replace(query, expectedVersion) {
      const current = memory.get(query.id);
      if (current === undefined || (JSON.parse(current) as Query).version !== expectedVersion)
        return 'conflict';
      memory.set(query.id, JSON.stringify(query));
      return 'replaced';
    },
    async listByPrincipal({ issuer, subject }, { limit, before, states }) {
      return all()
        .filter(({ caller }) => caller.principal.issuer === issuer && caller.principal.subject === subject)
        .filter((query) => states === undefined || states.includes(query.state))
        .sort(newestFirst)
        .filter((query) => before === undefined || newestFirst(before as Query, query) < 0)
        .slice(0, limit);
    },
    async listByState(states, limit) {
      return all()
        .filter((query) => states.includes(query.state))
        .sort((a, b) => newestFirst(b, a))
        .slice(0, limit);
    },
    async bytesUsedSince({ issuer, subject }, sinceMs) {
      return all()
        .filter(({ caller }) => caller.principal.issuer === issuer && caller.principal.subject === subject)
        .filter((query) => query.receivedMs >= sinceMs)
        .reduce((sum, query) => sum + bytesOf(query), 0);
    },
    async close() {},
  };
}

function bytesOf(query: Query): number {
  if (query.outcome) return query.outcome.totalBytesBilled;
  return query.state === 'running' ? (query.evaluation?.estimate.bytes ?? 0) : 0;
}
