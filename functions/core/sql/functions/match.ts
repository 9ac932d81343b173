import type { Span } from '../ast/index.ts';
import { coerce, fit, isUntyped } from '../resolve/coercion.ts';
import type { Column, ResolvedExpression } from '../resolved/index.ts';
import { INT64, type SqlType, STRING, sameType } from '../types.ts';
import { addCost, type Cost, isNearer, NO_COST } from './cost.ts';
import type { FunctionEntry } from './entry.ts';
import { literalFitsRule } from './literal-rule.ts';
import { type Signature, type SignatureArgument, type SignatureType, signature } from './signature.ts';
import { type Bindings, bindTemplates, concrete, isNull, someValue, wantedType } from './templates.ts';

export { groupable } from './templates.ts';

export type LambdaValue = { readonly parameters: readonly Column[]; readonly body: ResolvedExpression };

export type CallArgument =
  | { readonly kind: 'value'; readonly value: ResolvedExpression; readonly name?: string }
  | { readonly kind: 'part'; readonly text: string; readonly span: Span }
  | {
      readonly kind: 'lambda';
      readonly span: Span;
      readonly count: number;
      readonly resolve: (types: readonly SqlType[]) => LambdaValue;
    };

export type Match = {
  readonly type: SqlType;
  readonly arguments: readonly ResolvedExpression[];
  readonly named?: Readonly<Record<string, ResolvedExpression>>;
  readonly lambdas?: readonly (LambdaValue & { readonly position: number })[];
};

type Pair = { readonly argument: CallArgument; readonly slot: SignatureArgument };
type Fit = { readonly make: () => Match | undefined; readonly cost: Cost };

/** The signature that fits the arguments best, its coercions made; undefined when none fits. */
export function matchCall(entry: FunctionEntry, args: readonly CallArgument[]): Match | undefined {
  let best: Fit | undefined;
  for (const text of entry.signatures) {
    const tried = tryOne(signature(text), args);
    if (tried !== undefined && (best === undefined || isNearer(tried.cost, best.cost))) best = tried;
    if (best?.cost === NO_COST) break;
  }
  return best?.make();
}

/** Each argument with its place in the signature; undefined when they are too few, too many or named otherwise. */
function pairs(s: Signature, args: readonly CallArgument[]): readonly Pair[] | undefined {
  const result: Pair[] = [];
  const used = new Set<SignatureArgument>();
  let position = 0;
  for (const argument of args) {
    const name = argument.kind === 'value' ? argument.name : undefined;
    const slot = name === undefined ? slotAt(position++, s) : s.arguments.find((a) => a.name === name);
    if (slot === undefined || (slot.name !== undefined && used.has(slot))) return undefined;
    used.add(slot);
    result.push({ argument, slot });
  }
  if (s.repeats && position > s.repeatAt && (position - s.repeatAt) % s.repeated !== 0) return undefined;
  const required = s.arguments.filter((a, i) => !a.optional && !repeatsAt(i, s));
  return required.every((a) => used.has(a)) ? result : undefined;
}

const repeatsAt = (index: number, s: Signature): boolean =>
  index >= s.repeatAt && index < s.repeatAt + s.repeated;

/** Arguments by place fill what takes them in order, then what repeats. */
function slotAt(position: number, s: Signature): SignatureArgument | undefined {
  if (s.repeats && position >= s.repeatAt)
    return s.arguments[s.repeatAt + ((position - s.repeatAt) % s.repeated)];
  const slot = s.arguments[position];
  return slot?.name === undefined || slot.byPlace ? slot : undefined;
}

function tryOne(s: Signature, args: readonly CallArgument[]): Fit | undefined {
  const paired = pairs(s, args);
  if (paired === undefined || !paired.every(sameKind)) return undefined;
  const values = paired.flatMap(({ argument, slot }) =>
    argument.kind === 'value' && slot.kind === 'value'
      ? [{ value: argument.value, type: slot.type, slot }]
      : [],
  );
  const bindings = bindTemplates(values);
  if (bindings === undefined || !keepsDecimal(s, values)) return undefined;
  let cost = NO_COST;
  for (const { value, type, slot } of values) {
    const wanted = wantedType(type, value, bindings);
    if (fit(value, wanted) === undefined || !keepsRule(s, value, wanted, type)) return undefined;
    if (slot.constant && !literalFitsRule(value, slot.literal)) return undefined;
    cost = addCost(cost, value, wanted);
  }
  // A lambda's parameters have no type when the array has none.
  if (paired.some((p) => p.argument.kind === 'lambda') && values.some((v) => isUntyped(v.value)))
    return undefined;
  return { cost, make: () => build(s, paired, bindings) };
}

