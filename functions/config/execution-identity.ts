import type { Principal } from '../core/query/principal.ts';
import type { ExecutionIdentity } from './identities.ts';

/**
 * The service account that a principal's jobs run as: the first of the list whose group the principal is in. Where an agent
 * acts for a person both must be in it, so that neither reaches through the other what it may not reach alone. Undefined
 * where no entry fits: nothing of theirs runs then.
 */
export function executionIdentityOf(
  list: readonly ExecutionIdentity[],
  principal: Principal,
): string | undefined {
  const both = ({ group }: ExecutionIdentity): boolean =>
    principal.groups.includes(group) &&
    (principal.actingFor === undefined || principal.actingFor.groups.includes(group));
  return list.find(both)?.serviceAccount;
}
