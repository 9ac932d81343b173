import { notifyHeld } from '../pipeline/hold-query.ts';
import { resumeQuery } from '../pipeline/resume-query.ts';
import type { Message, Ports } from '../ports/index.ts';

/** What the queue's messages cause; each may come twice or late. */
export async function onMessage(ports: Ports, { type, queryId }: Message): Promise<void> {
  const query = await ports.state.get(queryId);
  if (query === undefined) return;
  if (type === 'held') await notifyHeld(ports, query);
  if (type === 'approved') await resumeQuery(ports, query);
}
