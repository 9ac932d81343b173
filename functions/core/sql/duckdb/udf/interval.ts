import {
  divideInterval,
  extractInterval,
  type Interval,
  intervalOf,
  intervalOfPart,
  intervalText,
  isIntervalPart,
  justifyDays,
  justifyHours,
  justifyInterval,
  parseInterval,
} from '../../values/interval.ts';
import { type Udf, UdfError } from '../udf.ts';
import { orFail, strict } from './make.ts';

const sum = (a: Interval, b: Interval, sign: 1 | -1): Interval =>
  orFail(
    intervalOf(
      BigInt(a.months + sign * b.months),
      BigInt(a.days + sign * b.days),
      a.micros + BigInt(sign) * b.micros,
    ),
  );

function ofPart(value: bigint, part: string): Interval {
  if (!isIntervalPart(part)) throw new UdfError(`Invalid interval datetime field ${part}`);
  return orFail(intervalOfPart(value, part));
}

function part(v: Interval, name: string): bigint {
  const value = extractInterval(v, name);
  if (value === undefined) throw new UdfError(`Unsupported date part ${name} in EXTRACT FROM INTERVAL`);
  return value;
}

/** Intervals: DuckDB neither bounds nor prints them as GoogleSQL does. */
export const intervalUdfs: readonly Udf[] = [
  strict('interval_text', ['INTERVAL'], 'VARCHAR', intervalText),
  strict('interval_of_text', ['VARCHAR'], 'INTERVAL', (text: string) => orFail(parseInterval(text))),
  strict('interval_of_part', ['BIGINT', 'VARCHAR'], 'INTERVAL', ofPart),
  strict('interval_plus', ['INTERVAL', 'INTERVAL'], 'INTERVAL', (a: Interval, b: Interval) => sum(a, b, 1)),
  strict('interval_minus', ['INTERVAL', 'INTERVAL'], 'INTERVAL', (a: Interval, b: Interval) => sum(a, b, -1)),
  strict('interval_negate', ['INTERVAL'], 'INTERVAL', (v: Interval) => ({
    months: -v.months,
    days: -v.days,
    micros: -v.micros,
  })),
  strict('interval_times', ['INTERVAL', 'BIGINT'], 'INTERVAL', (v: Interval, n: bigint) =>
    orFail(intervalOf(BigInt(v.months) * n, BigInt(v.days) * n, v.micros * n)),
  ),
  strict('interval_divided', ['INTERVAL', 'BIGINT'], 'INTERVAL', (v: Interval, n: bigint) =>
    orFail(divideInterval(v, n)),
  ),
  strict('interval_part', ['INTERVAL', 'VARCHAR'], 'BIGINT', part),
  strict('justify_hours', ['INTERVAL'], 'INTERVAL', (v: Interval) => orFail(justifyHours(v))),
  strict('justify_days', ['INTERVAL'], 'INTERVAL', (v: Interval) => orFail(justifyDays(v))),
  strict('justify_interval', ['INTERVAL'], 'INTERVAL', (v: Interval) => orFail(justifyInterval(v))),
  strict(
    'make_interval',
    ['BIGINT', 'BIGINT', 'BIGINT', 'BIGINT', 'BIGINT', 'BIGINT'],
    'INTERVAL',
    (years: bigint, months: bigint, days: bigint, hours: bigint, minutes: bigint, seconds: bigint) =>
      orFail(intervalOf(years * 12n + months, days, ((hours * 60n + minutes) * 60n + seconds) * 1_000_000n)),
  ),
];
