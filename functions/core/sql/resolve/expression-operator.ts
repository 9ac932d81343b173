import type { BinaryOperator, Expression, Span } from '../ast/index.ts';
import { matchCall } from '../functions/match.ts';
import { operatorSymbol, operators } from '../functions/operators.ts';
import type { ResolvedExpression } from '../resolved/index.ts';
import { BOOL, FLOAT64, INT64, JSON_TYPE, type SqlType, STRING, typeText } from '../types.ts';
import { coerce, fit, isUntyped, rememberText, supertype } from './coercion.ts';
import type { ExpressionContext } from './context.ts';
import { resolveExpression } from './expression.ts';
import { fail, unsupported } from './failure.ts';
import { structField } from './scope.ts';

type Node<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

const table = new Map(operators.map((o) => [o.name, o]));
const COMPARISONS = new Set([
  '$eq',
  '$ne',
  '$lt',
  '$le',
  '$gt',
  '$ge',
  '$between',
  '$is_distinct',
  '$in',
  '$in_array',
]);

/** A call of an operator, its operands brought to the types it takes. */
export function operatorCall(
  name: string,
  args: readonly ResolvedExpression[],
  span: Span,
): ResolvedExpression {
  const entry = table.get(name);
  if (COMPARISONS.has(name)) refuseIncomparable(name, args, span);
  const match =
    entry &&
    matchCall(
      entry,
      args.map((value) => ({ kind: 'value' as const, value })),
    );
  if (match === undefined) {
    const types = args.map((a) => (isUntyped(a) ? 'NULL' : typeText(a.type)));
    const shown =
      name === '$in' ? ` ${types[0]} and {${types.slice(1).join(', ')}}` : `: ${types.join(', ')}`;
    fail(
      span,
      `No matching signature for operator ${operatorSymbol[name] ?? name} for argument types${shown}`,
    );
  }
  return { kind: 'Call', type: match.type, span, name, safe: false, arguments: match.arguments };
}

function refuseIncomparable(name: string, args: readonly ResolvedExpression[], span: Span): void {
  for (const [i, a] of args.entries()) {
    const type = name === '$in_array' && i === 1 && a.type.kind === 'array' ? a.type.element : a.type;
    if (isUntyped(a) || type.kind !== 'array') continue;
    fail(span, `${operatorSymbol[name]} is not defined for arguments of type ${typeText(type)}`);
  }
}

export function not(e: ResolvedExpression, negate: boolean): ResolvedExpression {
  if (!negate) return e;
  return { kind: 'Call', type: BOOL, span: e.span, name: '$not', safe: false, arguments: [e] };
}

/** A NULL that is written out has no type that could choose the operator. */
export function refuseNull(at: Expression, operator: string, ...operands: readonly Expression[]): void {
  if (operands.some((o) => o.kind === 'NullLiteral'))
    fail(at, `Operands of ${operator} cannot be literal NULL`);
}

export function resolveUnary(e: Node<'Unary'>, context: ExpressionContext): ResolvedExpression {
  if (e.operator === '-' && e.operand.kind === 'IntLiteral' && e.operand.value === 2n ** 63n)
    return { kind: 'Constant', type: INT64, span: e.span, value: { kind: 'int64', value: -e.operand.value } };
  refuseNull(e, e.operator, e.operand);
  const operand = resolveExpression(e.operand, context);
  if (e.operator === 'NOT') return operatorCall('$not', [operand], e.span);
  if (e.operator === '~') return operatorCall('$bitnot', [operand], e.span);
  if (e.operator === '+') {
    if (fit(operand, FLOAT64) === undefined && fit(operand, INT64) === undefined)
      fail(e, `No matching signature for operator + for argument types: ${typeText(operand.type)}`);
    return operand;
  }
  if (operand.kind === 'Constant' && e.operand.kind === 'IntLiteral' && operand.value.kind === 'int64')
    return { ...operand, span: e.span, value: { kind: 'int64', value: -operand.value.value } };
  if (operand.kind === 'Constant' && e.operand.kind === 'FloatLiteral' && operand.value.kind === 'float64') {
    const value = { kind: 'float64' as const, value: -operand.value.value };
    return rememberText({ ...operand, span: e.span, value }, `-${e.operand.text}`);
  }
  return operatorCall('$minus', [operand], e.span);
}

