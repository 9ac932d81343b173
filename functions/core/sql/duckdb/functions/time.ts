import type { Render, RenderTable } from '../render.ts';
import { clockAt, now } from './date.ts';
import { byType, ours, partOf, word } from './help.ts';

const timeOf: Render = byType({
  INT64: ours('time_of'),
  TIMESTAMP: ([value = '', zone]) =>
    `CAST(${zone === undefined ? value : `sluice_clock_at(${value}, ${zone})`} AS TIME)`,
  DATETIME: ([value]) => `CAST(${value} AS TIME)`,
  TIME: ([value = '']) => value,
});

/** Time functions. */
export const timeRenderers: RenderTable = {
  CURRENT_TIME: ([zone], call) => `CAST(${clockAt(now(call), zone)} AS TIME)`,
  FORMAT_TIME: ours('format_time'),
  PARSE_TIME: ours('parse_time'),
  TIME: timeOf,
  TIME_ADD: ours('time_add'),
  TIME_DIFF: ([a, b], call) => `sluice_time_diff(${a}, ${b}, ${word(partOf(call, 2))})`,
  TIME_SUB: ([value, interval]) => `sluice_time_add(${value}, sluice_interval_negate(${interval}))`,
  TIME_TRUNC: ([value], call) => `sluice_time_trunc(${value}, ${word(partOf(call, 1))})`,
};
