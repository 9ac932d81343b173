import { civilFromDays, dateText, daysFromCivil, daysInMonth, timeText } from './civil.ts';
import { civilToEpoch } from './zone.ts';

/*
 * Text to value as GoogleSQL's casts and typed literals read it. Each function gives the canonical text that
 * ConstantValue asks for, or undefined where GoogleSQL reports an invalid literal.
 */

type Clock = { readonly microsOfDay: number };
type DateParts = { readonly year: number; readonly month: number; readonly day: number };

function dateParts(text: string): DateParts | undefined {
  const m = /^(\d{1,5})-(\d{1,2})-(\d{1,2})$/.exec(text);
  if (!m) return undefined;
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
  if (year < 1 || year > 9999 || month < 1 || month > 12) return undefined;
  return day < 1 || day > daysInMonth(year, month) ? undefined : { year, month, day };
}

/** Hours, minutes, seconds and up to six digits of fraction; second 60 rolls over into the next minute. */
function clock(text: string): Clock | undefined {
  const m = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{0,6}))?$/.exec(text);
  if (!m) return undefined;
  const [hour, minute, second] = [Number(m[1]), Number(m[2]), Number(m[3])];
  if (hour > 23 || minute > 59 || second > 60) return undefined;
  const leap = second === 60;
  const micros = leap ? 0 : Number((m[4] ?? '').padEnd(6, '0'));
  return { microsOfDay: (hour * 3600 + minute * 60 + second) * 1_000_000 + micros };
}

/** `2024-2-3` gives `2024-02-03`. */
export function parseDate(text: string): string | undefined {
  const parts = dateParts(text.trim());
  return parts && dateText(parts);
}

/** `1:2:3.50` gives `01:02:03.5`. */
export function parseTime(text: string): string | undefined {
  const value = clock(text.trim());
  return value && timeText(value.microsOfDay % 86_400_000_000);
}

const MOMENT = /^(\d{1,5}-\d{1,2}-\d{1,2})(?:(?:[Tt]| +)(\d{1,2}:\d{1,2}:\d{1,2}(?:\.\d{0,6})?))?/;

function moment(text: string): { seconds: number; micros: number; rest: string } | undefined {
  const m = MOMENT.exec(text);
  if (!m) return undefined;
  const date = dateParts(m[1] ?? '');
  const time = m[2] === undefined ? { microsOfDay: 0 } : clock(m[2]);
  if (!date || !time) return undefined;
  return {
    seconds:
      daysFromCivil(date.year, date.month, date.day) * 86400 + Math.floor(time.microsOfDay / 1_000_000),
    micros: time.microsOfDay % 1_000_000,
    rest: text.slice(m[0].length),
  };
}

/** `2024-1-2 3:4:5.25` gives `2024-01-02T03:04:05.25`; a date alone is midnight. */
export function parseDatetime(text: string): string | undefined {
  const value = moment(text.trim());
  if (!value || value.rest !== '') return undefined;
  return datetimeText(value.seconds, value.micros);
}

/** Canonical DATETIME text of seconds since 1970-01-01 (civil) and microseconds within the second. */
export function datetimeText(seconds: number, micros: number): string | undefined {
  const days = Math.floor(seconds / 86400);
  if (days < -719162 || days > 2932896) return undefined;
  return `${dateOfDays(days)}T${timeText((seconds - days * 86400) * 1_000_000 + micros)}`;
}

const dateOfDays = (days: number): string => dateText(civilFromDays(days));

const MIN_MICROS = -62135596800000000n;
const MAX_MICROS = 253402300799999999n;

/** Microseconds since the epoch, as decimal text. `zone` holds where the text names none. */
export function parseTimestamp(text: string, zone = 'UTC'): string | undefined {
  const value = moment(text.trim());
  if (!value) return undefined;
  const rest = value.rest;
  let named = zone;
  if (/^[Zz]$/.test(rest)) named = 'UTC';
  else if (/^[+-]/.test(rest)) named = rest;
  else if (/^ +\S/.test(rest)) named = rest.trim();
  else if (rest !== '') return undefined;
  const epoch = civilToEpoch(value.seconds, named);
  if (epoch === undefined) return undefined;
  const micros = BigInt(epoch) * 1_000_000n + BigInt(value.micros);
  return micros < MIN_MICROS || micros > MAX_MICROS ? undefined : micros.toString();
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,5}))?$/;

/**
 * A decimal scaled by 10^scale, rounded half away from zero; `exact` refuses digits beyond the scale instead.
 */
export function parseScaled(text: string, scale: number, exact = false): bigint | undefined {
  const m = DECIMAL.exec(text.trim());
  if (!m) return undefined;
  const whole = m[2] ?? '';
  const fraction = m[3] ?? '';
  if (whole === '' && fraction === '') return undefined;
  const exponent = Number(m[4] ?? 0);
  const digits = BigInt(`${whole}${fraction}`);
  if (digits === 0n) return 0n;
  const shift = scale + exponent - fraction.length;
  if (shift > 200) return undefined;
  let value: bigint;
  if (shift >= 0) value = digits * 10n ** BigInt(shift);
  else {
    if (-shift > 2000) return 0n;
    const unit = 10n ** BigInt(-shift);
    if (exact && digits % unit !== 0n) return undefined;
    value = (digits * 2n + unit) / (unit * 2n);
  }
  return m[1] === '-' ? -value : value;
}

/** A scaled integer as plain decimal text without trailing zeros. */
export function scaledText(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

const NUMERIC_LIMIT = 10n ** 38n - 1n;
const BIGNUMERIC_MAX = 2n ** 255n - 1n;
const BIGNUMERIC_MIN = -(2n ** 255n);

/** NUMERIC: 29 digits before and 9 after the point. */
export function parseNumeric(text: string): string | undefined {
  const value = parseScaled(text, 9);
  if (value === undefined || value > NUMERIC_LIMIT || value < -NUMERIC_LIMIT) return undefined;
  return scaledText(value, 9);
}

/** BIGNUMERIC: 38 digits after the point, a 256-bit integer in all. */
export function parseBignumeric(text: string): string | undefined {
  const value = parseScaled(text, 38);
  if (value === undefined || value > BIGNUMERIC_MAX || value < BIGNUMERIC_MIN) return undefined;
  return scaledText(value, 38);
}

/** JSON text that is well formed, unchanged but for outer white space. */
export function parseJson(text: string): string | undefined {
  try {
    JSON.parse(text);
    return text.trim();
  } catch {
    return undefined;
  }
}

/** `[2024-01-01, UNBOUNDED)` in canonical text. */
export function parseRange(text: string, element: 'DATE' | 'DATETIME' | 'TIMESTAMP'): string | undefined {
  const m = /^\[([^,]*), ([^,]*)\)$/.exec(text);
  if (!m) return undefined;
  const read = element === 'DATE' ? parseDate : element === 'DATETIME' ? parseDatetime : parseTimestamp;
  const end = (part: string): string | undefined =>
    /^(unbounded|null)$/i.test(part) ? 'UNBOUNDED' : read(part);
  const [start, stop] = [end(m[1] ?? ''), end(m[2] ?? '')];
  if (start === undefined || stop === undefined) return undefined;
  if (start !== 'UNBOUNDED' && stop !== 'UNBOUNDED') {
    const ordered = element === 'TIMESTAMP' ? BigInt(start) < BigInt(stop) : start < stop;
    if (!ordered) return undefined;
  }
  return `[${start}, ${stop})`;
}
