import type { Select, Span } from '../ast/index.ts';
import type { Column, ResolvedExpression, ResolvedScan, SortKey } from '../resolved/index.ts';
import { typeText } from '../types.ts';
import type { Block, QueryContext, QueryOutput, QueryResult } from './context.ts';
import { fail } from './failure.ts';
import type { GroupKeys } from './group.ts';
import type { Item } from './items.ts';
import type { Privacy } from './privacy.ts';
import { columnRef, structField } from './scope.ts';
import { inOwnText, newColumn } from './session.ts';
import { mapExpression, type Rewrite } from './walk.ts';

export type Order = { readonly key: SortKey; readonly span: Span };

/** A SELECT with every clause resolved, before its steps are put together. */
export type Parts = {
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
  readonly privacy?: Privacy;
};

/** The projection with what follows it: DISTINCT and ORDER BY. `rewrite` settles sort keys above a grouping. */
export function project(
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
  const direct = !select.distinct && !select.qualify && parts.order.length === 0;
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
      ...(direct && isLiteral(item.expression) ? { literal: item.expression } : {}),
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
  const unnamed = select.as === 'VALUE' ? outputs.map((o) => ({ ...o, name: '' })) : outputs;
  const whole = { outputs, computed, finals };
  return select.as === 'STRUCT'
    ? asStruct(parts, input, keys, whole)
    : finish(parts, input, keys, unnamed, computed, select.as === 'VALUE');
}

const isLiteral = (e: ResolvedExpression): boolean =>
  e.kind === 'Constant' ||
  e.kind === 'ParameterRef' ||
  (e.kind === 'MakeStruct' && e.fields.every(isLiteral)) ||
  (e.kind === 'Call' &&
    (e.name === '$array' || (e.name === 'ERROR' && e.arguments.every((a) => a.kind === 'Constant'))));

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
  if (parts.select.distinct) {
    // Only the struct is left to sort by, and what it was made of is in it.
    const at = new Map(whole.outputs.map((o, i) => [o.column.id, i] as const));
    const inStruct: Rewrite = (e) => {
      const index = e.kind === 'ColumnRef' ? at.get(e.column.id) : undefined;
      return index === undefined ? undefined : structField(columnRef(column, e.span), index, e.span);
    };
    const sorted = keys.map((k) => ({ ...k, expression: mapExpression(k.expression, inStruct) }));
    return finish(parts, input, sorted, [{ name: '', column }], [{ column, expression }], true);
  }
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
  // What a view lists is its own affair: of a view only what is used counts.
  const listed = inOwnText(parts.context.session) ? { listed: columns } : {};
  if (parts.select.distinct) {
    refuseDistinct(parts, columns, keys, new Set(input.columns.map((c) => c.id)));
    const narrow: ResolvedScan = { kind: 'ProjectScan', input, computed, columns, ...listed };
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
  const wide: ResolvedScan = {
    kind: 'ProjectScan',
    input,
    computed,
    columns: [...columns, ...extra],
    ...listed,
  };
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
