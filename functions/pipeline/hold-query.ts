import { linkBytes, linkToken } from '../core/approval/link.ts';
import { SluiceError } from '../core/errors.ts';
import type { HoldTerms } from '../core/policy/decision.ts';
import type { Query } from '../core/query/query.ts';
import type { Message, Ports } from '../ports/index.ts';
import { type Advance, advance } from './advance.ts';

/** Holds a query: recorded first, then announced. */
export async function holdQuery(ports: Ports, query: Query, terms: HoldTerms): Promise<Advance> {
  const atMs = ports.clock.nowMs();
  const held = await advance(ports, query, { type: 'hold', atMs, expiresMs: atMs + terms.holdMs });
  if (held.kind === 'advanced') await announce(ports, { type: 'held', queryId: query.id });
  return held;
}

/**
 * Tells other processes that a query has moved. What has happened is recorded by then and stays true whoever hears of it, so
 * a queue that cannot be reached changes no answer: holds can be listed, and the sweep finds what is approved.
 */
export async function announce(ports: Ports, message: Message): Promise<void> {
  try {
    await ports.queue.publish(message);
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== 'state_unavailable') throw error;
  }
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
