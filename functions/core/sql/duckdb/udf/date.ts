import { bucketDate, bucketDatetime, bucketTimestamp } from '../../values/bucket.ts';
import { castFormat } from '../../values/cast-format.ts';
import { castParse } from '../../values/cast-parse.ts';
import {
  civilTime,
  daysFromCivil,
  isoWeek,
  isValidMicros,
  splitMicros,
  weekStart,
} from '../../values/civil.ts';
import {
  addToDate,
  addToDatetime,
  addToTime,
  addToTimestamp,
  dateOf,
  diffDatetimes,
  diffDays,
  diffTimestamps,
  lastDay,
  timeOf,
  truncateDate,
  truncateDatetime,
  truncateTimestamp,
  weekStartOf,
} from '../../values/date-math.ts';
import {
  datetimeText,
  parseDate,
  parseDatetime,
  parseTime,
  parseTimestamp,
  saysZone,
  timestampText,
  timeText,
} from '../../values/date-text.ts';
import { type FormatKind, formatTime } from '../../values/format-time.ts';
import { type Interval, intervalOf } from '../../values/interval.ts';
import { parseFormatted } from '../../values/parse-time.ts';
import { fromLocal, parseZone, toLocal, UTC, type Zone } from '../../values/zone.ts';
import { type Udf, UdfError } from '../udf.ts';
import { orFail, remembered, strict } from './make.ts';

const zoneOf: (text: string) => Zone = remembered((text: string) => orFail(parseZone(text)));
const day = (days: bigint): number => Number(days);

/** A civil time of years 1 to 9999; a zone can show others. */
function valid(micros: bigint, what: string): bigint {
  if (!isValidMicros(micros)) throw new UdfError(`Invalid ${what} extracted from timestamp`);
  return micros;
}

/** EXTRACT of parts that DuckDB counts otherwise or lacks. */
function extract(micros: bigint, part: string): bigint {
  const { days } = splitMicros(micros);
  const week = weekStartOf(part);
  if (part === 'ISOWEEK') return BigInt(isoWeek(days).week);
  if (part === 'ISOYEAR') return BigInt(isoWeek(days).year);
  const civil = civilTime(micros);
  if (week !== undefined) {
    const first = daysFromCivil(civil.year, 1, 1);
    const firstWeek = weekStart(first + 6, week);
    return days < firstWeek ? 0n : BigInt(Math.floor((days - firstWeek) / 7) + 1);
  }
  switch (part) {
    case 'MILLISECOND':
      return BigInt(Math.floor(civil.micros / 1000));
    case 'MICROSECOND':
      return BigInt(civil.micros);
    default:
      throw new UdfError(`EXTRACT does not support the ${part} date part`);
  }
}

function timestampOfText(text: string, zone: string): bigint {
  if (saysZone(text)) {
    throw new UdfError('A timezone is not allowed when a time zone argument is also given');
  }
  return orFail(parseTimestamp(text, zoneOf(zone)));
}

const format = (kind: FormatKind) => (pattern: string, micros: bigint, zone?: string) =>
  orFail(formatTime(pattern, micros, kind, zone === undefined ? UTC : zoneOf(zone)));

const DAY = 86_400_000_000n;

