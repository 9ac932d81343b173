import type { Refusal } from '../errors.ts';
import { type Principal, type PrincipalId, samePrincipal } from '../query/principal.ts';
import type { Approval, Evaluation, Query } from '../query/query.ts';

/** An estimate may grow this much between approval and execution before the approval is stale. */
export const estimateTolerance = 1.1;

const no = (message: string): Refusal => ({ code: 'forbidden', message });

/**
 * Whether this person may decide this hold at all: a person, in an approver group, neither the requester nor the one the
 * requester acts for, and (to approve) not counted already. `undefined` = yes.
 */
export function mayDecide(
  query: Query,
  approver: Principal,
  decision: 'approve' | 'reject',
): Refusal | undefined {
  const requester = query.caller.principal;
  const terms = query.evaluation?.decision;
  if (terms?.outcome !== 'hold') return no('This query is not waiting for an approval.');
  if (approver.kind !== 'person') return no('Only a person can decide; sign in as one.');
  if (approver.actingFor) return no('A token that acts for someone cannot decide; sign in as yourself.');
  if (samePrincipal(approver, requester))
    return no('You asked for this query; somebody else must decide it.');
  if (requester.actingFor && samePrincipal(approver, requester.actingFor)) {
    return no('The query was asked on your behalf; somebody else must decide it.');
  }
  if (!approver.groups.some((group) => terms.hold.approverGroups.includes(group))) {
    return no(`Only members of ${terms.hold.approverGroups.join(', ')} can decide this query.`);
  }
  if (decision === 'approve' && query.approvals.some((given) => samePrincipal(given.approver, approver))) {
    return no('You have approved this query already; another person must do so too.');
  }
  return undefined;
}

/** Distinct people who approved exactly this digest. */
export function approvers(approvals: readonly Approval[], digest: string): readonly PrincipalId[] {
  const people: PrincipalId[] = [];
  for (const approval of approvals) {
    if (approval.digest === digest && !people.some((person) => samePrincipal(person, approval.approver))) {
      people.push(approval.approver);
    }
  }
  return people;
}

/** What changed between what was approved and what would run now, in words; empty = still the same. */
export function staleness(approved: Evaluation, now: Evaluation): readonly string[] {
  const changed: string[] = [];
  if (now.canonicalSql !== approved.canonicalSql) changed.push('the SQL that would run');
  if (now.policy.hash !== approved.policy.hash) changed.push('the policy');
  if (JSON.stringify(now.masking) !== JSON.stringify(approved.masking)) changed.push('the masks');
  if (JSON.stringify(now.schema) !== JSON.stringify(approved.schema)) changed.push('the result schema');
  if (JSON.stringify(now.tables) !== JSON.stringify(approved.tables)) changed.push('the tables');
  if (now.statementType !== approved.statementType) changed.push('the statement type');
  if (now.estimate.bytes > approved.estimate.bytes * estimateTolerance) changed.push('the estimate');
  if (now.estimate.accuracy !== approved.estimate.accuracy) changed.push('the accuracy of the estimate');
  return changed;
}
