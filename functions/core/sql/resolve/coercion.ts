import type { ResolvedExpression } from '../resolved/index.ts';
import {
  BIGNUMERIC,
  FLOAT64,
  INT64,
  NUMERIC,
  type ScalarName,
  type SqlType,
  STRING,
  sameType,
} from '../types.ts';
import {
  parseBignumeric,
  parseDate,
  parseDatetime,
  parseNumeric,
  parseTime,
  parseTimestamp,
} from '../values/literal.ts';
import { fail } from './failure.ts';

/** `[]` and parameters without a declared type: their type is settled by whatever they meet. */
const untyped = new WeakSet<ResolvedExpression>();
/** A float literal's digits as written: NUMERIC takes them all. */
const literalText = new WeakMap<ResolvedExpression, string>();
const onTyped = new WeakMap<ResolvedExpression, (type: SqlType) => void>();

export function markUntyped(e: ResolvedExpression, typed?: (type: SqlType) => void): ResolvedExpression {
  untyped.add(e);
  if (typed) onTyped.set(e, typed);
  return e;
}

export function rememberText(e: ResolvedExpression, text: string): ResolvedExpression {
  literalText.set(e, text);
  return e;
}

/** NULL, `[]`, an undeclared parameter: fits any type (an empty array any array). */
export const isUntyped = (e: ResolvedExpression): boolean =>
  (e.kind === 'Constant' && e.value.kind === 'null') || untyped.has(e);

const WIDER: Partial<Record<ScalarName, readonly ScalarName[]>> = {
  INT64: ['NUMERIC', 'BIGNUMERIC', 'FLOAT64'],
  NUMERIC: ['BIGNUMERIC', 'FLOAT64'],
  BIGNUMERIC: ['FLOAT64'],
  DATE: ['DATETIME'],
};

const FROM_STRING: readonly ScalarName[] = ['DATE', 'DATETIME', 'TIMESTAMP', 'TIME', 'BYTES'];

/** Whether a value of one type becomes another by itself (GoogleSQL's table of implicit conversions). */
export function coercible(from: SqlType, to: SqlType): boolean {
  if (sameType(from, to)) return true;
  if (from.kind === 'scalar' && to.kind === 'scalar') return WIDER[from.name]?.includes(to.name) ?? false;
  if (from.kind === 'struct' && to.kind === 'struct')
    return (
      from.fields.length === to.fields.length &&
      from.fields.every((f, i) => coercible(f.type, to.fields[i]?.type ?? f.type))
    );
  // Arrays do not widen, but field names of their structs do not count.
  if (from.kind === 'array' && to.kind === 'array') return sameShape(from.element, to.element);
  return false;
}

/** Same type when names of fields are left out. */
export function sameShape(a: SqlType, b: SqlType): boolean {
  if (a.kind === 'struct' && b.kind === 'struct')
    return (
      a.fields.length === b.fields.length &&
      a.fields.every((f, i) => sameShape(f.type, b.fields[i]?.type ?? f.type))
    );
  if (a.kind === 'array' && b.kind === 'array') return sameShape(a.element, b.element);
  return sameType(a, b);
}

/** 0 exact, 1 a literal that takes the type on, 2 an implicit conversion; undefined: does not fit. */
export function fit(e: ResolvedExpression, to: SqlType): 0 | 1 | 2 | undefined {
  if (isUntyped(e)) {
    const emptyArray = e.kind === 'Call' && e.name === '$array';
    return !emptyArray || to.kind === 'array' ? (sameType(e.type, to) ? 0 : 1) : undefined;
  }
  if (sameType(e.type, to)) return 0;
  if (e.kind === 'Constant' && literalFits(e, to)) return 1;
  if (e.kind === 'ParameterRef' && sameType(e.type, STRING) && to.kind === 'scalar' && to.name !== 'BYTES') {
    if (FROM_STRING.includes(to.name)) return 1;
  }
  if (e.kind === 'Call' && e.name === '$array' && to.kind === 'array') {
    if (e.arguments.every((x) => (fit(x, to.element) ?? 2) < 2)) return 1;
  }
  if (e.kind === 'MakeStruct' && to.kind === 'struct' && e.fields.length === to.fields.length) {
    const fits = e.fields.map((x, i) => fit(x, to.fields[i]?.type ?? x.type));
    if (fits.every((f) => f !== undefined)) return fits.includes(2) ? 2 : 1;
  }
  return coercible(e.type, to) ? 2 : undefined;
}

type Constant = Extract<ResolvedExpression, { kind: 'Constant' }>;

function literalFits(e: Constant, to: SqlType): boolean {
  if (e.type.kind !== 'scalar' || to.kind !== 'scalar') return false;
  switch (e.type.name) {
    case 'INT64':
      return to.name === 'NUMERIC' || to.name === 'BIGNUMERIC' || to.name === 'FLOAT64';
    case 'FLOAT64':
      return to.name === 'NUMERIC' || to.name === 'BIGNUMERIC';
    case 'STRING':
      return FROM_STRING.includes(to.name);
    default:
      return false;
  }
}

