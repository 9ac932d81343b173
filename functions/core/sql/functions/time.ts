import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, ...signatures: string[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
});

/** Time functions. Source: BigQuery reference, "Time functions". */
export const timeFunctions: readonly FunctionEntry[] = [
  { name: 'CURRENT_TIME', kind: 'scalar', signatures: ['STRING? -> TIME'], effects: ['clock'] },
  scalar('FORMAT_TIME', 'STRING, TIME -> STRING'),
  scalar('PARSE_TIME', 'STRING, STRING -> TIME'),
  scalar(
    'TIME',
    'INT64, INT64, INT64 -> TIME',
    'TIMESTAMP, STRING? -> TIME',
    'DATETIME -> TIME',
    'TIME -> TIME',
  ),
  scalar('TIME_ADD', 'TIME, INTERVAL -> TIME'),
  scalar('TIME_DIFF', 'TIME, TIME, PART -> INT64'),
  scalar('TIME_SUB', 'TIME, INTERVAL -> TIME'),
  scalar('TIME_TRUNC', 'TIME, PART -> TIME'),
];
