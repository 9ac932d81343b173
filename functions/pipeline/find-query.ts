import { isFinal } from '../core/query/lifecycle.ts';
import type { Caller } from '../core/query/principal.ts';
import type { Query, QueryState } from '../core/query/query.ts';
import type { Ports } from '../ports/index.ts';
import { catchUp } from './advance.ts';
import { expireIfDue } from './expire.ts';
import { queryIdOf } from './receive.ts';
import { settle } from './settle.ts';

/** How soon a held query is looked at again while somebody waits for it: each look is a paid read of the state store. */
const firstPollMs = 250;
const longestPollMs = 2_000;

/** The caller's query behind a job id, brought up to date; nobody else's can be found. */
export async function findQuery(
  ports: Ports,
  caller: Caller,
  project: string,
  jobId: string,
): Promise<Query | undefined> {
  return awaitQuery(ports, caller, project, jobId, 0);
}

/** Like `findQuery`, but waits at most `waitMs` for a final state. */
export async function awaitQuery(
  ports: Ports,
  caller: Caller,
  project: string,
  jobId: string,
  waitMs: number,
  signal?: AbortSignal,
): Promise<Query | undefined> {
  const id = await queryIdOf(ports, caller.principal, project, jobId);
  const found = await ports.state.get(id);
  if (found === undefined) return undefined;
  const deadlineMs = ports.clock.nowMs() + waitMs;
  let query = await settle(ports, await expireIfDue(ports, found), waitMs, signal);
  let pollMs = firstPollMs;
  for (;;) {
    const leftMs = deadlineMs - ports.clock.nowMs();
    if (isFinal(query.state) || leftMs <= 0 || signal?.aborted) return query;
    if (query.state !== 'running') {
      await ports.clock.sleep(Math.min(pollMs, leftMs), signal);
      pollMs = Math.min(pollMs * 2, longestPollMs);
    }
    const current = (await ports.state.get(id)) ?? query;
    const fresh = current.version > query.version ? current : await unstick(ports, current);
    query = await settle(ports, await expireIfDue(ports, fresh), Math.min(leftMs, 1000), signal);
  }
}

/** A query that is between two states (a crash came in the middle) takes up what is recorded of it. */
async function unstick(ports: Ports, query: Query): Promise<Query> {
  return query.state === 'held' || query.state === 'running' ? query : catchUp(ports, query);
}

/** The caller's own queries, newest first. */
export async function listQueries(
  ports: Ports,
  caller: Caller,
  options: {
    readonly limit: number;
    readonly before?: { readonly receivedMs: number; readonly id: string };
    readonly states?: readonly QueryState[];
  },
): Promise<readonly Query[]> {
  return ports.state.listByPrincipal(caller.principal, options);
}