const BINARY: Readonly<Record<BinaryOperator, string>> = {
  '+': '$add',
  '-': '$subtract',
  '*': '$multiply',
  '/': '$divide',
  '||': '$concat',
  '&': '$bitand',
  '|': '$bitor',
  '^': '$bitxor',
  '<<': '$shl',
  '>>': '$shr',
  '=': '$eq',
  '!=': '$ne',
  '<': '$lt',
  '<=': '$le',
  '>': '$gt',
  '>=': '$ge',
};

/** A chain `a + b + c` leans left and may be long, so it is walked and not recursed into. */
export function resolveBinary(e: Node<'Binary'>, context: ExpressionContext): ResolvedExpression {
  const chain: Node<'Binary'>[] = [];
  let leftmost: Expression = e;
  while (leftmost.kind === 'Binary') {
    chain.push(leftmost);
    leftmost = leftmost.left;
  }
  let value = resolveExpression(leftmost, context);
  for (const step of chain.reverse()) {
    if (step.operator !== '<<' && step.operator !== '>>')
      refuseNull(step, step.operator, step.left, step.right);
    const right = resolveExpression(step.right, context);
    value =
      step.operator === '||'
        ? concatenate(value, right, step.span)
        : operatorCall(BINARY[step.operator], [value, right], step.span);
  }
  return value;
}

/** A scalar as its text, where `||` and CONCAT ask for one; BYTES stay. */
export const concatenable = (e: ResolvedExpression): ResolvedExpression =>
  e.type.kind !== 'scalar' || isUntyped(e) || ['STRING', 'BYTES', 'JSON', 'GEOGRAPHY'].includes(e.type.name)
    ? e
    : { kind: 'ResolvedCast', type: STRING, span: e.span, operand: e, safe: false, implicit: true };

function concatenate(left: ResolvedExpression, right: ResolvedExpression, span: Span): ResolvedExpression {
  return operatorCall('$concat', [concatenable(left), concatenable(right)], span);
}

export function resolveLogical(e: Node<'Logical'>, context: ExpressionContext): ResolvedExpression {
  const operands = e.operands.map((o) => resolveExpression(o, context));
  return operatorCall(e.operator === 'AND' ? '$and' : '$or', operands, e.span);
}

export function resolveIsTest(e: Node<'IsTest'>, context: ExpressionContext): ResolvedExpression {
  const operand = resolveExpression(e.operand, context);
  const name = e.test === 'TRUE' ? '$is_true' : e.test === 'FALSE' ? '$is_false' : '$is_null';
  if (e.test === 'UNKNOWN' && fit(operand, BOOL) === undefined)
    fail(e, `No matching signature for operator IS UNKNOWN for argument types: ${typeText(operand.type)}`);
  return not(operatorCall(name, [operand], e.span), e.not);
}

export function resolveDistinct(e: Node<'IsDistinct'>, context: ExpressionContext): ResolvedExpression {
  const args = [resolveExpression(e.left, context), resolveExpression(e.right, context)];
  return not(operatorCall('$is_distinct', args, e.span), e.not);
}

export function resolveBetween(e: Node<'Between'>, context: ExpressionContext): ResolvedExpression {
  const args = [e.operand, e.low, e.high].map((x) => resolveExpression(x, context));
  return not(operatorCall('$between', args, e.span), e.not);
}

export function resolveInList(e: Node<'InList'>, context: ExpressionContext): ResolvedExpression {
  const args = [e.operand, ...e.list].map((x) => resolveExpression(x, context));
  return not(operatorCall('$in', args, e.span), e.not);
}

/** `UNNEST(a AS b, c)` where values are compared with: GoogleSQL's grammar takes it, BigQuery does not. */
function refuseSeveralArrays(e: Node<'InUnnest' | 'Like'>): void {
  if (e.arrayAlias !== undefined || e.otherArrays !== undefined)
    unsupported(e, 'UNNEST of several arrays to compare');
}

export function resolveInUnnest(e: Node<'InUnnest'>, context: ExpressionContext): ResolvedExpression {
  refuseSeveralArrays(e);
  const args = [e.operand, e.array].map((x) => resolveExpression(x, context));
  return not(operatorCall('$in_array', args, e.span), e.not);
}

