/** Checks of a parameter's text against its type's limits: what is wrong with it, or undefined. */
type Check = (text: string) => string | undefined;

const int64 = /^[+-]?[0-9]{1,19}$/;
const decimal = /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,5}))?$/;
const float = /^[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf(?:inity)?|nan)$/i;
const dateText = /^([0-9]{1,4})-([0-9]{1,2})-([0-9]{1,2})$/;
const timeText = /^([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:\.([0-9]{1,6}))?$/;
const zone = /^ ?(?:Z|UTC|[+-][0-9]{1,2}(?::?[0-9]{2})?|[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*)$/i;
const interval = /^[+-]?[0-9]+-[0-9]+ [+-]?[0-9]+ [+-]?[0-9]+:[0-9]+:[0-9]+(?:\.[0-9]+)?$/;
const isoInterval = /^P(?=.)(?:[+-]?[0-9]+[YMWD])*(?:T(?:[+-]?[0-9]+(?:[.,][0-9]+)?[HMS])+)?$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;
const base64url = /^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}(?:==)?|[A-Za-z0-9_-]{3}=?)?$/;

const says = (passes: boolean, wanted: string): string | undefined => (passes ? undefined : wanted);

function isInt64(text: string): boolean {
  if (!int64.test(text)) return false;
  const value = BigInt(text.replace('+', ''));
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}

/** Digits before and behind the point, exponent applied, zeros that count for nothing left out. */
function digits(text: string): { whole: string; fraction: string } | undefined {
  const parts = decimal.exec(text);
  const whole = parts?.[2] ?? '';
  const fraction = parts?.[3] ?? '';
  if (parts === null || whole + fraction === '') return undefined;
  const shift = Number(parts[4] ?? 0);
  if (Math.abs(shift) > 400) return undefined;
  const all = whole + fraction;
  const point = whole.length + shift;
  const padded = point < 0 ? '0'.repeat(-point) + all : all.padEnd(point, '0');
  const cut = Math.max(point, 0);
  return {
    whole: padded.slice(0, cut).replace(/^0+/, ''),
    fraction: padded.slice(cut).replace(/0+$/, ''),
  };
}

const fixedPoint =
  (wholeDigits: number, fractionDigits: number, name: string): Check =>
  (text) => {
    const found = digits(text);
    return says(
      found !== undefined && found.whole.length <= wholeDigits && found.fraction.length <= fractionDigits,
      `${name} has at most ${wholeDigits} digits before and ${fractionDigits} behind the point`,
    );
  };

function isDate(text: string): boolean {
  const [, year, month, day] = (dateText.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined || year < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (lengths[month - 1] ?? 0);
}

function isTime(text: string): boolean {
  const [, hour, minute, second] = (timeText.exec(text) ?? []).map(Number);
  return (
    hour !== undefined &&
    minute !== undefined &&
    second !== undefined &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  );
}

/** A date and a time, and what stands behind them. */
function moment(text: string): { date: string; time?: string; rest: string } | undefined {
  const parts =
    /^([0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2})(?:[ Tt]([0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]*)?))?(.*)$/.exec(
      text,
    );
  if (parts === null) return undefined;
  return {
    date: parts[1] ?? '',
    ...(parts[2] === undefined ? {} : { time: parts[2] }),
    rest: parts[3] ?? '',
  };
}

function isDatetime(text: string): boolean {
  const parts = moment(text);
  return (
    parts !== undefined &&
    parts.rest === '' &&
    isDate(parts.date) &&
    (parts.time === undefined || isTime(parts.time))
  );
}

function isTimestamp(text: string): boolean {
  const parts = moment(text);
  if (parts === undefined || !isDate(parts.date)) return false;
  if (parts.time !== undefined && !isTime(parts.time)) return false;
  return parts.rest === '' || zone.test(parts.rest);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const checks = {
  INT64: (text) =>
    says(isInt64(text), 'INT64 is a whole number from -9223372036854775808 to 9223372036854775807'),
  FLOAT64: (text) => says(float.test(text), 'FLOAT64 is a number, NaN, Infinity or -Infinity'),
  NUMERIC: fixedPoint(29, 9, 'NUMERIC'),
  BIGNUMERIC: fixedPoint(39, 38, 'BIGNUMERIC'),
  BOOL: (text) => says(/^(?:true|false)$/i.test(text), 'BOOL is true or false'),
  STRING: () => undefined,
  BYTES: (text) => says(base64.test(text) || base64url.test(text), 'BYTES is base64'),
  DATE: (text) => says(isDate(text), 'DATE is YYYY-MM-DD'),
  TIME: (text) => says(isTime(text), 'TIME is HH:MM:SS with at most 6 digits of fraction'),
  DATETIME: (text) =>
    says(isDatetime(text), 'DATETIME is YYYY-MM-DD HH:MM:SS with at most 6 digits of fraction'),
  TIMESTAMP: (text) =>
    says(
      isTimestamp(text),
      'TIMESTAMP is YYYY-MM-DD HH:MM:SS with at most 6 digits of fraction and a time zone',
    ),
  INTERVAL: (text) =>
    says(interval.test(text) || isoInterval.test(text), 'INTERVAL is Y-M D H:M:S or ISO 8601'),
  JSON: (text) => says(isJson(text), 'JSON is one JSON value'),
  GEOGRAPHY: (text) => says(text.trim() !== '', 'GEOGRAPHY is WKT or GeoJSON'),
} as const satisfies Record<string, Check>;

export type ScalarType = keyof typeof checks;

const aliases: Readonly<Record<string, ScalarType>> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  DECIMAL: 'NUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
  BOOLEAN: 'BOOL',
};

/** GoogleSQL's own name of a scalar type that a client wrote, or undefined. */
export function scalarType(name: string): ScalarType | undefined {
  const upper = name.toUpperCase();
  if (Object.hasOwn(checks, upper)) return upper as ScalarType;
  return Object.hasOwn(aliases, upper) ? aliases[upper] : undefined;
}

/** What is wrong with the text as a value of the type, or undefined. */
export const checkText = (type: ScalarType, text: string): string | undefined => checks[type](text);
