import { templates } from '../template.ts';

const decimals = ['NUMERIC', 'BIGNUMERIC'] as const;
const all = ['INT64', 'FLOAT64', ...decimals] as const;

/** Rounding, integer division and the functions of arithmetic. */
export const numbers = [
  ...all.flatMap((t) =>
    templates(
      t,
      `ABS({${t}})`,
      `SIGN({${t}})`,
      `SAFE_NEGATE({${t}})`,
      `SAFE_{ADD|SUBTRACT|MULTIPLY}({${t}}, {${t}})`,
    ),
  ),
  ...['FLOAT64', ...decimals].flatMap((t) =>
    templates(
      t,
      `{ROUND|TRUNC}({${t}})`,
      `{ROUND|TRUNC}({${t}}, {digits})`,
      `{CEIL|FLOOR}({${t}})`,
      `SAFE_DIVIDE({${t}}, {${t}})`,
    ),
  ),
  ...decimals.flatMap((t) =>
    templates(
      t,
      `{DIV|MOD}({${t}}, {${t}})`,
      `ROUND({${t}}, {digits}, 'ROUND_HALF_{EVEN|AWAY_FROM_ZERO}')`,
      `ABS({${t}} - {${t}})`,
    ),
  ),
  ...templates(
    'INT64',
    '{DIV|MOD}({INT64}, {INT64})',
    'BIT_COUNT({INT64})',
    'BIT_COUNT({BYTES})',
    'RANGE_BUCKET({INT64}, [0, 5, 5, 10, 42])',
    'RANGE_BUCKET({FLOAT64}, [0.0, 0.5, 2.5])',
    'CAST(ROUND({FLOAT64}) AS INT64)',
    'CAST({FLOOR|CEIL}({NUMERIC}) AS INT64)',
  ),
  ...templates(
    'FLOAT64',
    'SAFE_DIVIDE({INT64}, {INT64})',
    'IEEE_DIVIDE({FLOAT64}, {FLOAT64})',
    'IEEE_DIVIDE({INT64}, {INT64})',
    'ROUND({INT64}, {digits})',
    'ROUND({INT64})',
    'TRUNC({INT64}, {digits})',
    'SQRT({FLOAT64})',
    'POW({FLOAT64}, {FLOAT64})',
    'POWER({INT64}, {small})',
    'EXP({FLOAT64})',
    'LN({FLOAT64})',
    'LOG({FLOAT64}, {FLOAT64})',
    'LOG10({FLOAT64})',
    '{SIN|COS|TAN|ASIN|ACOS|ATAN|SINH|COSH|TANH|ASINH|ACOSH|ATANH}({FLOAT64})',
    'ATAN2({FLOAT64}, {FLOAT64})',
    '{CBRT|COT|CSC|SEC|COTH|CSCH|SECH}({FLOAT64})',
    '{COSINE_DISTANCE|EUCLIDEAN_DISTANCE}({ARRAY<FLOAT64>}, {ARRAY<FLOAT64>})',
  ),
  ...templates('BOOL', 'IS_NAN({FLOAT64})', 'IS_INF({FLOAT64})'),
];
