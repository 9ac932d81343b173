import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, signatures: readonly string[], aliases?: readonly string[]): FunctionEntry => ({
  name,
  kind: 'scalar',
  signatures,
  ...(aliases ? { aliases } : {}),
});

/** One signature a numeric type, the result of the same type. */
const same = (shape: (type: string) => string): readonly string[] =>
  ['INT64', 'NUMERIC', 'BIGNUMERIC', 'FLOAT64'].map(shape);

/** NUMERIC kinds and FLOAT64; an INT64 argument goes to FLOAT64, as the reference's tables say. */
const real = (shape: (type: string) => string): readonly string[] =>
  ['FLOAT64', 'NUMERIC', 'BIGNUMERIC'].map(shape);

const double1 = ['FLOAT64 -> FLOAT64'];

/** Mathematical functions. Source: BigQuery reference, "Mathematical functions". */
export const mathFunctions: readonly FunctionEntry[] = [
  scalar(
    'ABS',
    same((t) => `${t} -> ${t}`),
  ),
  scalar(
    'SIGN',
    same((t) => `${t} -> ${t}`),
  ),
  scalar('IS_INF', ['FLOAT64 -> BOOL']),
  scalar('IS_NAN', ['FLOAT64 -> BOOL']),
  scalar('IEEE_DIVIDE', ['FLOAT64, FLOAT64 -> FLOAT64']),
  { name: 'RAND', kind: 'scalar', signatures: ['VOID -> FLOAT64'], effects: ['random'] },
  scalar(
    'SQRT',
    real((t) => `${t} -> ${t}`),
  ),
  scalar(
    'CBRT',
    real((t) => `${t} -> ${t}`),
  ),
  scalar(
    'POW',
    real((t) => `${t}, ${t} -> ${t}`),
    ['POWER'],
  ),
  scalar(
    'EXP',
    real((t) => `${t} -> ${t}`),
  ),
  scalar(
    'LN',
    real((t) => `${t} -> ${t}`),
  ),
  scalar(
    'LOG',
    real((t) => `${t}, ${t}? -> ${t}`),
  ),
  scalar(
    'LOG10',
    real((t) => `${t} -> ${t}`),
  ),
  scalar('GREATEST', ['ORD1, ORD1... -> ORD1', 'ARRAY<ORD1>, ARRAY<ORD1>... -> ARRAY<ORD1>']),
  scalar('LEAST', ['ORD1, ORD1... -> ORD1', 'ARRAY<ORD1>, ARRAY<ORD1>... -> ARRAY<ORD1>']),
  scalar('DIV', [
    'INT64, INT64 -> INT64',
    'NUMERIC, NUMERIC -> NUMERIC',
    'BIGNUMERIC, BIGNUMERIC -> BIGNUMERIC',
  ]),
  scalar(
    'SAFE_DIVIDE',
    real((t) => `${t}, ${t} -> ${t}`),
  ),
  scalar(
    'SAFE_MULTIPLY',
    same((t) => `${t}, ${t} -> ${t}`),
  ),
  scalar(
    'SAFE_NEGATE',
    same((t) => `${t} -> ${t}`),
  ),
  scalar(
    'SAFE_ADD',
    same((t) => `${t}, ${t} -> ${t}`),
  ),
  scalar(
    'SAFE_SUBTRACT',
    same((t) => `${t}, ${t} -> ${t}`),
  ),
  scalar('MOD', [
    'INT64, INT64 -> INT64',
    'NUMERIC, NUMERIC -> NUMERIC',
    'BIGNUMERIC, BIGNUMERIC -> BIGNUMERIC',
  ]),
  scalar('ROUND', [
    'FLOAT64 -> FLOAT64',
    'NUMERIC -> NUMERIC',
    'BIGNUMERIC -> BIGNUMERIC',
    'FLOAT64, INT64 -> FLOAT64',
    'NUMERIC, INT64, OF(ROUND_HALF_EVEN|ROUND_HALF_AWAY_FROM_ZERO) STRING? -> NUMERIC',
    'BIGNUMERIC, INT64, OF(ROUND_HALF_EVEN|ROUND_HALF_AWAY_FROM_ZERO) STRING? -> BIGNUMERIC',
  ]),
  scalar(
    'TRUNC',
    real((t) => `${t}, INT64? -> ${t}`),
  ),
  scalar(
    'CEIL',
    real((t) => `${t} -> ${t}`),
    ['CEILING'],
  ),
  scalar(
    'FLOOR',
    real((t) => `${t} -> ${t}`),
  ),
  ...['COS', 'COSH', 'ACOS', 'ACOSH', 'SIN', 'SINH', 'ASIN', 'ASINH', 'TAN', 'TANH', 'ATAN', 'ATANH'].map(
    (n) => scalar(n, double1),
  ),
  ...['COT', 'COTH', 'CSC', 'CSCH', 'SEC', 'SECH'].map((n) => scalar(n, double1)),
  scalar('ATAN2', ['FLOAT64, FLOAT64 -> FLOAT64']),
  scalar('RANGE_BUCKET', ['ARRAYS ORD1, ARRAY<ORD1> -> INT64']),
  scalar('COSINE_DISTANCE', [
    'ARRAY<FLOAT64>, ARRAY<FLOAT64> -> FLOAT64',
    'ARRAY<STRUCT<INT64, FLOAT64>>, ARRAY<STRUCT<INT64, FLOAT64>> -> FLOAT64',
    'ARRAY<STRUCT<STRING, FLOAT64>>, ARRAY<STRUCT<STRING, FLOAT64>> -> FLOAT64',
  ]),
  scalar('EUCLIDEAN_DISTANCE', [
    'ARRAY<FLOAT64>, ARRAY<FLOAT64> -> FLOAT64',
    'ARRAY<STRUCT<INT64, FLOAT64>>, ARRAY<STRUCT<INT64, FLOAT64>> -> FLOAT64',
    'ARRAY<STRUCT<STRING, FLOAT64>>, ARRAY<STRUCT<STRING, FLOAT64>> -> FLOAT64',
  ]),
];