/** Patterns in an array or of a query. NOT asks each pattern for not matching, as it does with a list of patterns. */
function resolveLikeArray(e: Node<'Like'>, context: ExpressionContext): ResolvedExpression {
  const [from] = e.patterns;
  if (!from || (e.patternsFrom === 'QUERY' && from.kind !== 'ScalarSubquery'))
    unsupported(e, `LIKE ${e.quantifier ?? ''} ${e.patternsFrom ?? ''}`);
  const array: Expression =
    from.kind === 'ScalarSubquery' && e.patternsFrom === 'QUERY'
      ? { kind: 'ArraySubquery', span: from.span, query: from.query }
      : from;
  const args = [e.operand, array].map((x) => resolveExpression(x, context));
  return operatorCall(`$${e.not ? 'un' : ''}like_${e.quantifier === 'ALL' ? 'all' : 'any'}_of`, args, e.span);
}

export function resolveLike(e: Node<'Like'>, context: ExpressionContext): ResolvedExpression {
  refuseSeveralArrays(e);
  if (e.patternsFrom !== undefined) return resolveLikeArray(e, context);
  if (e.quantifier === undefined) refuseNull(e, 'LIKE', e.operand, ...e.patterns);
  const name = e.quantifier === undefined ? '$like' : e.quantifier === 'ANY' ? '$like_any' : '$like_all';
  const args = [e.operand, ...e.patterns].map((x) => resolveExpression(x, context));
  // NOT LIKE ANY means that one pattern at least does not match; NOT LIKE ALL, that none does.
  if (e.not && e.quantifier !== undefined) {
    const each = args
      .slice(1)
      .map((p) => not(operatorCall('$like', [args[0] as ResolvedExpression, p], e.span), true));
    return operatorCall(e.quantifier === 'ANY' ? '$or' : '$and', each, e.span);
  }
  return not(operatorCall(name, args, e.span), e.not);
}

const ACCESS = {
  OFFSET: '$array_offset',
  ORDINAL: '$array_ordinal',
  SAFE_OFFSET: '$safe_array_offset',
  SAFE_ORDINAL: '$safe_array_ordinal',
} as const;

/** `base[index]` on an array, a struct (by position) or a JSON value. */
export function resolveSubscript(e: Node<'Subscript'>, context: ExpressionContext): ResolvedExpression {
  const base = resolveExpression(e.base, context);
  const index = resolveExpression(e.index, context);
  if (e.accessor === 'KEY' || e.accessor === 'SAFE_KEY') unsupported(e, e.accessor);
  const call = (name: string, type: SqlType, by: ResolvedExpression): ResolvedExpression => ({
    kind: 'Call',
    type,
    span: e.span,
    name,
    safe: false,
    arguments: [base, by],
  });
  if (base.type.kind === 'array') {
    if (fit(index, INT64) === undefined)
      fail(e.index, `Array position must be coercible to INT64 type, but has type ${typeText(index.type)}`);
    return call(ACCESS[e.accessor ?? 'OFFSET'], base.type.element, coerce(index, INT64));
  }
  if (base.type.kind === 'struct') return structPosition(e, base, index);
  if (base.type.kind === 'scalar' && base.type.name === 'JSON' && e.accessor === undefined) {
    const wanted = fit(index, INT64) !== undefined ? INT64 : STRING;
    if (fit(index, wanted) === undefined)
      fail(e.index, `JSON subscript must be INT64 or STRING, but has type ${typeText(index.type)}`);
    return call('$json_subscript', JSON_TYPE, coerce(index, wanted));
  }
  return fail(
    e,
    `Subscript access using [${typeText(index.type)}] is not supported on values of type ${typeText(base.type)}`,
  );
}

function structPosition(
  e: Node<'Subscript'>,
  base: ResolvedExpression,
  index: ResolvedExpression,
): ResolvedExpression {
  if (index.kind !== 'Constant' || index.value.kind !== 'int64')
    fail(e.index, 'Field element access is only supported for literal integer positions');
  const from = e.accessor === 'ORDINAL' || e.accessor === 'SAFE_ORDINAL' ? 1n : 0n;
  const position = Number(index.value.value - from);
  const count = base.type.kind === 'struct' ? base.type.fields.length : 0;
  if (position < 0 || position >= count)
    fail(e.index, `Field ordinal ${index.value.value} is out of bounds in ${typeText(base.type)}`);
  return structField(base, position, e.span);
}

/** Brings expressions to one type; undefined when they have none in common. */
export function unify(
  all: readonly ResolvedExpression[],
): { type: SqlType; values: ResolvedExpression[] } | undefined {
  const type = supertype(all);
  return type && { type, values: all.map((e) => coerce(e, type)) };
}
