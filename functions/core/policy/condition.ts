import { type CelInput, celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import { checkCondition } from './check-condition.ts';
import { ConditionError } from './condition-error.ts';
import { shapeText } from './shape.ts';

/** The values that conditions see, by name; whole numbers are bigint, as CEL counts. */
export type ConditionValues = { readonly [name: string]: CelInput };

/** A condition that was parsed, checked and planned. `test` is total: an error is a value, and denies. */
export type Condition = {
  readonly text: string;
  test(values: ConditionValues): boolean | { readonly error: string };
};

/** Longest condition, in UTF-16 code units: CEL's parser recurses, so its input is bounded first. */
const textLimit = 4000;

const env = celEnv();

/** Reads a CEL condition. Throws ConditionError with the offset of what is wrong. */
export function compileCondition(text: string): Condition {
  if (text.length > textLimit) throw new ConditionError(`is longer than ${textLimit} characters`, 0);
  const parsed = parsedOf(text);
  const shape = checkCondition(parsed.expr, parsed.info);
  if (shape.kind !== 'bool')
    throw new ConditionError(`must be true or false, and is a ${shapeText(shape)}`, 0);
  const evaluate = plan(env, parsed.expr) as (values: ConditionValues) => unknown;
  return {
    text,
    test(values) {
      try {
        const result = evaluate(values);
        if (typeof result === 'boolean') return result;
        return { error: isCelError(result) ? result.message : 'the result is neither true nor false' };
      } catch (cause) {
        return { error: cause instanceof Error ? cause.message : 'evaluation failed' };
      }
    },
  };
}

function parsedOf(text: string) {
  try {
    const parsed = parse(text);
    if (parsed.sourceInfo === undefined) throw new ConditionError('cannot be read', 0);
    return { expr: parsed.expr, info: parsed.sourceInfo };
  } catch (cause) {
    if (cause instanceof ConditionError) throw cause;
    if (cause instanceof RangeError) throw new ConditionError('nests too deep; split the rule in two', 0);
    const location = (cause as { location?: { start?: { offset?: number } } }).location;
    const message = cause instanceof Error ? cause.message : 'cannot be read';
    const cleaned = `is no CEL: ${message.replace(/^(syntax error )?<input>:\d+:\d+: /, '')}`;
    throw new ConditionError(cleaned, location?.start?.offset ?? 0);
  }
}
