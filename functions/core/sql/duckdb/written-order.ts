import { visitScan } from '../resolve/visit.ts';
import type { AnalyticCall, ResolvedQuery } from '../resolved/index.ts';
import { printExpression } from './expression.ts';
import { type Relation, selectText } from './relation.ts';
import type { Names, Scope } from './scope.ts';
import { sortKeys } from './sort.ts';

/**
 * Rows that a query itself writes out come in an order that people see: groups in the order of their first rows,
 * windows by partition. BigQuery promises no order, and over tables none is kept, as it would cost a sort.
 */
export function readsNoTable(query: ResolvedQuery): boolean {
  let none = true;
  visitScan(query.scan, {
    scan: (scan) => {
      if (scan.kind === 'TableScan' || scan.kind === 'WildcardScan') none = false;
    },
  });
  return none;
}

/** The relation with its rows numbered, and the text of the number. */
export function numbered(r: Relation, names: Names): readonly [Relation, string] {
  const alias = names.fresh('n');
  const kept = [...r.columns].map(([id, text]) => [text, `c${id}`] as const);
  const relation: Relation = {
    from: `(${selectText(r, [...kept, ['row_number() OVER ()', 'n']])}) AS ${alias}`,
    where: [],
    columns: new Map([...r.columns.keys()].map((id) => [id, `${alias}.c${id}`])),
    computed: false,
    orderBy: [],
  };
  return [relation, `${alias}.n`];
}

/** The different rows of a SELECT whose columns are `names`, each where it stands first. */
export function firstOfEach(select: string, columns: readonly string[], names: Names): string {
  const [inner, outer] = [names.fresh('d'), names.fresh('d')];
  const list = columns.join(', ');
  return `SELECT ${list} FROM (SELECT ${inner}.*, row_number() OVER () AS n FROM (${select}) AS ${inner}) AS ${outer} GROUP BY ${list} ORDER BY min(${outer}.n)`;
}

/** ` ORDER BY ...` that brings rows into the order of a window. */
export function windowOrder(calls: readonly AnalyticCall[], row: string, scope: Scope): string {
  const call = calls.find((c) => c.partitionBy.length > 0) ?? calls[0];
  if (!call) return '';
  const partition = call.partitionBy.map((e) => `${printExpression(e, scope)} ASC NULLS FIRST`);
  return ` ORDER BY ${[...partition, ...sortKeys(call.orderBy, scope), row].join(', ')}`;
}
