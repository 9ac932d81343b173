import { daysFromCivil, isValidCivil, isValidMicros, microsFrom, microsOfDay } from './civil.ts';
import { type FormatKind, isForeign, MONTHS, WEEKDAYS } from './format-time.ts';
import { type DateElement, dateFromWeekParts } from './parse-week.ts';
import { done, failed, type Parsed } from './parsed.ts';
import { fromLocal, parseZone, UTC, type Zone } from './zone.ts';

/** What has been read so far. `at` is -1 as soon as an element does not fit. */
type State = {
  readonly text: string;
  readonly zone: Zone;
  at: number;
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
  micros: number;
  twelveHour: boolean;
  afternoon: boolean;
  century: number | undefined;
  explicitCentury: boolean;
  offsetMinutes: number | undefined;
  namedZone: Zone | undefined;
  epochSeconds: bigint | undefined;
  problem: string | undefined;
  /** counts elements, so that of two that say the same part the later one wins */
  position: number;
  yearAt: number;
  monthAt: number;
  dayAt: number;
  calendar: boolean;
  readonly elements: DateElement[];
};

const SPACE = /[\t\n\v\f\r ]/;

/**
 * PARSE_DATE, PARSE_DATETIME, PARSE_TIME, PARSE_TIMESTAMP: microseconds since the epoch (of the first of January 1970
 * for what the format does not say). Fails in GoogleSQL's words.
 */
export function parseFormatted(
  format: string,
  input: string,
  kind: FormatKind,
  zone: Zone = UTC,
): Parsed<bigint> {
  const foreign = foreignElement(format, kind);
  if (foreign) return failed(`Invalid format: %${foreign} is not allowed for the ${kind} type.`);
  const s = newState(input, zone);
  skipSpaces(s);
  const end = readAll(format, s);
  if (s.problem !== undefined) return failed(s.problem);
  if (s.at >= 0) skipSpaces(s);
  if (s.at !== s.text.length || !onlySpaces(format.slice(end))) {
    return failed(`Failed to parse input string ${quoted(input)}`);
  }
  return result(s);
}

function newState(input: string, zone: Zone): State {
  return {
    text: input.endsWith('\0') ? input.slice(0, -1) : input,
    zone,
    at: 0,
    year: 1970,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    micros: 0,
    twelveHour: false,
    afternoon: false,
    century: undefined,
    explicitCentury: false,
    offsetMinutes: undefined,
    namedZone: undefined,
    epochSeconds: undefined,
    problem: undefined,
    position: 0,
    yearAt: -1,
    monthAt: -1,
    dayAt: -1,
    calendar: false,
    elements: [],
  };
}

const quoted = (text: string): string => JSON.stringify(text.length > 50 ? `${text.slice(0, 50)}...` : text);

function foreignElement(format: string, kind: FormatKind): string | undefined {
  for (const [, element] of format.matchAll(/%(E(?:\d+[Sf]|\*[Sf]|4Y|[A-Za-z])|O[A-Za-z]|[A-Za-z%])/g)) {
    if (element !== undefined && isForeign(element, kind)) return element;
  }
  return undefined;
}

const onlySpaces = (format: string): boolean => /^(?:[\t\n\v\f\r ]|%[nt])*$/.test(format);

/** Reads until text or format ends; returns where in the format it stopped. */
function readAll(format: string, s: State): number {
  let f = 0;
  while (s.at >= 0 && s.at < s.text.length && f < format.length && s.problem === undefined) {
    const c = format[f] ?? '';
    if (SPACE.test(c)) {
      skipSpaces(s);
      while (f < format.length && SPACE.test(format[f] ?? '')) f++;
    } else if (c !== '%') {
      if (s.text[s.at] !== c) {
        s.problem = `Mismatch between format character '${c}' and string character '${s.text[s.at]}' at string index: ${s.at} with format: '${format}'`;
      }
      s.at++;
      f++;
    } else {
      const m = /^%(E(?:\d{1,2}S|\*S|4Y|[A-Za-z])|O[A-Za-z]|[A-Za-z%])/.exec(format.slice(f));
      if (!m) {
        s.problem = f + 1 === format.length ? "Format string cannot end with a single '%'" : failText(s);
        return f;
      }
      f += m[0].length;
      s.position++;
      readElement(m[1] ?? '', format[f] === '%', s);
    }
  }
  return f;
}

