import type { PrincipalId } from './principal.ts';
import type { QueryId } from './query.ts';

/**
 * The bytes whose keyed hash names a query. The principal is in them, so another principal's poll with the same job id
 * finds nothing; the parts are length-prefixed, so no two different tuples give the same bytes.
 */
export function queryIdInput(principal: PrincipalId, project: string, jobId: string): Uint8Array {
  const parts = ['v1', principal.issuer, principal.subject, project, jobId];
  return new TextEncoder().encode(parts.map((part) => `${part.length}:${part}`).join(''));
}

/** The bytes behind the job id that `jobs.query` makes from a requestId: a retry gets the same job. */
export function requestIdInput(principal: PrincipalId, project: string, requestId: string): Uint8Array {
  const parts = ['request', principal.issuer, principal.subject, project, requestId];
  return new TextEncoder().encode(parts.map((part) => `${part.length}:${part}`).join(''));
}

/** `sluice_` and 40 hex digits of the keyed hash: valid as a BigQuery job id. */
export const queryIdFrom = (hash: Uint8Array): QueryId =>
  `sluice_${Buffer.from(hash).toString('hex').slice(0, 40)}`;
