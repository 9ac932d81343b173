import type { Expression, TablePostfix } from '../ast/index.ts';
import { groupable } from '../functions/match.ts';
import type { AggregateCall, Column, ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import { type SqlType, typeText } from '../types.ts';
import { type ExpressionContext, newBlock, plainContext, type QueryContext } from './context.ts';
import { resolveExpression } from './expression.ts';
import { not, operatorCall } from './expression-operator.ts';
import { fail } from './failure.ts';
import type { FromResult } from './from.ts';
import { asRowFilter } from './row-filter.ts';
import { columnField, type Field, fieldRef } from './scope.ts';
import { newColumn } from './session.ts';
import { eachExpression } from './walk.ts';

type Pivot = Extract<TablePostfix, { kind: 'Pivot' }>;

/** Aggregates that pass over NULL: for these, leaving a row out and giving NULL for it are the same. */
const PASS_OVER_NULL = new Set(
  `ANY_VALUE SUM AVG COUNT COUNTIF MIN MAX STRING_AGG LOGICAL_AND LOGICAL_OR BIT_AND BIT_OR BIT_XOR
  APPROX_COUNT_DISTINCT STDDEV STDDEV_POP STDDEV_SAMP VARIANCE VAR_POP VAR_SAMP`.split(/\s+/),
);

type Aggregate = { readonly call: AggregateCall; readonly alias: string };

/** PIVOT as an aggregation: one aggregate for each value, over the rows where the FOR column has it. */
export function pivot(node: Pivot, from: FromResult, context: QueryContext): FromResult {
  const scope = context.outer ? { names: from.names, parent: context.outer } : { names: from.names };
  const block = newBlock();
  const inside: ExpressionContext = { ...plainContext(context, scope, 'PIVOT'), block, aggregates: true };
  const aggregates = node.aggregates.map(({ expression, alias }): Aggregate => {
    const value = resolveExpression(expression, inside);
    const call = block.aggregates.find(
      (a) => value.kind === 'ColumnRef' && a.column.id === value.column.id,
    )?.call;
    if (call === undefined) fail(expression, 'PIVOT expression must be an aggregate function call');
    if (node.aggregates.length > 1 && !alias)
      fail(expression, 'PIVOT expression must have an alias when there are several');
    return { call, alias: alias?.name ?? '' };
  });
  const on = resolveExpression(node.on, { ...inside, aggregates: false });
  const used = new Set<number>();
  const note = (e: ResolvedExpression): void => {
    if (e.kind === 'ColumnRef') used.add(e.column.id);
  };
  eachExpression(on, note);
  for (const a of aggregates) {
    for (const e of a.call.arguments) eachExpression(e, note);
    for (const k of a.call.orderBy) eachExpression(k.expression, note);
    if (a.call.having) eachExpression(a.call.having.expression, note);
  }
  const keys = from.names.fields
    .filter((f) => !f.hidden && !used.has(f.column.id))
    .map((f) => keyOf(f, node, context));
  const isText = on.type.kind === 'scalar' && on.type.name === 'STRING';
  const made = node.values.flatMap((v) => {
    const value = resolveExpression(v.expression, {
      ...inside,
      scope: { names: { fields: [], ranges: [] } },
      aggregates: false,
    });
    const condition = asRowFilter(not(operatorCall('$is_distinct', [on, value], node.span), true));
    const label = v.alias?.name ?? pivotLabel(v.expression, on.type);
    return aggregates.map((a) => {
      const shown = label === '' ? (a.alias === '' ? 'empty_string_value' : '_empty_string_value') : label;
      const name = a.alias === '' ? (isText ? shown : shown.replace(/^(?=\d)/, '_')) : `${a.alias}_${shown}`;
      return { column: newColumn(context.session, name, a.call.type), call: conditional(a.call, condition) };
    });
  });
  const columns: Column[] = [...keys.map((k) => k.column), ...made.map((m) => m.column)];
  const scan: ResolvedScan = {
    kind: 'AggregateScan',
    input: from.scan,
    groupBy: keys,
    pivoted: true,
    aggregates: made,
    grouping: [],
    columns,
  };
  const fields = columns.map((c) => columnField(c.name, c));
  const name = node.alias?.name ?? (from.names.ranges.length === 1 ? from.names.ranges[0]?.name : undefined);
  return { scan, names: { fields, ranges: name === undefined ? [] : [{ name, fields }] } };
}

function keyOf(
  field: Field,
  node: Pivot,
  context: QueryContext,
): { column: Column; expression: ResolvedExpression } {
  if (!groupable(field.type))
    fail(node, `Column ${field.name} of type ${typeText(field.type)} cannot be grouped by PIVOT`);
  return {
    column: newColumn(context.session, field.name, field.type),
    expression: fieldRef(field, node.span),
  };
}

/** The aggregate over the rows that meet a condition. */
function conditional(call: AggregateCall, condition: ResolvedExpression): AggregateCall {
  const { span } = call;
  const ignoring = PASS_OVER_NULL.has(call.name) || call.nullHandling === 'IGNORE';
  if (call.having || (!ignoring && call.name !== '$count_star')) return { ...call, filter: condition };
  if (call.name === '$count_star') return { ...call, name: 'COUNTIF', arguments: [condition] };
  const [first, ...rest] = call.arguments as [ResolvedExpression, ...ResolvedExpression[]];
  const nothing: ResolvedExpression = { kind: 'Constant', type: first.type, span, value: { kind: 'null' } };
  const only: ResolvedExpression = {
    kind: 'Call',
    type: first.type,
    span,
    name: 'IF',
    safe: false,
    arguments: [condition, first, nothing],
  };
  return { ...call, arguments: [only, ...rest] };
}

/** A pivot value as (part of) a column's name, where it has no alias; `type` is that of the FOR column. */
function pivotLabel(e: Expression, type: SqlType): string {
  if (type.kind === 'scalar' && type.name === 'FLOAT64')
    fail(e, 'PIVOT values of type FLOAT64 must specify an alias');
  switch (e.kind) {
    case 'StringLiteral':
      return type.kind === 'scalar' && type.name === 'DATE' ? e.value.replaceAll('-', '_') : e.value;
    case 'IntLiteral':
      return `${e.value}`;
    case 'FloatLiteral':
      return e.text.replace('.', '_point_');
    case 'BoolLiteral':
      return `${e.value}`;
    case 'NullLiteral':
      return 'NULL';
    case 'TypedLiteral':
      if (e.type === 'DATE') return e.value.replaceAll('-', '_');
      if (e.type === 'NUMERIC' || e.type === 'BIGNUMERIC') return decimalLabel(e.value);
      return fail(e, 'PIVOT value must have an alias');
    case 'Unary':
      if (e.operator === '-') return `minus_${pivotLabel(e.operand, type)}`;
      return fail(e, 'PIVOT value must have an alias');
    case 'StructConstructor':
      return e.fields.map((f, i) => fieldLabel(f.value, type, i)).join('_');
    default:
      return fail(e, 'PIVOT value must have an alias');
  }
}

const decimalLabel = (text: string): string => text.replace(/^-/, 'minus_').replace('.', '_point_');

/** The names of fields are those of the FOR column. */
function fieldLabel(e: Expression, type: SqlType, index: number): string {
  const field = type.kind === 'struct' ? type.fields[index] : undefined;
  const label = pivotLabel(e, field?.type ?? type);
  return field?.name === undefined ? label : `${field.name}_${label}`;
}
