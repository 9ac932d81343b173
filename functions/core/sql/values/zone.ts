import { DAY_MICROS, floorDivide } from './civil.ts';
import { done, failed, type Parsed } from './parsed.ts';

/** A time zone: a fixed offset east of UTC, or a name of the IANA database. */
export type Zone =
  | { readonly kind: 'fixed'; readonly offsetSeconds: number }
  | { readonly kind: 'named'; readonly name: string; readonly rules: ZoneRules };

export const UTC: Zone = { kind: 'fixed', offsetSeconds: 0 };

const SECOND = 1_000_000n;
const DAY_SECONDS = 86400;
/** More days than a query touches in practice; beyond it the memory is started anew. */
const REMEMBERED_DAYS = 20_000;

type Day = { readonly before: number; readonly after: number; readonly changesAtSecond: number };
type ZoneRules = {
  readonly show: Intl.DateTimeFormat;
  readonly days: Map<number, Day>;
  readonly starts: Map<number, number>;
};

const known = new Map<string, Zone | null>();

/**
 * `UTC`, `America/New_York`, `+5`, `-08:30`, `+0530`, `UTC+3`. Names count case, as the IANA database writes them.
 * Fails with `Invalid time zone: X`.
 */
export function parseZone(text: string): Parsed<Zone> {
  if (text === '') return failed('Invalid empty time zone');
  const offset = /^(?:UTC)?([+-])(\d{1,2})(?::?(\d{1,2}))?$/.exec(text);
  if (offset) {
    const minutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
    if (minutes > 14 * 60 || Number(offset[3] ?? 0) > 59) return failed(`Invalid time zone: ${text}`);
    return done({ kind: 'fixed', offsetSeconds: (offset[1] === '-' ? -60 : 60) * minutes });
  }
  let zone = known.get(text);
  if (zone === undefined) {
    zone = loadZone(text);
    if (known.size < 2000) known.set(text, zone);
  }
  return zone ? done(zone) : failed(`Invalid time zone: ${text}`);
}

function loadZone(name: string): Zone | null {
  if (name === 'UTC') return UTC;
  if (!/^[A-Z][A-Za-z0-9]*(?:[/_+-][A-Za-z0-9]+)*$/.test(name) || !isDatabaseName(name)) return null;
  try {
    const show = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    return { kind: 'named', name, rules: { show, days: new Map(), starts: new Map() } };
  } catch {
    return null;
  }
}

/** Intl ignores case and the database does not: a name whose words are not written as the database's is refused. */
function isDatabaseName(name: string): boolean {
  if (/^[A-Z]{1,4}$/.test(name) || /^Etc\//.test(name) || /^[A-Z]{3}\d[A-Z]{3}$/.test(name)) return true;
  return name
    .split('/')
    .every((word) => /[a-z]/.test(word) || /^(?:US|GMT[+-]?\d*|GB-Eire|NZ-CHAT|PST8PDT)$/.test(word));
}

/** Seconds east of UTC at a moment. */
export function offsetAt(zone: Zone, micros: bigint): number {
  if (zone.kind === 'fixed') return zone.offsetSeconds;
  const dayNumber = Number(floorDivide(micros, DAY_MICROS));
  let day = zone.rules.days.get(dayNumber);
  if (!day) {
    day = learnDay(zone.rules, dayNumber);
    if (zone.rules.days.size > REMEMBERED_DAYS) zone.rules.days.clear();
    zone.rules.days.set(dayNumber, day);
  }
  if (day.before === day.after) return day.before;
  const second = Number(floorDivide(micros, SECOND)) - dayNumber * DAY_SECONDS;
  return second < day.changesAtSecond ? day.before : day.after;
}

/** No zone ever changed twice within a UTC day, so two looks tell whether it did and a bisection tells when. */
function learnDay(rules: ZoneRules, dayNumber: number): Day {
  const start = dayNumber * DAY_SECONDS;
  const before = startOffset(rules, dayNumber);
  const after = startOffset(rules, dayNumber + 1);
  if (before === after) return { before, after, changesAtSecond: 0 };
  let low = 0;
  let high = DAY_SECONDS;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (lookUp(rules, start + middle) === before) low = middle;
    else high = middle;
  }
  return { before, after, changesAtSecond: high };
}

function startOffset(rules: ZoneRules, dayNumber: number): number {
  let offset = rules.starts.get(dayNumber);
  if (offset === undefined) {
    offset = lookUp(rules, dayNumber * DAY_SECONDS);
    if (rules.starts.size > REMEMBERED_DAYS) rules.starts.clear();
    rules.starts.set(dayNumber, offset);
  }
  return offset;
}

function lookUp(rules: ZoneRules, seconds: number): number {
  const shown: Record<string, string> = {};
  for (const part of rules.show.formatToParts(seconds * 1000)) shown[part.type] = part.value;
  const year = shown.era === 'BC' || shown.era === 'B' ? 1 - Number(shown.year) : Number(shown.year);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(shown.month) - 1, Number(shown.day));
  local.setUTCHours(Number(shown.hour), Number(shown.minute), Number(shown.second), 0);
  return local.getTime() / 1000 - seconds;
}

/** What clocks show there, as if it were UTC. */
export const toLocal = (zone: Zone, micros: bigint): bigint =>
  micros + BigInt(offsetAt(zone, micros)) * SECOND;

/**
 * The moment when clocks there show `local`. A time that clocks show twice is its first moment; one that they skip is
 * counted on with the offset before the change, as GoogleSQL does.
 */
export function fromLocal(zone: Zone, local: bigint): bigint {
  if (zone.kind === 'fixed') return local - BigInt(zone.offsetSeconds) * SECOND;
  const before = offsetAt(zone, local - DAY_MICROS);
  const first = local - BigInt(before) * SECOND;
  if (offsetAt(zone, first) === before) return first;
  const after = offsetAt(zone, local + DAY_MICROS);
  const second = local - BigInt(after) * SECOND;
  return offsetAt(zone, second) === after ? second : first;
}

/** `+00`, `-08:30`: hours, and minutes only if there are any. An offset with seconds is cut to its minutes. */
export function offsetText(offsetSeconds: number): string {
  const minutes = Math.trunc(Math.abs(offsetSeconds) / 60);
  const sign = offsetSeconds < 0 ? '-' : '+';
  const hours = String(Math.trunc(minutes / 60)).padStart(2, '0');
  return minutes % 60 === 0 ? sign + hours : `${sign}${hours}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Numeric offsets are written in whole minutes, so a moment is shown at its offset cut to minutes. */
export const shownOffset = (zone: Zone, micros: bigint): number => {
  const offset = offsetAt(zone, micros);
  return offset - (offset % 60);
};
