import type { Argument, Expression, FunctionCall, Identifier } from '../ast/index.ts';
import type { FunctionEntry } from '../functions/entry.ts';
import { findFunction } from '../functions/index.ts';
import { type CallArgument, type Match, matchCall } from '../functions/match.ts';
import { describeSignature, signature } from '../functions/signature.ts';
import { isKnownUnsupported } from '../functions/unsupported.ts';
import type { AggregateCall, ResolvedExpression } from '../resolved/index.ts';
import { INT64, typeText } from '../types.ts';
import { coerce, fit } from './coercion.ts';
import { type ExpressionContext, resolveSortKey } from './context.ts';
import { resolveExpression } from './expression.ts';
import { withColumns } from './expression-forms.ts';
import { fail, unsupported } from './failure.ts';
import { columnRef } from './scope.ts';
import { newColumn } from './session.ts';
import { resolveWindow } from './window.ts';

const NAMESPACES = new Set([
  'NET',
  'HLL_COUNT',
  'KEYS',
  'AEAD',
  'ML',
  'AI',
  'KLL_QUANTILES',
  'ST_H3',
  'VECTOR',
  'OBJ',
]);

/** A function's upper-case name and whether `SAFE.` stands before it. */
function calledName(call: FunctionCall): { name: string; safe: boolean } {
  const parts = call.name.parts.map((p) => p.name);
  const safe = parts.length > 1 && parts[0]?.toUpperCase() === 'SAFE';
  return { name: (safe ? parts.slice(1) : parts).join('.').toUpperCase(), safe };
}

function findEntry(call: FunctionCall, name: string): FunctionEntry {
  const entry = findFunction(name);
  if (entry !== undefined) return entry;
  if (isKnownUnsupported(name)) unsupported(call, name, `Function ${name} is not supported`);
  const dotted = name.includes('.') && !NAMESPACES.has(name.split('.')[0] ?? '');
  const written = call.name.parts.map((p) => p.name).join('.');
  if (dotted) unsupported(call, written, `User-defined function ${written} is not supported`);
  return fail(call, `Function not found: ${written}`);
}

/** A call of a scalar function, an aggregate or a window function. */
export function resolveCall(call: FunctionCall, context: ExpressionContext): ResolvedExpression {
  const { name, safe } = calledName(call);
  if (call.star && name === 'COUNT') return countStar(call, context);
  const entry = findEntry(call, name);
  context.session.shared.functions.add(entry.name);
  if (call.star) fail(call, `Argument * can only be used in COUNT(*), but not in ${name}(*)`);
  if (entry.kind === 'table') fail(call, `Table-valued function ${name} is not expected here`);
  if (call.over !== undefined) return analytic(call, entry, safe, context);
  if (entry.kind === 'aggregate') return aggregate(call, entry, safe, context);
  if (entry.kind === 'window') fail(call, `Window function ${name} cannot be called without an OVER clause`);
  refuseModifiers(call, name);
  const match = matched(call, entry, context);
  return {
    kind: 'Call',
    type: match.type,
    span: call.span,
    name: entry.name,
    safe,
    arguments: match.arguments,
    ...(match.named ? { named: match.named } : {}),
    ...(match.lambdas ? { lambdas: match.lambdas } : {}),
  };
}

function refuseModifiers(call: FunctionCall, name: string): void {
  const used = call.distinct
    ? 'DISTINCT'
    : call.nullHandling
      ? `${call.nullHandling} NULLS`
      : call.having
        ? 'HAVING'
        : call.orderBy.length > 0
          ? 'ORDER BY'
          : call.limit
            ? 'LIMIT'
            : undefined;
  if (used !== undefined) fail(call, `Non-aggregate ${name}() call cannot have ${used}`);
}

function countStar(call: FunctionCall, context: ExpressionContext): ResolvedExpression {
  context.session.shared.functions.add('COUNT');
  const made: AggregateCall = {
    kind: 'AggregateCall',
    type: INT64,
    span: call.span,
    name: '$count_star',
    safe: false,
    arguments: [],
    distinct: false,
    orderBy: [],
  };
  if (call.over) return collectAnalytic(call, made, false, context);
  return collectAggregate(made, 'COUNT', context);
}

/** The best signature for the call's arguments, or a failure that shows those there are. */
function matched(call: FunctionCall, entry: FunctionEntry, context: ExpressionContext): Match {
  const args = call.arguments.map((a, i) => resolveArgument(a, i, call, entry, context));
  const match = matchCall(entry, args);
  if (match !== undefined) return match;
  const shown = args
    .map((a) =>
      a.kind === 'value' ? typeText(a.value.type) : a.kind === 'part' ? 'DATE_TIME_PART' : 'LAMBDA',
    )
    .join(', ');
  const what =
    entry.kind === 'aggregate'
      ? 'aggregate function'
      : entry.kind === 'window'
        ? 'analytic function'
        : 'function';
  const supported = entry.signatures.map((s) => describeSignature(entry.name, signature(s))).join('; ');
  const given = args.length === 0 ? 'with no arguments' : `for argument types: ${shown}`;
  return fail(
    call,
    `No matching signature for ${what} ${entry.name} ${given}. Supported signatures: ${supported}`,
  );
}

