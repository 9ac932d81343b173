import type { Render, Rendered } from '../render.ts';
import { partOf, typeName, word } from './help.ts';

/** Parts that DuckDB extracts as GoogleSQL does, and how. */
const DATE_PARTS: Readonly<Record<string, (v: string) => string>> = {
  YEAR: (v) => `year(${v})`,
  QUARTER: (v) => `quarter(${v})`,
  MONTH: (v) => `month(${v})`,
  DAY: (v) => `day(${v})`,
  DAYOFWEEK: (v) => `(dayofweek(${v}) + 1)`,
  DAYOFYEAR: (v) => `dayofyear(${v})`,
};

const TIME_PARTS: Readonly<Record<string, (v: string) => string>> = {
  HOUR: (v) => `hour(${v})`,
  MINUTE: (v) => `minute(${v})`,
  SECOND: (v) => `second(${v})`,
  MILLISECOND: (v) => `(millisecond(${v}) % 1000)`,
  MICROSECOND: (v) => `(microsecond(${v}) % 1000000)`,
};

/** `EXTRACT(part FROM value [AT TIME ZONE zone])`: the part is a constant, the zone only stands with a TIMESTAMP. */
export const extractRender: Render = (args, call): Rendered => {
  const [, value = '', zone] = args;
  const part = partOf(call, 0);
  const type = typeName(call.types[1]);
  if (type === 'INTERVAL') return `sluice_interval_part(${value}, ${word(part)})`;
  const shown = zone === undefined ? value : `sluice_clock_at(${value}, ${zone})`;
  if (part === 'DATE' || part === 'TIME' || part === 'DATETIME') return wholePart(part, value, zone);
  const native = DATE_PARTS[part] ?? TIME_PARTS[part];
  if (type === 'TIME') return TIME_PARTS[part]?.(value) ?? { refuse: `a TIME has no part ${part}` };
  if (native) return native(shown);
  return `sluice_extract(${type === 'DATE' ? `CAST(${value} AS TIMESTAMP)` : shown}, ${word(part)})`;
};

function wholePart(part: 'DATE' | 'TIME' | 'DATETIME', value: string, zone: string | undefined): Rendered {
  const local = zone === undefined ? value : `sluice_datetime_at(${value}, ${zone})`;
  return part === 'DATETIME' ? local : `CAST(${local} AS ${part})`;
}
