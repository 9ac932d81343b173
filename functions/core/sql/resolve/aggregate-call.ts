import type { FunctionCall } from '../ast/index.ts';
import type { FunctionEntry } from '../functions/entry.ts';
import type { AggregateCall, ResolvedExpression } from '../resolved/index.ts';
import { INT64, typeText } from '../types.ts';
import { coerce, fit } from './coercion.ts';
import { type ExpressionContext, resolveSortKey } from './context.ts';
import { sameExpression } from './equal.ts';
import { resolveExpression } from './expression.ts';
import { matched } from './expression-call.ts';
import { fail } from './failure.ts';
import { insideAggregate } from './match-functions.ts';
import { columnRef } from './scope.ts';
import { newColumn } from './session.ts';
import { resolveWindow } from './window.ts';

/** Inside an aggregate's parentheses there are no other aggregates. */
const inside = (context: ExpressionContext): ExpressionContext => ({
  ...context,
  clause: 'argument of aggregate function COUNT',
  aggregates: false,
  analytics: false,
  ...insideAggregate(context),
});

export function countStar(call: FunctionCall, context: ExpressionContext): ResolvedExpression {
  if (call.nullHandling)
    fail(call, 'IGNORE NULLS and RESPECT NULLS are not allowed for aggregate function COUNT(*)');
  if (call.orderBy[0])
    fail(call.orderBy[0], 'Aggregate function COUNT(*) does not support ORDER BY in arguments');
  context.session.shared.functions.add('COUNT');
  const made: AggregateCall = {
    kind: 'AggregateCall',
    type: INT64,
    span: call.span,
    name: '$count_star',
    safe: false,
    arguments: [],
    distinct: false,
    ...(call.having
      ? {
          having: havingOf(call.having, inside(context)),
        }
      : {}),
    orderBy: [],
  };
  if (call.over) return collectAnalytic(call, made, false, context);
  return collectAggregate(made, 'COUNT', context);
}

/** An aggregate with everything that stands inside its parentheses. */
function aggregateCall(
  call: FunctionCall,
  entry: FunctionEntry,
  safe: boolean,
  context: ExpressionContext,
): AggregateCall {
  const may = (
    clause: 'distinct' | 'nulls' | 'order' | 'limit' | 'having',
    used: boolean,
    what: string,
  ): void => {
    if (used && !entry.clauses?.includes(clause))
      fail(call, `${what} is not supported in arguments of ${entry.name}`);
  };
  may('distinct', call.distinct, 'DISTINCT');
  may('nulls', call.nullHandling !== undefined, 'IGNORE NULLS and RESPECT NULLS');
  may('order', call.orderBy.length > 0, 'ORDER BY');
  may('limit', call.limit !== undefined, 'LIMIT');
  may('having', call.having !== undefined, 'HAVING MAX and HAVING MIN');
  const match = matched(call, entry, context);
  const orderBy = call.orderBy.map((o) => {
    if (o.expression.kind === 'IntLiteral')
      fail(o, 'Aggregate functions do not allow ORDER BY by index in arguments');
    const sort = resolveSortKey(o, context);
    if (call.distinct && !match.arguments.some((a) => sameExpression(a, sort.expression)))
      fail(
        o,
        'An aggregate function that has both DISTINCT and ORDER BY arguments can only ORDER BY expressions that are arguments to the function',
      );
    return sort;
  });
  const limit = call.limit && resolveExpression(call.limit, context);
  if (limit && fit(limit, INT64) === undefined)
    fail(limit, `LIMIT expects INT64, got ${typeText(limit.type)}`);
  return {
    kind: 'AggregateCall',
    type: match.type,
    span: call.span,
    name: entry.name,
    safe,
    arguments: match.arguments,
    ...(match.named ? { named: match.named } : {}),
    distinct: call.distinct,
    ...(call.nullHandling ? { nullHandling: call.nullHandling } : {}),
    ...(call.having ? { having: havingOf(call.having, context) } : {}),
    orderBy,
    ...(limit ? { limit: coerce(limit, INT64) } : {}),
  };
}

function havingOf(
  having: NonNullable<FunctionCall['having']>,
  context: ExpressionContext,
): NonNullable<AggregateCall['having']> {
  const expression = resolveExpression(having.expression, context);
  const { type } = expression;
  if (
    type.kind === 'array' ||
    type.kind === 'struct' ||
    (type.kind === 'scalar' && type.name === 'GEOGRAPHY')
  )
    fail(having.expression, `HAVING modifier does not support expressions of type ${typeText(type)}`);
  return { type: having.type, expression };
}

