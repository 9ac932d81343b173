import type { Render, RenderTable } from '../render.ts';
import { addition, clockAt, difference, now, subtraction, truncation } from './date.ts';
import { byType, ours, typeName } from './help.ts';

const datetimeOf: Render = byType({
  INT64: ours('datetime_of'),
  DATE: ([date = '', time], call) =>
    typeName(call.types[1]) === 'TIME' ? `(${date} + ${time})` : `CAST(${date} AS TIMESTAMP)`,
  TIMESTAMP: ([value = '', zone]) => clockAt(value, zone),
  DATETIME: ([value = '']) => value,
  STRING: ours('datetime_of_text'),
});

const format: Render = ([pattern = '', value = '', zone = "'UTC'"], call) =>
  typeName(call.types[1]) === 'TIMESTAMP'
    ? `sluice_format_timestamp(${pattern}, ${value}, ${zone})`
    : `sluice_format_datetime(${pattern}, ${value})`;

/** Datetime functions. */
export const datetimeRenderers: RenderTable = {
  CURRENT_DATETIME: ([zone], call) => clockAt(now(call), zone),
  DATETIME: datetimeOf,
  DATETIME_ADD: addition,
  DATETIME_BUCKET: ([value, width, origin = "TIMESTAMP '1950-01-01 00:00:00'"]) =>
    `sluice_datetime_bucket(${value}, ${width}, ${origin})`,
  DATETIME_DIFF: difference,
  DATETIME_SUB: subtraction,
  DATETIME_TRUNC: truncation,
  FORMAT_DATETIME: format,
  PARSE_DATETIME: ours('parse_datetime'),
};
