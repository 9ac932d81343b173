import { MONTHS, WEEKDAYS } from './format-time.ts';
import { expect, integer, libraryInteger, name, type State, skipSpaces } from './parse-state.ts';
import type { DateElement } from './parse-week.ts';
import { parseZone } from './zone.ts';

export function readYear(s: State, digits: number, max: number): void {
  const year = integer(s, digits, 0, max);
  if (s.at >= 0) s.year = year;
  s.century = undefined;
  s.explicitCentury = false;
  s.yearAt = s.position;
  s.calendar = true;
}

export function readShortYear(s: State, read: typeof integer): void {
  const year = read(s, 2, 0, 99);
  if (s.at >= 0) {
    s.year = year;
    if (!s.explicitCentury || s.century === undefined) s.century = year < 69 ? 20 : 19;
  }
  s.yearAt = s.position;
  s.calendar = true;
}

export function readMonth(s: State, month: number): void {
  s.month = month;
  s.monthAt = s.position;
  s.calendar = true;
}

export function readDay(s: State, day: number): void {
  s.day = day;
  s.dayAt = s.position;
  s.calendar = true;
}

export function readHour(s: State, read: typeof integer): void {
  s.hour = read(s, 2, 0, 23);
  s.twelveHour = false;
}

export function readTwelveHour(s: State): void {
  skipSpaces(s);
  s.hour = integer(s, 2, 1, 12) % 12;
  s.twelveHour = true;
}

export function readMeridian(s: State): void {
  const two = s.at < 0 ? '' : s.text.slice(s.at, s.at + 2).toLowerCase();
  if (two !== 'am' && two !== 'pm') s.at = -1;
  else {
    s.afternoon = two === 'pm';
    s.at += 2;
  }
}

export function readFraction(s: State, most: number): void {
  if (s.at < 0 || s.text[s.at] !== '.') return;
  const digits = /^\d+/.exec(s.text.slice(s.at + 1, most === 0 ? undefined : s.at + 1 + most))?.[0];
  if (digits === undefined) s.at = -1;
  else {
    s.micros = Number(digits.slice(0, 6).padEnd(6, '0'));
    s.at += 1 + digits.length;
  }
}

export function readOffset(s: State, separator: string): void {
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

export function readZone(s: State): void {
  const word = /^[^\t\n\v\f\r ]+/.exec(s.text.slice(s.at))?.[0] ?? '';
  const zone = parseZone(word);
  if (!zone.ok) s.problem = zone.message;
  else s.namedZone = zone.value;
  s.offsetMinutes = undefined;
  s.at += word.length;
}

export function readDateElement(s: State, element: DateElement['element'], value: () => number): void {
  const read = value();
  s.elements.push({ element, position: s.position, value: read });
  if (element === 'U' || element === 'W' || element === 'j') s.calendar = true;
}

export function readTime(s: State, read: typeof integer, withSeconds: boolean): void {
  readHour(s, read);
  expect(s, ':');
  s.minute = read(s, 2, 0, 59);
  if (!withSeconds) return;
  expect(s, ':');
  s.second = read(s, 2, 0, 60);
}

export function readAmerican(s: State): void {
  readMonth(s, libraryInteger(s, 2, 1, 12));
  expect(s, '/');
  readDay(s, libraryInteger(s, 2, 1, 31));
  expect(s, '/');
  const year = libraryInteger(s, 2, 0, 99);
  s.year = year < 69 ? 2000 + year : 1900 + year;
  s.yearAt = s.position;
  s.century = undefined;
}

export function readLong(s: State): void {
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
