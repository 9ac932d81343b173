import {
  civilFromDays,
  DAY_MICROS,
  daysFromCivil,
  daysInMonth,
  isValidDays,
  isValidMicros,
  microsFrom,
  splitMicros,
} from './civil.ts';
import { dateText } from './date-text.ts';
import type { Interval } from './interval.ts';
import { done, failed, type Parsed } from './parsed.ts';

/** `value - origin`, brought to the start of its bucket: the remainder goes down, not toward zero. */
function bucketOf(value: bigint, width: bigint, origin: bigint): bigint {
  const rest = (value - origin) % width;
  return value - rest - (rest < 0n ? width : 0n);
}

/** DATE_BUCKET: the width is whole months or whole days. */
export function bucketDate(days: number, width: Interval, origin: number): Parsed<number> {
  if (width.micros !== 0n) return failed('Only MONTH and DAY parts are allowed in bucket width INTERVAL');
  if (width.months < 0 || width.days < 0) return failed('Negative bucket width INTERVAL is not allowed');
  if (width.months > 0 === width.days > 0) {
    return failed('Exactly one non-zero INTERVAL part in bucket width is required');
  }
  const start =
    width.months > 0
      ? splitMicros(monthBucket(microsFrom(days, 0), width.months, microsFrom(origin, 0))).days
      : Number(bucketOf(BigInt(days), BigInt(width.days), BigInt(origin)));
  return isValidDays(start) ? done(start) : failed(`Bucket for ${dateText(days)} is outside of date range`);
}

/** DATETIME_BUCKET: the width is whole months, or days and time. */
export function bucketDatetime(micros: bigint, width: Interval, origin: bigint): Parsed<bigint> {
  const fixed = BigInt(width.days) * DAY_MICROS + width.micros;
  if (width.months < 0 || width.days < 0 || width.micros < 0n) {
    return failed('Negative bucket width INTERVAL is not allowed');
  }
  const parts = [width.months > 0, width.days > 0, width.micros > 0n].filter(Boolean).length;
  if (parts !== 1) return failed('Exactly one non-zero INTERVAL part in bucket width is required');
  const start =
    width.months > 0 ? monthBucket(micros, width.months, origin) : bucketOf(micros, fixed, origin);
  return isValidMicros(start) ? done(start) : failed('Bucket is outside of datetime range');
}

/** TIMESTAMP_BUCKET: the width is days of 24 hours or time. */
export function bucketTimestamp(micros: bigint, width: Interval, origin: bigint): Parsed<bigint> {
  if (width.months !== 0) return failed('Bucket width INTERVAL with non-zero MONTH part is not allowed');
  const bucket = bucketDatetime(micros, width, origin);
  return bucket.ok ? bucket : failed(bucket.message.replace('datetime', 'timestamp'));
}

const isMonthEnd = (c: { year: number; month: number; day: number }): boolean =>
  c.day === daysInMonth(c.year, c.month);

/** Months are counted between months; within the origin's month what lies before the origin's day and time goes back. */
function monthBucket(micros: bigint, width: number, origin: bigint): bigint {
  const [input, from] = [splitMicros(micros), splitMicros(origin)];
  const [c, o] = [civilFromDays(input.days), civilFromDays(from.days)];
  const months = (c.year - o.year) * 12 + c.month - o.month;
  const rest = months % width;
  const inputDay = isMonthEnd(o) && isMonthEnd(c) ? o.day : c.day;
  const before = inputDay < o.day || (inputDay === o.day && input.ofDay < from.ofDay);
  const total = c.year * 12 + c.month - 1 - rest - (rest < 0 || (rest === 0 && before) ? width : 0);
  const [year, month] = [Math.floor(total / 12), (total % 12) + 1];
  return microsFrom(daysFromCivil(year, month, Math.min(o.day, daysInMonth(year, month))), from.ofDay);
}
