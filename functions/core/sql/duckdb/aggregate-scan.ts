import type { ResolvedScan } from '../resolved/index.ts';
import { printAggregateCall } from './aggregate-call.ts';
import { printExpression } from './expression.ts';
import { derived, type Relation, restrict, selectText, wrap } from './relation.ts';
import { printScan } from './scans.ts';
import { columnName, type Scope, withColumns } from './scope.ts';

type AggregateScan = Extract<ResolvedScan, { kind: 'AggregateScan' }>;

/** Group keys become plain columns first: DuckDB would read an integer in GROUP BY as a position. */
function withKeys(scan: AggregateScan, input: Relation, scope: Scope): Relation {
  const open =
    !input.computed && input.orderBy.length === 0 && input.limit === undefined && input.offset === undefined;
  const base = open ? input : wrap(input, scope.names);
  const inner = withColumns(scope, base.columns);
  const columns = new Map(base.columns);
  let computed = false;
  for (const { column, expression } of scan.groupBy) {
    columns.set(column.id, printExpression(expression, inner));
    if (expression.kind !== 'ColumnRef' || expression.correlated) computed = true;
  }
  return computed ? wrap({ ...base, columns, computed: true }, scope.names) : { ...base, columns };
}

function groupClause(scan: AggregateScan, keys: readonly string[]): string {
  if (scan.groupingSets) {
    const sets = scan.groupingSets.map((set) => `(${set.map((i) => keys[i]).join(', ')})`);
    return ` GROUP BY GROUPING SETS (${sets.join(', ')})`;
  }
  return keys.length === 0 ? '' : ` GROUP BY ${keys.join(', ')}`;
}

export function printAggregate(scan: AggregateScan, scope: Scope): Relation {
  const input = withKeys(scan, printScan(scan.input, scope), scope);
  const inner = withColumns(scope, input.columns);
  const keys = scan.groupBy.map(({ column }) => input.columns.get(column.id)!);
  const items: (readonly [string, string])[] = scan.groupBy.map(
    ({ column }, i) => [keys[i]!, columnName(column)] as const,
  );
  for (const { column, call } of scan.aggregates)
    items.push([printAggregateCall(call, inner), columnName(column)]);
  for (const { column, index } of scan.grouping) items.push([`GROUPING(${keys[index]})`, columnName(column)]);
  if (items.length === 0) items.push(['count(*)', 'rows_seen']);
  const produced = [
    ...scan.groupBy.map((g) => g.column),
    ...scan.aggregates.map((a) => a.column),
    ...scan.grouping.map((g) => g.column),
  ];
  const select = `${selectText({ ...input }, items)}${groupClause(scan, keys)}`;
  return restrict(derived(select, produced, scope.names), scan.columns);
}
