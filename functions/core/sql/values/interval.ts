import { done, failed, type Parsed } from './parsed.ts';

/** GoogleSQL keeps three parts apart; they only meet when intervals are compared or justified. */
export type Interval = { readonly months: number; readonly days: number; readonly micros: bigint };

export const MAX_MONTHS = 120_000;
export const MAX_DAYS = 3_660_000;
const DAY = 86_400_000_000n;
const MAX_MICROS = BigInt(MAX_DAYS) * DAY;
const HOUR = 3_600_000_000n;
const MINUTE = 60_000_000n;
const SECOND = 1_000_000n;

export type IntervalPart =
  | 'YEAR'
  | 'QUARTER'
  | 'MONTH'
  | 'WEEK'
  | 'DAY'
  | 'HOUR'
  | 'MINUTE'
  | 'SECOND'
  | 'MILLISECOND'
  | 'MICROSECOND';

const PART_SIZE: Readonly<Record<IntervalPart, readonly ['months' | 'days' | 'micros', bigint]>> = {
  YEAR: ['months', 12n],
  QUARTER: ['months', 3n],
  MONTH: ['months', 1n],
  WEEK: ['days', 7n],
  DAY: ['days', 1n],
  HOUR: ['micros', HOUR],
  MINUTE: ['micros', MINUTE],
  SECOND: ['micros', SECOND],
  MILLISECOND: ['micros', 1000n],
  MICROSECOND: ['micros', 1n],
};

export const isIntervalPart = (part: string): part is IntervalPart => Object.hasOwn(PART_SIZE, part);

const within = (value: bigint, limit: bigint): boolean => value >= -limit && value <= limit;

/** Fails if a part is beyond ten thousand years, as GoogleSQL's do. */
export function intervalOf(months: bigint, days: bigint, micros: bigint): Parsed<Interval> {
  const outside = (name: string, value: bigint, limit: bigint) =>
    failed(`Interval field ${name} '${value}' is out of range -${limit} to ${limit}`);
  if (!within(months, BigInt(MAX_MONTHS))) return outside('months', months, BigInt(MAX_MONTHS));
  if (!within(days, BigInt(MAX_DAYS))) return outside('days', days, BigInt(MAX_DAYS));
  if (!within(micros, MAX_MICROS)) return outside('microseconds', micros, MAX_MICROS);
  return done({ months: Number(months), days: Number(days), micros });
}

/** `INTERVAL 5 WEEK` */
export function intervalOfPart(value: bigint, part: IntervalPart): Parsed<Interval> {
  const [field, size] = PART_SIZE[part];
  const total = value * size;
  return intervalOf(
    field === 'months' ? total : 0n,
    field === 'days' ? total : 0n,
    field === 'micros' ? total : 0n,
  );
}

/** `1-2 -3 4:5:6.789` */
export function intervalText({ months, days, micros }: Interval): string {
  const total = Math.abs(months);
  const rest = micros < 0n ? -micros : micros;
  const fraction = Number(rest % SECOND);
  const shown =
    fraction === 0
      ? ''
      : `.${fraction % 1000 === 0 ? String(fraction / 1000).padStart(3, '0') : String(fraction).padStart(6, '0')}`;
  const yearMonth = `${months < 0 ? '-' : ''}${Math.trunc(total / 12)}-${total % 12}`;
  const time = `${rest / HOUR}:${(rest % HOUR) / MINUTE}:${(rest % MINUTE) / SECOND}${shown}`;
  return `${yearMonth} ${days} ${micros < 0n ? '-' : ''}${time}`;
}

const bad = (text: string, why = ''): Parsed<never> =>
  failed(`Invalid INTERVAL value '${text.length > 50 ? `${text.slice(0, 50)}...` : text}'${why}`);

const YEARS = '([-+])?(\\d+)-(\\d+)';
const MONTHS = '([-+])?()(\\d+)';
const NONE = '()()()';
const DAYS = '([-+]?\\d+)';
const NO_DAYS = '()';
const toHour = '([-+])?(\\d+)()()()';
const toMinute = '([-+])?(\\d+):(\\d+)()()';
const toSecond = '([-+])?(\\d+):(\\d+):(\\d+)(?:\\.(\\d+))?';
const NO_TIME = '()()()()()';
const whole = (...parts: readonly string[]): RegExp => new RegExp(`^${parts.join('')}$`);

