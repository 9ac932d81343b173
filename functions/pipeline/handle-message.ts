import type { Message, Ports } from '../ports/index.ts';
import { catchUp, knownQuery } from './advance.ts';
import { notifyHeld } from './hold-query.ts';
import { resumeQuery } from './resume-query.ts';

/**
 * What a message of the queue causes. It may come twice, late, out of order or from nobody: it only says where to look, and
 * what is there decides. `unknown`: neither the state store nor the log has such a query.
 */
export async function handleMessage(
  ports: Ports,
  { type, queryId }: Message,
): Promise<'handled' | 'unknown'> {
  const query = await knownQuery(ports, queryId);
  if (query === undefined) return 'unknown';
  switch (type) {
    case 'held':
      await notifyHeld(ports, await catchUp(ports, query));
      return 'handled';
    case 'approved':
      await resumeQuery(ports, query);
      return 'handled';
    case 'ended':
      return 'handled';
  }
}
