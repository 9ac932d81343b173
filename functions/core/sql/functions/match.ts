import type { Span } from '../ast/index.ts';
import { coerce, fit, isUntyped, supertype } from '../resolve/coercion.ts';
import type { Column, ResolvedExpression } from '../resolved/index.ts';
import { INT64, type SqlType, STRING, sameType } from '../types.ts';
import type { FunctionEntry } from './entry.ts';
import { type Signature, type SignatureArgument, type SignatureType, signature } from './signature.ts';

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

type Bindings = Map<string, SqlType>;
type Pair = { readonly argument: CallArgument; readonly slot: SignatureArgument };

/** The signature that fits the arguments best, its coercions made; undefined when none fits. */
export function matchCall(entry: FunctionEntry, args: readonly CallArgument[]): Match | undefined {
  let best: { made: () => Match; cost: number } | undefined;
  for (const text of entry.signatures) {
    const tried = tryOne(signature(text), args);
    if (tried !== undefined && (best === undefined || tried.cost < best.cost)) best = tried;
    if (best?.cost === 0) break;
  }
  return best?.made();
}

function pairs(s: Signature, args: readonly CallArgument[]): readonly Pair[] | undefined {
  const positional = s.arguments.filter((a) => a.name === undefined);
  const named = s.arguments.filter((a) => a.name !== undefined);
  const result: Pair[] = [];
  let position = 0;
  for (const argument of args) {
    const name = argument.kind === 'value' ? argument.name : undefined;
    const slot =
      name === undefined
        ? slotAt(position, positional, named, s.repeats)
        : named.find((n) => n.name === name);
    if (slot === undefined) return undefined;
    if (name === undefined) position++;
    result.push({ argument, slot });
  }
  const least = positional.filter((a) => !a.optional).length - (s.repeats ? 1 : 0);
  if (position < least) return undefined;
  const given = new Set(result.map((p) => p.slot.name));
  if (named.some((n) => result.filter((p) => p.slot === n).length > 1)) return undefined;
  if (named.some((n) => !n.optional && !given.has(n.name))) return undefined;
  return result;
}

/** Arguments by place fill the unnamed slots first, then named ones in their order. */
function slotAt(
  position: number,
  positional: readonly SignatureArgument[],
  named: readonly SignatureArgument[],
  repeats: boolean,
): SignatureArgument | undefined {
  const own = positional[position];
  if (own !== undefined) return own;
  return repeats ? positional[positional.length - 1] : named[position - positional.length];
}

function tryOne(
  s: Signature,
  args: readonly CallArgument[],
): { made: () => Match; cost: number } | undefined {
  const paired = pairs(s, args);
  if (paired === undefined || !paired.every(sameKind)) return undefined;
  const bindings = bindTemplates(paired);
  if (bindings === undefined) return undefined;
  let cost = 0;
  for (const { argument, slot } of paired) {
    if (argument.kind !== 'value' || slot.kind !== 'value') continue;
    const fitted = fit(argument.value, wantedType(slot.type, argument.value, bindings));
    if (fitted === undefined) return undefined;
    if (slot.constant && !isConstant(argument.value)) return undefined;
    // A literal that takes a type on is nearer than any conversion of a value.
    cost += fitted === 2 ? 1000 : fitted;
  }
  return { cost, made: () => build(s, paired, bindings) };
}

const sameKind = ({ argument, slot }: Pair): boolean => {
  if (argument.kind === 'lambda')
    return (
      slot.kind === 'lambda' &&
      argument.count <= slot.parameters.length &&
      argument.count >= slot.parameters.filter((p) => !p.optional).length
    );
  if (argument.kind === 'part') return slot.kind === 'part';
  return slot.kind === 'value';
};

const isConstant = (e: ResolvedExpression): boolean =>
  e.kind === 'Constant' || e.kind === 'ParameterRef' || (e.kind === 'ResolvedCast' && isConstant(e.operand));

/** What each template must become: the supertype of everything that stands for it. */
function bindTemplates(paired: readonly Pair[]): Bindings | undefined {
  const gathered = new Map<string, ResolvedExpression[]>();
  for (const { argument, slot } of paired) {
    if (argument.kind === 'value' && slot.kind === 'value') {
      if (!gather(slot.type, argument.value, gathered)) return undefined;
    }
  }
  const bindings: Bindings = new Map();
  for (const [name, list] of gathered) {
    const type = list.length === 0 ? INT64 : supertype(list);
    if (type === undefined || !allowed(name, type)) return undefined;
    bindings.set(name, type);
  }
  return bindings;
}

