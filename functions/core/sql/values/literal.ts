import { isValidDays, splitMicros } from './civil.ts';
import * as text from './date-text.ts';
import type { Parsed } from './parsed.ts';
import { parseZone } from './zone.ts';

/*
 * Text to value as GoogleSQL's casts and typed literals read it. Each function gives the canonical text that
 * ConstantValue asks for, or undefined where GoogleSQL reports an invalid literal.
 */

const orUndefined = <T>(parsed: Parsed<T>): T | undefined => (parsed.ok ? parsed.value : undefined);

/** Canonical texts have no trailing zeros in a fraction. */
const trimmed = (shown: string): string => shown.replace(/(\.\d*?)0+$/, '$1');

/** `2024-2-3` gives `2024-02-03`. */
export function parseDate(input: string): string | undefined {
  const days = orUndefined(text.parseDate(input));
  return days === undefined ? undefined : text.dateText(days);
}

/** `1:2:3.50` gives `01:02:03.5`. */
export function parseTime(input: string): string | undefined {
  const ofDay = orUndefined(text.parseTime(input));
  return ofDay === undefined ? undefined : trimmed(text.timeText(ofDay));
}

/** `2024-1-2 3:4:5.25` gives `2024-01-02T03:04:05.25`; a date alone is midnight. */
export function parseDatetime(input: string): string | undefined {
  const micros = orUndefined(text.parseDatetime(input));
  return micros === undefined ? undefined : trimmed(text.datetimeText(micros));
}

/** Canonical DATETIME text of seconds since 1970-01-01 (civil) and microseconds within the second. */
export function datetimeText(seconds: number, micros: number): string | undefined {
  const local = BigInt(seconds) * 1_000_000n + BigInt(micros);
  return isValidDays(splitMicros(local).days) ? trimmed(text.datetimeText(local)) : undefined;
}

/** Microseconds since the epoch, as decimal text. `zone` holds where the text names none. */
export function parseTimestamp(input: string, zone = 'UTC'): string | undefined {
  const known = orUndefined(parseZone(zone));
  return known && orUndefined(text.parseTimestamp(input, known))?.toString();
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