/** Groups: sign, years, months; days; sign, hours, minutes, seconds, fraction. */
const BETWEEN: Readonly<Record<string, RegExp>> = {
  'YEAR TO MONTH': whole(YEARS, NO_DAYS, NO_TIME),
  'YEAR TO DAY': whole(YEARS, ' ', DAYS, NO_TIME),
  'YEAR TO HOUR': whole(YEARS, ' ', DAYS, ' ', toHour),
  'YEAR TO MINUTE': whole(YEARS, ' ', DAYS, ' ', toMinute),
  'YEAR TO SECOND': whole(YEARS, ' ', DAYS, ' ', toSecond),
  'MONTH TO DAY': whole(MONTHS, ' ', DAYS, NO_TIME),
  'MONTH TO HOUR': whole(MONTHS, ' ', DAYS, ' ', toHour),
  'MONTH TO MINUTE': whole(MONTHS, ' ', DAYS, ' ', toMinute),
  'MONTH TO SECOND': whole(MONTHS, ' ', DAYS, ' ', toSecond),
  'DAY TO HOUR': whole(NONE, DAYS, ' ', toHour),
  'DAY TO MINUTE': whole(NONE, DAYS, ' ', toMinute),
  'DAY TO SECOND': whole(NONE, DAYS, ' ', toSecond),
  'HOUR TO MINUTE': whole(NONE, NO_DAYS, toMinute),
  'HOUR TO SECOND': whole(NONE, NO_DAYS, toSecond),
  'MINUTE TO SECOND': whole(NONE, NO_DAYS, '([-+])?()(\\d+):(\\d+)(?:\\.(\\d+))?'),
};

/** `INTERVAL '1-2 3' YEAR TO DAY`: `parts` is `YEAR TO DAY`. A fraction has at most six digits. */
export function parseIntervalBetween(text: string, parts: string): Parsed<Interval> {
  const form = BETWEEN[parts];
  if (!form) return failed(`Invalid interval datetime fields: ${parts}`);
  const m = form.exec(text);
  if (!m || (m[9]?.length ?? 0) > 6) return bad(text);
  const number = (at: number): bigint => BigInt((m[at] || '0').replace('+', ''));
  const months = number(2) * 12n + number(3);
  const micros =
    number(6) * HOUR + number(7) * MINUTE + number(8) * SECOND + BigInt((m[9] ?? '').padEnd(6, '0'));
  return intervalOf(m[1] === '-' ? -months : months, number(4), m[5] === '-' ? -micros : micros);
}

/** `CAST('1-2 3 4:5:6' AS INTERVAL)`, ISO 8601 (`P1Y2DT3H`) included. */
export function parseInterval(text: string): Parsed<Interval> {
  if (text.startsWith('P')) return parseIso(text);
  const count = (form: RegExp): number => text.match(form)?.length ?? 0;
  const shape = `${count(/ /g)}${count(/:/g)}${count(/(?<=\d)-/g)}`;
  const parts: Readonly<Record<string, string>> = {
    '221': 'YEAR TO SECOND',
    '211': 'YEAR TO MINUTE',
    '201': 'YEAR TO HOUR',
    '101': 'YEAR TO DAY',
    '001': 'YEAR TO MONTH',
    '200': 'MONTH TO HOUR',
    '210': 'MONTH TO MINUTE',
    '220': 'MONTH TO SECOND',
    '110': 'DAY TO MINUTE',
    '120': 'DAY TO SECOND',
    '020': 'HOUR TO SECOND',
  };
  const form = parts[shape];
  return form ? parseIntervalBetween(text, form) : bad(text);
}

