import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, ...signatures: string[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
});

/** Datetime functions. Source: BigQuery reference, "Datetime functions". */
export const datetimeFunctions: readonly FunctionEntry[] = [
  { name: 'CURRENT_DATETIME', kind: 'scalar', signatures: ['STRING? -> DATETIME'], effects: ['clock'] },
  scalar(
    'DATETIME',
    'INT64, INT64, INT64, INT64, INT64, INT64 -> DATETIME',
    'DATE, TIME -> DATETIME',
    'TIMESTAMP, STRING? -> DATETIME',
    'DATE -> DATETIME',
    'DATETIME -> DATETIME',
    'STRING -> DATETIME',
  ),
  scalar('DATETIME_ADD', 'DATETIME, INTERVAL -> DATETIME', 'STRICT TIMESTAMP, INTERVAL -> TIMESTAMP'),
  scalar('DATETIME_BUCKET', 'DATETIME, INTERVAL, DATETIME? -> DATETIME'),
  scalar('DATETIME_DIFF', 'DATETIME, DATETIME, PART -> INT64', 'STRICT TIMESTAMP, TIMESTAMP, PART -> INT64'),
  scalar('DATETIME_SUB', 'DATETIME, INTERVAL -> DATETIME', 'STRICT TIMESTAMP, INTERVAL -> TIMESTAMP'),
  scalar('DATETIME_TRUNC', 'DATETIME, PART -> DATETIME', 'STRICT TIMESTAMP, PART, STRING? -> TIMESTAMP'),
  scalar('FORMAT_DATETIME', 'STRING, DATETIME -> STRING', 'STRICT STRING, TIMESTAMP, STRING? -> STRING'),
  scalar('PARSE_DATETIME', 'STRING, STRING -> DATETIME'),
];
