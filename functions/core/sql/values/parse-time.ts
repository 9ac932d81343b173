import { daysFromCivil, isValidCivil, isValidMicros, microsFrom, microsOfDay } from './civil.ts';
import { type FormatKind, isForeign } from './format-time.ts';
import { readElement } from './parse-elements.ts';
import { newState, quoted, SPACE, type State, skipSpaces } from './parse-state.ts';
import { dateFromWeekParts } from './parse-week.ts';
import { done, failed, type Parsed } from './parsed.ts';
import { fromLocal, UTC, type Zone } from './zone.ts';

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
  if (format.includes('\0')) return failed('A format string with U+0000 is not supported');
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