const texts: readonly Udf[] = [
  strict('time_text', ['TIME'], 'VARCHAR', (v: bigint) => timeText(Number(v))),
  strict('datetime_text', ['TIMESTAMP', 'VARCHAR'], 'VARCHAR', (v: bigint, separator: string) =>
    datetimeText(v, separator === ' ' ? ' ' : 'T'),
  ),
  strict('timestamp_text', ['TIMESTAMP', 'VARCHAR'], 'VARCHAR', (v: bigint, zone: string) =>
    timestampText(v, zoneOf(zone)),
  ),
  strict('date_of_text', ['VARCHAR'], 'DATE', (text: string) => BigInt(orFail(parseDate(text)))),
  strict('time_of_text', ['VARCHAR'], 'TIME', (text: string) => BigInt(orFail(parseTime(text)))),
  strict('datetime_of_text', ['VARCHAR'], 'TIMESTAMP', (text: string) => orFail(parseDatetime(text))),
  strict('timestamp_of_text', ['VARCHAR', 'VARCHAR'], 'TIMESTAMP', (text: string, zone: string) =>
    orFail(parseTimestamp(text, zoneOf(zone))),
  ),
  strict('timestamp_of_utc', ['VARCHAR'], 'TIMESTAMP', (text: string) => orFail(parseTimestamp(text))),
  strict('timestamp_of_zoneless', ['VARCHAR', 'VARCHAR'], 'TIMESTAMP', timestampOfText),
  strict('format_date', ['VARCHAR', 'DATE'], 'VARCHAR', (pattern: string, v: bigint) =>
    format('DATE')(pattern, v * DAY),
  ),
  strict('format_time', ['VARCHAR', 'TIME'], 'VARCHAR', format('TIME')),
  strict('format_datetime', ['VARCHAR', 'TIMESTAMP'], 'VARCHAR', format('DATETIME')),
  strict('format_timestamp', ['VARCHAR', 'TIMESTAMP', 'VARCHAR'], 'VARCHAR', format('TIMESTAMP')),
  strict(
    'cast_format',
    ['VARCHAR', 'TIMESTAMP', 'VARCHAR', 'VARCHAR'],
    'VARCHAR',
    (pattern: string, v: bigint, kind: FormatKind, zone: string) =>
      orFail(castFormat(pattern, v, kind, zoneOf(zone))),
  ),
  strict(
    'cast_parse',
    ['VARCHAR', 'VARCHAR', 'VARCHAR', 'BIGINT'],
    'BIGINT',
    (pattern: string, text: string, kind: FormatKind, century: bigint) =>
      orFail(castParse(pattern, text, kind, Number(century))),
  ),
  strict('parse_date', ['VARCHAR', 'VARCHAR'], 'DATE', (pattern: string, text: string) =>
    BigInt(splitMicros(orFail(parseFormatted(pattern, text, 'DATE'))).days),
  ),
  strict('parse_time', ['VARCHAR', 'VARCHAR'], 'TIME', (pattern: string, text: string) =>
    BigInt(splitMicros(orFail(parseFormatted(pattern, text, 'TIME'))).ofDay),
  ),
  strict('parse_datetime', ['VARCHAR', 'VARCHAR'], 'TIMESTAMP', (pattern: string, text: string) =>
    orFail(parseFormatted(pattern, text, 'DATETIME')),
  ),
  strict(
    'parse_timestamp',
    ['VARCHAR', 'VARCHAR', 'VARCHAR'],
    'TIMESTAMP',
    (pattern: string, text: string, zone: string) =>
      orFail(parseFormatted(pattern, text, 'TIMESTAMP', zoneOf(zone))),
  ),
];

const arithmetic: readonly Udf[] = [
  strict('date_add', ['DATE', 'INTERVAL'], 'DATE', (v: bigint, by: Interval) =>
    BigInt(orFail(addToDate(day(v), by))),
  ),
  strict('datetime_add', ['TIMESTAMP', 'INTERVAL'], 'TIMESTAMP', (v: bigint, by: Interval) =>
    orFail(addToDatetime(v, by)),
  ),
  strict('timestamp_add', ['TIMESTAMP', 'INTERVAL'], 'TIMESTAMP', (v: bigint, by: Interval) =>
    orFail(addToTimestamp(v, by)),
  ),
  strict('time_add', ['TIME', 'INTERVAL'], 'TIME', (v: bigint, by: Interval) => orFail(addToTime(v, by))),
  strict('date_plus_days', ['DATE', 'BIGINT'], 'DATE', (v: bigint, days: bigint) => {
    const whole = days > 10_000_000n ? 10_000_000 : days < -10_000_000n ? -10_000_000 : Number(days);
    return BigInt(orFail(addToDate(day(v), { months: 0, days: whole, micros: 0n })));
  }),
  strict('date_diff', ['DATE', 'DATE', 'VARCHAR'], 'BIGINT', (a: bigint, b: bigint, part: string) =>
    orFail(diffDays(day(a), day(b), part)),
  ),
  strict(
    'datetime_diff',
    ['TIMESTAMP', 'TIMESTAMP', 'VARCHAR'],
    'BIGINT',
    (a: bigint, b: bigint, p: string) => orFail(diffDatetimes(a, b, p)),
  ),
  strict(
    'timestamp_diff',
    ['TIMESTAMP', 'TIMESTAMP', 'VARCHAR'],
    'BIGINT',
    (a: bigint, b: bigint, p: string) => orFail(diffTimestamps(a, b, p)),
  ),
  strict('time_diff', ['TIME', 'TIME', 'VARCHAR'], 'BIGINT', (a: bigint, b: bigint, part: string) =>
    orFail(diffDatetimes(a, b, part)),
  ),
  strict('datetimes_between', ['TIMESTAMP', 'TIMESTAMP'], 'INTERVAL', (a: bigint, b: bigint) =>
    orFail(intervalOf(0n, (a - b) / DAY, (a - b) % DAY)),
  ),
  strict('times_between', ['TIME', 'TIME'], 'INTERVAL', (a: bigint, b: bigint) =>
    orFail(intervalOf(0n, 0n, a - b)),
  ),
  strict('int64_negate', ['BIGINT'], 'BIGINT', (v: bigint) => (v === -(2n ** 63n) ? 2n ** 63n - 1n : -v)),
  strict('timestamps_between', ['TIMESTAMP', 'TIMESTAMP'], 'INTERVAL', (a: bigint, b: bigint) =>
    orFail(intervalOf(0n, 0n, a - b)),
  ),
];

