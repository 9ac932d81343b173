import type { Render, RenderTable } from '../render.ts';
import { addition, difference, now, subtraction, truncation } from './date.ts';
import { castToString } from './date-cast.ts';
import { byType, floorDivide } from './help.ts';

const at = (datetime: string, zone: string | undefined): string =>
  zone === undefined ? datetime : `sluice_timestamp_at(${datetime}, ${zone})`;

const timestampOf: Render = byType({
  STRING: ([text, zone]) =>
    zone === undefined
      ? `sluice_timestamp_of_text(${text}, 'UTC')`
      : `sluice_timestamp_of_zoneless(${text}, ${zone})`,
  DATE: ([value, zone]) => at(`CAST(${value} AS TIMESTAMP)`, zone),
  DATETIME: ([value = '', zone]) => at(value, zone),
  TIMESTAMP: ([value = '']) => value,
});

/** STRING of dates and times; JSON's is among the JSON functions. */
export const stringOfTime: Render = (args, call) =>
  castToString(args[0] ?? '', call.types[0] ?? call.result, args[1]);

const unix =
  (unit: string): Render =>
  ([value]) =>
    floorDivide(`epoch_us(${value})`, unit);

/** Timestamp functions. */
export const timestampRenderers: RenderTable = {
  CURRENT_TIMESTAMP: (_args, call) => now(call),
  FORMAT_TIMESTAMP: byType(
    {
      TIMESTAMP: ([pattern, value, zone = "'UTC'"]) =>
        `sluice_format_timestamp(${pattern}, ${value}, ${zone})`,
    },
    1,
  ),
  PARSE_TIMESTAMP: ([pattern, text, zone = "'UTC'"]) =>
    `sluice_parse_timestamp(${pattern}, ${text}, ${zone})`,
  TIMESTAMP: timestampOf,
  TIMESTAMP_ADD: addition,
  TIMESTAMP_BUCKET: ([value, width, origin = "TIMESTAMP '1950-01-01 00:00:00'"]) =>
    `sluice_timestamp_bucket(${value}, ${width}, ${origin})`,
  TIMESTAMP_DIFF: difference,
  TIMESTAMP_MICROS: ([value]) => `sluice_unix_timestamp(${value}, CAST(1 AS BIGINT))`,
  TIMESTAMP_MILLIS: ([value]) => `sluice_unix_timestamp(${value}, CAST(1000 AS BIGINT))`,
  TIMESTAMP_SECONDS: ([value]) => `sluice_unix_timestamp(${value}, CAST(1000000 AS BIGINT))`,
  TIMESTAMP_SUB: subtraction,
  TIMESTAMP_TRUNC: truncation,
  UNIX_MICROS: ([value]) => `epoch_us(${value})`,
  UNIX_MILLIS: unix('1000'),
  UNIX_SECONDS: unix('1000000'),
};
