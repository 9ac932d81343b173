import type { Query } from '../core/query/query.ts';
import type { Ports } from '../ports/index.ts';
import { advance, catchUp } from './advance.ts';
import { expireIfDue } from './expire.ts';
import { resumeQuery } from './resume-query.ts';
import { settle } from './settle.ts';

/** A query that has been received but not decided for this long was left by a crash. */
const abandonedMs = 60_000;

/** Looked at in this order, each on its own: however many wait for a person, what was approved goes on. */
const openStates = ['approved', 'running', 'received', 'evaluated', 'held'] as const;

export type SweepOptions = {
  /** At most so many queries of each state, the oldest. */
  readonly limit?: number;
  /** So many at once: stores and warehouse are far away. */
  readonly concurrency?: number;
  /** Begins nothing more once it has aborted; what is left comes with the next sweep. */
  readonly signal?: AbortSignal;
};

/**
 * Looks once at every query that is not finished and moves it on where it is due. Safe to run anywhere, any time, also by
 * several at once. One that fails does not keep the others waiting; the first failure is thrown when all have been looked at.
 */
export async function sweep(
  ports: Ports,
  { limit = 200, concurrency = 8, signal }: SweepOptions = {},
): Promise<{ readonly seen: number; readonly moved: number }> {
  let [seen, moved] = [0, 0];
  const failures: unknown[] = [];
  const look = async (query: Query): Promise<void> => {
    seen += 1;
    try {
      const after = await sweepOne(ports, query);
      if (after.version !== query.version) moved += 1;
    } catch (error) {
      failures.push(error);
    }
  };
  for (const state of openStates) {
    if (signal?.aborted) break;
    const waiting = (await ports.state.listByState([state], limit)).values();
    const worker = async (): Promise<void> => {
      for (const query of waiting) {
        await look(query);
        if (signal?.aborted) return;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, worker));
  }
  if (failures.length > 0) throw failures[0];
  return { seen, moved };
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
