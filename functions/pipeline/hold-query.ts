import { linkBytes, linkToken } from '../core/approval/link.ts';
import type { HoldTerms } from '../core/policy/decision.ts';
import type { Query } from '../core/query/query.ts';
import type { Ports } from '../ports/index.ts';
import { type Advance, advance } from './advance.ts';

/** Holds a query: recorded first, then announced. A lost announcement harms nothing, since holds can also be listed. */
export async function holdQuery(ports: Ports, query: Query, terms: HoldTerms): Promise<Advance> {
  const atMs = ports.clock.nowMs();
  const held = await advance(ports, query, { type: 'hold', atMs, expiresMs: atMs + terms.holdMs });
  if (held.kind === 'advanced') await ports.queue.publish({ type: 'held', queryId: query.id });
  return held;
}

/** The signed link under which approvers find a held query. It locates; it authorizes nothing. */
export async function approvalLink(ports: Ports, query: Query): Promise<string> {
  const payload = {
    queryId: query.id,
    digest: query.evaluation?.digest ?? '',
    expiresMs: query.expiresMs ?? query.receivedMs,
  };
  const { kid, signature } = await ports.keys.signLink(linkBytes(payload));
  return `${ports.publicUrl()}/approvals/${query.id}?t=${linkToken(payload, kid, signature)}`;
}

/** Tells the approvers, once a hold has been announced. */
export async function notifyHeld(ports: Ports, query: Query): Promise<void> {
  if (query.state !== 'held' || query.expiresMs === undefined) return;
  const link = await approvalLink(ports, query);
  const requester = query.caller.principal.subject;
  await ports.notifier.held({ queryId: query.id, link, requester, expiresMs: query.expiresMs });
}
