import type { Query } from './query.ts';

/**
 * What counts against a budget: the billed bytes once they are known, what may still be billed while the query runs, else 0.
 * An estimate that is no upper bound bounds nothing, so the limit counts then.
 */
export function chargeBytes(query: Query): number {
  if (query.outcome) return query.outcome.totalBytesBilled;
  const { evaluation } = query;
  if (query.state !== 'running' || evaluation === undefined || evaluation.decision.outcome === 'deny')
    return 0;
  const { maximumBytesBilled } = evaluation.decision.limits;
  const { bytes, accuracy } = evaluation.estimate;
  const bounded = accuracy === 'PRECISE' || accuracy === 'UPPER_BOUND';
  return bounded ? Math.min(maximumBytesBilled, bytes) : maximumBytesBilled;
}