/** The expression as `to`; the caller has checked that it fits. */
export function coerce(e: ResolvedExpression, to: SqlType): ResolvedExpression {
  if (isUntyped(e)) {
    onTyped.get(e)?.(to);
    return { ...e, type: to };
  }
  if (sameType(e.type, to)) return e;
  if (e.kind === 'Constant' && literalFits(e, to)) return convertLiteral(e, to);
  if (e.kind === 'Call' && e.name === '$array' && to.kind === 'array' && fit(e, to) === 1)
    return { ...e, type: to, arguments: e.arguments.map((x) => coerce(x, to.element)) };
  if (e.kind === 'MakeStruct' && to.kind === 'struct' && e.fields.length === to.fields.length)
    return { ...e, type: to, fields: e.fields.map((x, i) => coerce(x, to.fields[i]?.type ?? x.type)) };
  return { kind: 'ResolvedCast', type: to, span: e.span, operand: e, safe: false, implicit: true };
}

const READERS: Partial<Record<ScalarName, (text: string) => string | undefined>> = {
  DATE: parseDate,
  DATETIME: parseDatetime,
  TIME: parseTime,
  TIMESTAMP: (text) => parseTimestamp(text),
  NUMERIC: parseNumeric,
  BIGNUMERIC: parseBignumeric,
};

function convertLiteral(e: Constant, to: SqlType): ResolvedExpression {
  const v = e.value;
  if (to.kind !== 'scalar') return e;
  if (to.name === 'FLOAT64' && v.kind === 'int64')
    return rememberText({ ...e, type: to, value: { kind: 'float64', value: Number(v.value) } }, `${v.value}`);
  if (to.name === 'BYTES' && v.kind === 'text')
    return { ...e, type: to, value: { kind: 'bytes', value: new TextEncoder().encode(v.value) } };
  const text = v.kind === 'text' ? v.value : (literalText.get(e) ?? ('value' in v ? String(v.value) : ''));
  const read = READERS[to.name];
  const value = read?.(text);
  if (value === undefined)
    fail(e, `Could not cast literal ${v.kind === 'text' ? `"${text}"` : text} to type ${to.name}`);
  return { ...e, type: to, value: { kind: 'text', value } };
}

/** Whether a decimal literal as it is written is a value of the type. */
export const literalHolds = (e: ResolvedExpression, to: SqlType): boolean => {
  const text = literalText.get(e);
  return text !== undefined && to.kind === 'scalar' && READERS[to.name]?.(text) !== undefined;
};

const RANK: readonly SqlType[] = [INT64, NUMERIC, BIGNUMERIC, FLOAT64];

/** The type that all expressions can take on, or undefined. Literals follow columns: `[date, '2024-01-01']` is DATE. */
export function supertype(all: readonly ResolvedExpression[]): SqlType | undefined {
  const typed = all.filter((e) => !isUntyped(e));
  if (typed.length === 0) return (all.find((e) => e.kind === 'Call') ?? all[0])?.type;
  // A literal of a decimal type, which is written out, comes before one that could be of several types.
  const fixed = typed.filter((e) => !isLiteral(e) || isDecimal(e.type));
  const candidates: SqlType[] = [];
  for (const e of [...fixed, ...typed]) {
    if (!candidates.some((c) => sameType(c, e.type))) candidates.push(e.type);
  }
  if (candidates.some((c) => RANK.some((wide) => sameType(wide, c))))
    for (const wide of RANK) if (!candidates.some((c) => sameType(wide, c))) candidates.push(wide);
  if (typed[0]?.type.kind === 'struct') return structSupertype(typed);
  const best = candidates.find((c) => all.every((e) => fit(e, c) !== undefined));
  return best;
}

const isDecimal = (type: SqlType): boolean => sameType(type, NUMERIC) || sameType(type, BIGNUMERIC);

const isLiteral = (e: ResolvedExpression): boolean =>
  e.kind === 'Constant' ||
  (e.kind === 'Call' && e.name === '$array' && e.arguments.length > 0 && e.arguments.every(isLiteral)) ||
  (e.kind === 'MakeStruct' && e.fields.every(isLiteral));

/** Structs agree field by field; names come from the first. */
function structSupertype(all: readonly ResolvedExpression[]): SqlType | undefined {
  const first = all[0]?.type;
  if (first?.kind !== 'struct') return undefined;
  const fields = [];
  for (const [i, field] of first.fields.entries()) {
    const column: ResolvedExpression[] = [];
    for (const e of all) {
      if (e.type.kind !== 'struct' || e.type.fields.length !== first.fields.length) return undefined;
      const type = e.type.fields[i]?.type ?? field.type;
      const inner = e.kind === 'MakeStruct' ? e.fields[i] : undefined;
      column.push(inner ?? { kind: 'GetField', type, span: e.span, base: e, index: i });
    }
    const type = supertype(column);
    if (type === undefined) return undefined;
    fields.push(field.name === undefined ? { type } : { name: field.name, type });
  }
  return { kind: 'struct', fields };
}