const failText = (s: State): string => `Failed to parse input string ${quoted(s.text)}`;

function skipSpaces(s: State): void {
  while (s.at >= 0 && s.at < s.text.length && SPACE.test(s.text[s.at] ?? '')) s.at++;
}

/** Up to `width` characters, a sign among them. */
function integer(s: State, width: number, min: number, max: number): number {
  const m = s.at < 0 ? null : /^(-?)(\d+)/.exec(s.text.slice(s.at, s.at + width));
  const value = m ? Number(m[2]) * (m[1] ? -1 : 1) : Number.NaN;
  if (!m || (m[1] && value === 0) || !(value >= min && value <= max)) {
    s.at = -1;
    return 0;
  }
  s.at += m[0].length;
  return value;
}

/** The C library's way: spaces before, and no digit that would lead beyond the largest value. */
function libraryInteger(s: State, width: number, min: number, max: number): number {
  while (s.at >= 0 && s.text[s.at] === ' ') s.at++;
  let value = 0;
  let read = 0;
  while (s.at >= 0 && read < width && /\d/.test(s.text[s.at] ?? '') && (read === 0 || value * 10 <= max)) {
    value = value * 10 + Number(s.text[s.at++]);
    read++;
  }
  if (s.at < 0 || read === 0 || value < min || value > max) s.at = -1;
  return value;
}

function expect(s: State, c: string): void {
  if (s.at >= 0) s.at = s.text[s.at] === c ? s.at + 1 : -1;
}

function name(s: State, names: readonly string[]): number {
  const rest = s.at < 0 ? '' : s.text.slice(s.at).toLowerCase();
  const index = names.findIndex((n) => rest.startsWith(n.toLowerCase().slice(0, 3)));
  const full = names[index]?.toLowerCase() ?? '';
  if (index < 0) s.at = -1;
  else s.at += rest.startsWith(full) ? full.length : 3;
  return index;
}

function readYear(s: State, digits: number, max: number): void {
  const year = integer(s, digits, 0, max);
  if (s.at >= 0) s.year = year;
  s.century = undefined;
  s.explicitCentury = false;
  s.yearAt = s.position;
  s.calendar = true;
}

function readShortYear(s: State, read: typeof integer): void {
  const year = read(s, 2, 0, 99);
  if (s.at >= 0) {
    s.year = year;
    if (!s.explicitCentury || s.century === undefined) s.century = year < 69 ? 20 : 19;
  }
  s.yearAt = s.position;
  s.calendar = true;
}

function readMonth(s: State, month: number): void {
  s.month = month;
  s.monthAt = s.position;
  s.calendar = true;
}

function readDay(s: State, day: number): void {
  s.day = day;
  s.dayAt = s.position;
  s.calendar = true;
}

function readHour(s: State, read: typeof integer): void {
  s.hour = read(s, 2, 0, 23);
  s.twelveHour = false;
}

function readTwelveHour(s: State): void {
  skipSpaces(s);
  s.hour = integer(s, 2, 1, 12) % 12;
  s.twelveHour = true;
}

function readMeridian(s: State): void {
  const two = s.at < 0 ? '' : s.text.slice(s.at, s.at + 2).toLowerCase();
  if (two !== 'am' && two !== 'pm') s.at = -1;
  else {
    s.afternoon = two === 'pm';
    s.at += 2;
  }
}

function readFraction(s: State, most: number): void {
  if (s.at < 0 || s.text[s.at] !== '.') return;
  const digits = /^\d+/.exec(s.text.slice(s.at + 1, most === 0 ? undefined : s.at + 1 + most))?.[0];
  if (digits === undefined) s.at = -1;
  else {
    s.micros = Number(digits.slice(0, 6).padEnd(6, '0'));
    s.at += 1 + digits.length;
  }
}

