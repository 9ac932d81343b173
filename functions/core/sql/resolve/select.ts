import type { Expression, OrderingItem, Select } from '../ast/index.ts';
import type { Column, ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import {
  type ExpressionContext,
  namedWindows,
  newBlock,
  plainContext,
  type QueryContext,
  type QueryResult,
  resolveCondition,
  sortKey,
} from './context.ts';
import { isRandom } from './equal.ts';
import { resolveExpression } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { resolveFrom } from './from.ts';
import { groupedRewrite, isNegative, refuseLiteral, resolveGroupBy } from './group.ts';
import { aggregateScan } from './group-scan.ts';
import { type Item, resolveItems } from './items.ts';
import { resolvePrivacy } from './privacy.ts';
import { type Alias, columnRef, key, NO_NAMES, type Scope } from './scope.ts';
import { type Order, type Parts, project } from './select-output.ts';
import { mapAggregate, mapAnalytic, mapExpression, type Rewrite } from './walk.ts';

/** One SELECT with the ORDER BY that follows it, which may see more than its output. */
export function resolveSelect(
  select: Select,
  context: QueryContext,
  orderBy: readonly OrderingItem[],
): QueryResult {
  if (select.asType) unsupported(select.asType, 'SELECT AS a protocol buffer');
  if (select.from) return finishSelect(select, resolveFrom(select.from, context), context, orderBy);
  refuseClauses(select, orderBy);
  const nothing = { scan: { kind: 'SingleRowScan', columns: [] } as const, names: NO_NAMES };
  return finishSelect(select, nothing, context, orderBy);
}

/** Without FROM there is one row, and nothing to choose from, group or sort. */
function refuseClauses(select: Select, orderBy: readonly OrderingItem[]): void {
  const { where, groupBy, having, qualify, windows } = select;
  const refused = [
    ['a WHERE', where],
    ['a GROUP BY', groupBy],
    ['a HAVING', having],
    ['a QUALIFY', qualify],
    ['a WINDOW', windows[0]?.name],
    ['an ORDER BY', orderBy[0]],
  ] as const;
  for (const [clause, node] of refused)
    if (node) fail(node, `Query without FROM clause cannot have ${clause} clause`);
  if (select.distinct) fail(select, 'Query without FROM clause cannot use SELECT DISTINCT');
}

/** SELECT over names that are there already: what follows FROM, and pipe syntax's SELECT. */
export function finishSelect(
  select: Select,
  from: { readonly scan: ResolvedScan; readonly names: Scope['names'] },
  context: QueryContext,
  orderBy: readonly OrderingItem[],
  piped = false,
): QueryResult {
  const scope: Scope = context.outer ? { names: from.names, parent: context.outer } : { names: from.names };
  let scan = from.scan;
  if (select.where) {
    const condition = resolveCondition(select.where, plainContext(context, scope, 'WHERE clause'));
    scan = { kind: 'FilterScan', input: scan, condition, clause: 'where', columns: scan.columns };
  }
  const block = newBlock(namedWindows(select.windows));
  const bare = !piped && select.from === undefined;
  const privacy = select.withModifier && resolvePrivacy(select.withModifier, scope, context);
  const base: ExpressionContext = {
    ...plainContext(
      context,
      scope,
      bare ? 'SELECT without FROM clause' : piped ? 'pipe SELECT' : 'SELECT list',
    ),
    block,
    aggregates: !piped && !bare,
    analytics: !bare,
    ...(privacy ? { privacy: privacy.name } : {}),
  };
  const items = resolveItems(
    select.items,
    from.names,
    base,
    select.from !== undefined || from.names !== NO_NAMES,
  );
  const after: ExpressionContext = {
    ...base,
    scope: { ...scope, aliases: aliasesOf(items) },
    fromScope: scope,
  };
  const keys = select.groupBy && resolveGroupBy(select.groupBy, items, after);
  const having =
    select.having && resolveCondition(select.having, { ...after, clause: 'HAVING clause', analytics: false });
  const qualify = select.qualify && resolveCondition(select.qualify, { ...after, clause: 'QUALIFY clause' });
  const grouped = keys !== undefined || block.aggregates.length > 0 || privacy !== undefined;
  if (having && !grouped)
    fail(select.having as Expression, 'The HAVING clause requires GROUP BY or aggregation to be present');
  const order = resolveOrder(orderBy, items, after, grouped);
  return assemble({
    select,
    scan,
    items,
    block,
    keys,
    grouped,
    having,
    qualify,
    order,
    context,
    ...(privacy ? { privacy } : {}),
  });
}

/** Aliases of the select list; one that means two different things is ambiguous. */
function aliasesOf(items: readonly Item[]): Map<string, Alias> {
  const aliases = new Map<string, Alias>();
  for (const item of items) {
    if (item.name === '') continue;
    const known = aliases.get(key(item.name));
    const same = known?.expression?.kind === 'ColumnRef' && sameItem(items, known.expression.column, item);
    if (known === undefined || same)
      aliases.set(key(item.name), known ?? { expression: columnRef(item.column, item.span) });
    else aliases.set(key(item.name), { expression: undefined });
  }
  return aliases;
}

function sameItem(items: readonly Item[], column: Column, item: Item): boolean {
  const other = items.find((i) => i.column.id === column.id)?.expression;
  return (
    other?.kind === 'ColumnRef' &&
    item.expression.kind === 'ColumnRef' &&
    other.column.id === item.expression.column.id
  );
}

function resolveOrder(
  orderBy: readonly OrderingItem[],
  items: readonly Item[],
  context: ExpressionContext,
  grouped: boolean,
): Order[] {
  return orderBy.map((o) => {
    if (o.expression.kind === 'IntLiteral') {
      const item = items[Number(o.expression.value) - 1];
      if (item === undefined)
        fail(o.expression, `ORDER BY is out of SELECT column number range: ${o.expression.text}`);
      return { key: sortKey(o, columnRef(item.column, o.span)), span: o.span };
    }
    refuseLiteral(o.expression, 'ORDER BY');
    if (isNegative(o.expression)) fail(o.expression, 'ORDER BY column number item is out of range');
    const before = context.block?.aggregates.length ?? 0;
    const value = resolveExpression(o.expression, { ...context, clause: 'ORDER BY clause' });
    if (!grouped && (context.block?.aggregates.length ?? 0) > before)
      fail(
        o,
        'The ORDER BY clause only allows aggregation if GROUP BY or SELECT list aggregation is present',
      );
    return { key: sortKey(o, value), span: o.span };
  });
}

/** Puts the steps above each other: group, having, windows, qualify, project, distinct, order. */
function assemble(parts: Parts): QueryResult {
  const { block, items, keys } = parts;
  const inline = inlineItems(items);
  const input = new Set(parts.scan.columns.map((c) => c.id));
  const after = (what: string): Rewrite =>
    parts.grouped ? groupedRewrite(keys, input, `${what} expression`) : () => undefined;
  const settle = (e: ResolvedExpression, what: string): ResolvedExpression =>
    mapExpression(mapExpression(e, inline), after(what));
  let scan = parts.scan;
  if (parts.grouped) {
    const collected = new Set([...block.aggregates, ...block.analytics].map((c) => c.column.id));
    const flat: Rewrite = (e) => {
      if (e.kind === 'ColumnRef' && collected.has(e.column.id))
        fail(e, 'Aggregations of aggregations are not allowed');
      return undefined;
    };
    const aggregates = block.aggregates.map((a) => ({
      ...a,
      call: mapAggregate(mapAggregate(a.call, inline), flat),
    }));
    const grouping = block.grouping.map((g) => ({ ...g, expression: mapExpression(g.expression, inline) }));
    scan = aggregateScan(scan, keys, aggregates, grouping, parts.privacy);
  }
  const filter = (
    condition: ResolvedExpression | undefined,
    clause: 'having' | 'qualify',
    what: string,
  ): void => {
    if (condition === undefined) return;
    scan = {
      kind: 'FilterScan',
      input: scan,
      condition: settle(condition, what),
      clause,
      columns: scan.columns,
    };
  };
  filter(parts.having, 'having', 'HAVING clause');
  if (block.analytics.length > 0) {
    const rewrite = after('SELECT list');
    const calls = block.analytics.map((a) => ({
      column: a.column,
      call: mapAnalytic(mapAnalytic(a.call, inline), rewrite),
    }));
    scan = {
      kind: 'AnalyticScan',
      input: scan,
      calls,
      columns: [...scan.columns, ...calls.map((c) => c.column)],
    };
  } else if (parts.qualify)
    fail(parts.select.qualify as Expression, 'The QUALIFY clause requires analytic function to be present');
  filter(parts.qualify, 'qualify', 'QUALIFY clause');
  const byItem = new Map(keys?.keys.map((k) => [k.item, k]));
  const finals = items.map((item, i) => {
    const direct = byItem.get(i);
    return direct
      ? columnRef(direct.column, item.span)
      : mapExpression(item.expression, after('SELECT list'));
  });
  return project(parts, scan, finals, after('ORDER BY clause'));
}

/** Select aliases inside steps below the projection stand for their expressions. */
function inlineItems(items: readonly Item[]): Rewrite {
  const byId = new Map(items.map((i) => [i.column.id, i.expression]));
  return (e) => {
    const expression = e.kind === 'ColumnRef' ? byId.get(e.column.id) : undefined;
    // Evaluated a second time, a random value would be another one.
    if (expression && isRandom(expression))
      unsupported(e, 'a reference to a random column of the same SELECT');
    return expression;
  };
}
