import { MONTHS, WEEKDAYS } from './format-time.ts';
import {
  readAmerican,
  readDateElement,
  readDay,
  readFraction,
  readHour,
  readLong,
  readMeridian,
  readMonth,
  readOffset,
  readShortYear,
  readTime,
  readTwelveHour,
  readYear,
  readZone,
} from './parse-parts.ts';
import { expect, integer, libraryInteger, name, type State, skipSpaces } from './parse-state.ts';

type Read = (s: State, tight: boolean) => void;

function readCentury(s: State, tight: boolean): void {
  const century = integer(s, tight ? 2 : 3, 0, tight ? 99 : 100);
  if (s.century === undefined) s.year = 0;
  s.century = century;
  s.explicitCentury = true;
  s.yearAt = s.position;
  s.calendar = true;
}

function readIsoDate(s: State): void {
  s.year = libraryInteger(s, 4, 0, 9999);
  s.yearAt = s.position;
  s.century = undefined;
  expect(s, '-');
  readMonth(s, libraryInteger(s, 2, 1, 12));
  expect(s, '-');
  readDay(s, libraryInteger(s, 2, 1, 31));
}

function readQuarter(s: State): void {
  readMonth(s, (integer(s, 1, 1, 4) - 1) * 3 + 1);
  readDay(s, 1);
}

function readMinute(s: State): void {
  s.minute = integer(s, 2, 0, 59);
}

function readSecond(s: State): void {
  s.second = integer(s, 2, 0, 60);
}

function readTwelveHourTime(s: State): void {
  readTwelveHour(s);
  expect(s, ':');
  readMinute(s);
  expect(s, ':');
  readSecond(s);
  skipSpaces(s);
  readMeridian(s);
}

/** Seconds since the epoch say everything, whatever else the format says. */
function readEpoch(s: State): void {
  s.epochSeconds = BigInt(integer(s, 12, -62135596800, 253402300799));
  [s.yearAt, s.monthAt, s.dayAt, s.calendar] = [s.position, s.position, s.position, true];
}

const month: Read = (s) => readMonth(s, name(s, MONTHS) + 1);
const time: Read = (s) => readTime(s, libraryInteger, true);
const shortIsoYear = (year: number): number => year + (year <= 68 ? 2000 : 1900);

/** `tight`: another element follows at once, so that a year keeps to four digits. */
const SIMPLE: Readonly<Record<string, Read>> = {
  '%': (s) => expect(s, '%'),
  n: skipSpaces,
  t: skipSpaces,
  Y: (s, tight) => readYear(s, tight ? 4 : 5, tight ? 9999 : 10000),
  y: (s) => readShortYear(s, integer),
  C: readCentury,
  m: (s) => readMonth(s, integer(s, 2, 1, 12)),
  B: month,
  b: month,
  h: month,
  d: (s) => readDay(s, integer(s, 2, 1, 31)),
  e: (s) => readDay(s, libraryInteger(s, 2, 1, 31)),
  Q: readQuarter,
  F: readIsoDate,
  D: readAmerican,
  x: readAmerican,
  c: readLong,
  H: (s) => readHour(s, integer),
  k: (s) => readHour(s, libraryInteger),
  I: readTwelveHour,
  l: readTwelveHour,
  M: readMinute,
  S: readSecond,
  p: readMeridian,
  P: readMeridian,
  R: (s) => readTime(s, libraryInteger, false),
  T: time,
  X: time,
  r: readTwelveHourTime,
  s: readEpoch,
  z: (s) => readOffset(s, ''),
  Z: readZone,
  A: (s) => readDateElement(s, 'A', () => name(s, WEEKDAYS)),
  a: (s) => readDateElement(s, 'A', () => name(s, WEEKDAYS)),
  u: (s) => readDateElement(s, 'A', () => libraryInteger(s, 1, 1, 7)),
  w: (s) => readDateElement(s, 'A', () => libraryInteger(s, 1, 0, 6)),
  U: (s) => readDateElement(s, 'U', () => integer(s, 2, 0, 53)),
  W: (s) => readDateElement(s, 'W', () => integer(s, 2, 0, 53)),
  V: (s) => readDateElement(s, 'V', () => integer(s, 2, 1, 53)),
  j: (s) => readDateElement(s, 'j', () => integer(s, 3, 1, 366)),
  J: (s) => readDateElement(s, 'J', () => integer(s, 3, 1, 371)),
  G: (s) => readDateElement(s, 'G', () => integer(s, 20, 0, 99999)),
  g: (s) => readDateElement(s, 'G', () => shortIsoYear(integer(s, 2, 0, 99))),
};

/** Reads one element; `tight`: another follows at once, so that a year keeps to four digits. */
export function readElement(element: string, tight: boolean, s: State): void {
  const digits = /^E(\d+|\*)S$/.exec(element);
  if (digits) {
    const count = digits[1] === '*' ? 0 : Number(digits[1]);
    if (count > 6) s.at = -1;
    s.second = integer(s, 2, 0, 60);
    if (digits[1] === '*' || count > 0) readFraction(s, count);
    return;
  }
  if (element === 'E4Y') {
    const from = s.at;
    readYear(s, 4, 9999);
    if (s.at - from !== 4) s.at = -1;
    return;
  }
  if (element === 'Ez') {
    readOffset(s, ':');
    return;
  }
  const simple = element.length === 2 ? simplified(element) : element;
  const read = simple === undefined ? undefined : SIMPLE[simple];
  if (read) read(s, tight);
  else s.at = -1;
}

/** `%EY`, `%OH`: other numerals in other languages, the same here. */
function simplified(element: string): string | undefined {
  const last = element[1] ?? '';
  return (element[0] === 'E' ? 'CcXxYy' : 'deHImMSUuVWwy').includes(last) ? last : undefined;
}
