import type { PathStep } from './path.ts';
import { isArray, isObject, type Json, type JsonObject } from './value.ts';

const withMember = (object: JsonObject, name: string, value: Json): Json => new Map(object).set(name, value);

const withElement = (array: readonly Json[], index: number, value: Json): Json => {
  const copy = [...array];
  while (copy.length < index) copy.push(null);
  copy[index] = value;
  return copy;
};

/** BigQuery's bound on arrays that a path makes longer. */
export const maxArray = 1_000_000;

/** The value with `put` at the path. Where the path does not fit what is there, the value stays as it is. */
export function setAt(
  v: Json | undefined,
  steps: readonly PathStep[],
  put: Json,
  create: boolean,
): Json | undefined {
  const [one, ...rest] = steps;
  if (!one) return put;
  if (v === undefined && !create) return undefined;
  if (one.kind === 'member') {
    if (v !== undefined && v !== null && !isObject(v)) return undefined;
    const object = v && isObject(v) ? v : new Map<string, Json>();
    if (!object.has(one.name) && !create) return undefined;
    const inner = setAt(object.get(one.name), rest, put, create);
    return inner === undefined ? undefined : withMember(object, one.name, inner);
  }
  if (v !== undefined && v !== null && !isArray(v)) return undefined;
  const array = v && isArray(v) ? v : [];
  if (one.index >= array.length && (!create || one.index > maxArray)) return undefined;
  const inner = setAt(array[one.index], rest, put, create);
  return inner === undefined ? undefined : withElement(array, one.index, inner);
}

/** The value without what the path leads to. */
export function removeAt(v: Json, steps: readonly PathStep[]): Json {
  const [one, ...rest] = steps;
  if (!one) return v;
  if (one.kind === 'member') {
    const inner = isObject(v) ? v.get(one.name) : undefined;
    if (!isObject(v) || inner === undefined) return v;
    if (rest.length > 0) return withMember(v, one.name, removeAt(inner, rest));
    const copy = new Map(v);
    copy.delete(one.name);
    return copy;
  }
  const inner = isArray(v) ? v[one.index] : undefined;
  if (!isArray(v) || inner === undefined) return v;
  if (rest.length > 0) return withElement(v, one.index, removeAt(inner, rest));
  return v.filter((_, i) => i !== one.index);
}

/** Replaces what the path leads to by what `change` makes of it; a path to nothing changes nothing. */
export function changeAt(v: Json, steps: readonly PathStep[], change: (found: Json) => Json): Json {
  const [one, ...rest] = steps;
  if (!one) return change(v);
  if (one.kind === 'member') {
    const inner = isObject(v) ? v.get(one.name) : undefined;
    return isObject(v) && inner !== undefined ? withMember(v, one.name, changeAt(inner, rest, change)) : v;
  }
  const inner = isArray(v) ? v[one.index] : undefined;
  return isArray(v) && inner !== undefined ? withElement(v, one.index, changeAt(inner, rest, change)) : v;
}

/** Without null members (and null elements, if `arrays`), and without what is empty then (if `empties`). */
export function stripNulls(v: Json, arrays: boolean, empties: boolean): Json {
  const stripped = strip(v, arrays, empties);
  return empties && isEmpty(stripped, arrays) ? null : stripped;
}

function strip(v: Json, arrays: boolean, empties: boolean): Json {
  const keep = (e: Json): boolean => e !== null && !(empties && isEmpty(e, arrays));
  if (isArray(v)) {
    const elements = v.map((e) => strip(e, arrays, empties));
    return arrays ? elements.filter(keep) : elements;
  }
  if (!isObject(v)) return v;
  return new Map(
    [...v].map(([key, e]) => [key, strip(e, arrays, empties)] as const).filter(([, e]) => keep(e)),
  );
}

const isEmpty = (v: Json, arrays: boolean): boolean =>
  (arrays && isArray(v) && v.length === 0) || (isObject(v) && v.size === 0);
