import { isDeepStrictEqual } from 'node:util';
import type { Query } from '../core/query/query.ts';
import type { Ports } from '../ports/index.ts';
import { advance, begin } from './advance.ts';
import type { Submission, SubmitResult } from './contracts.ts';
import { evaluate } from './evaluate.ts';
import { holdQuery } from './hold-query.ts';
import { receive } from './receive.ts';
import { runQuery } from './run-query.ts';

/**
 * The life of a query up to the point where it runs, waits or is refused: read this first (docs/LIFE_OF_A_QUERY.md).
 * A job id or request id that is known already starts nothing new: the query behind it is the answer. What an attempt before
 * this one left undecided is decided now, so that a client which repeats a request that failed gets on.
 */
export async function submitQuery(ports: Ports, submission: Submission): Promise<SubmitResult> {
  const query = await receive(ports, submission);

  // The record of the request is written beside the analysis: neither has an effect yet.
  const [begun, evaluated] = await Promise.all([begin(ports, query), evaluate(ports, query)]);
  if (begun.kind === 'overtaken' && !isLeftUndecided(begun.query, query)) return repeated(begun.query);

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
  const decided = await advance(ports, begun.query, {
    type: 'evaluate',
    atMs: ports.clock.nowMs(),
    evaluation,
  });
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

/** Whether nothing has happened to a known query yet and it is this very one, asked by the same principal as it is now. */
function isLeftUndecided(known: Query, query: Query): boolean {
  const { principal } = known.caller;
  const same = { ...known, receivedMs: query.receivedMs, caller: { ...query.caller, principal } };
  return isDeepStrictEqual(JSON.parse(JSON.stringify(same)), JSON.parse(JSON.stringify(query)));
}

const repeated = (query: Query): SubmitResult => ({ kind: 'query', query, repeated: true });

function conclude({ query }: { readonly query: Query }): SubmitResult {
  if (query.state === 'denied' && query.error) return { kind: 'refused', refusal: query.error };
  return { kind: 'query', query, repeated: false };
}
