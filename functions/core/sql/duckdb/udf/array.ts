import { addToDate, addToTimestamp } from '../../values/date-math.ts';
import { scaledText } from '../../values/literal.ts';
import { type IntervalValue, mostSteps, type Udf, UdfTooSlow } from '../udf.ts';
import { called, strict } from './make.ts';
import { fail } from './numbers.ts';

/** What BigQuery's documentation names as the most elements that a generated array may have. */
const maxElements = 1_048_575;

function count(n: number): void {
  if (n > maxElements) fail(`Cannot generate arrays with more than ${maxElements} elements.`);
}

/** start, start + step, ... up to `stop`; each element is `at(i)` until it passes the end. */
function generate<T>(at: (i: number) => T | undefined, within: (value: T) => boolean): T[] {
  const values: T[] = [];
  for (let i = 0; ; i++) {
    const value = at(i);
    if (value === undefined || !within(value)) return values;
    count(values.length + 1);
    values.push(value);
  }
}

function integers(start: bigint, stop: bigint, step: bigint): bigint[] {
  if (step === 0n) return fail('Sequence step cannot be 0.');
  return generate(
    (i) => start + BigInt(i) * step,
    (v) => (step > 0n ? v <= stop : v >= stop),
  );
}

function doubles(start: number, stop: number, step: number): number[] {
  if (step === 0) return fail('Sequence step cannot be 0.');
  if (![start, stop, step].every(Number.isFinite)) return fail('Sequence start, end and step must be finite');
  return generate(
    (i) => start + i * step,
    (v) => (step > 0 ? v <= stop : v >= stop),
  );
}

const times = (step: IntervalValue, i: number): IntervalValue => ({
  months: step.months * i,
  days: step.days * i,
  micros: step.micros * BigInt(i),
});

/** Which way a step goes; a step has one date part. */
function direction(step: IntervalValue): 1 | -1 {
  const used = [Number(step.months), Number(step.days), Number(step.micros)].filter((part) => part !== 0);
  if (used.length === 0) return fail('Sequence step cannot be 0.');
  if (used.length > 1) return fail('A step of several date parts is not supported');
  return used[0]! > 0 ? 1 : -1;
}

function dates(start: bigint, stop: bigint, step: IntervalValue): bigint[] {
  if (step.micros !== 0n) return fail('GENERATE_DATE_ARRAY does not support the date part of its step');
  const forward = direction(step) > 0;
  return generate(
    (i) => {
      const next = addToDate(Number(start), times(step, i));
      return next.ok ? BigInt(next.value) : undefined;
    },
    (v) => (forward ? v <= stop : v >= stop),
  );
}

function timestamps(start: bigint, stop: bigint, step: IntervalValue): bigint[] {
  if (step.months !== 0) return fail('GENERATE_TIMESTAMP_ARRAY does not support the date part of its step');
  const forward = direction(step) > 0;
  return generate(
    (i) => {
      const next = addToTimestamp(start, times(step, i));
      return next.ok ? next.value : undefined;
    },
    (v) => (forward ? v <= stop : v >= stop),
  );
}

const joined = (values: readonly (string | null)[], separator: string, missing: string | null): string => {
  const glue = separator.length + (missing?.length ?? 0);
  if (values.length * glue > mostSteps) throw new UdfTooSlow('ARRAY_TO_STRING');
  return values.flatMap((v) => (v === null ? (missing === null ? [] : [missing]) : [v])).join(separator);
};

export const arrayUdfs: readonly Udf[] = [
  strict('generate_array', ['BIGINT', 'BIGINT', 'BIGINT'], 'BIGINT[]', integers),
  strict('generate_doubles', ['DOUBLE', 'DOUBLE', 'DOUBLE'], 'DOUBLE[]', doubles),
  strict(
    'generate_numerics',
    ['DECIMAL(38,9)', 'DECIMAL(38,9)', 'DECIMAL(38,9)'],
    'VARCHAR[]',
    (start: bigint, stop: bigint, step: bigint) => integers(start, stop, step).map((v) => scaledText(v, 9)),
  ),
  strict('generate_dates', ['DATE', 'DATE', 'INTERVAL'], 'BIGINT[]', dates),
  strict('generate_timestamps', ['TIMESTAMP', 'TIMESTAMP', 'INTERVAL'], 'BIGINT[]', timestamps),
  strict('concat', ['VARCHAR[]'], 'VARCHAR', (values: readonly (string | null)[]) =>
    values.includes(null) ? null : values.join(''),
  ),
  strict(
    'array_to_string',
    ['VARCHAR[]', 'VARCHAR'],
    'VARCHAR',
    (values: readonly (string | null)[], separator: string) => joined(values, separator, null),
  ),
  called(
    'array_to_string_with',
    ['VARCHAR[]', 'VARCHAR', 'VARCHAR'],
    'VARCHAR',
    (values: readonly (string | null)[] | null, separator: string | null, missing: string | null) =>
      values === null || separator === null ? null : joined(values, separator, missing),
  ),
];
