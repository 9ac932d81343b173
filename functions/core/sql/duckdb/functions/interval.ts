import type { RenderTable } from '../render.ts';
import { ours } from './help.ts';

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/** Interval functions. */
export const intervalRenderers: RenderTable = {
  JUSTIFY_DAYS: ours('justify_days'),
  JUSTIFY_HOURS: ours('justify_hours'),
  JUSTIFY_INTERVAL: ours('justify_interval'),
  MAKE_INTERVAL: (args, call) => {
    const values = FIELDS.map((field, i) => args[i] ?? call.named[field]?.text ?? 'CAST(0 AS BIGINT)');
    return `sluice_make_interval(${values.join(', ')})`;
  },
};
