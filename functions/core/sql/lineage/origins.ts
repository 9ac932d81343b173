import type { ColumnSource, Flow } from '../analysis.ts';
import type { TableRef } from '../catalog.ts';
import { visitScan } from '../resolve/visit.ts';
import type { AggregateCall, Column, ResolvedExpression, ResolvedScan } from '../resolved/index.ts';

/** Where a column's value comes from. */
export type Origin =
  | { readonly kind: 'base'; readonly tables: readonly TableRef[]; readonly column: string }
  | { readonly kind: 'expression'; readonly expression: ResolvedExpression }
  | { readonly kind: 'call'; readonly call: AggregateCall; readonly flow: Flow }
  /** `shared`: a column of a WITH table that does not read itself; many references may follow it */
  | { readonly kind: 'columns'; readonly columns: readonly Column[]; readonly shared?: true }
  | { readonly kind: 'elements'; readonly arrays: readonly ResolvedExpression[] }
  /** what is known already: a script's variable, a table that the script made */
  | { readonly kind: 'known'; readonly sources: KnownSources };

/** Sources of a whole value and, where they are known apart, of its fields by lower-case name. */
export type KnownSources = {
  readonly all: Iterable<ColumnSource>;
  readonly fields?: ReadonlyMap<string, Iterable<ColumnSource>>;
};

export type Origins = ReadonlyMap<number, Origin>;

const COUNTS = new Set(['COUNT', '$count_star', 'APPROX_COUNT_DISTINCT']);
const NAVIGATES = new Set(['FIRST_VALUE', 'LAST_VALUE', 'NTH_VALUE', 'LEAD', 'LAG', 'FIRST', 'LAST']);

const flowOf = (call: AggregateCall): Flow =>
  COUNTS.has(call.name) ? 'counted' : NAVIGATES.has(call.name) ? 'derived' : 'aggregated';

const noVariables: ReadonlyMap<number, KnownSources> = new Map();

/** Every column of a tree with its origin; `variables` are columns from outside of it. */
export function originsOf(
  scan: ResolvedScan,
  variables: ReadonlyMap<number, KnownSources> = noVariables,
): Origins {
  const origins = new Map<number, Origin>();
  for (const [id, sources] of variables) origins.set(id, { kind: 'known', sources });
  const ctes = new Map<string, ResolvedScan>();
  const recursive = new Set<string>();
  visitScan(scan, {
    scan: (s) => {
      if (s.kind === 'WithScan') for (const e of s.entries) ctes.set(e.name, e.scan);
      if (s.kind === 'RecursiveScan') recursive.add(s.name);
    },
  });
  visitScan(scan, {
    scan: (s) => noteScan(s, origins, ctes, recursive),
    expression: (e) => {
      if (e.kind === 'Let')
        for (const v of e.variables) origins.set(v.column.id, { kind: 'expression', expression: v.value });
      if (e.kind === 'Call')
        for (const l of e.lambdas ?? [])
          for (const p of l.parameters) origins.set(p.id, { kind: 'elements', arrays: e.arguments });
    },
  });
  return origins;
}

function noteScan(
  s: ResolvedScan,
  origins: Map<number, Origin>,
  ctes: ReadonlyMap<string, ResolvedScan>,
  recursive: ReadonlySet<string>,
): void {
  switch (s.kind) {
    case 'TableScan': {
      const all = [...s.table.columns, ...s.table.pseudoColumns];
      for (const [i, c] of s.columns.entries()) {
        const column = all[s.tableColumns[i] ?? -1]?.name ?? c.name;
        const known = s.table.derivation?.columns.get(column.toLowerCase());
        origins.set(
          c.id,
          known === undefined
            ? { kind: 'base', tables: [s.table.ref], column }
            : { kind: 'known', sources: { all: known } },
        );
      }
      return;
    }
    case 'WildcardScan':
      for (const c of s.columns)
        origins.set(c.id, { kind: 'base', tables: s.members.map((m) => m.ref), column: c.name });
      return;
    case 'WithRefScan': {
      const entry = ctes.get(s.name);
      const shared = entry === undefined || recursive.has(s.name) ? {} : { shared: true as const };
      for (const [i, c] of s.columns.entries()) {
        const source = entry?.columns[i];
        origins.set(c.id, { kind: 'columns', columns: source ? [source] : [], ...shared });
      }
      return;
    }
    case 'RecursiveScan':
      for (const [i, c] of s.columns.entries()) {
        const both = [s.anchor.columns[i], s.recursive.columns[i]].filter((x) => x !== undefined);
        origins.set(c.id, { kind: 'columns', columns: both });
      }
      return;
    case 'ArrayScan':
      for (const [i, c] of s.elements.entries())
        origins.set(c.id, { kind: 'elements', arrays: s.arrays.slice(i, i + 1) });
      return;
    case 'ProjectScan':
      for (const { column, expression } of s.computed)
        origins.set(column.id, { kind: 'expression', expression });
      return;
    case 'AggregateScan':
      for (const { column, expression } of s.groupBy)
        origins.set(column.id, { kind: 'expression', expression });
      for (const { column, call } of s.aggregates)
        origins.set(column.id, { kind: 'call', call, flow: flowOf(call) });
      return;
    case 'AnalyticScan':
      for (const { column, call } of s.calls)
        origins.set(column.id, { kind: 'call', call: call.call, flow: flowOf(call.call) });
      return;
    case 'MatchRecognizeScan':
      for (const { column, expression } of [...s.partitionBy, ...s.measures])
        origins.set(column.id, { kind: 'expression', expression });
      for (const { column, call } of [...s.navigation, ...s.aggregates])
        origins.set(column.id, { kind: 'call', call, flow: flowOf(call) });
      return;
    case 'SetOperationScan':
      for (const [i, c] of s.columns.entries())
        origins.set(c.id, { kind: 'columns', columns: s.inputs.flatMap((x) => x.picks.slice(i, i + 1)) });
      return;
    case 'SingleRowScan':
    case 'WithScan':
    case 'JoinScan':
    case 'FilterScan':
    case 'DistinctScan':
    case 'OrderByScan':
    case 'LimitScan':
    case 'SampleScan':
      return;
  }
}
