import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, ...signatures: string[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
});

/** Interval functions. Source: BigQuery reference, "Interval functions". */
export const intervalFunctions: readonly FunctionEntry[] = [
  scalar('JUSTIFY_DAYS', 'INTERVAL -> INTERVAL'),
  scalar('JUSTIFY_HOURS', 'INTERVAL -> INTERVAL'),
  scalar('JUSTIFY_INTERVAL', 'INTERVAL -> INTERVAL'),
  {
    name: 'MAKE_INTERVAL',
    kind: 'scalar',
    signatures: [
      'INT64?, INT64?, INT64?, INT64?, INT64?, INT64? -> INTERVAL',
      'year => INT64?, month => INT64?, day => INT64?, hour => INT64?, minute => INT64?, second => INT64? -> INTERVAL',
    ],
  },
];
