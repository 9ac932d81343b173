import type { AggregateCall, ResolvedScan } from '../resolved/index.ts';
import { typeText } from '../types.ts';
import { printAggregateCall } from './aggregate-call.ts';
import { printExpression } from './expression.ts';
import { refuse } from './refusal.ts';
import { derived, type Relation, restrict, selectText, wrap } from './relation.ts';
import { printScan } from './scans.ts';
import { columnName, type Scope, withColumns } from './scope.ts';
import { numbered } from './written-order.ts';

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

type Having = NonNullable<AggregateCall['having']>;

/** Whether a row has its group's greatest or least value; NULL is never it, and NaN in a group leaves no row. */
function isExtreme(having: Having, partition: string, scope: Scope): string {
  const { type } = having.expression;
  const name = type.kind === 'scalar' ? type.name : 'other';
  if (['other', 'JSON', 'GEOGRAPHY'].includes(name))
    return refuse(
      `HAVING ${having.type}`,
      `it is not understood by ${typeText(type)}`,
      having.expression.span,
    );
  const text = printExpression(having.expression, scope);
  const key = name === 'BIGNUMERIC' ? `sluice_bignumeric_key(${text})` : text;
  const extreme = `(${key}) = ${having.type.toLowerCase()}(${key}) OVER (${partition})`;
  if (name !== 'FLOAT64') return `coalesce(${extreme}, FALSE)`;
  return `coalesce(${extreme} AND NOT bool_or(isnan(${key})) OVER (${partition}), FALSE)`;
}

/** Adds a column for each aggregate with HAVING MAX or MIN that says which rows it sees. */
function withFilters(
  scan: AggregateScan,
  input: Relation,
  scope: Scope,
): [Relation, readonly (string | undefined)[]] {
  const havings = scan.aggregates.map(({ call }) => (call.name === 'ANY_VALUE' ? undefined : call.having));
  const first = havings.find((h) => h !== undefined);
  if (!first) return [input, []];
  if (scan.groupingSets)
    return refuse(`HAVING ${first.type}`, 'it is not understood with grouping sets', first.expression.span);
  const keys = scan.groupBy.map(({ column }) => input.columns.get(column.id)!);
  const partition = keys.length === 0 ? '' : `PARTITION BY ${keys.join(', ')}`;
  const inner = withColumns(scope, input.columns);
  const alias = scope.names.fresh('t');
  const kept = [...input.columns].map(([id, text]) => [text, `c${id}`] as const);
  const flags = havings.flatMap((h, i) => (h ? [[isExtreme(h, partition, inner), `h${i}`] as const] : []));
  const relation: Relation = {
    from: `(${selectText(input, [...kept, ...flags])}) AS ${alias}`,
    where: [],
    columns: new Map([...input.columns.keys()].map((id) => [id, `${alias}.c${id}`])),
    computed: false,
    orderBy: [],
  };
  return [relation, havings.map((h, i) => (h ? `${alias}.h${i}` : undefined))];
}

export function printAggregate(scan: AggregateScan, scope: Scope): Relation {
  if (scan.privacy) refuse(`SELECT WITH ${scan.privacy.name}`, 'it has no exact translation');
  const keyed = withKeys(scan, printScan(scan.input, scope), scope);
  const [filtered, filters] = withFilters(scan, keyed, scope);
  const inOrder = scope.written && scan.groupBy.length > 0 && !scan.groupingSets && filters.length === 0;
  const [input, row] = inOrder ? numbered(filtered, scope.names) : [filtered, undefined];
  const inner = withColumns(scope, input.columns);
  const keys = scan.groupBy.map(({ column }) => input.columns.get(column.id)!);
  const items: (readonly [string, string])[] = scan.groupBy.map(
    ({ column }, i) => [keys[i]!, columnName(column)] as const,
  );
  scan.aggregates.forEach(({ column, call }, i) => {
    items.push([printAggregateCall(call, inner, '', filters[i]), columnName(column)]);
  });
  for (const { column, index } of scan.grouping) items.push([`GROUPING(${keys[index]})`, columnName(column)]);
  if (items.length === 0) items.push(['count(*)', 'rows_seen']);
  const produced = [
    ...scan.groupBy.map((g) => g.column),
    ...scan.aggregates.map((a) => a.column),
    ...scan.grouping.map((g) => g.column),
  ];
  const order = row === undefined ? '' : ` ORDER BY min(${row})`;
  const select = `${selectText({ ...input }, items)}${groupClause(scan, keys)}${order}`;
  return restrict(derived(select, produced, scope.names), scan.columns);
}
