import type { Query } from '../core/query/query.ts';
import type { Ports } from '../ports/index.ts';
import { advance } from './advance.ts';

/** Ends a hold or an approval whose time is over. Expiry is decided by the clock here, never by a store's clean-up. */
export async function expireIfDue(ports: Ports, query: Query): Promise<Query> {
  const nowMs = ports.clock.nowMs();
  if (query.expiresMs === undefined || nowMs < query.expiresMs) return query;
  if (query.state !== 'held' && query.state !== 'approved') return query;
  const waited =
    query.state === 'held' ? 'Nobody decided this query in time' : 'The approval ended before the query ran';
  const error = { code: 'expired', message: `${waited}. Submit it again if it is still needed.` } as const;
  return (await advance(ports, query, { type: 'expire', atMs: nowMs, error })).query;
}
