import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../core/json.ts';
import type { MaskingPlan } from '../core/masking/plan.ts';
import type { PolicyBundle, PolicyInput } from '../core/policy/bundle.ts';
import { classifiedUses } from '../core/policy/query-facts.ts';
import type { Estimate, Query, TableFact } from '../core/query/query.ts';
import type { StatementAnalysis } from '../core/sql/analysis.ts';
import { type Catalog, type CatalogTable, type TableRef, tableName } from '../core/sql/catalog.ts';

/** Nothing has been estimated yet, or nothing could be: never taken for zero. */
export const unknownEstimate: Estimate = { bytes: 0, accuracy: 'UNKNOWN' };

/** The tables of a statement as they are now: name, etag and a hash of their schema. Sorted by name. */
export function tableFacts(catalog: Catalog, refs: readonly TableRef[]): readonly TableFact[] {
  return refs
    .map((ref) => {
      const table = catalog.table(ref);
      return { name: tableName(ref), etag: table?.etag ?? 'none', schemaHash: schemaHash(table) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A catalog's tables never change, so each is hashed once. */
const hashes = new WeakMap<CatalogTable, string>();

function schemaHash(table: CatalogTable | undefined): string {
  const known = table && hashes.get(table);
  if (known !== undefined) return known;
  const columns = canonicalJson((table?.columns ?? []) as unknown as Json);
  const hash = `sha256:${createHash('sha256').update(columns).digest('hex')}`;
  if (table) hashes.set(table, hash);
  return hash;
}

const dayMs = 86_400_000;

/** When the budget of this day began (UTC), milliseconds since the epoch. */
export const dayStartMs = (nowMs: number): number => nowMs - (nowMs % dayMs);

/** The part of an understood text that its facts are made from. */
export type FactsSource = {
  readonly statements: readonly StatementAnalysis[];
  readonly catalog: Catalog;
  readonly plan: MaskingPlan;
};

/** What the policy's conditions see of one query. */
export function policyInput(
  query: Query,
  source: FactsSource,
  classify: PolicyBundle['classify'],
  estimate: Estimate,
  now: { readonly nowMs: number; readonly principalBytesToday: number },
): PolicyInput {
  const { statements } = source;
  const named = statements.flatMap((s) => [...s.referenced, ...s.reads, ...s.writes]);
  return {
    principal: query.caller.principal,
    purpose: query.request.purpose ?? '',
    nowMs: now.nowMs,
    statements: statements.map((s) => ({
      kind: s.statementType,
      where: s.where,
      reads: s.reads.map(tableName),
      writes: s.writes.map(tableName),
      functions: s.functions,
      crossJoins: s.crossJoins,
      hasLimit: s.hasLimit,
    })),
    datasets: [...new Set(named.map((ref) => `${ref.project}.${ref.dataset}`))].sort(),
    classified: classifiedOf(source, classify),
    estimate,
    used: { principalBytesToday: now.principalBytesToday },
  };
}

/**
 * Classified columns that the statements touch, masked or not, and every column that the plan masks in these tables: a
 * view's own column is masked although the clauses are traced to the tables under it.
 */
function classifiedOf(
  { statements, catalog, plan }: FactsSource,
  classify: PolicyBundle['classify'],
): PolicyInput['classified'] {
  const refs = statements.flatMap((s) => [...s.referenced, ...s.reads, ...s.writes]);
  const named = new Map(refs.map((ref) => [tableName(ref), ref]));
  const tables = [...named.values()].flatMap((ref) => catalog.table(ref) ?? []);
  const touched = classifiedUses(statements, tables, classify);
  const seen = new Set(touched.map((each) => each.column));
  const untraced = plan.columns
    .map(({ table, path, classification }) => ({
      column: [tableName(table), ...path].join('.'),
      classification,
      uses: [],
    }))
    .filter((each) => !seen.has(each.column));
  return [...touched, ...untraced];
}
