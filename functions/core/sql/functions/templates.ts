import type { Span } from '../ast/index.ts';
import { isUntyped, supertype } from '../resolve/coercion.ts';
import type { ResolvedExpression } from '../resolved/index.ts';
import { INT64, type SqlType } from '../types.ts';
import type { SignatureType } from './signature.ts';

/** What the templates of a signature stand for in one call. */
export type Bindings = Map<string, SqlType>;

/** A value given as an argument and the type that the signature writes for it. */
export type Valued = { readonly value: ResolvedExpression; readonly type: SignatureType };

/** What each template must become: the supertype of everything that stands for it; undefined when there is none. */
export function bindTemplates(values: readonly Valued[]): Bindings | undefined {
  const gathered = new Map<string, ResolvedExpression[]>();
  for (const { value, type } of values) if (!gather(type, value, gathered)) return undefined;
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
  if (slot.kind === 'range' && isNull(e)) return false;
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

/** A NULL that is written out: it is never taken for a range. */
export const isNull = (e: ResolvedExpression): boolean => e.kind === 'Constant' && e.value.kind === 'null';

/** A value of a type about which nothing else is known, to take part in a supertype. */
export const someValue = (type: SqlType, span: Span): ResolvedExpression => ({
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
  if (template.startsWith('RNG'))
    return type.kind === 'scalar' && ['DATE', 'DATETIME', 'TIMESTAMP'].includes(type.name);
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
export const wantedType = (slot: SignatureType, value: ResolvedExpression, bindings: Bindings): SqlType =>
  slot.kind === 'template' && slot.name === 'ANY' ? value.type : concrete(slot, bindings);

export function concrete(slot: SignatureType, bindings: Bindings): SqlType {
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
