import type { Argument, Expression, FunctionCall, Identifier, Path } from '../ast/index.ts';
import type { FunctionEntry } from '../functions/entry.ts';
import { findFunction, functionNames } from '../functions/index.ts';
import { type CallArgument, type Match, matchCall } from '../functions/match.ts';
import { describeSignature, signature } from '../functions/signature.ts';
import { isKnownUnsupported } from '../functions/unsupported.ts';
import type { ResolvedExpression } from '../resolved/index.ts';
import { INT64, typeText } from '../types.ts';
import { aggregate, analytic, countStar } from './aggregate-call.ts';
import { markUntyped } from './coercion.ts';
import type { ExpressionContext } from './context.ts';
import { checkParts } from './date-parts.ts';
import { resolveExpression } from './expression.ts';
import { withColumns } from './expression-forms.ts';
import { concatenable } from './expression-operator.ts';
import { fail, unsupported } from './failure.ts';
import { matchFunction } from './match-functions.ts';
import { withoutLimits } from './privacy.ts';
import { callRoutine } from './routine-call.ts';
import { findRoutine } from './routines.ts';
import { newColumn } from './session.ts';
import { didYouMean } from './suggest.ts';

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

const withoutSafe = (path: Path): Path => ({ ...path, parts: path.parts.slice(1) });

function findEntry(call: FunctionCall, name: string): FunctionEntry {
  const entry = findFunction(name);
  if (entry !== undefined) return entry;
  if (isKnownUnsupported(name)) unsupported(call, name, `Function ${name} is not supported`);
  const dotted = name.includes('.') && !NAMESPACES.has(name.split('.')[0] ?? '');
  const written = call.name.parts.map((p) => p.name).join('.');
  if (dotted) unsupported(call, written, `User-defined function ${written} is not supported`);
  const isSafe = written.toUpperCase() !== name;
  const hint = didYouMean(name, functionNames);
  return fail(
    call,
    isSafe
      ? `Function not found: ${written.slice('SAFE.'.length)}${hint.replace('mean ', 'mean SAFE.')}`
      : `Function not found: ${written}${hint}`,
  );
}

/** What a call may hold and nothing here gives a meaning to; most of it is not BigQuery's. */
function refuseUnread(call: FunctionCall): void {
  if (call.where !== undefined) unsupported(call.where, 'WHERE in a function call');
  if (call.groupBy !== undefined) unsupported(call.groupBy, 'GROUP BY in a function call');
  if (call.clamped !== undefined) unsupported(call.clamped.low, 'CLAMPED BETWEEN');
  if (call.report !== undefined) unsupported(call, 'WITH REPORT');
  if (call.limitAll !== undefined) unsupported(call, 'LIMIT ALL');
  if (call.offset !== undefined) unsupported(call.offset, 'OFFSET in a function call');
  if (call.within !== undefined) unsupported(call.within, 'WITHIN');
  const hint = call.hint ?? call.orderHint ?? call.over?.partitionHint ?? call.over?.orderHint;
  if (hint !== undefined) unsupported(hint, 'hint');
  if (call.star && call.arguments.length > 0) unsupported(call, 'arguments after *');
}

/** Whether SELECT WITH DIFFERENTIAL_PRIVACY has a kind of its own of this function. */
const isAggregate = (name: string): boolean =>
  name === 'PERCENTILE_CONT' || findFunction(name)?.kind === 'aggregate';

/** A call of a scalar function, an aggregate or a window function. */
export function resolveCall(written: FunctionCall, context: ExpressionContext): ResolvedExpression {
  const { name, safe } = calledName(written);
  const isPrivate = context.privacy === 'DIFFERENTIAL_PRIVACY' && context.aggregates && isAggregate(name);
  const call = isPrivate ? withoutLimits(written, name) : written;
  refuseUnread(call);
  const routine = findRoutine(safe ? withoutSafe(call.name) : call.name, context.session);
  if (
    routine !== undefined &&
    (call.name.parts.length > (safe ? 2 : 1) || routine.temporary || !findFunction(name))
  )
    return callRoutine(call, routine, safe, context);
  if (call.star && name === 'COUNT') {
    if (call.distinct) fail(call, 'COUNT(*) cannot be used with DISTINCT');
    return countStar(call, context);
  }
  const special = matchFunction(call, name, context);
  if (special !== undefined) return special;
  const entry = findEntry(call, name);
  context.session.shared.functions.add(entry.name);
  if (call.star) fail(call, `Argument * can only be used in COUNT(*), but not in ${name}(*)`);
  if (entry.kind === 'table') fail(call, `Table-valued function ${name} is not expected here`);
  if (call.over !== undefined) return analytic(call, entry, safe, context);
  if (entry.kind === 'aggregate' || isPrivate) return aggregate(call, entry, safe, context);
  if (entry.kind === 'window') fail(call, `Window function ${name} cannot be called without an OVER clause`);
  refuseModifiers(call, name);
  const match = matched(call, entry, context);
  const made: ResolvedExpression = {
    kind: 'Call',
    type: match.type,
    span: call.span,
    name: entry.name,
    safe,
    arguments: match.arguments,
    ...(match.named ? { named: match.named } : {}),
    ...(match.lambdas ? { lambdas: match.lambdas } : {}),
  };
  // It never has a value, so it has whatever type its place asks for.
  return entry.name === 'ERROR' ? markUntyped(made) : made;
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

/** The best signature for the call's arguments, or a failure that shows those there are. */
export function matched(call: FunctionCall, entry: FunctionEntry, context: ExpressionContext): Match {
  const args = call.arguments.map((a, i) => resolveArgument(a, i, call, entry, context));
  const match = matchCall(entry, entry.name === 'CONCAT' ? args.map(asText) : args);
  if (match !== undefined) {
    const parts = args.flatMap((a) => (a.kind === 'part' ? [a.text] : []));
    checkParts(entry.name, match.arguments, parts, call.span);
    return match;
  }
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
      if (a.head !== undefined) unsupported(a, 'lambda with parameters that are no names');
      return lambda(a, context);
    case 'ObjectArgument':
      return unsupported(call, `${a.object} argument`);
    case 'TableClauseArgument':
      return unsupported(call, 'TABLE argument');
    case 'DescriptorArgument':
      return unsupported(call, 'DESCRIPTOR argument');
    case 'ColumnsArgument':
      return unsupported(call, 'COLUMNS argument');
    case 'InputTableArgument':
      return unsupported(call, 'INPUT TABLE argument');
    case 'QueryArgument':
      return fail(a, `Subquery argument of ${entry.name} must be in parentheses of its own`);
  }
}

/** CONCAT takes whatever has a text form, and joins that. */
const asText = (a: CallArgument): CallArgument =>
  a.kind === 'value' ? { ...a, value: concatenable(a.value) } : a;

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