function readOffset(s: State, separator: string): void {
  if (separator === ':' && s.text[s.at] === 'Z') {
    s.at++;
    s.offsetMinutes = 0;
    return;
  }
  const m = /^([+-])(\d\d)/.exec(s.text.slice(Math.max(s.at, 0)));
  if (s.at < 0 || !m || Number(m[2]) > 23) {
    s.at = -1;
    s.offsetMinutes = 0;
    return;
  }
  s.at += 3;
  if (separator !== '' && s.text[s.at] === separator) s.at++;
  const minutes = /^[0-5]\d/.exec(s.text.slice(s.at))?.[0];
  if (minutes) s.at += 2;
  s.offsetMinutes = (Number(m[2]) * 60 + Number(minutes ?? 0)) * (m[1] === '-' ? -1 : 1);
  if (Math.abs(s.offsetMinutes) > 14 * 60) {
    s.problem = `Timezone offset out of valid range -14:00 to +14:00: ${m[0]}:${minutes ?? '00'}`;
  }
}

function readZone(s: State): void {
  const word = /^[^\t\n\v\f\r ]+/.exec(s.text.slice(s.at))?.[0] ?? '';
  const zone = parseZone(word);
  if (!zone.ok) s.problem = zone.message;
  else s.namedZone = zone.value;
  s.offsetMinutes = undefined;
  s.at += word.length;
}

function readDateElement(s: State, element: DateElement['element'], value: () => number): void {
  const read = value();
  s.elements.push({ element, position: s.position, value: read });
  if (element === 'U' || element === 'W' || element === 'j') s.calendar = true;
}

function readTime(s: State, read: typeof integer, withSeconds: boolean): void {
  readHour(s, read);
  expect(s, ':');
  s.minute = read(s, 2, 0, 59);
  if (!withSeconds) return;
  expect(s, ':');
  s.second = read(s, 2, 0, 60);
}

function readAmerican(s: State): void {
  readMonth(s, libraryInteger(s, 2, 1, 12));
  expect(s, '/');
  readDay(s, libraryInteger(s, 2, 1, 31));
  expect(s, '/');
  const year = libraryInteger(s, 2, 0, 99);
  s.year = year < 69 ? 2000 + year : 1900 + year;
  s.yearAt = s.position;
  s.century = undefined;
}

function readLong(s: State): void {
  name(s, WEEKDAYS);
  skipSpaces(s);
  readMonth(s, name(s, MONTHS) + 1);
  skipSpaces(s);
  readDay(s, libraryInteger(s, 2, 1, 31));
  skipSpaces(s);
  readTime(s, libraryInteger, true);
  skipSpaces(s);
  s.year = libraryInteger(s, 4, 0, 9999);
  s.yearAt = s.position;
}

/** Reads one element; `tight`: another follows at once, so that a year keeps to four digits. */
function readElement(element: string, tight: boolean, s: State): void {
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
  if (element === 'Ez') return readOffset(s, ':');
  const simple = element.length === 2 ? simplified(element) : element;
  if (simple === undefined) s.at = -1;
  else readSimple(simple, tight, s);
}

/** `%EY`, `%OH`: other numerals in other languages, the same here. */
function simplified(element: string): string | undefined {
  const last = element[1] ?? '';
  return (element[0] === 'E' ? 'CcXxYy' : 'deHImMSUuVWwy').includes(last) ? last : undefined;
}

function readSimple(element: string, tight: boolean, s: State): void {
  switch (element) {
    case '%':
      return expect(s, '%');
    case 'n':
    case 't':
      return skipSpaces(s);
    case 'Y':
      return readYear(s, tight ? 4 : 5, tight ? 9999 : 10000);
    case 'y':
      return readShortYear(s, integer);
    case 'C': {
      const century = integer(s, tight ? 2 : 3, 0, tight ? 99 : 100);
      if (s.century === undefined) s.year = 0;
      s.century = century;
      s.explicitCentury = true;
      s.yearAt = s.position;
      s.calendar = true;
      return;
    }
    case 'm':
      return readMonth(s, integer(s, 2, 1, 12));
    case 'B':
    case 'b':
    case 'h':
      return readMonth(s, name(s, MONTHS) + 1);
    case 'd':
      return readDay(s, integer(s, 2, 1, 31));
    case 'e':
      return readDay(s, libraryInteger(s, 2, 1, 31));
    case 'Q':
      readMonth(s, (integer(s, 1, 1, 4) - 1) * 3 + 1);
      return readDay(s, 1);
    case 'F':
      s.year = libraryInteger(s, 4, 0, 9999);
      s.yearAt = s.position;
      s.century = undefined;
      expect(s, '-');
      readMonth(s, libraryInteger(s, 2, 1, 12));
      expect(s, '-');
      return readDay(s, libraryInteger(s, 2, 1, 31));
    case 'D':
    case 'x':
      return readAmerican(s);
    case 'c':
      return readLong(s);
    default:
      return readTimeOrWeek(element, s);
  }
}

