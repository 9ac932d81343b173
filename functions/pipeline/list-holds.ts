import { parseLink } from '../core/approval/link.ts';
import { mayDecide } from '../core/approval/rules.ts';
import type { Caller } from '../core/query/principal.ts';
import type { Query, QueryId } from '../core/query/query.ts';
import type { Ports } from '../ports/index.ts';
import { recordedQuery } from './advance.ts';
import { expireIfDue } from './expire.ts';
import { record } from './record.ts';

const mostHolds = 200;

/** Held queries that this person may decide, oldest first. */
export async function listHolds(ports: Ports, approver: Caller): Promise<readonly Query[]> {
  const held = await ports.state.listByState(['held'], mostHolds);
  const current = await Promise.all(held.map((query) => expireIfDue(ports, query)));
  return current.filter(
    (query) => query.state === 'held' && mayDecide(query, approver.principal, 'reject') === undefined,
  );
}

/**
 * One query for somebody who may decide it (or might have, before it ended), recorded as seen. Anyone else finds nothing,
 * as if it did not exist.
 */
export async function viewHold(ports: Ports, approver: Caller, id: QueryId): Promise<Query | undefined> {
  const found = await ports.state.get(id);
  const terms = found?.evaluation?.decision;
  if (found === undefined || terms?.outcome !== 'hold') return undefined;
  const mayLook = approver.principal.groups.some((group) => terms.hold.approverGroups.includes(group));
  if (!mayLook) return undefined;
  const query = await expireIfDue(ports, await recordedQuery(ports, found));
  const timeMs = ports.clock.nowMs();
  const { issuer, subject } = approver.principal;
  await record(ports, {
    kind: 'approval-view',
    name: `d/${new Date(timeMs).toISOString().slice(0, 10)}/${timeMs}-${ports.clock.randomHex(8)}`,
    timeMs,
    session: approver.session,
    principal: { issuer, subject },
    query: { id: query.id, jobId: query.jobId, version: query.version },
    clear: { state: query.state, digest: query.evaluation?.digest },
  });
  return query;
}

/** Whether a link's token is genuine, still valid, and for this query as it is. `undefined` = yes, else why not. */
export async function checkLink(ports: Ports, token: string, id: string): Promise<string | undefined> {
  const link = parseLink(token);
  if (link === undefined) return 'The link is damaged: open it again from the message, whole.';
  if (!(await ports.keys.verifyLink(link.kid, link.bytes, link.signature)))
    return 'The link was not made by this gateway.';
  if (link.payload.queryId !== id) return 'The link belongs to another query.';
  if (ports.clock.nowMs() >= link.payload.expiresMs)
    return 'The link has expired, and with it the time to decide.';
  return undefined;
}
