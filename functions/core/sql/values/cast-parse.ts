import { daysFromCivil, isValidCivil, isValidMicros, microsFrom, microsOfDay } from './civil.ts';
import { type FormatKind, MONTHS } from './format-time.ts';
import { done, failed, type Parsed } from './parsed.ts';

type Part =
  | 'year'
  | 'month'
  | 'day'
  | 'hour'
  | 'twelve'
  | 'half'
  | 'minute'
  | 'second'
  | 'micros'
  | 'zone'
  | 'zoneMinutes';
type Element = { readonly part: Part; readonly pattern: string; value(text: string): number };

const digits = (part: Part, count: number): Element => ({ part, pattern: `\\d{${count}}`, value: Number });

const names = (list: readonly string[]): Element => ({
  part: 'month',
  pattern: list.join('|'),
  value: (text) => list.findIndex((name) => name.toLowerCase() === text.toLowerCase()) + 1,
});

const half = (pattern: string): Element => ({
  part: 'half',
  pattern,
  value: (text) => (text[0]?.toLowerCase() === 'p' ? 12 : 0),
});

/** Elements with a fixed number of digits or a name: what a text of them means is beyond doubt. */
function elementOf(name: string, century: number): Element | undefined {
  switch (name) {
    case 'YYYY':
      return digits('year', 4);
    case 'YY':
      return { ...digits('year', 2), value: (text) => century * 100 + Number(text) };
    case 'MM':
      return digits('month', 2);
    case 'MON':
      return names(MONTHS.map((m) => m.slice(0, 3)));
    case 'MONTH':
      return names(MONTHS);
    case 'DD':
      return digits('day', 2);
    case 'HH24':
      return digits('hour', 2);
    case 'HH':
    case 'HH12':
      return digits('twelve', 2);
    case 'AM':
    case 'PM':
      return half('[AP]M');
    case 'A.M.':
    case 'P.M.':
      return half('[AP]\\.M\\.');
    case 'MI':
      return digits('minute', 2);
    case 'SS':
      return digits('second', 2);
    case 'TZH':
      return {
        part: 'zone',
        pattern: '[-+]\\d{2}',
        value: (text) => (text.startsWith('-') ? -1 : 1) * (Number(text.slice(1)) * 60 + 0.5),
      };
    case 'TZM':
      return digits('zoneMinutes', 2);
    default: {
      const fraction = /^FF([1-6])$/.exec(name)?.[1];
      return fraction === undefined
        ? undefined
        : { ...digits('micros', Number(fraction)), value: (text) => Number(text.padEnd(6, '0')) };
    }
  }
}

const TOKEN =
  /(YYYY|YY|MONTH|MON|MM|MI|DD|HH24|HH12|HH|SS|FF[1-6]|A\.M\.|P\.M\.|AM|PM|TZH|TZM)|([-./,:; ])/iy;

const DATE_PARTS: readonly Part[] = ['year', 'month', 'day'];

/**
 * `CAST(text AS DATE FORMAT 'YYYY-MM-DD')` as microseconds since 1970, of a TIME since midnight. Fails for elements that
 * do not say a value in one way only, and for a date that is not said in full.
 */
export function castParse(format: string, text: string, kind: FormatKind, century: number): Parsed<bigint> {
  const elements: Element[] = [];
  let pattern = '';
  for (let at = 0; at < format.length; ) {
    TOKEN.lastIndex = at;
    const m = TOKEN.exec(format);
    if (!m) return failed(`CAST does not understand the format ${format} here`);
    at += m[0].length;
    const element = m[1] && elementOf(m[1].toUpperCase(), century);
    if (!element) {
      pattern += m[0].replace('.', '\\.');
      continue;
    }
    if (elements.some((e) => e.part === element.part))
      return failed(`The format ${format} says a part twice`);
    elements.push(element);
    pattern += `(${element.pattern})`;
  }
  const found = new RegExp(`^${pattern}$`, 'i').exec(text);
  if (!found) return failed(`Failed to parse input string "${text}" by the format ${format}`);
  return whole(new Map(elements.map((e, i) => [e.part, e.value(found[i + 1] ?? '')])), format, text, kind);
}

function whole(
  parts: ReadonlyMap<Part, number>,
  format: string,
  text: string,
  kind: FormatKind,
): Parsed<bigint> {
  const wrong = failed(`Failed to parse input string "${text}" by the format ${format}`);
  const dated = DATE_PARTS.filter((p) => parts.has(p)).length;
  const timed = parts.size - dated - (parts.has('zone') ? 1 : 0) - (parts.has('zoneMinutes') ? 1 : 0);
  if (kind === 'TIME' ? dated > 0 : dated < 3)
    return failed(`The format ${format} does not say a ${kind} in full`);
  if ((kind === 'DATE' && timed > 0) || (kind !== 'TIMESTAMP' && parts.has('zone')))
    return failed(`The format ${format} has elements that a ${kind} lacks`);
  if (parts.has('twelve') !== parts.has('half') || (parts.has('twelve') && parts.has('hour')))
    return failed(`The format ${format} does not say the hour in one way`);
  if (parts.has('zoneMinutes') && !parts.has('zone'))
    return failed(`The format ${format} has TZM without TZH`);
  const [year = 1970, month = 1, day = 1] = DATE_PARTS.map((p) => parts.get(p));
  const twelve = parts.get('twelve');
  if (twelve !== undefined && (twelve < 1 || twelve > 12)) return wrong;
  const hour = twelve === undefined ? (parts.get('hour') ?? 0) : (twelve % 12) + (parts.get('half') ?? 0);
  const [minute, second] = [parts.get('minute') ?? 0, parts.get('second') ?? 0];
  if (!isValidCivil(year, month, day) || hour > 23 || minute > 59 || second > 59) return wrong;
  const ofDay = microsOfDay(hour, minute, second, parts.get('micros') ?? 0);
  const micros = microsFrom(daysFromCivil(year, month, day), ofDay) - offsetMicros(parts);
  return isValidMicros(micros) ? done(micros) : wrong;
}

/** The half in the zone's value keeps the sign of `-00`. */
function offsetMicros(parts: ReadonlyMap<Part, number>): bigint {
  const zone = parts.get('zone') ?? 0;
  const minutes = Math.trunc(zone) + Math.sign(zone) * (parts.get('zoneMinutes') ?? 0);
  return BigInt(minutes) * 60_000_000n;
}
