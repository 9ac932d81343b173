import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, ...signatures: string[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
});

const FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/** Fields by position, then by name: one signature for each number of the former. */
const makeInterval = FIELDS.map((_, named) => {
  const positional = FIELDS.length - named;
  return `${FIELDS.map((f, i) => (i < positional ? 'INT64?' : `${f} => INT64?`)).join(', ')} -> INTERVAL`;
});

/** Interval functions. Source: BigQuery reference, "Interval functions". */
export const intervalFunctions: readonly FunctionEntry[] = [
  scalar('JUSTIFY_DAYS', 'INTERVAL -> INTERVAL'),
  scalar('JUSTIFY_HOURS', 'INTERVAL -> INTERVAL'),
  scalar('JUSTIFY_INTERVAL', 'INTERVAL -> INTERVAL'),
  scalar(
    'MAKE_INTERVAL',
    ...makeInterval,
    FIELDS.map((f) => `${f} => INT64?`)
      .join(', ')
      .concat(' -> INTERVAL'),
  ),
];