const sameKind = ({ argument, slot }: Pair): boolean => {
  if (argument.kind === 'lambda')
    return (
      slot.kind === 'lambda' &&
      argument.count <= slot.parameters.length &&
      argument.count >= slot.parameters.filter((p) => !p.optional).length
    );
  if (argument.kind === 'part')
    return slot.kind === 'part' && (slot.words === undefined || slot.words.includes(argument.text));
  return slot.kind === 'value';
};

const DECIMALS = ['NUMERIC', 'BIGNUMERIC'];

const isText = (e: ResolvedExpression): boolean =>
  (e.kind === 'Constant' || e.kind === 'ParameterRef') && !isUntyped(e) && sameType(e.type, STRING);

/** The word in front of a signature, and that NULL is no range. */
function keepsRule(
  s: Signature,
  value: ResolvedExpression,
  wanted: SqlType,
  written: SignatureType,
): boolean {
  if (wanted.kind === 'range' && written.kind !== 'template' && isNull(value)) return false;
  switch (s.rule) {
    case undefined:
      return true;
    case 'strict':
      return !isText(value) || sameType(wanted, STRING);
    case 'same':
      return isNull(value) || (!isUntyped(value) && sameType(value.type, wanted));
    case 'computed':
      return value.kind !== 'Constant' && value.kind !== 'ParameterRef';
    case 'arrays':
      return written.kind !== 'array' || !isNull(value);
    case 'decimal':
      return value.type.kind === 'scalar' && DECIMALS.includes(value.type.name);
    case 'typed':
      return !isNull(value) && !(value.kind === 'ParameterRef' && isUntyped(value));
  }
}

/** Whole numbers and FLOAT64 literals alone never make a call one of decimals. */
function keepsDecimal(
  s: Signature,
  values: readonly { readonly value: ResolvedExpression; readonly slot: SignatureArgument }[],
): boolean {
  for (const a of s.arguments) {
    if (a.kind !== 'value' || a.type.kind !== 'exact') continue;
    const { type } = a.type;
    if (type.kind !== 'scalar' || !DECIMALS.includes(type.name)) continue;
    if (!values.some((v) => !isUntyped(v.value) && sameType(v.value.type, type))) return false;
  }
  return true;
}

function build(s: Signature, paired: readonly Pair[], bindings: Bindings): Match | undefined {
  const values: ResolvedExpression[] = [];
  const named: Record<string, ResolvedExpression> = {};
  const lambdas: (LambdaValue & { position: number })[] = [];
  for (const { argument, slot } of paired) {
    if (argument.kind === 'part') {
      const value = { kind: 'text' as const, value: argument.text };
      values.push({ kind: 'Constant', type: STRING, span: argument.span, value });
    } else if (argument.kind === 'lambda') {
      if (slot.kind !== 'lambda') continue;
      const types = slot.parameters.slice(0, argument.count).map((p) => concrete(p.type, bindings));
      const lambda = settleLambda(argument.resolve(types), slot.result, bindings);
      if (lambda === undefined) return undefined;
      lambdas.push({ position: values.length, ...lambda });
      values.push({ kind: 'Constant', type: INT64, span: argument.span, value: { kind: 'null' } });
    } else if (slot.kind === 'value') {
      const value = coerce(argument.value, wantedType(slot.type, argument.value, bindings));
      if (slot.name === undefined) values.push(value);
      else named[slot.name] = value;
    }
  }
  const type = concrete(s.result, bindings);
  if (type.kind === 'array' && type.element.kind === 'array') return undefined;
  return {
    type,
    arguments: values,
    ...(Object.keys(named).length > 0 ? { named } : {}),
    ...(lambdas.length > 0 ? { lambdas } : {}),
  };
}

/** A lambda's result settles its template, or must become what is settled already; undefined when it cannot. */
function settleLambda(lambda: LambdaValue, slot: SignatureType, bindings: Bindings): LambdaValue | undefined {
  if (slot.kind === 'template' && !bindings.has(slot.name)) bindings.set(slot.name, lambda.body.type);
  const wanted = concrete(slot, bindings);
  if (sameType(lambda.body.type, wanted)) return lambda;
  if (fit(lambda.body, wanted) !== undefined) return { ...lambda, body: coerce(lambda.body, wanted) };
  if (slot.kind !== 'template' || fit(someValue(wanted, lambda.body.span), lambda.body.type) === undefined)
    return undefined;
  bindings.set(slot.name, lambda.body.type);
  return lambda;
}
