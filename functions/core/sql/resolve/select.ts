import type { Expression, OrderingItem, Select, Span } from '../ast/index.ts';
import type { Column, ResolvedExpression, ResolvedScan, SortKey } from '../resolved/index.ts';
import { typeText } from '../types.ts';
import {
  type Block,
  type ExpressionContext,
  newBlock,
  plainContext,
  type QueryContext,
  type QueryOutput,
  type QueryResult,
  resolveCondition,
  sortKey,
} from './context.ts';
import { resolveExpression } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { resolveFrom } from './from.ts';
import { type GroupKeys, groupedRewrite, resolveGroupBy } from './group.ts';
import { aggregateScan } from './group-scan.ts';
import { type Item, resolveItems } from './items.ts';
import { type Alias, columnRef, key, NO_NAMES, type Scope } from './scope.ts';
import { newColumn } from './session.ts';
import { mapAggregate, mapAnalytic, mapExpression, type Rewrite } from './walk.ts';

/** One SELECT with the ORDER BY that follows it, which may see more than its output. */
export function resolveSelect(
  select: Select,
  context: QueryContext,
  orderBy: readonly OrderingItem[],
): QueryResult {
  if (select.withModifier) unsupported(select, `SELECT WITH ${select.withModifier.name.name.toUpperCase()}`);
  const from = select.from
    ? resolveFrom(select.from, context)
    : { scan: { kind: 'SingleRowScan', columns: [] } as const, names: NO_NAMES };
  return finishSelect(select, from, context, orderBy);
}

/** SELECT over names that are there already: what follows FROM, and pipe syntax's SELECT. */
export function finishSelect(
  select: Select,
  from: { readonly scan: ResolvedScan; readonly names: Scope['names'] },
  context: QueryContext,
  orderBy: readonly OrderingItem[],
): QueryResult {
  const scope: Scope = context.outer ? { names: from.names, parent: context.outer } : { names: from.names };
  let scan = from.scan;
  if (select.where) {
    const condition = resolveCondition(select.where, plainContext(context, scope, 'WHERE clause'));
    scan = { kind: 'FilterScan', input: scan, condition, clause: 'where', columns: scan.columns };
  }
  const block = newBlock(new Map(select.windows.map((w) => [key(w.name.name), w.spec])));
  const base: ExpressionContext = {
    ...plainContext(context, scope, 'SELECT list'),
    block,
    aggregates: true,
    analytics: true,
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
    aggregateScope: scope,
  };
  const keys = select.groupBy && resolveGroupBy(select.groupBy, items, after);
  const having =
    select.having && resolveCondition(select.having, { ...after, clause: 'HAVING clause', analytics: false });
  const qualify = select.qualify && resolveCondition(select.qualify, { ...after, clause: 'QUALIFY clause' });
  const grouped = keys !== undefined || block.aggregates.length > 0;
  if (having && !grouped)
    fail(select.having as Expression, 'The HAVING clause requires GROUP BY or aggregation to be present');
  const order = resolveOrder(orderBy, items, after, grouped);
  return assemble({ select, scan, items, block, keys, grouped, having, qualify, order, context });
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

type Order = { readonly key: SortKey; readonly span: Span };

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

type Parts = {
  readonly select: Select;
  readonly scan: ResolvedScan;
  readonly items: readonly Item[];
  readonly block: Block;
  readonly keys: GroupKeys | undefined;
  readonly grouped: boolean;
  readonly having: ResolvedExpression | undefined;
  readonly qualify: ResolvedExpression | undefined;
  readonly order: readonly Order[];
  readonly context: QueryContext;
};

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
    const aggregates = block.aggregates.map((a) => ({ ...a, call: mapAggregate(a.call, inline) }));
    scan = aggregateScan(scan, keys, aggregates, block.grouping);
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
  const finals = items.map((item, i) => {
    const direct = keys?.keys.find((k) => k.item === i);
    return direct
      ? columnRef(direct.column, item.span)
      : mapExpression(item.expression, after('SELECT list'));
  });
  return project(parts, scan, finals, after('ORDER BY clause'));
}

/** Select aliases inside steps below the projection stand for their expressions. */
function inlineItems(items: readonly Item[]): Rewrite {
  const byId = new Map(items.map((i) => [i.column.id, i.expression]));
  return (e) => (e.kind === 'ColumnRef' ? byId.get(e.column.id) : undefined);
}

