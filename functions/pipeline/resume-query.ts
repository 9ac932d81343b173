import { approvers, mayDecide, staleness } from '../core/approval/rules.ts';
import { executionDigest } from '../core/query/digest.ts';
import type { Query } from '../core/query/query.ts';
import type { Ports } from '../ports/index.ts';
import { advance, recordedQuery } from './advance.ts';
import { evaluate } from './evaluate.ts';
import { expireIfDue } from './expire.ts';
import { runQuery } from './run-query.ts';

/**
 * Runs an approved query, after everything is decided again: today's policy, a fresh dry run, the approvals themselves, all
 * of it as the records have it.
 * What changed since makes it stale. Safe to call any number of times, by anyone: only one dispatch can be recorded.
 */
export async function resumeQuery(ports: Ports, approved: Query): Promise<Query> {
  const query = await expireIfDue(ports, await recordedQuery(ports, approved));
  if (query.state !== 'approved' || query.evaluation === undefined) return query;

  const evaluated = await evaluate(ports, query);
  if (!evaluated.ok) return refuse(ports, query, evaluated.refusal.message, 'stale');
  const fresh = evaluated.evaluation;
  if (fresh.decision.outcome === 'deny') return refuse(ports, query, fresh.decision.message, 'policy_denied');

  const changed = staleness(query.evaluation, fresh);
  const digest = executionDigest({
    principal: query.caller.principal,
    project: query.project,
    location: query.location,
    executionIdentity: query.executionIdentity,
    request: query.request,
    evaluation: { ...fresh, decision: query.evaluation.decision, estimate: query.evaluation.estimate },
  });
  if (changed.length > 0 || digest !== query.evaluation.digest) {
    const what = changed.length > 0 ? changed.join(', ') : 'something it binds to';
    return refuse(
      ports,
      query,
      `The approval no longer holds: ${what} changed since. Submit the query again.`,
      'stale',
    );
  }
  if (!enoughApprovals(query)) {
    return refuse(
      ports,
      query,
      'The approvals of this query do not count any more. Submit it again.',
      'stale',
    );
  }
  return (await runQuery(ports, query)).query;
}

/** The rules that each approver had to meet, checked once more on what the log says of them. */
function enoughApprovals(query: Query): boolean {
  const { evaluation } = query;
  if (evaluation?.decision.outcome !== 'hold') return false;
  const { hold } = evaluation.decision;
  const counted = approvers(query.approvals, evaluation.digest).filter(
    (person) =>
      mayDecide(
        { ...query, approvals: [] },
        { ...person, kind: 'person', groups: hold.approverGroups },
        'approve',
      ) === undefined,
  );
  return counted.length >= hold.quorum;
}

async function refuse(
  ports: Ports,
  query: Query,
  message: string,
  code: 'stale' | 'policy_denied',
): Promise<Query> {
  const atMs = ports.clock.nowMs();
  const error = { code, message };
  const event =
    code === 'stale'
      ? ({ type: 'go-stale', atMs, error } as const)
      : ({ type: 'refuse', atMs, error } as const);
  return (await advance(ports, query, event)).query;
}
