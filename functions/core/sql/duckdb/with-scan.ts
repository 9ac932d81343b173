import type { ResolvedScan } from '../resolved/index.ts';
import { refuse } from './refusal.ts';
import { derived, type Relation, restrict, selectText } from './relation.ts';
import { printScan } from './scans.ts';
import { columnName, type PrintedCte, type Scope } from './scope.ts';

type WithScan = Extract<ResolvedScan, { kind: 'WithScan' }>;
type WithRefScan = Extract<ResolvedScan, { kind: 'WithRefScan' }>;
type RecursiveScan = Extract<ResolvedScan, { kind: 'RecursiveScan' }>;

const key = (name: string): string => name.toLowerCase();

/** DuckDB's name for a CTE: ours alone, so that no table or function of DuckDB's can be meant. */
function cteName(name: string, scope: Scope): string {
  return scope.names.fresh(`w_${name.replace(/[^A-Za-z0-9_]/g, '_')}_`);
}

/** A CTE is computed once, as its name promises: volatile functions in it give one answer. */
export function printWith(scan: WithScan, scope: Scope): Relation {
  const ctes = new Map(scope.ctes);
  const printed: string[] = scope.statementCtes?.texts ?? [];
  for (const entry of scan.entries) {
    const inner: Scope = { ...scope, ctes: new Map(ctes) };
    const name = cteName(entry.name, scope);
    const columns = entry.scan.columns.map((_, i) => `k${i}`);
    const cte: PrintedCte = { name, columns };
    if (entry.scan.kind === 'RecursiveScan') {
      const reachable = new Map(ctes).set(key(entry.name), cte).set(key(entry.scan.name), cte);
      const own: Scope = { ...inner, ctes: reachable, statementCtes: undefined };
      const names = entry.scan.distinct ? columns : [...columns, 'step'];
      printed.push(`${name}(${names.join(', ')}) AS (${recursiveBody(entry.scan, own, name)})`);
    } else {
      const relation = printScan(entry.scan, inner);
      const items = entry.scan.columns.map((c, i) => [textOf(relation, c.id), `k${i}`] as const);
      printed.push(`${name} AS (${selectText(relation, items)})`);
    }
    ctes.set(key(entry.name), cte);
  }
  if (scope.statementCtes) return restrict(printScan(scan.input, { ...scope, ctes }), scan.columns);
  const input = printScan(scan.input, { ...scope, ctes });
  const items = scan.columns.map((c) => [textOf(input, c.id), columnName(c)] as const);
  const text = `WITH RECURSIVE ${printed.join(', ')} ${selectText(input, items)}`;
  return derived(text, scan.columns, scope.names);
}

const textOf = (relation: Relation, id: number): string =>
  relation.columns.get(id) ?? refuse('WITH', 'a column is not in reach');

/**
 * BigQuery stops a recursion after 500 rounds; DuckDB never would, so UNION ALL counts them in a column of its own.
 * UNION DISTINCT cannot: a count would make every row a new one.
 */
function recursiveBody(scan: RecursiveScan, scope: Scope, name: string): string {
  if (scan.depth) refuse('WITH DEPTH', 'it has no exact translation');
  const half = (input: ResolvedScan, step: string): string => {
    const relation = printScan(input, scope);
    const items = input.columns.map((c, i) => [textOf(relation, c.id), `k${i}`] as const);
    return `(${selectText(relation, scan.distinct ? items : [...items, [step, 'step']])})`;
  };
  const next = `(SELECT sluice_next_round(max(step)) FROM ${name})`;
  const anchor = half(scan.anchor, 'CAST(0 AS BIGINT)');
  return `${anchor} UNION ${scan.distinct ? '' : 'ALL '}${half(scan.recursive, next)}`;
}

export function printWithRef(scan: WithRefScan, scope: Scope): Relation {
  const cte = scope.ctes.get(key(scan.name));
  if (!cte) return refuse('WITH', `${scan.name} is not in reach where it is used`);
  const alias = scope.names.fresh('t');
  return {
    from: `${cte.name} AS ${alias}`,
    where: [],
    columns: new Map(scan.columns.map((c, i) => [c.id, `${alias}.${cte.columns[i] ?? 'k0'}`])),
    computed: false,
    orderBy: [],
  };
}