function readTimeOrWeek(element: string, s: State): void {
  switch (element) {
    case 'H':
      return readHour(s, integer);
    case 'k':
      return readHour(s, libraryInteger);
    case 'I':
    case 'l':
      return readTwelveHour(s);
    case 'M':
      s.minute = integer(s, 2, 0, 59);
      return;
    case 'S':
      s.second = integer(s, 2, 0, 60);
      return;
    case 'p':
    case 'P':
      return readMeridian(s);
    case 'R':
      return readTime(s, libraryInteger, false);
    case 'T':
    case 'X':
      return readTime(s, libraryInteger, true);
    case 'r':
      readTwelveHour(s);
      expect(s, ':');
      s.minute = integer(s, 2, 0, 59);
      expect(s, ':');
      s.second = integer(s, 2, 0, 60);
      skipSpaces(s);
      return readMeridian(s);
    case 's': {
      const seconds = integer(s, 12, -62135596800, 253402300799);
      s.epochSeconds = BigInt(seconds);
      [s.yearAt, s.monthAt, s.dayAt, s.calendar] = [s.position, s.position, s.position, true];
      return;
    }
    case 'z':
      return readOffset(s, '');
    case 'Z':
      return readZone(s);
    case 'A':
    case 'a':
      return readDateElement(s, 'A', () => name(s, WEEKDAYS));
    case 'u':
      return readDateElement(s, 'A', () => libraryInteger(s, 1, 1, 7));
    case 'w':
      return readDateElement(s, 'A', () => libraryInteger(s, 1, 0, 6));
    case 'U':
    case 'W':
      return readDateElement(s, element, () => integer(s, 2, 0, 53));
    case 'V':
      return readDateElement(s, 'V', () => integer(s, 2, 1, 53));
    case 'j':
      return readDateElement(s, 'j', () => integer(s, 3, 1, 366));
    case 'J':
      return readDateElement(s, 'J', () => integer(s, 3, 1, 371));
    case 'G':
      return readDateElement(s, 'G', () => integer(s, 20, 0, 99999));
    case 'g':
      return readDateElement(s, 'G', () => ((v) => v + (v <= 68 ? 2000 : 1900))(integer(s, 2, 0, 99)));
    default:
      s.at = -1;
  }
}

function result(s: State): Parsed<bigint> {
  if (s.epochSeconds !== undefined) return inRange(s.epochSeconds * 1_000_000n);
  const hour = s.hour + (s.twelveHour && s.afternoon ? 12 : 0);
  const date = dateFromWeekParts(
    { year: s.century === undefined ? s.year : s.century * 100 + s.year, month: s.month, day: s.day },
    s.elements,
    { year: s.yearAt, month: s.monthAt, day: s.dayAt, calendar: s.calendar },
  );
  if (!date.ok) return date;
  const { year, month, day } = date.value;
  if (!isValidCivil(year, month, day)) return failed('Out-of-range datetime field in parsing function');
  const leap = s.second === 60;
  const ofDay = microsOfDay(hour, s.minute, leap ? 59 : s.second, leap ? 1_000_000 : s.micros);
  const local = microsFrom(daysFromCivil(year, month, day), ofDay);
  if (s.offsetMinutes !== undefined) return inRange(local - BigInt(s.offsetMinutes) * 60_000_000n);
  return inRange(fromLocal(s.namedZone ?? s.zone, local));
}

const inRange = (micros: bigint): Parsed<bigint> =>
  isValidMicros(micros) ? done(micros) : failed('Invalid result from parsing function');
