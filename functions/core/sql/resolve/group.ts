import type { Expression, GroupBy, GroupingItem } from '../ast/index.ts';
import { groupable } from '../functions/match.ts';
import type { Column, ResolvedExpression } from '../resolved/index.ts';
import { typeText } from '../types.ts';
import type { ExpressionContext } from './context.ts';
import { isRandom, roughKey, sameExpression } from './equal.ts';
import { resolveExpression } from './expression.ts';
import { inferredName } from './expression-forms.ts';
import { fail, ResolveFailure, unsupported } from './failure.ts';
import type { Item } from './items.ts';
import { columnRef } from './scope.ts';
import { newColumn } from './session.ts';
import { mapExpression, type Rewrite } from './walk.ts';

export type GroupKey = {
  readonly column: Column;
  readonly expression: ResolvedExpression;
  readonly rough: string;
  /** the select item that the key is, where it was named by alias or number */
  readonly item?: number;
  readonly name: string;
  /** where another select item with the same expression is a key too */
  readonly again?: Pick<Expression, 'span'>;
};
export type GroupKeys = {
  readonly keys: readonly GroupKey[];
  /** the items of GROUP BY in order, each with its key: one expression may stand there twice */
  readonly listed?: readonly { readonly key: number; readonly name: string }[];
  readonly sets?: readonly (readonly number[])[];
};

const MAX_SETS = 4096;
/** Of all sets together: ROLLUP of a thousand makes half a million. */
const MAX_MEMBERS = 500_000;

/** Before sets are made, not after. */
function refuseSets(sets: number, members: number, at: Pick<Expression, 'span'>): void {
  if (sets > MAX_SETS) fail(at, `GROUP BY has more than ${MAX_SETS} grouping sets`);
  if (members > MAX_MEMBERS)
    throw new ResolveFailure('limit', `More than ${MAX_MEMBERS} members of grouping sets`, at.span.start);
}

/** GROUP BY in every form. Numbers and aliases mean select items; the rest are expressions over FROM. */
export function resolveGroupBy(
  groupBy: GroupBy,
  items: readonly Item[],
  context: ExpressionContext,
): GroupKeys {
  const keys: GroupKey[] = [];
  const listed: { key: number; name: string }[] = [];
  const add = (e: Expression, alias?: string): number => {
    const at = addKey(e, alias, keys, items, context);
    listed.push({ key: at, name: alias ?? inferredName(e) ?? '' });
    return at;
  };
  if (groupBy.all) {
    const wanted = items.flatMap((item, index) =>
      usesCollected(item.expression, context) || !readsColumns(item.expression) ? [] : [{ item, index }],
    );
    const columns = wanted.flatMap(({ item: { expression: e } }) =>
      e.kind === 'ColumnRef' ? [e.column.id] : [],
    );
    for (const { item, index } of wanted) {
      const { expression, name, span } = item;
      if (!isRandom(expression)) pushKey(expression, name, keys, context, item, index);
      else if (!readsOnly(expression, new Set(columns)))
        fail(
          span,
          `Column ${name || index + 1}, which GROUP BY ALL would group by, contains a volatile expression; write it in GROUP BY`,
        );
    }
    return { keys, listed };
  }
  const units = groupBy.items.map((item) => alternatives(item, add));
  if (units.every((u) => u.length === 1)) return { keys, listed };
  const again = keys.find((k) => k.again)?.again;
  if (again)
    unsupported(
      again,
      'GROUP BY',
      'GROUP BY of the same expression twice is not supported with grouping sets',
    );
  let sets: number[][] = [[]];
  for (const unit of units) {
    const longest = Math.max(0, ...sets.map((s) => s.length)) + Math.max(0, ...unit.map((u) => u.length));
    const count = sets.length * unit.length;
    refuseSets(count, count * longest, groupBy);
    sets = sets.flatMap((s) => unit.map((u) => [...new Set([...s, ...u])]));
  }
  return { keys, sets, listed: keys.map((k, i) => ({ key: i, name: k.name })) };
}

