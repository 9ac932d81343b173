import {
  type CivilTime,
  civilTime,
  dayOfYear,
  floorDivide,
  isoWeek,
  isoYearStart,
  pad,
  splitMicros,
  weekday,
} from './civil.ts';
import { done, failed, type Parsed } from './parsed.ts';
import { shownOffset, type Zone } from './zone.ts';

export type FormatKind = 'DATE' | 'DATETIME' | 'TIME' | 'TIMESTAMP';

export const WEEKDAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
] as const;
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** Elements that a type does not have: written as they stand when formatting, an error when parsing. */
const FOREIGN: Readonly<Record<FormatKind, string>> = {
  DATE: 'cHIklMPpRrSsTXZz',
  TIME: 'AaBbhCcDdeFGgjmQsUuVWwxYyZz',
  DATETIME: 'Zz',
  TIMESTAMP: '',
};

type Moment = CivilTime & {
  readonly days: number;
  readonly epochSeconds: bigint;
  readonly offsetSeconds: number;
};

/**
 * FORMAT_DATE, FORMAT_DATETIME, FORMAT_TIME, FORMAT_TIMESTAMP. `micros` counts from the epoch (a TIME from midnight).
 * Fails, naming the element, where BigQuery's documentation does not say what it writes.
 */
export function formatTime(format: string, micros: bigint, kind: FormatKind, zone: Zone): Parsed<string> {
  const offsetSeconds = shownOffset(zone, micros);
  const local = micros + BigInt(offsetSeconds) * 1_000_000n;
  const moment: Moment = {
    ...civilTime(local),
    days: splitMicros(local).days,
    epochSeconds: floorDivide(micros, 1_000_000n),
    offsetSeconds,
  };
  let unknown: string | undefined;
  const written = format.replace(
    /%(E(?:\d+[Sf]|\*[Sfz]|4Y|[A-Za-z])|O[A-Za-z]|-[A-Za-z]|[A-Za-z%])|%/gs,
    (all: string, element: string | undefined, at: number) => {
      if (element === undefined) {
        if (at + 1 < format.length) unknown ??= format.slice(at, at + 2);
        return '%';
      }
      if (isForeign(element, kind)) {
        // What a C library's flag does to an element that is not meant is nowhere said.
        if (element.startsWith('-')) unknown ??= all;
        return all;
      }
      const text = writeElement(element, moment);
      if (text === undefined) unknown ??= all;
      return text ?? '';
    },
  );
  return unknown === undefined
    ? done(written)
    : failed(
        `Format element ${unknown} is not supported for a ${kind}${moment.year < 1000 ? ' before year 1000' : ''}`,
      );
}

/** Whether the element asks for what the type lacks. */
export function isForeign(element: string, kind: FormatKind): boolean {
  const foreign = FOREIGN[kind];
  if (element.startsWith('E')) {
    if (/^E(?:\d+|\*)[Sf]$/.test(element)) return foreign.includes('S');
    if (element === 'E4Y') return foreign.includes('Y');
    return foreign.includes(element.at(-1) ?? '');
  }
  return foreign.includes(element.at(-1) ?? '');
}

function writeElement(element: string, m: Moment): string | undefined {
  if (element.length === 1) return writeSimple(element, m);
  const last = element.at(-1) ?? '';
  if (element.startsWith('O')) return 'deHImMSuUVwWy'.includes(last) ? writeSimple(last, m) : undefined;
  if (element.startsWith('-')) {
    return 'deHImMSjyUWVkl'.includes(last) ? writeSimple(last, m)?.replace(/^[ 0]+(?=\d)/, '') : undefined;
  }
  if (element === 'E4Y') return pad(m.year, 4);
  if (element === 'Ez') return zoneOffset(m.offsetSeconds, ':');
  if (element === 'E*z') return `${zoneOffset(m.offsetSeconds, ':')}:00`;
  const digits = /^E(\d+|\*)([Sf])$/.exec(element);
  if (digits) return fractionText(digits[1] ?? '', digits[2] === 'S', m);
  return 'cCxXyY'.includes(last) ? writeSimple(last, m) : undefined;
}

/** `%E3S`, `%E*S`, `%E3f`, `%E*f`: digits of the second, cut, not rounded. */
function fractionText(count: string, withSecond: boolean, m: Moment): string | undefined {
  const six = pad(m.micros, 6);
  const second = withSecond ? pad(m.second, 2) : '';
  if (count === '*') {
    const digits = six.replace(/0+$/, '');
    if (withSecond) return digits === '' ? second : `${second}.${digits}`;
    return digits === '' ? '0' : digits;
  }
  const n = Number(count);
  if (n > 15) return undefined;
  const digits = six.padEnd(15, '0').slice(0, n);
  return withSecond ? (n === 0 ? second : `${second}.${digits}`) : n === 0 ? undefined : digits;
}