const parts: readonly Udf[] = [
  strict('date_trunc', ['DATE', 'VARCHAR'], 'DATE', (v: bigint, part: string) =>
    BigInt(orFail(truncateDate(day(v), part))),
  ),
  strict('datetime_trunc', ['TIMESTAMP', 'VARCHAR'], 'TIMESTAMP', (v: bigint, part: string) =>
    orFail(truncateDatetime(v, part)),
  ),
  strict(
    'timestamp_trunc',
    ['TIMESTAMP', 'VARCHAR', 'VARCHAR'],
    'TIMESTAMP',
    (v: bigint, p: string, zone: string) => orFail(truncateTimestamp(v, p, zoneOf(zone))),
  ),
  strict('time_trunc', ['TIME', 'VARCHAR'], 'TIME', (v: bigint, part: string) => {
    if (weekStartOf(part) !== undefined || /^(?:DAY|MONTH|QUARTER|(?:ISO)?YEAR)$/.test(part)) {
      throw new UdfError(`TIME_TRUNC does not support the ${part} date part`);
    }
    return orFail(truncateDatetime(v, part));
  }),
  strict('last_day', ['DATE', 'VARCHAR'], 'DATE', (v: bigint, part: string) =>
    BigInt(orFail(lastDay(day(v), part))),
  ),
  strict('extract', ['TIMESTAMP', 'VARCHAR'], 'BIGINT', extract),
  strict('date_of', ['BIGINT', 'BIGINT', 'BIGINT'], 'DATE', (y: bigint, m: bigint, d: bigint) =>
    BigInt(orFail(dateOf(y, m, d))),
  ),
  strict('time_of', ['BIGINT', 'BIGINT', 'BIGINT'], 'TIME', (h: bigint, m: bigint, s: bigint) =>
    orFail(timeOf(h, m, s)),
  ),
  strict(
    'datetime_of',
    ['BIGINT', 'BIGINT', 'BIGINT', 'BIGINT', 'BIGINT', 'BIGINT'],
    'TIMESTAMP',
    (y: bigint, m: bigint, d: bigint, h: bigint, min: bigint, s: bigint) => {
      const sixty = s === 60n;
      const ofDay = orFail(timeOf(h, min, sixty ? 59n : s)) + (sixty ? 1_000_000n : 0n);
      const micros = BigInt(orFail(dateOf(y, m, d))) * DAY + ofDay;
      if (!isValidMicros(micros)) throw new UdfError(`Input calculates to invalid datetime: ${y}-${m}-${d}`);
      return micros;
    },
  ),
  strict('date_bucket', ['DATE', 'INTERVAL', 'DATE'], 'DATE', (v: bigint, width: Interval, origin: bigint) =>
    BigInt(orFail(bucketDate(day(v), width, day(origin)))),
  ),
  strict(
    'datetime_bucket',
    ['TIMESTAMP', 'INTERVAL', 'TIMESTAMP'],
    'TIMESTAMP',
    (v: bigint, w: Interval, o: bigint) => orFail(bucketDatetime(v, w, o)),
  ),
  strict(
    'timestamp_bucket',
    ['TIMESTAMP', 'INTERVAL', 'TIMESTAMP'],
    'TIMESTAMP',
    (v: bigint, w: Interval, o: bigint) => orFail(bucketTimestamp(v, w, o)),
  ),
];

const zones: readonly Udf[] = [
  strict('clock_at', ['TIMESTAMP', 'VARCHAR'], 'TIMESTAMP', (v: bigint, zone: string) =>
    toLocal(zoneOf(zone), v),
  ),
  strict('datetime_at', ['TIMESTAMP', 'VARCHAR'], 'TIMESTAMP', (v: bigint, zone: string) =>
    valid(toLocal(zoneOf(zone), v), 'datetime'),
  ),
  strict('timestamp_at', ['TIMESTAMP', 'VARCHAR'], 'TIMESTAMP', (v: bigint, zone: string) => {
    const micros = fromLocal(zoneOf(zone), v);
    if (!isValidMicros(micros))
      throw new UdfError(
        `Cannot convert Datetime ${datetimeText(v, ' ')} at timezone ${zone} to a Timestamp`,
      );
    return micros;
  }),
  strict('unix_timestamp', ['BIGINT', 'BIGINT'], 'TIMESTAMP', (v: bigint, unit: bigint) => {
    const micros = v * unit;
    if (!isValidMicros(micros)) throw new UdfError(`Invalid timestamp: ${v}`);
    return micros;
  }),
  strict('unix_date', ['BIGINT'], 'DATE', (v: bigint) => {
    if (v < -719162n || v > 2932896n) throw new UdfError(`Invalid date: ${v}`);
    return v;
  }),
];

/** Dates, datetimes, times and timestamps: what DuckDB computes otherwise than GoogleSQL. */
export const dateUdfs: readonly Udf[] = [...texts, ...arithmetic, ...parts, ...zones];
