import { isDeepStrictEqual } from 'node:util';
import type { Evaluation, Query } from '../core/query/query.ts';
import type { Ports } from '../ports/index.ts';
import { type Advance, advance, begin } from './advance.ts';
import type { Submission, SubmitResult } from './contracts.ts';
import { evaluate } from './evaluate.ts';
import { holdQuery } from './hold-query.ts';
import { receive } from './receive.ts';
import { runQuery } from './run-query.ts';

/**
 * The life of a query up to the point where it runs, waits or is refused: read this first (docs/LIFE_OF_A_QUERY.md).
 * A job id or request id that is known already starts nothing new: the query behind it is the answer. What an attempt before
 * this one left open goes on now, so that a client which repeats a request that failed gets on.
 */
export async function submitQuery(ports: Ports, submission: Submission): Promise<SubmitResult> {
  const query = await receive(ports, submission);

  // The record of the request is written beside the analysis: neither has an effect yet.
  const [begun, evaluated] = await Promise.all([begin(ports, query), evaluate(ports, query)]);
  if (begun.kind === 'overtaken' && !isLeftOpen(begun.query, query)) return repeated(begun.query);

  if (!evaluated.ok) {
    return conclude(
      await advance(ports, begun.query, {
        type: 'refuse',
        atMs: ports.clock.nowMs(),
        error: evaluated.refusal,
      }),
    );
  }

  const { evaluation } = evaluated;
  const decided = await decide(ports, begun.query, evaluation);
  if (decided.kind === 'overtaken') return repeated(decided.query);

  switch (evaluation.decision.outcome) {
    case 'deny': {
      const error = { code: 'policy_denied', message: evaluation.decision.message } as const;
      return conclude(
        await advance(ports, decided.query, { type: 'refuse', atMs: ports.clock.nowMs(), error }),
      );
    }
    case 'hold':
      return conclude(await holdQuery(ports, decided.query, evaluation.decision.hold));
    case 'permit':
      return conclude(await runQuery(ports, decided.query));
  }
}

/** Records the decision; where an attempt before this one has recorded it, everything must be as it was then. */
async function decide(ports: Ports, query: Query, evaluation: Evaluation): Promise<Advance> {
  if (query.evaluation === undefined)
    return advance(ports, query, { type: 'evaluate', atMs: ports.clock.nowMs(), evaluation });
  const { digest, decision } = query.evaluation;
  const same = digest === evaluation.digest && isSame(decision, evaluation.decision);
  return { kind: same ? 'advanced' : 'overtaken', query };
}

/** Whether a known query has neither run nor been held, and is this very one, asked by the same principal as it is now. */
function isLeftOpen(known: Query, query: Query): boolean {
  if (known.state !== 'received' && known.state !== 'evaluated') return false;
  const { state, version, receivedMs } = query;
  const { evaluation: _decided, ...asked } = known;
  const caller = { ...query.caller, principal: known.caller.principal };
  return isSame({ ...asked, state, version, receivedMs, caller }, query);
}

/** Compared as they lie in a store. */
const isSame = (a: object, b: object): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));

const repeated = (query: Query): SubmitResult => ({ kind: 'query', query, repeated: true });

/** Of several attempts that go on with one query, one is told that it is new. */
function conclude({ kind, query }: Advance): SubmitResult {
  if (query.state === 'denied' && query.error) return { kind: 'refused', refusal: query.error };
  return { kind: 'query', query, repeated: kind === 'overtaken' };
}
