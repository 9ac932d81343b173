import { isFinal } from '../core/query/lifecycle.ts';
import type { Caller } from '../core/query/principal.ts';
import type { Query } from '../core/query/query.ts';
import type { Ports } from '../ports/index.ts';
import { advance } from './advance.ts';
import { findQuery } from './find-query.ts';

/** Stops the caller's own query where it is. A finished one stays as it is: BigQuery's cancel is best effort, too. */
export async function cancelQuery(
  ports: Ports,
  caller: Caller,
  project: string,
  jobId: string,
): Promise<Query | undefined> {
  const query = await findQuery(ports, caller, project, jobId);
  if (query === undefined || isFinal(query.state)) return query;
  const error = {
    code: 'stopped',
    message: 'Job execution was cancelled: User requested cancellation',
  } as const;
  const cancelled = await advance(ports, query, { type: 'cancel', atMs: ports.clock.nowMs(), error });
  if (cancelled.kind === 'advanced' && query.state === 'running') await ports.warehouse.cancel(query);
  return cancelled.query;
}
