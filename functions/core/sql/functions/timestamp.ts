import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, ...signatures: string[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
});

/** Timestamp functions. Source: BigQuery reference, "Timestamp functions". */
export const timestampFunctions: readonly FunctionEntry[] = [
  { name: 'CURRENT_TIMESTAMP', kind: 'scalar', signatures: ['VOID -> TIMESTAMP'], effects: ['clock'] },
  scalar(
    'FORMAT_TIMESTAMP',
    'STRING, TIMESTAMP, STRING? -> STRING',
    'STRICT STRING, DATE -> STRING',
    'STRICT STRING, DATETIME -> STRING',
  ),
  scalar('PARSE_TIMESTAMP', 'STRING, STRING, STRING? -> TIMESTAMP'),
  scalar(
    'STRING',
    'TIMESTAMP, STRING? -> STRING',
    'DATE -> STRING',
    'TIME -> STRING',
    'DATETIME -> STRING',
    'JSON -> STRING',
  ),
  scalar(
    'TIMESTAMP',
    'STRING, STRING? -> TIMESTAMP',
    'DATE, STRING? -> TIMESTAMP',
    'DATETIME, STRING? -> TIMESTAMP',
    'TIMESTAMP -> TIMESTAMP',
  ),
  scalar('TIMESTAMP_ADD', 'TIMESTAMP, INTERVAL -> TIMESTAMP', 'STRICT DATETIME, INTERVAL -> DATETIME'),
  scalar('TIMESTAMP_BUCKET', 'TIMESTAMP, INTERVAL, TIMESTAMP? -> TIMESTAMP'),
  scalar('TIMESTAMP_DIFF', 'TIMESTAMP, TIMESTAMP, PART -> INT64', 'STRICT DATETIME, DATETIME, PART -> INT64'),
  scalar('TIMESTAMP_MICROS', 'INT64 -> TIMESTAMP'),
  scalar('TIMESTAMP_MILLIS', 'INT64 -> TIMESTAMP'),
  scalar('TIMESTAMP_SECONDS', 'INT64 -> TIMESTAMP'),
  scalar('TIMESTAMP_SUB', 'TIMESTAMP, INTERVAL -> TIMESTAMP', 'STRICT DATETIME, INTERVAL -> DATETIME'),
  scalar('TIMESTAMP_TRUNC', 'TIMESTAMP, PART, STRING? -> TIMESTAMP', 'STRICT DATETIME, PART -> DATETIME'),
  scalar('UNIX_MICROS', 'TIMESTAMP -> INT64'),
  scalar('UNIX_MILLIS', 'TIMESTAMP -> INT64'),
  scalar('UNIX_SECONDS', 'TIMESTAMP -> INT64'),
];
