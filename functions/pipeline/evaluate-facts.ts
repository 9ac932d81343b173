import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../core/json.ts';
import type { MaskingPlan } from '../core/masking/plan.ts';
import type { PolicyInput } from '../core/policy/bundle.ts';
import type { Estimate, Query, TableFact } from '../core/query/query.ts';
import type { StatementAnalysis } from '../core/sql/analysis.ts';
import { type Catalog, type TableRef, tableName } from '../core/sql/catalog.ts';

/** Nothing has been estimated yet, or nothing could be: never taken for zero. */
export const unknownEstimate: Estimate = { bytes: 0, accuracy: 'UNKNOWN' };

/** The tables of a statement as they are now: name, etag and a hash of their schema. Sorted by name. */
export function tableFacts(catalog: Catalog, refs: readonly TableRef[]): readonly TableFact[] {
  return refs
    .map((ref) => {
      const table = catalog.table(ref);
      const columns = canonicalJson((table?.columns ?? []) as unknown as Json);
      const schemaHash = `sha256:${createHash('sha256').update(columns).digest('hex')}`;
      return { name: tableName(ref), etag: table?.etag ?? 'none', schemaHash };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const dayMs = 86_400_000;

/** When the budget of this day began (UTC), milliseconds since the epoch. */
export const dayStartMs = (nowMs: number): number => nowMs - (nowMs % dayMs);

/** What the policy's conditions see of one query. */
export function policyInput(
  query: Query,
  statements: readonly StatementAnalysis[],
  plan: MaskingPlan,
  estimate: Estimate,
  now: { readonly nowMs: number; readonly principalBytesToday: number },
): PolicyInput {
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
    classified: classifiedUses(statements, plan),
    estimate,
    used: { principalBytesToday: now.principalBytesToday },
  };
}

/** Every masked column that a statement touches, and in which clauses. */
function classifiedUses(
  statements: readonly StatementAnalysis[],
  plan: MaskingPlan,
): PolicyInput['classified'] {
  const reads = statements.flatMap((s) => s.clauseReads);
  return plan.columns.map((column) => {
    const name = [tableName(column.table), ...column.path].join('.');
    const [top, ...nested] = column.path;
    const uses = reads
      .filter((read) => tableName(read.table) === tableName(column.table))
      .filter((read) => read.column.toLowerCase() === top?.toLowerCase() && overlaps(read.path, nested))
      .map((read) => read.clause);
    return { column: name, classification: column.classification, uses: [...new Set(uses)].sort() };
  });
}

/** Whether a read of one nested path touches another: one of them begins with the other. */
function overlaps(a: readonly string[], b: readonly string[]): boolean {
  return a.every((part, i) => i >= b.length || part.toLowerCase() === b[i]?.toLowerCase());
}