/** A literal that is no number of a column orders and groups nothing: a mistake. */
export function refuseLiteral(e: Expression, clause: 'GROUP BY' | 'ORDER BY'): void {
  const literal =
    e.kind === 'StringLiteral' ||
    e.kind === 'FloatLiteral' ||
    e.kind === 'BoolLiteral' ||
    e.kind === 'BytesLiteral' ||
    e.kind === 'NullLiteral';
  if (literal) fail(e, `Cannot ${clause} literal values`);
}

/** `-1` is one token of two: a number that no column has. */
export const isNegative = (e: Expression): boolean =>
  e.kind === 'Unary' && e.operator === '-' && e.operand.kind === 'IntLiteral';

/** The grouping sets that one item stands for. */
function alternatives(item: GroupingItem, add: (e: Expression, alias?: string) => number): number[][] {
  switch (item.kind) {
    case 'GroupingExpression':
      return [[add(item.expression, item.alias?.name)]];
    case 'GroupingSet':
      return [item.expressions.map((e) => add(e))];
    case 'Rollup': {
      const parts = item.sets.map((s) => s.map((e) => add(e)));
      refuseSets(parts.length + 1, (parts.length * parts.length) / 2, item);
      const result: number[][] = [];
      for (let n = parts.length; n >= 0; n--) result.push(parts.slice(0, n).flat());
      return result;
    }
    case 'Cube': {
      const parts = item.sets.map((s) => s.map((e) => add(e)));
      if (parts.length > 12) fail(item, 'CUBE can not have more than 12 elements');
      const result: number[][] = [];
      for (let bits = 2 ** parts.length - 1; bits >= 0; bits--)
        result.push(parts.filter((_, i) => (bits >> (parts.length - 1 - i)) & 1).flat());
      return result;
    }
    case 'GroupingSets':
      return item.items.reduce<number[][]>((before, i) => {
        const more = alternatives(i, add);
        refuseSets(before.length + more.length, 0, i);
        before.push(...more);
        return before;
      }, []);
  }
}

function addKey(
  e: Expression,
  alias: string | undefined,
  keys: GroupKey[],
  items: readonly Item[],
  context: ExpressionContext,
): number {
  let index: number | undefined;
  if (e.kind === 'IntLiteral') {
    index = Number(e.value) - 1;
    if (items[index] === undefined) fail(e, `GROUP BY is out of SELECT column number range: ${e.text}`);
  }
  // Aliases count where they stand alone; inside an expression, names are those of FROM.
  const scope = e.kind === 'PathExpression' ? context.scope : (context.fromScope ?? context.scope);
  const plain = { ...context, scope, clause: 'GROUP BY clause', aggregates: false, analytics: false };
  const resolved = index === undefined ? resolveExpression(e, plain) : undefined;
  if (resolved?.kind === 'ColumnRef') {
    const found = items.findIndex((i) => i.column.id === resolved.column.id);
    if (found >= 0) index = found;
  }
  refuseLiteral(e, 'GROUP BY');
  if (isNegative(e)) fail(e, 'GROUP BY is out of SELECT column number range');
  const item = index === undefined ? undefined : items[index];
  const expression = item ? item.expression : mapExpression(resolved as ResolvedExpression, inline(items));
  if (usesCollected(expression, context))
    fail(
      e,
      item
        ? `Column ${item.name || (index ?? 0) + 1} contains an aggregation or analytic function, which is not allowed in GROUP BY`
        : 'GROUP BY cannot contain an aggregation',
    );
  const name = alias ?? item?.name ?? inferredName(e) ?? '';
  return pushKey(expression, name, keys, context, e, index);
}

const inline =
  (items: readonly Item[]): Rewrite =>
  (e) =>
    e.kind === 'ColumnRef' ? items.find((i) => i.column.id === e.column.id)?.expression : undefined;

/** Each is compared with those before it. */
const MAX_KEYS = 5_000;

