import type { Refusal } from '../core/errors.ts';
import type { Query } from '../core/query/query.ts';
import type { Ports } from '../ports/index.ts';
import { snapshotFor, understand } from './evaluate-text.ts';

/**
 * Why the rows of a query that has run may not leave: what it reads is not what was decided on. A warehouse's descriptions are
 * kept for a while, so a column can be classified, or a table or view replaced, between the description and the run. The text
 * is understood once more, from descriptions that are newer than the run: what would run now must be what ran.
 */
export async function changedMeanwhile(ports: Ports, query: Query): Promise<Refusal | undefined> {
  const { evaluation } = query;
  if (ports.warehouse.catalogAgeMs === undefined || evaluation === undefined) return undefined;
  const policy = ports.policy();
  const snapshot = await snapshotFor(ports, query, query);
  const untouched =
    evaluation.catalogVersion !== undefined &&
    snapshot?.version === evaluation.catalogVersion &&
    policy.identity.hash === evaluation.policy.hash;
  if (untouched) return undefined;
  const now = await understand(ports, policy, query, query);
  const same =
    now.kind !== 'refused' && now.problem === undefined && now.canonicalSql === evaluation.canonicalSql;
  if (same) return undefined;
  const advice =
    evaluation.statementType === 'SELECT' ? 'Submit it again.' : 'What it changed stays changed.';
  const message = `What this query reads has changed while it ran (a column was classified, or a table or view replaced), so its result is withheld. ${advice}`;
  return { code: 'stale', message };
}
