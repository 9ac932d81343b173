import {
  addMonths,
  civilFromDays,
  DAY_MICROS,
  daysFromCivil,
  daysInMonth,
  floorDivide,
  isoWeek,
  isoYearStart,
  isValidCivil,
  isValidDays,
  isValidMicros,
  microsFrom,
  splitMicros,
  weekStart,
} from './civil.ts';
import { dateText, datetimeText, timestampText } from './date-text.ts';
import type { Interval } from './interval.ts';
import { done, failed, type Parsed } from './parsed.ts';
import { fromLocal, offsetAt, toLocal, type Zone } from './zone.ts';

const WEEK_STARTS: Readonly<Record<string, number>> = {
  WEEK: 0,
  ISOWEEK: 1,
  'WEEK(SUNDAY)': 0,
  'WEEK(MONDAY)': 1,
  'WEEK(TUESDAY)': 2,
  'WEEK(WEDNESDAY)': 3,
  'WEEK(THURSDAY)': 4,
  'WEEK(FRIDAY)': 5,
  'WEEK(SATURDAY)': 6,
};

/** On which day (0 Sunday) the weeks of a part begin; undefined for parts that are no weeks. */
export const weekStartOf = (part: string): number | undefined => WEEK_STARTS[part];

/** Microseconds of a part shorter than a day. */
const SMALL: Readonly<Record<string, bigint>> = {
  HOUR: 3_600_000_000n,
  MINUTE: 60_000_000n,
  SECOND: 1_000_000n,
  MILLISECOND: 1000n,
  MICROSECOND: 1n,
};

const noPart = (name: string, part: string): Parsed<never> =>
  failed(`${name} does not support the ${part} date part`);

/** DATE plus months and days; an interval with a time part has no place there. */
export function addToDate(days: number, by: Interval): Parsed<number> {
  if (by.micros !== 0n) return noPart('DATE_ADD', 'time');
  const moved = by.months === 0 ? days : addMonths(days, by.months);
  const sum = moved === undefined ? undefined : moved + by.days;
  return sum !== undefined && isValidDays(sum)
    ? done(sum)
    : failed(`Adding ${by.months} MONTH ${by.days} DAY to date ${dateText(days)} causes overflow`);
}

/** DATETIME plus interval: months first, then days, then time, as GoogleSQL adds them. */
export function addToDatetime(micros: bigint, by: Interval): Parsed<bigint> {
  const { days, ofDay } = splitMicros(micros);
  const moved = by.months === 0 ? days : addMonths(days, by.months);
  const between = moved === undefined ? undefined : moved + by.days;
  const sum = between === undefined ? undefined : microsFrom(between, ofDay) + by.micros;
  return between !== undefined && isValidDays(between) && sum !== undefined && isValidMicros(sum)
    ? done(sum)
    : failed(`Adding an interval to datetime ${datetimeText(micros)} causes overflow`);
}

/** TIMESTAMP plus interval: a day is 24 hours; months depend on a time zone and are refused. */
export function addToTimestamp(micros: bigint, by: Interval): Parsed<bigint> {
  if (by.months !== 0) {
    return failed('TIMESTAMP +/- INTERVAL is not supported for intervals with non-zero MONTH or YEAR part.');
  }
  const midway = micros + BigInt(by.days) * DAY_MICROS;
  const sum = midway + by.micros;
  return isValidMicros(midway) && isValidMicros(sum)
    ? done(sum)
    : failed(`Adding an interval to timestamp ${timestampText(micros)} causes overflow`);
}

/** TIME plus interval, round the clock. */
export function addToTime(ofDay: bigint, by: Interval): Parsed<bigint> {
  if (by.months !== 0 || by.days !== 0) return noPart('TIME_ADD', 'DAY or longer');
  const sum = (ofDay + by.micros) % DAY_MICROS;
  return done(sum < 0n ? sum + DAY_MICROS : sum);
}

/** DATE_DIFF: part boundaries between two days. */
export function diffDays(a: number, b: number, part: string): Parsed<bigint> {
  const week = weekStartOf(part);
  if (week !== undefined) return done(BigInt((weekStart(a, week) - weekStart(b, week)) / 7));
  const [x, y] = [civilFromDays(a), civilFromDays(b)];
  const quarter = (d: typeof x): number => Math.floor((d.year * 12 + d.month - 1) / 3);
  switch (part) {
    case 'DAY':
      return done(BigInt(a - b));
    case 'MONTH':
      return done(BigInt((x.year - y.year) * 12 + x.month - y.month));
    case 'QUARTER':
      return done(BigInt(quarter(x) - quarter(y)));
    case 'YEAR':
      return done(BigInt(x.year - y.year));
    case 'ISOYEAR':
      return done(BigInt(isoWeek(a).year - isoWeek(b).year));
    default:
      return noPart('DATE_DIFF', part);
  }
}

