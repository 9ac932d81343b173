import {
  civilFromDays,
  civilTime,
  DAY_MICROS,
  daysFromCivil,
  isValidCivil,
  isValidDays,
  isValidMicros,
  microsFrom,
  microsOfDay,
  pad,
  timeOfDay,
} from './civil.ts';
import { done, failed, type Parsed } from './parsed.ts';
import { fromLocal, offsetText, parseZone, shownOffset, UTC, type Zone } from './zone.ts';

/** `2024-02-29` */
export function dateText(days: number): string {
  const { year, month, day } = civilFromDays(days);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** `.5` is written `.500`, `.00025` as `.000250`: no digits, three or six. */
function fraction(micros: number): string {
  if (micros === 0) return '';
  return micros % 1000 === 0 ? `.${pad(micros / 1000, 3)}` : `.${pad(micros, 6)}`;
}

/** `12:30:00.250` from microseconds since midnight */
export function timeText(ofDay: number): string {
  const { hour, minute, second, micros } = timeOfDay(ofDay);
  return `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}${fraction(micros)}`;
}

function localText(local: bigint, separator: string): string {
  const { year, month, day, hour, minute, second, micros } = civilTime(local);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}${separator}${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}${fraction(micros)}`;
}

/** `2024-02-29T12:30:00` (the form of a cast) or with a space (the form of `%t`). */
export const datetimeText = (micros: bigint, separator: 'T' | ' ' = 'T'): string =>
  localText(micros, separator);

/** `2024-02-29 12:30:00+00` */
export function timestampText(micros: bigint, zone: Zone = UTC): string {
  const offset = shownOffset(zone, micros);
  return localText(micros + BigInt(offset) * 1_000_000n, ' ') + offsetText(offset);
}

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const TIME = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,6}))?$/;
const DATETIME = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,6}))?)?$/;
const TIMESTAMP =
  /^(\d{4,5})-(\d{1,2})-(\d{1,2})(?:[ Tt](?:(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,6}))?)?([^\d.:].*)?)?$/s;

/** Texts come from rows: an error shows at most their first 50 characters. */
const shown = (text: string): string => (text.length > 50 ? `${text.slice(0, 50)}...` : text);

const digits = (text: string | undefined): number => Number((text ?? '').padEnd(6, '0'));

/** `2024-2-3` to days since the epoch */
export function parseDate(text: string): Parsed<number> {
  const m = DATE.exec(text);
  const [year, month, day] = [Number(m?.[1]), Number(m?.[2]), Number(m?.[3])];
  if (!m || !isValidCivil(year, month, day)) return failed(`Invalid date: '${shown(text)}'`);
  const days = daysFromCivil(year, month, day);
  return isValidDays(days) ? done(days) : failed(`Date value out of range: '${shown(text)}'`);
}

/** A leap second counts as the next minute's first; the fraction of it is dropped. */
function timeParts(m: RegExpExecArray, at: number): number | undefined {
  const [hour, minute, second] = [Number(m[at] ?? 0), Number(m[at + 1] ?? 0), Number(m[at + 2] ?? 0)];
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  return microsOfDay(hour, minute, second, second === 60 ? 0 : digits(m[at + 3]));
}

/** `1:02:03.5` to microseconds since midnight */
export function parseTime(text: string): Parsed<number> {
  const m = TIME.exec(text);
  const ofDay = m ? timeParts(m, 1) : undefined;
  if (ofDay === undefined) return failed(`Invalid time string "${shown(text)}"`);
  return done(ofDay % Number(DAY_MICROS));
}

/** `2024-2-3 1:2:3.25` to microseconds */
export function parseDatetime(text: string): Parsed<bigint> {
  const m = DATETIME.exec(text);
  const [year, month, day] = [Number(m?.[1]), Number(m?.[2]), Number(m?.[3])];
  const ofDay = m ? timeParts(m, 4) : undefined;
  if (ofDay === undefined || !isValidCivil(year, month, day))
    return failed(`Invalid datetime string "${shown(text)}"`);
  const micros = microsFrom(daysFromCivil(year, month, day), ofDay);
  return isValidMicros(micros) ? done(micros) : failed(`Invalid datetime string "${shown(text)}"`);
}

/** `2024-02-29 12:00:00 America/New_York`, `...+05:30`, `...Z`; without a zone, `zone` is meant. */
export function parseTimestamp(text: string, zone: Zone = UTC): Parsed<bigint> {
  const parts = timestampParts(text, zone);
  if (!parts.ok) return parts;
  const micros = fromLocal(parts.value.zone, parts.value.local);
  return isValidMicros(micros) ? done(micros) : failed(`Invalid timestamp: '${shown(text)}'`);
}

/** Whether a timestamp's text says its own time zone, as functions with a zone argument must not get. */
export function saysZone(text: string): boolean {
  const m = TIMESTAMP.exec(text);
  return m?.[8] !== undefined;
}

function timestampParts(text: string, zone: Zone): Parsed<{ readonly local: bigint; readonly zone: Zone }> {
  const bad = failed(`Invalid timestamp: '${shown(text)}'`);
  const m = TIMESTAMP.exec(text);
  if (!m || (m[4] === undefined && m[8] === undefined && /[ Tt]$/.test(text))) return bad;
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const ofDay = timeParts(m, 4);
  if (ofDay === undefined || !isValidCivil(year, month, day)) return bad;
  const said = m[8] === undefined ? done(zone) : zoneSuffix(m[8], m[4] !== undefined);
  if (!said) return bad;
  if (!said.ok) return said;
  return done({ local: microsFrom(daysFromCivil(year, month, day), ofDay), zone: said.value });
}

/** `Z`, `+05:30`, ` UTC`, ` UTC+5`, ` Europe/Berlin`; undefined if it is none of these. Without a time only an offset may stand. */
function zoneSuffix(text: string, afterTime: boolean): Parsed<Zone> | undefined {
  if (/^[+-]/.test(text)) return parseZone(text);
  if (!afterTime) return undefined;
  if (text === 'Z' || text === 'z' || text === ' UTC') return done(UTC);
  if (/^ UTC[+-]/.test(text)) return parseZone(text.slice(4));
  if (text === ' UTCZ' || text === ' UTCz') return done(UTC);
  if (!/^ [^+-]/.test(text)) return undefined;
  return parseZone(/^ UTC /.test(text) ? text.slice(5) : text.slice(1));
}
