import type { Render, RenderCall, Rendered, RenderTable } from '../render.ts';
import { byType, ours, partOf, typeName, word } from './help.ts';

export { castFromString, castToString } from './date-cast.ts';
export { dateAdd, dateSubtract } from './date-operators.ts';
export { extractRender } from './extract.ts';

/** The moment the query started. */
export const now = (call: RenderCall): string => `make_timestamp(CAST(${call.nowMicros} AS BIGINT))`;

/** What clocks show at a zone (UTC without one), as a TIMESTAMP. */
export const clockAt = (timestamp: string, zone: string | undefined): string =>
  zone === undefined ? timestamp : `sluice_datetime_at(${timestamp}, ${zone})`;

/** `F_ADD` and `F_SUB`: the first argument's type decides, not the name. */
export const addition: Render = byType({
  DATE: ours('date_add'),
  DATETIME: ours('datetime_add'),
  TIMESTAMP: ours('timestamp_add'),
});
export const subtraction: Render = (args, call) =>
  addition([args[0] ?? '', `sluice_interval_negate(${args[1]})`], call);

const DIFFS: Readonly<Record<string, string>> = {
  DATE: 'date_diff',
  DATETIME: 'datetime_diff',
  TIMESTAMP: 'timestamp_diff',
};

/** Microseconds of the parts that two moments differ by, cut toward zero as DuckDB cuts. */
const PART_MICROS: Readonly<Record<string, string>> = {
  DAY: '86400000000',
  HOUR: '3600000000',
  MINUTE: '60000000',
  SECOND: '1000000',
  MILLISECOND: '1000',
  MICROSECOND: '1',
};

/** `F_DIFF`: days and months of dates are DuckDB's own, the rest is ours. */
export const difference: Render = (args, call): Rendered => {
  const [a = '', b = ''] = args;
  const part = partOf(call, 2);
  const type = typeName(call.types[0]);
  if (type === 'DATE' && part === 'DAY') return `(${a} - ${b})`;
  if (type === 'DATE' && (part === 'MONTH' || part === 'YEAR'))
    return `date_diff('${part.toLowerCase()}', ${b}, ${a})`;
  const micros = type === 'TIMESTAMP' ? PART_MICROS[part] : undefined;
  if (micros !== undefined) return `((epoch_us(${a}) - epoch_us(${b})) // ${micros})`;
  const name = DIFFS[type];
  return name ? `sluice_${name}(${a}, ${b}, ${word(part)})` : { refuse: `it is not understood for ${type}` };
};

/** Parts at which DuckDB cuts as GoogleSQL does. */
const NATIVE_TRUNC = new Set(['YEAR', 'QUARTER', 'MONTH', 'DAY']);
const NATIVE_TIME_TRUNC = new Set(['HOUR', 'MINUTE', 'SECOND', 'MILLISECOND', 'MICROSECOND']);

/** `F_TRUNC` */
export const truncation: Render = (args, call): Rendered => {
  const [value = '', , zone] = args;
  const part = partOf(call, 1);
  const type = typeName(call.types[0]);
  const known = NATIVE_TRUNC.has(part) || (type !== 'DATE' && NATIVE_TIME_TRUNC.has(part));
  const native = known && zone === undefined;
  const cut = `date_trunc('${part.toLowerCase()}', ${value})`;
  if (type === 'DATE') return native ? `CAST(${cut} AS DATE)` : `sluice_date_trunc(${value}, ${word(part)})`;
  if (native) return cut;
  if (type === 'DATETIME') return `sluice_datetime_trunc(${value}, ${word(part)})`;
  return `sluice_timestamp_trunc(${value}, ${word(part)}, ${zone ?? "'UTC'"})`;
};

const dateOf: Render = byType({
  TIMESTAMP: ([value = '', zone]) => `CAST(${clockAt(value, zone)} AS DATE)`,
  DATETIME: ([value]) => `CAST(${value} AS DATE)`,
  DATE: ([value = '']) => value,
  INT64: ours('date_of'),
});

const formatDate: Render = ([format = '', value = '', zone = "'UTC'"], call) => {
  switch (typeName(call.types[1])) {
    case 'DATE':
      return `sluice_format_date(${format}, ${value})`;
    case 'DATETIME':
      return `sluice_format_datetime(${format}, ${value})`;
    default:
      return `sluice_format_timestamp(${format}, ${value}, ${zone})`;
  }
};

/** Date functions. */
export const dateRenderers: RenderTable = {
  CURRENT_DATE: ([zone], call) => `CAST(${clockAt(now(call), zone)} AS DATE)`,
  DATE: dateOf,
  DATE_ADD: addition,
  DATE_BUCKET: ([value, width, origin = "DATE '1950-01-01'"]) =>
    `sluice_date_bucket(${value}, ${width}, ${origin})`,
  DATE_DIFF: difference,
  DATE_FROM_UNIX_DATE: ours('unix_date'),
  DATE_SUB: subtraction,
  DATE_TRUNC: truncation,
  FORMAT_DATE: formatDate,
  LAST_DAY: ([value], call) =>
    `sluice_last_day(CAST(${value} AS DATE), ${word(call.constantText(1) ?? 'MONTH')})`,
  PARSE_DATE: ours('parse_date'),
  UNIX_DATE: ([value]) => `(${value} - DATE '1970-01-01')`,
};
