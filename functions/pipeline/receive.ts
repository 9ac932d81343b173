import { queryIdFrom, queryIdInput, requestIdInput } from '../core/query/job-id.ts';
import type { Principal } from '../core/query/principal.ts';
import type { Query, QueryId } from '../core/query/query.ts';
import type { Ports } from '../ports/index.ts';
import type { Submission } from './contracts.ts';

/** The id that a client's job id has here: keyed, so that only the same principal finds the same query. */
export async function queryIdOf(
  ports: Ports,
  principal: Principal,
  project: string,
  jobId: string,
): Promise<QueryId> {
  return queryIdFrom(await ports.keys.hmac('query-id', queryIdInput(principal, project, jobId)));
}

/** A submission as a query that nothing has happened to yet. */
export async function receive(ports: Ports, submission: Submission): Promise<Query> {
  const { caller, project, door, request } = submission;
  const jobId = await jobIdOf(ports, submission);
  return {
    id: await queryIdOf(ports, caller.principal, project, jobId),
    version: 0,
    state: 'received',
    project,
    location: submission.location ?? ports.warehouse.locations[0],
    executionIdentity: ports.executionIdentity(caller.principal) ?? '',
    jobId,
    caller,
    door,
    request,
    receivedMs: ports.clock.nowMs(),
    approvals: [],
  };
}

async function jobIdOf(ports: Ports, { caller, project, jobId, requestId }: Submission): Promise<string> {
  if (jobId !== undefined) return jobId;
  if (requestId === undefined) return `job_${ports.clock.randomHex(16)}`;
  const hash = await ports.keys.hmac('query-id', requestIdInput(caller.principal, project, requestId));
  return `job_${Buffer.from(hash).toString('hex').slice(0, 32)}`;
}
