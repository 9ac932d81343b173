import type { FunctionEntry } from './entry.ts';

type Clauses = NonNullable<FunctionEntry['clauses']>;

const framed = { frame: true, orderRequired: false } as const;

const aggregate = (
  name: string,
  signatures: readonly string[],
  clauses: Clauses,
  window: FunctionEntry['window'] | undefined = framed,
): FunctionEntry => ({ name, kind: 'aggregate', signatures, clauses, ...(window ? { window } : {}) });

const numbers = ['INT64', 'FLOAT64', 'NUMERIC', 'BIGNUMERIC'];
const plain: Clauses = ['distinct', 'having'];
const noWindow = undefined;

/** Statistical functions give FLOAT64; those of one argument take decimals without turning them into FLOAT64 first. */
const one = ['FLOAT64 -> FLOAT64', 'NUMERIC -> FLOAT64', 'BIGNUMERIC -> FLOAT64'];
const two = ['FLOAT64, FLOAT64 -> FLOAT64'];

const withoutWindow = (name: string, signatures: readonly string[], clauses: Clauses): FunctionEntry => {
  const { window: _window, ...entry } = aggregate(name, signatures, clauses, noWindow);
  return entry;
};

/** Aggregate functions, statistical and approximate ones included. Source: BigQuery reference. */
export const aggregateFunctions: readonly FunctionEntry[] = [
  aggregate('$count_star', ['VOID -> INT64'], ['having']),
  aggregate('ANY_VALUE', ['T1 -> T1'], ['having']),
  aggregate('ARRAY_AGG', ['T1 -> ARRAY<T1>'], ['distinct', 'nulls', 'having', 'order', 'limit']),
  withoutWindow('ARRAY_CONCAT_AGG', ['TYPED ARRAY<T1> -> ARRAY<T1>'], ['having', 'order', 'limit']),
  aggregate(
    'AVG',
    [
      'INT64 -> FLOAT64',
      'FLOAT64 -> FLOAT64',
      'NUMERIC -> NUMERIC',
      'BIGNUMERIC -> BIGNUMERIC',
      'INTERVAL -> INTERVAL',
    ],
    plain,
  ),
  aggregate('BIT_AND', ['INT64 -> INT64'], plain),
  aggregate('BIT_OR', ['INT64 -> INT64'], plain),
  aggregate('BIT_XOR', ['INT64 -> INT64'], plain),
  aggregate('COUNT', ['T1 -> INT64'], plain),
  aggregate('COUNTIF', ['BOOL -> INT64'], plain),
  withoutWindow('GROUPING', ['T1 -> INT64'], []),
  aggregate('LOGICAL_AND', ['BOOL -> BOOL'], plain),
  aggregate('LOGICAL_OR', ['BOOL -> BOOL'], plain),
  aggregate('MAX', ['ORD1 -> ORD1'], ['having', 'distinct']),
  aggregate('MIN', ['ORD1 -> ORD1'], ['having', 'distinct']),
  withoutWindow('MAX_BY', ['T2, ORD1 -> T2'], []),
  withoutWindow('MIN_BY', ['T2, ORD1 -> T2'], []),
  aggregate(
    'STRING_AGG',
    ['STRING, LITERAL STRING? -> STRING', 'BYTES, LITERAL BYTES? -> BYTES'],
    ['distinct', 'having', 'order', 'limit'],
  ),
  aggregate('SUM', [...numbers.map((t) => `${t} -> ${t}`), 'INTERVAL -> INTERVAL'], plain),
  aggregate('CORR', two, ['having']),
  aggregate('COVAR_POP', two, ['having']),
  aggregate('COVAR_SAMP', two, ['having']),
  ...['STDDEV_POP', 'STDDEV_SAMP', 'VAR_POP', 'VAR_SAMP'].map((name) => aggregate(name, one, plain)),
  aggregate('STDDEV', one, plain),
  aggregate('VARIANCE', one, plain),
  aggregate('APPROX_COUNT_DISTINCT', ['GRP1 -> INT64'], []),
  withoutWindow(
    'APPROX_QUANTILES',
    ['ORD1, LITERAL[1..] INT64 -> ARRAY<ORD1>'],
    ['distinct', 'nulls', 'having'],
  ),
  withoutWindow(
    'APPROX_TOP_COUNT',
    ['GRP1, LITERAL[1..] INT64 -> ARRAY<STRUCT<value GRP1, count INT64>>'],
    ['having'],
  ),
  withoutWindow(
    'APPROX_TOP_SUM',
    [
      'GRP1, INT64, LITERAL[1..] INT64 -> ARRAY<STRUCT<value GRP1, sum INT64>>',
      'GRP1, FLOAT64, LITERAL[1..] INT64 -> ARRAY<STRUCT<value GRP1, sum FLOAT64>>',
      'GRP1, NUMERIC, LITERAL[1..] INT64 -> ARRAY<STRUCT<value GRP1, sum NUMERIC>>',
      'GRP1, BIGNUMERIC, LITERAL[1..] INT64 -> ARRAY<STRUCT<value GRP1, sum BIGNUMERIC>>',
    ],
    ['having'],
  ),
];
