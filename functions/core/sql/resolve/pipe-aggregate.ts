import type { OrderingItem, PipeOperator } from '../ast/index.ts';
import type { Column, ResolvedScan, SortKey } from '../resolved/index.ts';
import { type ExpressionContext, newBlock, plainContext, type QueryContext, sortKey } from './context.ts';
import { fail } from './failure.ts';
import type { FromResult } from './from.ts';
import { type GroupKeys, groupedRewrite, resolveGroupBy, usesCollected } from './group.ts';
import { aggregateScan } from './group-scan.ts';
import { resolveItems } from './items.ts';
import { columnField, columnRef } from './scope.ts';
import { mapExpression } from './walk.ts';

type PipeAggregate = Extract<PipeOperator, { kind: 'PipeAggregate' }>;

/** `|> AGGREGATE ... GROUP BY ...`: grouping columns first, then the aggregates. */
export function pipeAggregate(pipe: PipeAggregate, from: FromResult, context: QueryContext): FromResult {
  const block = newBlock();
  const scope = context.outer ? { names: from.names, parent: context.outer } : { names: from.names };
  const base: ExpressionContext = {
    ...plainContext(context, scope, '|> AGGREGATE'),
    block,
    aggregates: true,
  };
  const items = resolveItems(
    pipe.items.map((i) => i.item),
    from.names,
    base,
    true,
  );
  if (pipe.items.length === 0 && pipe.groupBy === undefined)
    fail(pipe, 'Pipe AGGREGATE cannot have both an empty aggregate list and an empty GROUP BY');
  const aggregated = new Set(items.filter((i) => usesCollected(i.expression, base)).map((i) => i.span));
  // A star over an aggregate may have replacements that are none.
  for (const { span } of items)
    if (!aggregated.has(span)) fail(span, 'Pipe AGGREGATE cannot include non-aggregate expressions');
  const keys: GroupKeys = pipe.groupBy ? resolveGroupBy(pipe.groupBy, [], base) : { keys: [] };
  const grouped = aggregateScan(from.scan, keys, block.aggregates, block.grouping);
  // The keys are columns of the result already: here only what aggregates give counts.
  const input = new Set(from.scan.columns.map((c) => c.id));
  const rewrite = groupedRewrite({ keys: [] }, input, 'AGGREGATE list expression');
  const computed = items.map((i) => ({ column: i.column, expression: mapExpression(i.expression, rewrite) }));
  const columns = [...keys.keys.map((k) => k.column), ...computed.map((c) => c.column)];
  let scan: ResolvedScan = { kind: 'ProjectScan', input: grouped, computed, columns };
  const sort = sortKeysOf(pipe, keys, items);
  if (sort.length > 0) scan = { kind: 'OrderByScan', input: scan, keys: sort, columns };
  const fields = [
    ...(keys.listed ?? []).map(({ key, name }) => columnField(name, columnOf(keys, key))),
    ...items.map((i) => columnField(i.name, i.column)),
  ];
  return { scan, names: { fields, ranges: [] } };
}

const columnOf = ({ keys }: GroupKeys, index: number): Column =>
  (keys[index] as GroupKeys['keys'][number]).column;

/** Grouping columns sort before aggregates; `GROUP AND ORDER BY` sorts by all grouping columns. */
function sortKeysOf(pipe: PipeAggregate, keys: GroupKeys, items: ReturnType<typeof resolveItems>): SortKey[] {
  const sort: SortKey[] = [];
  const plain = (o: OrderingItem | undefined, column: (typeof keys.keys)[number]['column']): void => {
    if (o) sort.push(sortKey(o, columnRef(column, o.span)));
    else if (pipe.andOrder)
      sort.push({ expression: columnRef(column, pipe.span), descending: false, nullsFirst: true });
  };
  for (const [i, { key }] of (keys.listed ?? []).entries()) plain(pipe.groupOrder[i], columnOf(keys, key));
  for (const [i, item] of items.entries()) {
    const order = pipe.items[i]?.order;
    if (order) sort.push(sortKey(order, columnRef(item.column, order.span)));
  }
  return sort;
}
