import type { Refusal } from '../core/errors.ts';
import type { PolicyBundle } from '../core/policy/bundle.ts';
import type { Principal } from '../core/query/principal.ts';
import type { StatementAnalysis } from '../core/sql/analysis.ts';
import type { TableRef } from '../core/sql/catalog.ts';

/** The same words whether the table exists or not: an agent learns nothing about datasets that it may not read. */
export const accessRefusal = (ref: TableRef): Refusal => ({
  code: 'forbidden',
  message:
    `Access Denied: Table ${ref.project}:${ref.dataset}.${ref.table}: no policy grants dataset ${ref.dataset} to you, ` +
    'or the table does not exist. Leave it out, or ask for a grant.',
});

/** The first table, named or underneath a view, that the principal may not read. */
export function accessToTables(
  bundle: PolicyBundle,
  principal: Principal,
  statements: readonly StatementAnalysis[],
): Refusal | undefined {
  const refs = statements.flatMap((s) => [...s.referenced, ...s.reads, ...s.writes]);
  const closed = refs.find((ref) => !bundle.mayRead(principal, ref.project, ref.dataset));
  return closed && accessRefusal(closed);
}

/**
 * For a text that could not be resolved: the first name in table position whose dataset the principal may not read. It goes
 * before any other error, since other errors would tell what is in that dataset.
 */
export function accessToNames(
  bundle: PolicyBundle,
  principal: Principal,
  names: readonly (readonly string[])[],
  project: string,
  byDefault?: Dataset,
): Refusal | undefined {
  for (const name of names) {
    const ref = refOf(name, project, byDefault);
    if (ref && !bundle.mayRead(principal, ref.project, ref.dataset)) return accessRefusal(ref);
  }
  return undefined;
}

type Dataset = { readonly project: string; readonly dataset: string };

/**
 * `t` in the default dataset, `d.t` and `p.d.t`, with the dots inside or outside of quotes. One part alone may also name a
 * CTE or an alias: where the default dataset is closed, none can be told from a table without telling what is in it.
 */
function refOf(name: readonly string[], project: string, byDefault?: Dataset): TableRef | undefined {
  const parts = name.flatMap((part) => part.split('.'));
  if (parts.length < 2) return byDefault && { ...byDefault, table: parts[0] ?? '' };
  const [table, dataset, owner] = [...parts].reverse() as [string, string, string | undefined];
  return { project: owner ?? project, dataset, table };
}
