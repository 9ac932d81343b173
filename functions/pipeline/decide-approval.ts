import { approvers, mayDecide } from '../core/approval/rules.ts';
import type { Refusal } from '../core/errors.ts';
import type { Caller } from '../core/query/principal.ts';
import type { Query, QueryId } from '../core/query/query.ts';
import type { Ports } from '../ports/index.ts';
import { advance, recordedQuery } from './advance.ts';
import { expireIfDue } from './expire.ts';
import { announce } from './hold-query.ts';

/** How long a complete approval may wait for its execution. */
const approvedMs = 15 * 60_000;
const reasonCharacters = { least: 3, most: 1000 };

export type ApprovalDecision = {
  readonly decision: 'approve' | 'reject';
  readonly reason: string;
  /** The digest of what the approver saw; it must be what waits. */
  readonly digest: string;
};

export type DecideResult =
  | { readonly ok: true; readonly query: Query }
  | { readonly ok: false; readonly refusal: Refusal };

const refused = (code: Refusal['code'], message: string): DecideResult => ({
  ok: false,
  refusal: { code, message },
});

/** One person's decision on one held query: checked, recorded, then announced. */
export async function decideApproval(
  ports: Ports,
  approver: Caller,
  id: QueryId,
  given: ApprovalDecision,
): Promise<DecideResult> {
  const found = await ports.state.get(id);
  if (found === undefined) return refused('not_found', 'There is no such query.');
  const query = await expireIfDue(ports, await recordedQuery(ports, found));
  if (query.state !== 'held')
    return refused('conflict', `This query is ${query.state}; there is nothing to decide any more.`);

  const forbidden = mayDecide(query, approver.principal, given.decision);
  if (forbidden) return { ok: false, refusal: forbidden };
  const reason = given.reason.trim();
  if (reason.length < reasonCharacters.least || reason.length > reasonCharacters.most) {
    return refused(
      'invalid',
      `Give a reason of ${reasonCharacters.least} to ${reasonCharacters.most} characters.`,
    );
  }
  if (given.digest !== query.evaluation?.digest) {
    return refused('conflict', 'What waits is not what you saw; look at the query again before you decide.');
  }

  const decided = await advance(ports, query, eventFor(ports, query, approver, { ...given, reason }));
  if (decided.kind === 'overtaken')
    return refused('conflict', `Somebody was faster: the query is ${decided.query.state} now.`);
  const type = decided.query.state === 'approved' ? 'approved' : 'ended';
  if (decided.query.state !== 'held') await announce(ports, { type, queryId: query.id });
  return { ok: true, query: decided.query };
}

function eventFor(
  ports: Ports,
  query: Query,
  approver: Caller,
  given: ApprovalDecision,
): Parameters<typeof advance>[2] {
  const atMs = ports.clock.nowMs();
  const { issuer, subject, email } = approver.principal;
  const person = { issuer, subject, ...(email === undefined ? {} : { email }) };
  if (given.decision === 'reject') {
    const message = `Rejected by ${subject}: ${given.reason}`;
    return {
      type: 'reject',
      atMs,
      approver: person,
      reason: given.reason,
      error: { code: 'rejected', message },
    };
  }
  const approval = { approver: person, reason: given.reason, digest: given.digest, atMs };
  const terms = query.evaluation?.decision;
  const quorum = terms?.outcome === 'hold' ? terms.hold.quorum : Number.POSITIVE_INFINITY;
  const complete = approvers([...query.approvals, approval], given.digest).length >= quorum;
  return {
    type: 'approve',
    atMs,
    approval,
    complete,
    expiresMs: complete ? atMs + approvedMs : (query.expiresMs ?? atMs),
  };
}
