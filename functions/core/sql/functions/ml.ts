import type { FunctionEntry } from './entry.ts';

const scalar = (name: string, ...signatures: string[]): FunctionEntry => ({
  name: `ML.${name}`,
  kind: 'scalar',
  signatures,
});

/** Computed over all rows of the query: `F(x) OVER ()`. */
const overAll = (name: string, ...signatures: string[]): FunctionEntry => ({
  name,
  kind: 'window',
  signatures,
  window: { frame: false, orderRequired: false },
});

const LIMITS = 'CONST INT64?, CONST INT64?';
const ENCODED = 'ARRAY<STRUCT<index INT64, value FLOAT64>>';
const VECTORS = ['ARRAY<INT64>', 'ARRAY<FLOAT64>', 'ARRAY<NUMERIC>', 'ARRAY<BIGNUMERIC>'];
const SPARSE = 'ARRAY<STRUCT<STRING, FLOAT64>>';

/**
 * Functions of BigQuery ML on values. POLYNOMIAL_EXPAND and FEATURE_CROSS name the fields of their result after those
 * of their argument, and the functions on images have structs whose fields the reference does not name: not typed.
 * Source: BigQuery reference, "Manual feature preprocessing", "ML.DISTANCE", "ML.LP_NORM".
 */
export const mlFunctions: readonly FunctionEntry[] = [
  scalar('BAG_OF_WORDS', `ARRAY<STRING>, ${LIMITS} -> ${ENCODED}`),
  scalar('BUCKETIZE', ...VECTORS.map((v) => `FLOAT64, ${v}, CONST BOOL?, CONST STRING? -> STRING`)),
  scalar('CONVERT_COLOR_SPACE'),
  scalar('CONVERT_IMAGE_TYPE'),
  scalar('DECODE_IMAGE'),
  scalar(
    'DISTANCE',
    ...VECTORS.map((v) => `${v}, ${v}, CONST STRING? -> FLOAT64`),
    `${SPARSE}, ${SPARSE}, CONST STRING? -> FLOAT64`,
  ),
  scalar('FEATURE_CROSS'),
  scalar('HASH_BUCKETIZE', 'STRING, INT64 -> INT64'),
  scalar('LP_NORM', ...VECTORS.map((v) => `${v}, FLOAT64 -> FLOAT64`)),
  scalar(
    'NGRAMS',
    'ARRAY<STRING>, ARRAY<INT64>, STRING? -> ARRAY<STRING>',
    'ARRAY<STRING>, INT64, STRING? -> ARRAY<STRING>',
  ),
  scalar('NORMALIZER', ...VECTORS.map((v) => `${v}, FLOAT64? -> ARRAY<FLOAT64>`)),
  scalar('POLYNOMIAL_EXPAND'),
  scalar('RESIZE_IMAGE'),
  scalar('TFDV_VALIDATE'),
  overAll('ML.IMPUTER', 'FLOAT64, CONST STRING -> FLOAT64', 'STRING, CONST STRING -> STRING'),
  overAll('ML.LABEL_ENCODER', `STRING, ${LIMITS} -> INT64`),
  overAll('ML.MAX_ABS_SCALER', 'FLOAT64 -> FLOAT64'),
  overAll('ML.MIN_MAX_SCALER', 'FLOAT64 -> FLOAT64'),
  overAll('ML.MULTI_HOT_ENCODER', `ARRAY<STRING>, ${LIMITS} -> ${ENCODED}`),
  overAll('ML.ONE_HOT_ENCODER', `STRING, CONST STRING?, ${LIMITS} -> ${ENCODED}`),
  overAll('ML.QUANTILE_BUCKETIZE', 'FLOAT64, INT64, CONST STRING? -> STRING'),
  overAll('ML.ROBUST_SCALER', 'FLOAT64, ARRAY<INT64>?, CONST BOOL?, CONST BOOL? -> FLOAT64'),
  overAll('ML.STANDARD_SCALER', 'FLOAT64 -> FLOAT64'),
  overAll('ML.TF_IDF', `ARRAY<STRING>, ${LIMITS} -> ${ENCODED}`),
  overAll('TF_IDF', `ARRAY<STRING>, ${LIMITS} -> ARRAY<STRUCT<term STRING, value FLOAT64>>`),
  ...['HPARAM_CANDIDATES', 'HPARAM_RANGE'].map(
    (name): FunctionEntry => ({ name, kind: 'scalar', signatures: [] }),
  ),
];