function gather(
  slot: SignatureType,
  e: ResolvedExpression,
  into: Map<string, ResolvedExpression[]>,
): boolean {
  if (slot.kind === 'exact') return true;
  if (slot.kind === 'template') {
    if (slot.name === 'ANY') return true;
    const known = into.get(slot.name);
    if (known) known.push(e);
    else into.set(slot.name, [e]);
    return true;
  }
  if (isUntyped(e)) return gatherNothing(slot, into);
  if (slot.kind === 'array') {
    if (e.type.kind !== 'array') return false;
    const typed = someValue(e.type.element, e.span);
    const literals = e.kind === 'Call' && e.name === '$array' ? e.arguments : [typed];
    return literals.every((x) => gather(slot.element, x, into));
  }
  if (slot.kind === 'range') {
    if (e.type.kind !== 'range') return false;
    return gather(slot.element, someValue({ kind: 'scalar', name: e.type.element }, e.span), into);
  }
  const fields = e.type.kind === 'struct' ? e.type.fields : undefined;
  if (fields === undefined || fields.length !== slot.fields.length) return false;
  return slot.fields.every((f, i) => gather(f.type, someValue(fields[i]?.type ?? INT64, e.span), into));
}

function gatherNothing(slot: SignatureType, into: Map<string, ResolvedExpression[]>): boolean {
  for (const name of templatesOf(slot)) if (!into.has(name)) into.set(name, []);
  return true;
}

function templatesOf(slot: SignatureType): readonly string[] {
  switch (slot.kind) {
    case 'exact':
      return [];
    case 'template':
      return [slot.name];
    case 'array':
    case 'range':
      return templatesOf(slot.element);
    case 'struct':
      return slot.fields.flatMap((f) => templatesOf(f.type));
  }
}

/** A value of a type about which nothing else is known, to take part in a supertype. */
const someValue = (type: SqlType, span: Span): ResolvedExpression => ({
  kind: 'ColumnRef',
  type,
  span,
  column: { id: -1, name: '', type },
  correlated: false,
});

const UNORDERED = new Set(['JSON', 'GEOGRAPHY']);

function allowed(template: string, type: SqlType): boolean {
  if (template.startsWith('ORD'))
    return type.kind === 'range' || (type.kind === 'scalar' && !UNORDERED.has(type.name));
  if (template.startsWith('GRP')) return groupable(type);
  return true;
}

/** Whether values can be compared for equality and grouped. */
export function groupable(type: SqlType): boolean {
  switch (type.kind) {
    case 'scalar':
      return !UNORDERED.has(type.name);
    case 'array':
      return groupable(type.element);
    case 'struct':
      return type.fields.every((f) => groupable(f.type));
    case 'range':
      return true;
  }
}

/** `ANY` takes each argument as it is; everything else is settled for the whole call. */
const wantedType = (slot: SignatureType, value: ResolvedExpression, bindings: Bindings): SqlType =>
  slot.kind === 'template' && slot.name === 'ANY' ? value.type : concrete(slot, bindings);

function concrete(slot: SignatureType, bindings: Bindings): SqlType {
  switch (slot.kind) {
    case 'exact':
      return slot.type;
    case 'template':
      return bindings.get(slot.name) ?? INT64;
    case 'array':
      return { kind: 'array', element: concrete(slot.element, bindings) };
    case 'range': {
      const element = concrete(slot.element, bindings);
      const name = element.kind === 'scalar' ? element.name : 'DATE';
      return { kind: 'range', element: name === 'DATETIME' || name === 'TIMESTAMP' ? name : 'DATE' };
    }
    case 'struct':
      return {
        kind: 'struct',
        fields: slot.fields.map((f) => {
          const type = concrete(f.type, bindings);
          return f.name === undefined ? { type } : { name: f.name, type };
        }),
      };
  }
}

function build(s: Signature, paired: readonly Pair[], bindings: Bindings): Match {
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
      lambdas.push({ position: values.length, ...lambda });
      values.push({ kind: 'Constant', type: INT64, span: argument.span, value: { kind: 'null' } });
    } else if (slot.kind === 'value') {
      const value = coerce(argument.value, wantedType(slot.type, argument.value, bindings));
      if (slot.name === undefined) values.push(value);
      else named[slot.name] = value;
    }
  }
  return {
    type: concrete(s.result, bindings),
    arguments: values,
    ...(Object.keys(named).length > 0 ? { named } : {}),
    ...(lambdas.length > 0 ? { lambdas } : {}),
  };
}

/** A lambda's result settles its template, or must become what is settled already. */
function settleLambda(lambda: LambdaValue, slot: SignatureType, bindings: Bindings): LambdaValue {
  if (slot.kind === 'template' && !bindings.has(slot.name)) bindings.set(slot.name, lambda.body.type);
  const wanted = concrete(slot, bindings);
  if (sameType(lambda.body.type, wanted)) return lambda;
  const fitted = fit(lambda.body, wanted);
  if (fitted !== undefined) return { ...lambda, body: coerce(lambda.body, wanted) };
  if (slot.kind === 'template' && fit(someValue(wanted, lambda.body.span), lambda.body.type) !== undefined)
    bindings.set(slot.name, lambda.body.type);
  return lambda;
}
