import { isFinal } from '../../core/query/lifecycle.ts';
import type { Query, QueryId } from '../../core/query/query.ts';
import type { StateStore } from '../../ports/state-store.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import { copyOf, quietly } from './copy.ts';

/** When queries that this process has seen held were held, milliseconds. */
export type HoldTimes = Map<QueryId, number>;
const holdTimesLimit = 1_000;

/** Derives what happens to queries from the states that are written: each state change passes here exactly once. */
export function watchState(state: StateStore, telemetry: Telemetry, holds: HoldTimes): StateStore {
  const seen = (query: Query): void => {
    rememberHold(holds, query);
    telemetry.scope()?.note({ queryId: query.id });
  };
  return Object.assign(copyOf(state), {
    async create(query) {
      const done = await state.create(query);
      if (done === 'created') quietly(telemetry, () => seen(query));
      return done;
    },
    async get(id) {
      const query = await state.get(id);
      if (query !== undefined) quietly(telemetry, () => rememberHold(holds, query));
      return query;
    },
    async replace(query, expectedVersion) {
      const done = await state.replace(query, expectedVersion);
      if (done === 'replaced')
        quietly(telemetry, () => {
          seen(query);
          count(telemetry, query);
        });
      return done;
    },
  } satisfies Partial<StateStore>);
}

function rememberHold(holds: HoldTimes, query: Query): void {
  if (query.state !== 'held' || query.approvals.length > 0) return;
  const decision = query.evaluation?.decision;
  if (decision?.outcome !== 'hold' || query.expiresMs === undefined) return;
  holds.set(query.id, query.expiresMs - decision.hold.holdMs);
  const oldest = holds.keys().next();
  if (holds.size > holdTimesLimit && !oldest.done) holds.delete(oldest.value);
}

function count(telemetry: Telemetry, query: Query): void {
  const scope = telemetry.scope();
  const code = query.error?.code ?? 'ok';
  telemetry.measure('sluice_query_changes_total', 1, {
    function: scope?.function ?? 'embedded',
    state: query.state,
    code,
  });
  countDecision(telemetry, query);
  countApproval(telemetry, query);
  if (isFinal(query.state)) countEnd(telemetry, query);
}

/** Evaluated says what was decided; denied without an evaluation says that nothing could be. */
function countDecision(telemetry: Telemetry, query: Query): void {
  const { evaluation } = query;
  const decision =
    query.state === 'evaluated' && evaluation !== undefined
      ? evaluation.decision.outcome
      : query.state === 'denied' && evaluation === undefined
        ? 'refused'
        : undefined;
  if (decision === undefined) return;
  const code = decision === 'refused' ? (query.error?.code ?? 'internal') : 'ok';
  telemetry.measure('sluice_decisions_total', 1, { decision, code });
  for (const { rule, effect } of evaluation?.decision.rules ?? []) {
    if (effect !== 'permit') telemetry.measure('sluice_rule_hits_total', 1, { rule, effect });
  }
  const scope = telemetry.scope();
  if (scope === undefined) return;
  scope.note({ decision });
  telemetry.measure('sluice_decision_seconds', scope.ownMs() / 1000, { decision });
}

function countApproval(telemetry: Telemetry, query: Query): void {
  const { state } = query;
  const vote =
    state === 'rejected'
      ? 'reject'
      : state === 'approved' || (state === 'held' && query.approvals.length > 0)
        ? 'approve'
        : undefined;
  if (vote !== undefined) telemetry.measure('sluice_approvals_total', 1, { vote });
  if (state === 'approved') measureHold(telemetry, query, query.approvals.at(-1)?.atMs);
}

function countEnd(telemetry: Telemetry, query: Query): void {
  const held = query.evaluation?.decision.outcome === 'hold';
  const decided = query.startedMs !== undefined || query.approvals.length > 0;
  if (held && !decided) measureHold(telemetry, query, query.endedMs);
  const billed = query.outcome?.totalBytesBilled ?? 0;
  if (billed > 0) telemetry.measure('sluice_billed_bytes_total', billed, {});
}

function measureHold(telemetry: Telemetry, query: Query, endMs: number | undefined): void {
  if (endMs === undefined) return;
  const seconds = Math.max(0, endMs - query.receivedMs) / 1000;
  telemetry.measure('sluice_hold_seconds', seconds, { state: query.state });
}
