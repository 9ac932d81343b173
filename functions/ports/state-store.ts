import type { Query, QueryId, QueryState } from '../core/query/query.ts';

/**
 * The life of every query. Promises: `create` is if-absent; `replace` writes only over the version it names; both are
 * durable when they resolve. Failure to reach it throws SluiceError `state_unavailable`.
 */
export type StateStore = {
  create(query: Query): Promise<'created' | 'exists'>;
  get(id: QueryId): Promise<Query | undefined>;
  replace(query: Query, expectedVersion: number): Promise<'replaced' | 'conflict'>;
  /** Newest first; `before` pages by (receivedMs, id). */
  listByPrincipal(
    principal: { issuer: string; subject: string },
    options: { limit: number; before?: { receivedMs: number; id: string }; states?: readonly QueryState[] },
  ): Promise<readonly Query[]>;
  /** Oldest first. */
  listByState(states: readonly QueryState[], limit: number): Promise<readonly Query[]>;
  /** Bytes that the principal's queries were billed since `sinceMs`, plus what running ones may still be billed. */
  bytesUsedSince(principal: { issuer: string; subject: string }, sinceMs: number): Promise<number>;
  close(): Promise<void>;
};
