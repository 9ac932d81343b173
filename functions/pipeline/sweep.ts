import type { Query } from '../core/query/query.ts';
import type { Ports } from '../ports/index.ts';
import { advance, catchUp } from './advance.ts';
import { expireIfDue } from './expire.ts';
import { resumeQuery } from './resume-query.ts';
import { settle } from './settle.ts';

/** A query that has been received but not decided for this long was left by a crash. */
const abandonedMs = 60_000;

/**
 * Looks once at every query that is not finished and moves it on where it is due. Safe to run anywhere, any time. One that
 * fails does not keep the others waiting; the first failure is thrown when all have been looked at.
 */
export async function sweep(
  ports: Ports,
  limit = 200,
): Promise<{ readonly seen: number; readonly moved: number }> {
  const open = await ports.state.listByState(['received', 'evaluated', 'held', 'approved', 'running'], limit);
  let moved = 0;
  const failures: unknown[] = [];
  for (const query of open) {
    try {
      const after = await sweepOne(ports, query);
      if (after.version !== query.version) moved += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return { seen: open.length, moved };
}

async function sweepOne(ports: Ports, query: Query): Promise<Query> {
  switch (query.state) {
    case 'held':
      return expireIfDue(ports, query);
    case 'approved':
      return resumeQuery(ports, query);
    case 'running':
      return settle(ports, query, 0);
    case 'received':
    case 'evaluated':
      return abandoned(ports, query);
    case 'denied':
    case 'rejected':
    case 'expired':
    case 'stale':
    case 'cancelled':
    case 'done':
    case 'failed':
      return query;
  }
}

/** The client of an undecided query has had no answer and may submit it again under another id; this one never runs. */
async function abandoned(ports: Ports, query: Query): Promise<Query> {
  const nowMs = ports.clock.nowMs();
  if (nowMs - query.receivedMs < abandonedMs) return query;
  const current = await catchUp(ports, query);
  if (current.version !== query.version) return current;
  const error = {
    code: 'unknown_outcome',
    message:
      'The gateway stopped before this query was decided; it did not run. Submit it again under another job id.',
  } as const;
  return (await advance(ports, current, { type: 'refuse', atMs: nowMs, error })).query;
}
