import type { AnalyticCall, ResolvedBound, ResolvedScan, SortKey } from '../resolved/index.ts';
import { printAggregateCall } from './aggregate-call.ts';
import { printExpression } from './expression.ts';
import { refuse } from './refusal.ts';
import { derived, type Relation, restrict, selectText, wrap } from './relation.ts';
import { printScan } from './scans.ts';
import { columnName, type Scope, withColumns } from './scope.ts';
import { sortKeys } from './sort.ts';
import { printWindowCall } from './window-call.ts';
import { numbered, windowOrder } from './written-order.ts';

type AnalyticScan = Extract<ResolvedScan, { kind: 'AnalyticScan' }>;

function bound(b: ResolvedBound, scope: Scope): string {
  switch (b.type) {
    case 'UNBOUNDED_PRECEDING':
      return 'UNBOUNDED PRECEDING';
    case 'CURRENT_ROW':
      return 'CURRENT ROW';
    case 'UNBOUNDED_FOLLOWING':
      return 'UNBOUNDED FOLLOWING';
    case 'PRECEDING':
    case 'FOLLOWING':
      if (b.offset.kind === 'Constant' && 'value' in b.offset.value && Number(b.offset.value.value) < 0)
        refuse('A window frame', 'its offset must not be negative', b.offset.span);
      return `${printExpression(b.offset, scope)} ${b.type}`;
  }
}

const hasOffset = (b: ResolvedBound): boolean => b.type === 'PRECEDING' || b.type === 'FOLLOWING';

/** DuckDB measures the distance of a RANGE frame on one key alone. */
function rangeKey(key: SortKey, scope: Scope): string {
  const { type } = key.expression;
  if (type.kind !== 'scalar' || !['INT64', 'NUMERIC', 'FLOAT64'].includes(type.name))
    refuse(
      'RANGE',
      'a frame with a distance needs INT64, NUMERIC or FLOAT64 to order by',
      key.expression.span,
    );
  const text = printExpression(key.expression, scope);
  const value = type.kind === 'scalar' && type.name === 'FLOAT64' ? `sluice_no_nan(${text})` : text;
  return `${value} ${key.descending ? 'DESC' : 'ASC'} ${key.nullsFirst ? 'NULLS FIRST' : 'NULLS LAST'}`;
}

function overClause(call: AnalyticCall, scope: Scope): string {
  const { frame } = call;
  const parts: string[] = [];
  const partition = call.partitionBy.map((e) => printExpression(e, scope));
  if (partition.length > 0) parts.push(`PARTITION BY ${partition.join(', ')}`);
  const measured = frame?.unit === 'RANGE' && (hasOffset(frame.start) || hasOffset(frame.end));
  const keys = measured ? call.orderBy.map((k) => rangeKey(k, scope)) : sortKeys(call.orderBy, scope);
  if (keys.length > 0) parts.push(`ORDER BY ${keys.join(', ')}`);
  if (frame) parts.push(`${frame.unit} BETWEEN ${bound(frame.start, scope)} AND ${bound(frame.end, scope)}`);
  return ` OVER (${parts.join(' ')})`;
}

export function printAnalytic(scan: AnalyticScan, scope: Scope): Relation {
  const printed = printScan(scan.input, scope);
  const open =
    !printed.computed &&
    printed.orderBy.length === 0 &&
    printed.limit === undefined &&
    printed.offset === undefined;
  const plain = open ? printed : wrap(printed, scope.names);
  const [input, row] = scope.written ? numbered(plain, scope.names) : [plain, undefined];
  const inner = withColumns(scope, input.columns);
  const items: (readonly [string, string])[] = [...input.columns].map(
    ([id, text]) => [text, `c${id}`] as const,
  );
  for (const { column, call } of scan.calls) {
    const over = overClause(call, inner);
    const text = printWindowCall(call.call, over, inner) ?? printAggregateCall(call.call, inner, over);
    items.push([text, columnName(column)]);
  }
  const produced = [...[...input.columns.keys()].map((id) => ({ id })), ...scan.calls.map((c) => c.column)];
  const calls = scan.calls.map((c) => c.call);
  const order = row === undefined ? '' : windowOrder(calls, row, inner);
  return restrict(derived(`${selectText(input, items)}${order}`, produced, scope.names), scan.columns);
}
