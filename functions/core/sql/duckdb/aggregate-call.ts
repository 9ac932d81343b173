import type { AggregateCall } from '../resolved/index.ts';
import type { SqlType } from '../types.ts';
import { printExpression } from './expression.ts';
import { aggregateRenderers } from './functions/aggregate.ts';
import { refuse } from './refusal.ts';
import type { Rendered } from './render.ts';
import type { Scope } from './scope.ts';
import { sortKeys } from './sort.ts';

/** What a renderer of an aggregate gets: texts of the parts, and how to put them around a DuckDB aggregate. */
export type AggregateParts = {
  readonly args: readonly string[];
  readonly types: readonly SqlType[];
  readonly result: SqlType;
  readonly distinct: boolean;
  readonly nulls: 'IGNORE' | 'RESPECT' | undefined;
  /** ` ORDER BY ...` inside the call, or empty */
  readonly order: string;
  /** the text of LIMIT inside the call */
  readonly limit: string | undefined;
  /** of ANY_VALUE alone */
  readonly having: { readonly type: 'MIN' | 'MAX'; readonly text: string; readonly by: SqlType } | undefined;
  /** `name(DISTINCT inner ORDER BY ...) FILTER (WHERE ...) OVER (...)` */
  readonly over: string;
  /** the query reads no table */
  readonly written: boolean;
  /** a condition on the rows that the aggregate sees */
  readonly filter: string | undefined;
  constantText(index: number): string | undefined;
};

export type AggregateRender = (parts: AggregateParts) => Rendered;

/** Prints an aggregate, as a window function when `over` says so. */
export function printAggregateCall(call: AggregateCall, scope: Scope, over = '', filter?: string): string {
  const render = aggregateRenderers[call.name];
  if (!render) return refuse(call.name, 'it has no exact translation', call.span);
  if (call.safe) return refuse(`SAFE.${call.name}`, 'it has no exact translation', call.span);
  if (call.having && filter === undefined && call.name !== 'ANY_VALUE')
    return refuse(call.name, 'HAVING MAX or MIN is not understood here', call.span);
  if (call.filter) return refuse(`PIVOT(${call.name})`, 'it has no exact translation', call.span);
  const keys = sortKeys(call.orderBy, scope);
  const rendered = render({
    args: call.arguments.map((a) => printExpression(a, scope)),
    types: call.arguments.map((a) => a.type),
    result: call.type,
    distinct: call.distinct,
    nulls: call.nullHandling,
    order: keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`,
    limit: call.limit && printExpression(call.limit, scope),
    having: call.having && {
      type: call.having.type,
      text: printExpression(call.having.expression, scope),
      by: call.having.expression.type,
    },
    over,
    filter,
    written: scope.written,
    constantText: (index) => {
      const argument = call.arguments[index];
      return argument?.kind === 'Constant' && argument.value.kind === 'text'
        ? argument.value.value
        : undefined;
    },
  });
  return typeof rendered === 'string' ? rendered : refuse(call.name, rendered.refuse, call.span);
}
