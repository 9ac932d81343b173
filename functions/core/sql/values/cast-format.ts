import { type CivilTime, civilTime, dayOfYear, pad, splitMicros, weekday } from './civil.ts';
import { type FormatKind, MONTHS, WEEKDAYS } from './format-time.ts';
import { done, failed, type Parsed } from './parsed.ts';
import { shownOffset, type Zone } from './zone.ts';

type Moment = CivilTime & { readonly days: number; readonly ofDay: number; readonly offsetSeconds: number };

/** The elements that a type lacks are errors, not text. */
const DATE_ELEMENT = /^(?:YYYY|YYY|YY|Y|RRRR|RR|MONTH|MON|MM|DDD|DD|DY|D)$/;
const ZONE_ELEMENT = /^TZ[HM]$/;

const TOKEN =
  /"((?:[^"\\]|\\["\\])*)"|(YYYY|YYY|YY|Y|RRRR|RR|MONTH|MON|MM|MI|DDD|DD|DAY|DY|D|HH24|HH12|HH|SSSSS|SS|FF[1-9]|A\.M\.|P\.M\.|AM|PM|TZH|TZM)|([-./,';: ])/iy;

/**
 * `CAST(value AS STRING FORMAT 'YYYY-MM-DD')`. Fails for what is no element, for elements that the type lacks, and for
 * DAY, whose padding BigQuery's documentation describes in two ways.
 */
export function castFormat(format: string, micros: bigint, kind: FormatKind, zone: Zone): Parsed<string> {
  const offsetSeconds = shownOffset(zone, micros);
  const local = micros + BigInt(offsetSeconds) * 1_000_000n;
  const moment: Moment = { ...civilTime(local), ...splitMicros(local), offsetSeconds };
  let out = '';
  for (let at = 0; at < format.length; ) {
    TOKEN.lastIndex = at;
    const m = TOKEN.exec(format);
    if (!m) return failed(`Cannot find matched format element at ${at}`);
    const [all, literal, element, separator] = m;
    at += all.length;
    if (element === undefined) out += separator ?? (literal ?? '').replace(/\\(["\\])/g, '$1');
    else {
      const upper = element.toUpperCase();
      const isDate = DATE_ELEMENT.test(upper);
      const isZone = ZONE_ELEMENT.test(upper);
      const lacks = isZone ? kind !== 'TIMESTAMP' : isDate ? kind === 'TIME' : kind === 'DATE';
      if (upper === 'DAY' || lacks) return failed(`Format element '${element}' is not supported for ${kind}`);
      out += write(upper, element, moment);
    }
  }
  return done(out);
}

/** A name in the case of its element's first two letters: `MON`, `Mon`, `mon`. */
function inCaseOf(element: string, name: string): string {
  const [first = '', second = ''] = element;
  if (first === first.toLowerCase()) return name.toLowerCase();
  return second === second.toLowerCase() ? name : name.toUpperCase();
}

function write(upper: string, element: string, m: Moment): string {
  const twelve = pad(m.hour % 12 || 12, 2);
  const half = m.hour < 12 ? 'A' : 'P';
  const zoneMinutes = Math.trunc(Math.abs(m.offsetSeconds) / 60);
  switch (upper) {
    case 'YYYY':
    case 'RRRR':
      return pad(m.year, 4);
    case 'YYY':
      return pad(m.year % 1000, 3);
    case 'YY':
    case 'RR':
      return pad(m.year % 100, 2);
    case 'Y':
      return String(m.year % 10);
    case 'MM':
      return pad(m.month, 2);
    case 'MONTH':
      return inCaseOf(element, MONTHS[m.month - 1] ?? '');
    case 'MON':
      return inCaseOf(element, MONTHS[m.month - 1]?.slice(0, 3) ?? '');
    case 'DY':
      return inCaseOf(element, WEEKDAYS[weekday(m.days)]?.slice(0, 3) ?? '');
    case 'D':
      return String(weekday(m.days) + 1);
    case 'DD':
      return pad(m.day, 2);
    case 'DDD':
      return pad(dayOfYear(m.days, m.year), 3);
    case 'HH':
    case 'HH12':
      return twelve;
    case 'HH24':
      return pad(m.hour, 2);
    case 'MI':
      return pad(m.minute, 2);
    case 'SS':
      return pad(m.second, 2);
    case 'SSSSS':
      return pad(Math.floor(m.ofDay / 1_000_000), 5);
    case 'TZH':
      return (m.offsetSeconds < 0 ? '-' : '+') + pad(Math.trunc(zoneMinutes / 60), 2);
    case 'TZM':
      return pad(zoneMinutes % 60, 2);
    default:
      return writeHalfOrFraction(upper, element, half, m);
  }
}

/** `AM`, `A.M.` (which of both is written does not matter) and `FF3`, cut, not rounded. */
function writeHalfOrFraction(upper: string, element: string, half: string, m: Moment): string {
  if (upper.startsWith('FF')) return pad(m.micros, 6).padEnd(9, '0').slice(0, Number(upper[2]));
  const shown = upper.includes('.') ? `${half}.M.` : `${half}M`;
  return element[0] === element[0]?.toLowerCase() ? shown.toLowerCase() : shown;
}