function resolveArgument(
  a: Argument,
  index: number,
  call: FunctionCall,
  entry: FunctionEntry,
  context: ExpressionContext,
): CallArgument {
  switch (a.kind) {
    case 'PlainArgument': {
      const part = takesPart(entry, index) ? partText(a.value) : undefined;
      if (part !== undefined) return { kind: 'part', text: part, span: a.span };
      if (a.alias) fail(a.alias, `Argument alias is not supported by ${entry.name}`);
      return { kind: 'value', value: resolveExpression(a.value, context) };
    }
    case 'NamedArgument':
      return { kind: 'value', value: resolveExpression(a.value, context), name: a.name.name.toLowerCase() };
    case 'LambdaArgument':
      return lambda(a, context);
    case 'ObjectArgument':
      return unsupported(call, `${a.object} argument`);
    case 'QueryArgument':
      return fail(a, `Subquery argument of ${entry.name} must be in parentheses of its own`);
  }
}

const takesPart = (entry: FunctionEntry, index: number): boolean =>
  entry.signatures.some((text) => {
    const s = signature(text);
    return s.arguments.filter((x) => x.name === undefined)[index]?.kind === 'part';
  });

/** `DAY`, `WEEK(MONDAY)`: a word that stands for itself and not for a column. */
function partText(e: Expression): string | undefined {
  const word = (id: Identifier | undefined): string | undefined => id?.name.toUpperCase();
  if (e.kind === 'PathExpression' && e.path.parts.length === 1) return word(e.path.parts[0]);
  if (e.kind !== 'FunctionCall' || e.name.parts.length !== 1 || e.arguments.length !== 1) return undefined;
  const argument = e.arguments[0];
  if (argument?.kind !== 'PlainArgument' || argument.value.kind !== 'PathExpression') return undefined;
  return `${word(e.name.parts[0])}(${word(argument.value.path.parts[0])})`;
}

function lambda(a: Extract<Argument, { kind: 'LambdaArgument' }>, context: ExpressionContext): CallArgument {
  return {
    kind: 'lambda',
    span: a.span,
    count: a.parameters.length,
    resolve: (types) => {
      const parameters = a.parameters.map((p, i) => newColumn(context.session, p.name, types[i] ?? INT64));
      const scope = withColumns(context.scope, parameters);
      const body = resolveExpression(a.body, { ...context, scope, aggregates: false, analytics: false });
      return { parameters, body };
    },
  };
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
    ...(call.having
      ? { having: { type: call.having.type, expression: resolveExpression(call.having.expression, context) } }
      : {}),
    orderBy: call.orderBy.map((o) => resolveSortKey(o, context)),
    ...(limit ? { limit: coerce(limit, INT64) } : {}),
  };
}

function aggregate(
  call: FunctionCall,
  entry: FunctionEntry,
  safe: boolean,
  context: ExpressionContext,
): ResolvedExpression {
  if (!context.aggregates || context.block === undefined) refuseAggregate(call, entry.name, context);
  if (entry.name === 'GROUPING') return grouping(call, context);
  const scope = context.aggregateScope ?? context.scope;
  const inner = {
    ...context,
    scope,
    clause: `argument of aggregate function ${entry.name}`,
    aggregates: false,
    analytics: false,
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

function analytic(
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
  if (call.over?.frame && entry.window?.frame === false)
    fail(call, `Window framing clause is not allowed for analytic function ${entry.name}`);
  const inner = { ...context, clause: 'argument of an analytic function', analytics: false };
  return collectAnalytic(call, aggregateCall(call, entry, safe, inner), entry.kind === 'window', context);
}

function hasOrder(call: FunctionCall, context: ExpressionContext): boolean {
  for (let w = call.over, depth = 0; w !== undefined && depth < 50; depth++) {
    if (w.orderBy.length > 0) return true;
    w = w.base && context.block?.windows.get(w.base.name.toLowerCase());
  }
  return false;
}

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
  if (made.distinct && hasOrder(call, context) && !numbering)
    fail(call, 'Window ORDER BY is not allowed if DISTINCT is specified');
  const window = resolveWindow(call.over, { ...context, analytics: false });
  const column = newColumn(context.session, `$${made.name.replace('$', '').toLowerCase()}`, made.type);
  context.block.analytics.push({ column, call: { kind: 'AnalyticCall', call: made, ...window } });
  return columnRef(column, call.span);
}
