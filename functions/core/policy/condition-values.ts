import type { CelInput } from '@bufbuild/cel';
import type { PolicyInput } from './bundle.ts';
import type { ConditionValues } from './condition.ts';
import { effectsOf } from './function-effects.ts';
import { environment, type Shape, textLimit } from './shape.ts';

type Checked =
  | { readonly ok: true; readonly values: ConditionValues }
  | { readonly ok: false; readonly problem: string };

/** Thrown inside this file only: the first thing about an input that a policy cannot judge. */
class Unjudgeable extends Error {}

/** Brings a value into CEL's form and checks it against its shape: nothing larger or other than promised gets in. */
function toCel(value: unknown, shape: Shape, name: string): CelInput {
  switch (shape.kind) {
    case 'int':
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
        throw new Unjudgeable(`${name} is not a whole number`);
      }
      return BigInt(value);
    case 'string':
      if (typeof value !== 'string') throw new Unjudgeable(`${name} is not text`);
      if (value.length > textLimit) throw new Unjudgeable(`${name} is longer than ${textLimit} characters`);
      return value;
    case 'bool':
      if (typeof value !== 'boolean') throw new Unjudgeable(`${name} is neither true nor false`);
      return value;
    case 'list': {
      if (!Array.isArray(value)) throw new Unjudgeable(`${name} is not a list`);
      if (value.length > shape.limit)
        throw new Unjudgeable(`${name} has ${value.length} entries, more than ${shape.limit}`);
      const element = shape.element ?? { kind: 'null' };
      return value.map((each) => toCel(each, element, `an entry of ${name}`));
    }
    case 'record':
      return toRecord(value, shape, name);
    case 'double':
    case 'null':
      throw new Unjudgeable(`${name} cannot be given to a condition`);
  }
}

function toRecord(value: unknown, shape: Extract<Shape, { kind: 'record' }>, name: string): CelInput {
  if (typeof value !== 'object' || value === null) throw new Unjudgeable(`${name} is missing`);
  const record: { [key: string]: CelInput } = {};
  for (const [field, fieldShape] of Object.entries(shape.fields)) {
    const inner = (value as Readonly<Record<string, unknown>>)[field];
    if (inner === undefined && shape.optional.includes(field)) continue;
    record[field] = toCel(inner, fieldShape, `${name}.${field}`);
  }
  return record;
}

const distinct = (lists: readonly (readonly string[])[]): readonly string[] => [...new Set(lists.flat())];

/** The values of every name in the environment for this input, or what about it no policy can judge. */
export function conditionValues(input: PolicyInput): Checked {
  const { statements } = input;
  const at = new Date(input.nowMs);
  const given: Readonly<Record<string, unknown>> = {
    ...input,
    hourUtc: at.getUTCHours(),
    weekdayUtc: at.getUTCDay(),
    kinds: statements.map((each) => each.kind),
    reads: distinct(statements.map((each) => each.reads)),
    writes: distinct(statements.map((each) => each.writes)),
    functions: distinct(statements.map((each) => each.functions)),
    effects: effectsOf(distinct(statements.map((each) => each.functions))),
    KB: 1e3,
    MB: 1e6,
    GB: 1e9,
    TB: 1e12,
  };
  try {
    const entries = Object.entries(environment).map(
      ([name, shape]) => [name, toCel(given[name], shape, name)] as const,
    );
    return { ok: true, values: Object.fromEntries(entries) };
  } catch (cause) {
    if (cause instanceof Unjudgeable) return { ok: false, problem: cause.message };
    throw cause;
  }
}
