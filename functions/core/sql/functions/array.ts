import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, signatures: readonly string[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
});

/** Array functions. Source: BigQuery reference, "Array functions". */
export const arrayFunctions: readonly FunctionEntry[] = [
  scalar('ARRAY_CONCAT', ['TYPED ARRAY<T1>, ARRAY<T1>... -> ARRAY<T1>']),
  scalar('ARRAY_FIRST', ['ARRAY<T1> -> T1']),
  scalar('ARRAY_LAST', ['ARRAY<T1> -> T1']),
  scalar('ARRAY_LENGTH', ['ARRAY<T1> -> INT64']),
  scalar('ARRAY_REVERSE', ['ARRAY<T1> -> ARRAY<T1>']),
  scalar('ARRAY_SLICE', ['ARRAY<T1>, INT64, INT64 -> ARRAY<T1>']),
  scalar('ARRAY_TO_STRING', [
    'ARRAY<STRING>, STRING, STRING? -> STRING',
    'ARRAY<BYTES>, BYTES, BYTES? -> BYTES',
  ]),
  scalar('ARRAY_IS_DISTINCT', ['ARRAY<GRP1> -> BOOL']),
  scalar('ARRAY_INCLUDES', ['ARRAY<GRP1>, GRP1 -> BOOL', 'ARRAY<T1>, LAMBDA(T1) -> BOOL -> BOOL']),
  scalar('ARRAY_INCLUDES_ANY', ['ARRAY<GRP1>, ARRAY<GRP1> -> BOOL']),
  scalar('ARRAY_INCLUDES_ALL', ['ARRAY<GRP1>, ARRAY<GRP1> -> BOOL']),
  scalar('ARRAY_FILTER', [
    'ARRAY<T1>, LAMBDA(T1) -> BOOL -> ARRAY<T1>',
    'ARRAY<T1>, LAMBDA(T1, INT64) -> BOOL -> ARRAY<T1>',
  ]),
  scalar('ARRAY_TRANSFORM', [
    'ARRAY<T1>, LAMBDA(T1) -> T2 -> ARRAY<T2>',
    'ARRAY<T1>, LAMBDA(T1, INT64) -> T2 -> ARRAY<T2>',
  ]),
  scalar('ARRAY_MIN', ['ARRAY<ORD1> -> ORD1']),
  scalar('ARRAY_MAX', ['ARRAY<ORD1> -> ORD1']),
  scalar('ARRAY_SUM', [
    'ARRAY<INT64> -> INT64',
    'ARRAY<FLOAT64> -> FLOAT64',
    'ARRAY<NUMERIC> -> NUMERIC',
    'ARRAY<BIGNUMERIC> -> BIGNUMERIC',
  ]),
  scalar('ARRAY_AVG', [
    'ARRAY<INT64> -> FLOAT64',
    'ARRAY<FLOAT64> -> FLOAT64',
    'ARRAY<NUMERIC> -> NUMERIC',
    'ARRAY<BIGNUMERIC> -> BIGNUMERIC',
  ]),
  scalar('GENERATE_ARRAY', [
    'INT64, INT64, INT64? -> ARRAY<INT64>',
    'NUMERIC, NUMERIC, NUMERIC? -> ARRAY<NUMERIC>',
    'BIGNUMERIC, BIGNUMERIC, BIGNUMERIC? -> ARRAY<BIGNUMERIC>',
    'FLOAT64, FLOAT64, FLOAT64? -> ARRAY<FLOAT64>',
  ]),
  scalar('GENERATE_DATE_ARRAY', ['DATE, DATE -> ARRAY<DATE>', 'DATE, DATE, INTERVAL -> ARRAY<DATE>']),
  scalar('GENERATE_TIMESTAMP_ARRAY', ['TIMESTAMP, TIMESTAMP, INTERVAL -> ARRAY<TIMESTAMP>']),
];
