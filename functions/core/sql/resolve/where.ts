import type { StatementAnalysis } from '../analysis.ts';
import type { ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import { sameExpression } from './equal.ts';
import { visitExpression } from './visit.ts';

/** The condition of a query's outermost WHERE, under its ordering, limit and projection. */
export function topWhere(scan: ResolvedScan): ResolvedExpression | undefined {
  let s = scan;
  for (;;) {
    if (s.kind === 'FilterScan' && s.clause === 'where') return s.condition;
    if (
      s.kind !== 'ProjectScan' &&
      s.kind !== 'OrderByScan' &&
      s.kind !== 'LimitScan' &&
      s.kind !== 'DistinctScan' &&
      s.kind !== 'AggregateScan' &&
      s.kind !== 'AnalyticScan' &&
      s.kind !== 'WithScan' &&
      s.kind !== 'FilterScan'
    )
      return undefined;
    s = s.input;
  }
}

/** Whether a condition restricts rows: `TRUE`, `1 = 1`, `x = x` and the like do not. */
export function whereOf(condition: ResolvedExpression | undefined): StatementAnalysis['where'] {
  if (condition === undefined) return 'none';
  return isTrivial(condition) ? 'trivial' : 'present';
}

function isTrivial(e: ResolvedExpression): boolean {
  if (e.kind === 'Call') {
    if (e.name === '$or') return e.arguments.some(isTrivial);
    if (e.name === '$and') return e.arguments.every(isTrivial);
    const [a, b] = e.arguments;
    if (a && b && (e.name === '$eq' || e.name === '$le' || e.name === '$ge') && sameExpression(a, b))
      return true;
    if (
      e.name === '$not' &&
      a?.kind === 'Call' &&
      a.name === '$is_null' &&
      a.arguments[0]?.kind === 'Constant'
    )
      return true;
  }
  return !readsAnything(e);
}

/** Whether an expression depends on a column or a query. */
function readsAnything(e: ResolvedExpression): boolean {
  let reads = false;
  visitExpression(e, {
    expression: (x) => {
      if (x.kind === 'ColumnRef' || x.kind === 'ParameterRef') reads = true;
    },
    scan: (s) => {
      if (s.kind === 'TableScan' || s.kind === 'WildcardScan') reads = true;
    },
  });
  return reads;
}
