import type { DateElement } from './parse-week.ts';
import type { Zone } from './zone.ts';

/** What has been read so far. `at` is -1 as soon as an element does not fit. */
export type State = {
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

export const SPACE = /[\t\n\v\f\r ]/;

export function newState(input: string, zone: Zone): State {
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

/** The input as an error shows it. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > 50 ? `${text.slice(0, 50)}...` : text);

export function skipSpaces(s: State): void {
  while (s.at >= 0 && s.at < s.text.length && SPACE.test(s.text[s.at] ?? '')) s.at++;
}

/** Up to `width` characters, a sign among them. */
export function integer(s: State, width: number, min: number, max: number): number {
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
export function libraryInteger(s: State, width: number, min: number, max: number): number {
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

export function expect(s: State, c: string): void {
  if (s.at >= 0) s.at = s.text[s.at] === c ? s.at + 1 : -1;
}

export function name(s: State, names: readonly string[]): number {
  const rest = s.at < 0 ? '' : s.text.slice(s.at).toLowerCase();
  const index = names.findIndex((n) => rest.startsWith(n.toLowerCase().slice(0, 3)));
  const full = names[index]?.toLowerCase() ?? '';
  if (index < 0) s.at = -1;
  else s.at += rest.startsWith(full) ? full.length : 3;
  return index;
}