function zoneOffset(seconds: number, separator: string): string {
  const minutes = Math.trunc(Math.abs(seconds) / 60);
  return `${seconds < 0 ? '-' : '+'}${pad(Math.trunc(minutes / 60), 2)}${separator}${pad(minutes % 60, 2)}`;
}

/** `UTC`, `UTC+5`, `UTC-0330` */
function zoneName(seconds: number): string {
  if (seconds === 0) return 'UTC';
  const minutes = Math.trunc(Math.abs(seconds) / 60);
  const hours = Math.trunc(minutes / 60);
  const shown = minutes % 60 === 0 ? String(hours) : pad(hours, 2) + pad(minutes % 60, 2);
  return `UTC${seconds < 0 ? '-' : '+'}${shown}`;
}

const twelve = (hour: number): number => hour % 12 || 12;
const spaced = (value: number): string => String(value).padStart(2, ' ');

/** Weeks of the year that begin on `start` (0 Sunday, 1 Monday); days before the first are week 0. */
const weekOfYear = (m: Moment, start: number): number =>
  Math.floor((dayOfYear(m.days, m.year) + 6 - ((weekday(m.days) - start + 7) % 7)) / 7);

/** C libraries disagree on how many digits a year before 1000 has inside a composed element. */
const plainYear = (year: number): string | undefined => (year >= 1000 ? String(year) : undefined);

function writeSimple(element: string, m: Moment): string | undefined {
  const join = (...parts: readonly (string | undefined)[]): string | undefined =>
    parts.some((part) => part === undefined) ? undefined : parts.join('');
  const time = `${pad(m.hour, 2)}:${pad(m.minute, 2)}:${pad(m.second, 2)}`;
  const american = `${pad(m.month, 2)}/${pad(m.day, 2)}/${pad(m.year % 100, 2)}`;
  switch (element) {
    case '%':
      return '%';
    case 'n':
      return '\n';
    case 't':
      return '\t';
    case 'A':
      return WEEKDAYS[weekday(m.days)];
    case 'a':
      return WEEKDAYS[weekday(m.days)]?.slice(0, 3);
    case 'B':
      return MONTHS[m.month - 1];
    case 'b':
    case 'h':
      return MONTHS[m.month - 1]?.slice(0, 3);
    case 'C':
      return pad(Math.floor(m.year / 100), 2);
    case 'c':
      return join(
        writeSimple('a', m),
        ' ',
        writeSimple('b', m),
        ` ${spaced(m.day)} ${time} `,
        plainYear(m.year),
      );
    case 'D':
    case 'x':
      return american;
    case 'd':
      return pad(m.day, 2);
    case 'e':
      return spaced(m.day);
    case 'F':
      return `${m.year}-${pad(m.month, 2)}-${pad(m.day, 2)}`;
    case 'G':
      return plainYear(isoWeek(m.days).year);
    case 'g':
      return pad(isoWeek(m.days).year % 100, 2);
    case 'H':
      return pad(m.hour, 2);
    case 'I':
      return pad(twelve(m.hour), 2);
    case 'J':
      return pad(m.days - isoYearStart(isoWeek(m.days).year) + 1, 3);
    case 'j':
      return pad(dayOfYear(m.days, m.year), 3);
    case 'k':
      return spaced(m.hour);
    case 'l':
      return spaced(twelve(m.hour));
    case 'M':
      return pad(m.minute, 2);
    case 'm':
      return pad(m.month, 2);
    case 'P':
      return m.hour < 12 ? 'am' : 'pm';
    case 'p':
      return m.hour < 12 ? 'AM' : 'PM';
    case 'Q':
      return String(Math.floor((m.month - 1) / 3) + 1);
    case 'R':
      return time.slice(0, 5);
    case 'r':
      return `${pad(twelve(m.hour), 2)}${time.slice(2)} ${m.hour < 12 ? 'AM' : 'PM'}`;
    case 'S':
      return pad(m.second, 2);
    case 's':
      return String(m.epochSeconds);
    case 'T':
    case 'X':
      return time;
    case 'U':
      return pad(weekOfYear(m, 0), 2);
    case 'u':
      return String(weekday(m.days) || 7);
    case 'V':
      return pad(isoWeek(m.days).week, 2);
    case 'W':
      return pad(weekOfYear(m, 1), 2);
    case 'w':
      return String(weekday(m.days));
    case 'Y':
      return String(m.year);
    case 'y':
      return pad(m.year % 100, 2);
    case 'Z':
      return zoneName(m.offsetSeconds);
    case 'z':
      return zoneOffset(m.offsetSeconds, '');
    // No elements: a C library writes them as they stand.
    case 'f':
    case 'i':
    case 'K':
    case 'L':
    case 'N':
    case 'o':
    case 'q':
    case 'v':
      return `%${element}`;
    default:
      return undefined;
  }
}
