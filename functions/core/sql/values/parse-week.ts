import {
  type Civil,
  civilFromDays,
  daysFromCivil,
  isLeap,
  isoYearStart,
  isValidCivil,
  weekday,
} from './civil.ts';
import { done, failed, type Parsed } from './parsed.ts';

/**
 * An element that names a day other than by month and day of the month: `U`, `W` week, `j` day of year, `A` day of the
 * week (however written), `G` ISO year, `V` ISO week, `J` day of the ISO year.
 */
export type DateElement = {
  readonly element: 'A' | 'U' | 'W' | 'j' | 'G' | 'V' | 'J';
  readonly position: number;
  readonly value: number;
};

type Said = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly calendar: boolean;
};

/**
 * The date that a format's elements say together. `said` tells where each calendar part was last said (-1: nowhere):
 * what is said later wins, and ISO elements count only where no calendar element stands.
 */
export function dateFromWeekParts(date: Civil, elements: readonly DateElement[], said: Said): Parsed<Civil> {
  const last = (...names: readonly DateElement['element'][]): DateElement | undefined =>
    elements.findLast((e) => names.includes(e.element));
  const isoYear = last('G');
  if (isoYear && !said.calendar) return fromIsoYear(isoYear, last('V'), last('J'), last('A'));
  const week = last('U', 'W');
  const day = last('j');
  const weekdayElement = last('A');
  const dayWins = day && (!week || !weekdayElement || day.position > week.position);
  if (dayWins) return later(date, fromDayOfYear(date.year, day.value), day.position, said);
  if (!week) return done(date);
  if (weekdayElement) return failed('Weekday parse elements are not supported yet');
  return later(date, fromWeek(date.year, week), week.position, said);
}

function later(date: Civil, from: Parsed<Civil>, position: number, said: Said): Parsed<Civil> {
  if (!from.ok) return from;
  const year = said.year < position ? from.value.year : date.year;
  const month = said.month < position ? from.value.month : date.month;
  const day = said.day < position ? from.value.day : date.day;
  if (isValidCivil(year, month, day)) return done({ year, month, day });
  return failed(
    `Out-of-range datetime field in parsing function; year: ${year}, month: ${month}, day: ${day}`,
  );
}

function fromDayOfYear(year: number, day: number): Parsed<Civil> {
  if (day === 366 && !isLeap(year)) {
    return failed(`Year ${year} has 365 days, but the specified day of year was 366`);
  }
  return done(civilFromDays(daysFromCivil(year, 1, 1) + day - 1));
}

function fromWeek(year: number, { element, value }: DateElement): Parsed<Civil> {
  const start = element === 'U' ? 0 : 1;
  const january = daysFromCivil(year, 1, 1);
  const before = (start - weekday(january) + 7) % 7;
  const daysInYear = isLeap(year) ? 366 : 365;
  const lastWeek = daysInYear - before > 364 ? 53 : 52;
  if (value < (before === 0 ? 1 : 0) || value > lastWeek) {
    return failed(`Week number ${value} is invalid for year ${year}`);
  }
  return done(civilFromDays(january + before + 7 * (value - 1)));
}

function fromIsoYear(
  year: DateElement,
  week: DateElement | undefined,
  day: DateElement | undefined,
  ofWeek: DateElement | undefined,
): Parsed<Civil> {
  const dayWins = day && (!week || !ofWeek || day.position > week.position);
  if (week && !dayWins) return failed('ISO parse elements are not supported yet');
  const start = isoYearStart(year.value);
  const length = isoYearStart(year.value + 1) - start;
  if (day && day.value > length) {
    return failed(
      `ISO Year ${year.value} has ${length} days, but the specified day of year was ${day.value}`,
    );
  }
  return done(civilFromDays(start + (day ? day.value - 1 : 0)));
}