export function aggregate(
  call: FunctionCall,
  entry: FunctionEntry,
  safe: boolean,
  context: ExpressionContext,
): ResolvedExpression {
  if (!context.aggregates || context.block === undefined) refuseAggregate(call, entry.name, context);
  if (entry.name === 'GROUPING') return grouping(call, context);
  const inner = {
    ...context,
    clause: `argument of aggregate function ${entry.name}`,
    aggregates: false,
    analytics: false,
    ...insideAggregate(context),
  };
  return collectAggregate(aggregateCall(call, entry, safe, inner), entry.name, context);
}

function refuseAggregate(
  call: { span: FunctionCall['span'] },
  name: string,
  context: ExpressionContext,
): never {
  if (context.clause.startsWith('argument of aggregate'))
    fail(call, 'Aggregations of aggregations are not allowed');
  return fail(call, `Aggregate function ${name} not allowed in ${context.clause}`);
}

function collectAggregate(made: AggregateCall, name: string, context: ExpressionContext): ResolvedExpression {
  if (!context.aggregates || context.block === undefined) refuseAggregate(made, name, context);
  const column = newColumn(context.session, `$${name.toLowerCase()}`, made.type);
  context.block.aggregates.push({ column, call: made });
  return columnRef(column, made.span);
}

/** `GROUPING(x)`: asks whether the row's grouping set leaves x out; x is settled when the keys are known. */
function grouping(call: FunctionCall, context: ExpressionContext): ResolvedExpression {
  const argument = call.arguments[0];
  if (call.arguments.length !== 1 || argument?.kind !== 'PlainArgument')
    fail(call, 'GROUPING expects one GROUP BY expression');
  const expression = resolveExpression(argument.value, { ...context, aggregates: false, analytics: false });
  const column = newColumn(context.session, '$grouping', INT64);
  context.block?.grouping.push({ column, expression });
  return columnRef(column, call.span);
}

export function analytic(
  call: FunctionCall,
  entry: FunctionEntry,
  safe: boolean,
  context: ExpressionContext,
): ResolvedExpression {
  if (entry.kind === 'scalar') fail(call, `Function ${entry.name} does not support an OVER clause`);
  if (entry.window === undefined && entry.name !== 'ARRAY_AGG')
    fail(call, `Aggregate function ${entry.name} does not support an OVER clause`);
  if (entry.window?.orderRequired && entry.kind === 'window' && !hasOrder(call, context))
    fail(call, `Window ORDER BY is required for analytic function ${entry.name}`);
  if (entry.window?.frame === false && windowsOf(call, context).some((w) => w.frame))
    fail(call, `Window framing clause is not allowed for analytic function ${entry.name}`);
  const inner = { ...context, clause: 'argument of an analytic function', analytics: false };
  return collectAnalytic(call, aggregateCall(call, entry, safe, inner), entry.kind === 'window', context);
}

/** The call's window and the named ones that it builds on. */
function windowsOf(call: FunctionCall, context: ExpressionContext): NonNullable<FunctionCall['over']>[] {
  const found: NonNullable<FunctionCall['over']>[] = [];
  for (let w = call.over; w !== undefined && found.length < 50; ) {
    found.push(w);
    w = w.base && context.block?.windows.get(w.base.name.toLowerCase());
  }
  return found;
}

const hasOrder = (call: FunctionCall, context: ExpressionContext): boolean =>
  windowsOf(call, context).some((w) => w.orderBy.length > 0);

function collectAnalytic(
  call: FunctionCall,
  made: AggregateCall,
  numbering: boolean,
  context: ExpressionContext,
): ResolvedExpression {
  if (!context.analytics || context.block === undefined || call.over === undefined)
    fail(
      call,
      context.clause.startsWith('argument of an')
        ? 'Analytic function cannot be an argument of another analytic function'
        : `Analytic function not allowed in ${context.clause}`,
    );
  if (call.orderBy[0]) fail(call.orderBy[0], 'ORDER BY in arguments is not supported on analytic functions');
  if (call.limit) fail(call.limit, 'LIMIT in arguments is not supported on analytic functions');
  if (made.distinct && hasOrder(call, context) && !numbering)
    fail(call, 'Window ORDER BY is not allowed if DISTINCT is specified');
  const window = resolveWindow(call.over, { ...context, analytics: false });
  const column = newColumn(context.session, `$${made.name.replace('$', '').toLowerCase()}`, made.type);
  context.block.analytics.push({ column, call: { kind: 'AnalyticCall', call: made, ...window } });
  return columnRef(column, call.span);
}