/** DATETIME_DIFF and TIME_DIFF: part boundaries between two civil times. */
export function diffDatetimes(a: bigint, b: bigint, part: string): Parsed<bigint> {
  const size = SMALL[part];
  if (size !== undefined) return done(floorDivide(a, size) - floorDivide(b, size));
  const diff = diffDays(splitMicros(a).days, splitMicros(b).days, part);
  return diff.ok ? diff : noPart('DATETIME_DIFF', part);
}

/** TIMESTAMP_DIFF: whole parts that have passed, cut toward zero. */
export function diffTimestamps(a: bigint, b: bigint, part: string): Parsed<bigint> {
  const size = part === 'DAY' ? DAY_MICROS : SMALL[part];
  return size === undefined ? noPart('TIMESTAMP_DIFF', part) : done((a - b) / size);
}

/** First day of the part that a day lies in; it may lie before year 1. */
function truncated(days: number, part: string): number | undefined {
  const week = weekStartOf(part);
  if (week !== undefined) return weekStart(days, week);
  const { year, month } = civilFromDays(days);
  switch (part) {
    case 'DAY':
      return days;
    case 'MONTH':
      return daysFromCivil(year, month, 1);
    case 'QUARTER':
      return daysFromCivil(year, month - ((month - 1) % 3), 1);
    case 'YEAR':
      return daysFromCivil(year, 1, 1);
    case 'ISOYEAR':
      return isoYearStart(isoWeek(days).year);
    default:
      return undefined;
  }
}

export function truncateDate(days: number, part: string): Parsed<number> {
  const start = truncated(days, part);
  if (start === undefined) return noPart('DATE_TRUNC', part);
  return isValidDays(start)
    ? done(start)
    : failed(`Truncating date ${dateText(days)} to ${part} resulted in an out of range date value: ${start}`);
}

export function truncateDatetime(micros: bigint, part: string): Parsed<bigint> {
  const size = SMALL[part];
  if (size !== undefined) return done(floorDivide(micros, size) * size);
  const start = truncated(splitMicros(micros).days, part);
  if (start === undefined) return noPart('DATETIME_TRUNC', part);
  return isValidDays(start)
    ? done(microsFrom(start, 0))
    : failed(`Truncating ${datetimeText(micros)} to the nearest week causes overflow`);
}

/** TIMESTAMP_TRUNC at a time zone: hours and minutes of the local clock, days and longer by the local calendar. */
export function truncateTimestamp(micros: bigint, part: string, zone: Zone): Parsed<bigint> {
  const size = SMALL[part];
  if (size !== undefined) {
    const shift = part === 'HOUR' || part === 'MINUTE' ? BigInt(offsetAt(zone, micros)) * 1_000_000n : 0n;
    return inRange(floorDivide(micros + shift, size) * size - shift, part);
  }
  const start = truncated(splitMicros(toLocal(zone, micros)).days, part);
  if (start === undefined) return noPart('TIMESTAMP_TRUNC', part);
  return inRange(fromLocal(zone, microsFrom(start, 0)), part);
}

const inRange = (micros: bigint, part: string): Parsed<bigint> =>
  isValidMicros(micros) ? done(micros) : failed(`Truncating to the nearest ${part} causes underflow`);

/** LAST_DAY of the part that a day lies in. */
export function lastDay(days: number, part: string): Parsed<number> {
  const week = weekStartOf(part);
  const { year, month } = civilFromDays(days);
  const quarterEnd = month - ((month - 1) % 3) + 2;
  let last: number | undefined;
  if (week !== undefined) last = weekStart(days, week) + 6;
  else if (part === 'MONTH') last = daysFromCivil(year, month, daysInMonth(year, month));
  else if (part === 'QUARTER') last = daysFromCivil(year, quarterEnd, daysInMonth(year, quarterEnd));
  else if (part === 'YEAR') last = daysFromCivil(year, 12, 31);
  else if (part === 'ISOYEAR') last = isoYearStart(isoWeek(days).year + 1) - 1;
  if (last === undefined) return noPart('LAST_DAY', part);
  return isValidDays(last)
    ? done(last)
    : failed(`Last day of date ${dateText(days)} to ${part} resulted in an out of range date value: ${last}`);
}

/** DATE(year, month, day) */
export function dateOf(year: bigint, month: bigint, day: bigint): Parsed<number> {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  if (y < 1 || y > 9999 || !isValidCivil(y, m, d)) {
    return failed(`Input calculates to invalid date: ${year}-${month}-${day}`);
  }
  return done(daysFromCivil(y, m, d));
}

/** TIME(hour, minute, second): microseconds of the day. Second 60 is the next minute's first. */
export function timeOf(hour: bigint, minute: bigint, second: bigint): Parsed<bigint> {
  const valid = hour >= 0n && hour < 24n && minute >= 0n && minute < 60n && second >= 0n && second <= 60n;
  return valid
    ? done((((hour * 60n + minute) * 60n + second) * 1_000_000n) % DAY_MICROS)
    : failed(`Input calculates to invalid time: ${hour}:${minute}:${second}`);
}
