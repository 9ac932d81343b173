import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, ...signatures: string[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
});

/** Date functions. Source: BigQuery reference, "Date functions". */
export const dateFunctions: readonly FunctionEntry[] = [
  { name: 'CURRENT_DATE', kind: 'scalar', signatures: ['STRING? -> DATE'], effects: ['clock'] },
  scalar(
    'DATE',
    'TIMESTAMP, STRING? -> DATE',
    'DATETIME -> DATE',
    'STRICT DATE -> DATE',
    'INT64, INT64, INT64 -> DATE',
    'COMPUTED STRING -> DATE',
  ),
  scalar(
    'DATE_ADD',
    'DATE, INTERVAL -> DATE',
    'STRICT DATETIME, INTERVAL -> DATETIME',
    'STRICT TIMESTAMP, INTERVAL -> TIMESTAMP',
  ),
  scalar('DATE_BUCKET', 'DATE, INTERVAL, DATE? -> DATE'),
  scalar(
    'DATE_DIFF',
    'DATE, DATE, PART -> INT64',
    'STRICT DATETIME, DATETIME, PART -> INT64',
    'STRICT TIMESTAMP, TIMESTAMP, PART -> INT64',
  ),
  scalar('DATE_FROM_UNIX_DATE', 'INT64 -> DATE'),
  scalar(
    'DATE_SUB',
    'DATE, INTERVAL -> DATE',
    'STRICT DATETIME, INTERVAL -> DATETIME',
    'STRICT TIMESTAMP, INTERVAL -> TIMESTAMP',
  ),
  scalar(
    'DATE_TRUNC',
    'DATE, PART -> DATE',
    'STRICT DATETIME, PART -> DATETIME',
    'STRICT TIMESTAMP, PART, STRING? -> TIMESTAMP',
  ),
  scalar(
    'FORMAT_DATE',
    'STRING, DATE -> STRING',
    'STRICT STRING, DATETIME -> STRING',
    'STRICT STRING, TIMESTAMP, STRING? -> STRING',
  ),
  scalar('LAST_DAY', 'DATE, PART? -> DATE', 'DATETIME, PART? -> DATE'),
  scalar('PARSE_DATE', 'STRING, STRING -> DATE'),
  scalar('UNIX_DATE', 'DATE -> INT64'),
];
