import type { Parsed } from '../../values/parsed.ts';
import { type Udf, UdfError, type UdfType, type UdfValue } from '../udf.ts';

/** A UDF that gives NULL for any NULL argument. */
export const strict = (
  name: string,
  args: readonly UdfType[],
  returns: UdfType,
  run: (...values: never[]) => UdfValue,
): Udf => ({ name: `sluice_${name}`, arguments: args, returns, nulls: 'strict', run });

/** A UDF that sees its NULLs. */
export const called = (
  name: string,
  args: readonly UdfType[],
  returns: UdfType,
  run: (...values: never[]) => UdfValue,
): Udf => ({ name: `sluice_${name}`, arguments: args, returns, nulls: 'called', run });

/** The value, or the query's failure with the reason. */
export function orFail<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new UdfError(parsed.message);
  return parsed.value;
}

/** Remembers what a pure function gave for its last arguments: constants of a query come with every row. */
export function remembered<A, R>(compute: (argument: A) => R): (argument: A) => R {
  let last: { readonly argument: A; readonly result: R } | undefined;
  return (argument) => {
    if (!last || last.argument !== argument) last = { argument, result: compute(argument) };
    return last.result;
  };
}