/** ISO 8601 durations, with GoogleSQL's liberties: signs at each number, any order, repeated parts. */
function parseIso(text: string): Parsed<Interval> {
  if (!/^P(?:-?\d+[YMWD])*(?:T(?:-?\d+[HM]|-?\d+(?:[.,]\d{1,6})?S)*)?$/.test(text) || text === 'P')
    return bad(text);
  const [date, time = ''] = text.slice(1).split('T');
  const sum = { months: 0n, days: 0n, micros: 0n };
  for (const [, number, unit] of (date ?? '').matchAll(/(-?\d+)([YMWD])/g)) {
    if (unit === 'Y') sum.months += BigInt(number ?? 0) * 12n;
    else if (unit === 'M') sum.months += BigInt(number ?? 0);
    else sum.days += BigInt(number ?? 0) * (unit === 'W' ? 7n : 1n);
  }
  for (const [, sign, number, fraction, unit] of time.matchAll(/(-?)(\d+)(?:[.,](\d+))?([HMS])/g)) {
    const size = unit === 'H' ? HOUR : unit === 'M' ? MINUTE : SECOND;
    const micros = BigInt(number ?? 0) * size + BigInt((fraction ?? '').padEnd(6, '0'));
    sum.micros += sign === '-' ? -micros : micros;
  }
  return intervalOf(sum.months, sum.days, sum.micros);
}

/** `EXTRACT(part FROM interval)`; undefined if an interval has no such part. */
export function extractInterval({ months, days, micros }: Interval, part: string): bigint | undefined {
  switch (part) {
    case 'YEAR':
      return BigInt(Math.trunc(months / 12));
    case 'MONTH':
      return BigInt(months % 12);
    case 'DAY':
      return BigInt(days);
    case 'HOUR':
      return micros / HOUR;
    case 'MINUTE':
      return (micros % HOUR) / MINUTE;
    case 'SECOND':
      return (micros % MINUTE) / SECOND;
    case 'MILLISECOND':
      return (micros % SECOND) / 1000n;
    case 'MICROSECOND':
      return micros % SECOND;
    default:
      return undefined;
  }
}

/** Whole 24 hours become days. */
export function justifyHours(v: Interval): Parsed<Interval> {
  let days = BigInt(v.days) + v.micros / DAY;
  let micros = v.micros % DAY;
  if (days > 0n && micros < 0n) [micros, days] = [micros + DAY, days - 1n];
  else if (days < 0n && micros > 0n) [micros, days] = [micros - DAY, days + 1n];
  return intervalOf(BigInt(v.months), days, micros);
}

/** Whole 30 days become months. */
export function justifyDays(v: Interval): Parsed<Interval> {
  let months = v.months + Math.trunc(v.days / 30);
  let days = v.days % 30;
  if (months > 0 && days < 0) [days, months] = [days + 30, months - 1];
  else if (months < 0 && days > 0) [days, months] = [days - 30, months + 1];
  return intervalOf(BigInt(months), BigInt(days), v.micros);
}

/** Both, and all parts get one sign. */
export function justifyInterval(v: Interval): Parsed<Interval> {
  const allDays = BigInt(v.days) + v.micros / DAY;
  let micros = v.micros % DAY;
  let months = BigInt(v.months) + allDays / 30n;
  let days = allDays % 30n;
  if (months > 0n && (days < 0n || (days === 0n && micros < 0n))) [days, months] = [days + 30n, months - 1n];
  else if (months < 0n && (days > 0n || (days === 0n && micros > 0n)))
    [days, months] = [days - 30n, months + 1n];
  if (days > 0n && micros < 0n) [micros, days] = [micros + DAY, days - 1n];
  else if (days < 0n && micros > 0n) [micros, days] = [micros - DAY, days + 1n];
  return intervalOf(months, days, micros);
}

/** `interval / n`: what months do not divide into becomes days of 30, what days do not, hours; cut to microseconds. */
export function divideInterval(v: Interval, by: bigint): Parsed<Interval> {
  if (by === 0n) return failed('Interval division by zero');
  const months = BigInt(v.months) / by;
  const days = BigInt(v.days) + (BigInt(v.months) % by) * 30n;
  return intervalOf(months, days / by, (v.micros + (days % by) * DAY) / by);
}

/** `INTERVAL '1-2 3' YEAR TO DAY` as canonical text, undefined where GoogleSQL reports an invalid literal. */
export function canonicalInterval(text: string, from: string, to: string): string | undefined {
  const parsed = parseIntervalBetween(text, `${from} TO ${to}`);
  return parsed.ok ? intervalText(parsed.value) : undefined;
}
