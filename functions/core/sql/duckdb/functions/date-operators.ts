import { typeText } from '../../types.ts';
import type { Render, RenderCall, Rendered } from '../render.ts';
import { typeName } from './help.ts';

const misunderstood = (call: RenderCall): Rendered => ({
  refuse: `it is not understood for ${call.types.map(typeText).join(', ')}`,
});

const negated = (interval: string): string => `sluice_interval_negate(${interval})`;

/** DATE + INTERVAL is a DATETIME. */
function plusInterval(value: string, type: string, interval: string, call: RenderCall): Rendered {
  switch (type) {
    case 'DATE':
      return `sluice_datetime_add(CAST(${value} AS TIMESTAMP), ${interval})`;
    case 'DATETIME':
      return `sluice_datetime_add(${value}, ${interval})`;
    case 'TIMESTAMP':
      return `sluice_timestamp_add(${value}, ${interval})`;
    case 'INTERVAL':
      return `sluice_interval_plus(${value}, ${interval})`;
    default:
      return misunderstood(call);
  }
}

/** `+` where a date, time or interval stands on a side. */
export const dateAdd: Render = ([a = '', b = ''], call) => {
  const [left, right] = [typeName(call.types[0]), typeName(call.types[1])];
  if (left === 'DATE' && right === 'INT64') return `sluice_date_plus_days(${a}, ${b})`;
  if (left === 'INT64' && right === 'DATE') return `sluice_date_plus_days(${b}, ${a})`;
  if (right === 'INTERVAL') return plusInterval(a, left, b, call);
  if (left === 'INTERVAL') return plusInterval(b, right, a, call);
  return misunderstood(call);
};

/** `-` where a date, time or interval stands on a side. */
export const dateSubtract: Render = ([a = '', b = ''], call) => {
  const [left, right] = [typeName(call.types[0]), typeName(call.types[1])];
  if (left === 'DATE' && right === 'INT64') return `sluice_date_plus_days(${a}, sluice_int64_negate(${b}))`;
  if (left === 'INTERVAL' && right === 'INTERVAL') return `sluice_interval_minus(${a}, ${b})`;
  if (right === 'INTERVAL') return plusInterval(a, left, negated(b), call);
  if (left !== right) return misunderstood(call);
  switch (left) {
    case 'DATE':
      return `sluice_datetimes_between(CAST(${a} AS TIMESTAMP), CAST(${b} AS TIMESTAMP))`;
    case 'DATETIME':
      return `sluice_datetimes_between(${a}, ${b})`;
    case 'TIMESTAMP':
      return `sluice_timestamps_between(${a}, ${b})`;
    case 'TIME':
      return `sluice_times_between(${a}, ${b})`;
    default:
      return misunderstood(call);
  }
};

/** `INTERVAL * INT64`, either way round. */
export const intervalMultiply: Render = ([a = '', b = ''], call) =>
  typeName(call.types[0]) === 'INTERVAL'
    ? `sluice_interval_times(${a}, ${b})`
    : `sluice_interval_times(${b}, ${a})`;

/** `INTERVAL / INT64` */
export const intervalDivide: Render = ([a = '', b = '']) => `sluice_interval_divided(${a}, ${b})`;

/** `INTERVAL x DAY`: the value and its part. */
export const intervalRender: Render = ([value = '', part = '']) =>
  `sluice_interval_of_part(${value}, ${part})`;