function project(
  parts: Parts,
  input: ResolvedScan,
  finals: readonly ResolvedExpression[],
  rewrite: Rewrite,
): QueryResult {
  const { select, items } = parts;
  const inside = new Set(input.columns.map((c) => c.id));
  const moved = new Map<number, Column>();
  const computed: { column: Column; expression: ResolvedExpression }[] = [];
  const outputs: QueryOutput[] = [];
  const used = new Set<number>();
  for (const [i, item] of items.entries()) {
    const final = finals[i] as ResolvedExpression;
    let column = item.column;
    if (final.kind === 'ColumnRef' && inside.has(final.column.id) && !used.has(final.column.id)) {
      column = final.column;
      moved.set(item.column.id, column);
    } else computed.push({ column, expression: final });
    used.add(column.id);
    outputs.push({
      name: item.name,
      column,
      ...(isLiteral(item.expression) ? { literal: item.expression } : {}),
    });
  }
  const toOutput: Rewrite = (e) => {
    const column = e.kind === 'ColumnRef' ? moved.get(e.column.id) : undefined;
    return column && columnRef(column, e.span);
  };
  const aliased = new Set(items.map((i) => i.column.id));
  const keys = parts.order.map((o) => {
    const keep: Rewrite = (e) => (e.kind === 'ColumnRef' && aliased.has(e.column.id) ? e : rewrite(e));
    return { ...o.key, expression: mapExpression(mapExpression(o.key.expression, keep), toOutput) };
  });
  const whole = { outputs, computed, finals };
  return select.as === 'STRUCT'
    ? asStruct(parts, input, keys, whole)
    : finish(parts, input, keys, outputs, computed, select.as === 'VALUE');
}

const isLiteral = (e: ResolvedExpression): boolean =>
  e.kind === 'Constant' || (e.kind === 'Call' && e.name === '$array') || e.kind === 'ParameterRef';

function asStruct(
  parts: Parts,
  input: ResolvedScan,
  keys: readonly SortKey[],
  whole: {
    readonly outputs: readonly QueryOutput[];
    readonly computed: readonly { column: Column; expression: ResolvedExpression }[];
    readonly finals: readonly ResolvedExpression[];
  },
): QueryResult {
  const fields = parts.items.map((item, i) => {
    const type = (whole.finals[i] as ResolvedExpression).type;
    return item.name === '' ? { type } : { name: item.name, type };
  });
  const span = parts.select.span;
  const expression: ResolvedExpression = {
    kind: 'MakeStruct',
    type: { kind: 'struct', fields },
    span,
    fields: whole.finals,
  };
  const column = newColumn(parts.context.session, '$struct', expression.type);
  const needed = referenced(keys);
  const computed = [...whole.computed.filter((c) => needed.has(c.column.id)), { column, expression }];
  return finish(parts, input, keys, [{ name: '', column }], computed, true);
}

/** Ids of the columns that sort keys read. */
function referenced(keys: readonly SortKey[]): Set<number> {
  const ids = new Set<number>();
  for (const k of keys)
    mapExpression(k.expression, (e) => {
      if (e.kind === 'ColumnRef') ids.add(e.column.id);
      return undefined;
    });
  return ids;
}

function finish(
  parts: Parts,
  input: ResolvedScan,
  keys: readonly SortKey[],
  outputs: readonly QueryOutput[],
  computed: readonly { column: Column; expression: ResolvedExpression }[],
  asValue: boolean,
): QueryResult {
  if (asValue && outputs.length !== 1)
    fail(parts.select, 'SELECT AS VALUE query must have exactly one column');
  const columns = outputs.map((o) => o.column);
  const out = new Set(columns.map((c) => c.id));
  const needed = referenced(keys);
  if (parts.select.distinct) {
    refuseDistinct(parts, columns, keys, new Set(input.columns.map((c) => c.id)));
    const narrow: ResolvedScan = { kind: 'ProjectScan', input, computed, columns };
    const distinct: ResolvedScan = { kind: 'DistinctScan', input: narrow, columns };
    return {
      scan: keys.length > 0 ? { kind: 'OrderByScan', input: distinct, keys, columns } : distinct,
      outputs,
      asValue,
    };
  }
  const extra = [...input.columns, ...computed.map((c) => c.column)].filter(
    (c) => needed.has(c.id) && !out.has(c.id),
  );
  const wide: ResolvedScan = { kind: 'ProjectScan', input, computed, columns: [...columns, ...extra] };
  return {
    scan: keys.length > 0 ? { kind: 'OrderByScan', input: wide, keys, columns } : wide,
    outputs,
    asValue,
  };
}

function refuseDistinct(
  parts: Parts,
  columns: readonly Column[],
  keys: readonly SortKey[],
  input: Set<number>,
): void {
  for (const c of columns)
    if (c.type.kind === 'scalar' && (c.type.name === 'JSON' || c.type.name === 'GEOGRAPHY'))
      fail(parts.select, `Column ${c.name} of type ${typeText(c.type)} cannot be used in SELECT DISTINCT`);
  const out = new Set(columns.map((c) => c.id));
  for (const k of keys)
    mapExpression(k.expression, (e) => {
      if (e.kind === 'ColumnRef' && input.has(e.column.id) && !out.has(e.column.id))
        fail(
          e,
          `ORDER BY clause expression references column ${e.column.name} which is not visible after SELECT DISTINCT`,
        );
      return undefined;
    });
}
