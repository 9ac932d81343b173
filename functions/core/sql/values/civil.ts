/**
 * The proleptic Gregorian calendar as GoogleSQL counts it. Days are counted from 1970-01-01, microseconds from its
 * midnight; years run from 1 to 9999 (a time zone may show the hours around them as year 0 or 10000).
 */
export type Civil = { readonly year: number; readonly month: number; readonly day: number };

export type CivilTime = Civil & {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
};

export const MIN_DAYS = -719162;
export const MAX_DAYS = 2932896;
export const DAY_MICROS = 86_400_000_000n;
export const MIN_MICROS = BigInt(MIN_DAYS) * DAY_MICROS;
export const MAX_MICROS = BigInt(MAX_DAYS + 1) * DAY_MICROS - 1n;

const DAYS_IN_400_YEARS = 146097;

export const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Days since the epoch. Years are counted from March, so that the leap day is a year's last. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const cycle = Math.floor(marchYear / 400);
  const yearOfCycle = marchYear - cycle * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const leapDays = Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100);
  return cycle * DAYS_IN_400_YEARS + yearOfCycle * 365 + leapDays + dayOfYear - 719468;
}

export function civilFromDays(days: number): Civil {
  const shifted = days + 719468;
  const cycle = Math.floor(shifted / DAYS_IN_400_YEARS);
  const dayOfCycle = shifted - cycle * DAYS_IN_400_YEARS;
  const yearOfCycle = Math.floor(
    (dayOfCycle -
      Math.floor(dayOfCycle / 1460) +
      Math.floor(dayOfCycle / 36524) -
      Math.floor(dayOfCycle / 146096)) /
      365,
  );
  const dayOfYear =
    dayOfCycle - (yearOfCycle * 365 + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: cycle * 400 + yearOfCycle + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

export const isValidCivil = (year: number, month: number, day: number): boolean =>
  month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);

export const isValidDays = (days: number): boolean => days >= MIN_DAYS && days <= MAX_DAYS;
export const isValidMicros = (micros: bigint): boolean => micros >= MIN_MICROS && micros <= MAX_MICROS;

/** 0 Sunday to 6 Saturday. */
export const weekday = (days: number): number => (((days + 4) % 7) + 7) % 7;

export const dayOfYear = (days: number, year: number): number => days - daysFromCivil(year, 1, 1) + 1;

/** The last `start` (0 Sunday to 6 Saturday) on or before the day. */
export const weekStart = (days: number, start: number): number => days - ((weekday(days) - start + 7) % 7);

/** ISO 8601: weeks begin on Monday and belong to the year of their Thursday. */
export function isoWeek(days: number): { readonly year: number; readonly week: number } {
  const thursday = weekStart(days, 1) + 3;
  const year = civilFromDays(thursday).year;
  return { year, week: Math.floor((thursday - daysFromCivil(year, 1, 1)) / 7) + 1 };
}

/** The Monday on which an ISO year begins. */
export const isoYearStart = (year: number): number => weekStart(daysFromCivil(year, 1, 4), 1);

/** `day / size` rounded down, as bigint division does not. */
export function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

export function splitMicros(micros: bigint): { readonly days: number; readonly ofDay: number } {
  const days = floorDivide(micros, DAY_MICROS);
  return { days: Number(days), ofDay: Number(micros - days * DAY_MICROS) };
}

export function civilTime(micros: bigint): CivilTime {
  const { days, ofDay } = splitMicros(micros);
  return { ...civilFromDays(days), ...timeOfDay(ofDay) };
}

export function timeOfDay(ofDay: number): {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly micros: number;
} {
  const seconds = Math.floor(ofDay / 1_000_000);
  return {
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    micros: ofDay % 1_000_000,
  };
}

export const microsOfDay = (hour: number, minute: number, second: number, micros: number): number =>
  ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros;

export const microsFrom = (days: number, ofDay: number): bigint => BigInt(days) * DAY_MICROS + BigInt(ofDay);

/** Adds months, keeping the day of the month where the month has it, else its last day. Undefined out of range. */
export function addMonths(days: number, months: number): number | undefined {
  const { year, month, day } = civilFromDays(days);
  const total = year * 12 + (month - 1) + months;
  const toYear = Math.floor(total / 12);
  if (toYear < 1 || toYear > 9999) return undefined;
  const toMonth = total - toYear * 12 + 1;
  return daysFromCivil(toYear, toMonth, Math.min(day, daysInMonth(toYear, toMonth)));
}

export const pad = (value: number, width: number): string => String(value).padStart(width, '0');