function pushKey(
  expression: ResolvedExpression,
  name: string,
  keys: GroupKey[],
  context: ExpressionContext,
  at: Pick<Expression, 'span'>,
  item?: number,
): number {
  const rough = roughKey(expression);
  const known = keys.findIndex(
    (k) =>
      (item !== undefined && k.item === item) ||
      (k.rough === rough && sameExpression(k.expression, expression)),
  );
  if (known >= 0) {
    // They are two keys: one set may hold the first without the second. Only columns count once.
    const other = keys[known]?.item !== item && item !== undefined && expression.kind !== 'ColumnRef';
    if (other) keys[known] = { ...(keys[known] as GroupKey), again: at };
    return known;
  }
  if (!groupable(expression.type))
    fail(at, `Grouping by expressions of type ${typeText(expression.type)} is not allowed`);
  if (keys.length >= MAX_KEYS)
    throw new ResolveFailure('limit', `More than ${MAX_KEYS} expressions to group by`, at.span.start);
  const column = newColumn(context.session, name || '$group', expression.type);
  keys.push({ column, expression, rough, name, ...(item === undefined ? {} : { item }) });
  return keys.length - 1;
}

/** Whether an expression contains an aggregate or window function of this SELECT. */
export function usesCollected(e: ResolvedExpression, { block }: ExpressionContext): boolean {
  const ids = new Set(
    [...(block?.aggregates ?? []), ...(block?.analytics ?? []), ...(block?.grouping ?? [])].map(
      (c) => c.column.id,
    ),
  );
  if (ids.size === 0) return false;
  let found = false;
  mapExpression(e, (x) => {
    if (x.kind === 'ColumnRef' && ids.has(x.column.id)) found = true;
    return undefined;
  });
  return found;
}

function readsOnly(e: ResolvedExpression, columns: ReadonlySet<number>): boolean {
  let only = true;
  mapExpression(e, (x) => {
    if (x.kind === 'ColumnRef' && !columns.has(x.column.id)) only = false;
    return undefined;
  });
  return only;
}

function readsColumns(e: ResolvedExpression): boolean {
  let found = false;
  mapExpression(e, (x) => {
    if (x.kind === 'ColumnRef') found = true;
    return undefined;
  });
  return found;
}

/** With `a` and `a + 1` both keys, `a + 1` is what the key `a` gives: where sets leave keys out, that matters. */
function madeOfKeys(e: ResolvedExpression, keys: readonly GroupKey[]): boolean {
  if (e.kind === 'ColumnRef') return false;
  let all = readsColumns(e);
  mapExpression(e, (x) => {
    if (x.kind === 'ColumnRef' && !keys.some((k) => sameExpression(k.expression, x))) all = false;
    return undefined;
  });
  return all;
}

const roughIndexes = new WeakMap<GroupKeys, ReadonlyMap<string, readonly GroupKey[]>>();

/** Keys by their rough text, made once for all the expressions above them. */
function roughIndex(keys: GroupKeys): ReadonlyMap<string, readonly GroupKey[]> {
  const known = roughIndexes.get(keys) ?? Map.groupBy(keys.keys, (k) => k.rough);
  roughIndexes.set(keys, known);
  return known;
}

/** Above an aggregation only its keys and results are left: keys are replaced, other columns of FROM refused. */
export function groupedRewrite(
  keys: GroupKeys | undefined,
  input: ReadonlySet<number>,
  what: string,
): Rewrite {
  const byRough = keys && roughIndex(keys);
  return (e) => {
    if (e.kind !== 'Constant') {
      const match = byRough?.get(roughKey(e))?.find((k) => sameExpression(k.expression, e));
      if (match && !(keys?.sets && madeOfKeys(e, keys.keys))) {
        const inner = e.kind === 'ColumnRef' && e.correlated;
        return columnRef(match.column, e.span, inner);
      }
    }
    if (e.kind === 'ColumnRef' && input.has(e.column.id))
      fail(e, `${what} references column ${e.column.name} which is neither grouped nor aggregated`);
    return undefined;
  };
}
