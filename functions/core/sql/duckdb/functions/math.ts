import type { SqlType } from '../../types.ts';
import { compare } from '../compare.ts';
import { letBoth } from '../let.ts';
import { duckdbType, type Render, type RenderCall, type Rendered, type RenderTable } from '../render.ts';

const nameOf = (type: SqlType | undefined): string => (type?.kind === 'scalar' ? type.name : 'other');

/** Picks the text for the first argument's type; types that are not listed are refused. */
const byType =
  (choices: Readonly<Record<string, (args: readonly string[], call: RenderCall) => string>>): Render =>
  (args, call): Rendered =>
    choices[nameOf(call.types[0])]?.(args, call) ?? {
      refuse: `it has no exact translation for ${nameOf(call.types[0])}`,
    };

const udf =
  (name: string) =>
  (args: readonly string[]): string =>
    `sluice_${name}(${args.join(', ')})`;

/** FLOAT64 functions of ours; NUMERIC kinds are refused. */
const onDouble = (name: string): Render => byType({ FLOAT64: udf(`double_${name}`) });

const kinds = (name: string): Render =>
  byType({
    FLOAT64: udf(`double_${name}`),
    NUMERIC: udf(`numeric_${name}`),
    BIGNUMERIC: udf(`bignumeric_${name}`),
  });

const signed = (name: string): Render =>
  byType({
    INT64: (args) => (name === 'abs' ? `abs(${args[0]})` : `CAST(sign(${args[0]}) AS BIGINT)`),
    FLOAT64: (args) => (name === 'abs' ? `abs(${args[0]})` : `sluice_double_sign(${args[0]})`),
    NUMERIC: (args) => (name === 'abs' ? `abs(${args[0]})` : `CAST(sign(${args[0]}) AS DECIMAL(38,9))`),
    BIGNUMERIC: udf(`bignumeric_${name}`),
  });

/** `SAFE_ADD` and its like: the failing operation in its safe variant, NULL where it fails. */
const safe = (name: string): Render =>
  byType({
    INT64: (args) => `sluice_${name}__safe(${args.join(', ')})`,
    FLOAT64: (args) => `sluice_double_${name}__safe(${args.join(', ')})`,
    NUMERIC: (args) => `sluice_numeric_${name}__safe(${args.join(', ')})`,
    BIGNUMERIC: (args) => `sluice_bignumeric_${name}__safe(${args.join(', ')})`,
  });

/** By a written-down positive number, DuckDB's own operator does the same. */
const whole =
  (operator: '//' | '%', name: string) =>
  (args: readonly string[]): string =>
    /^CAST\([1-9]\d* AS BIGINT\)$/.test(args[1] ?? '')
      ? `(${args[0]} ${operator} ${args[1]})`
      : udf(name)(args);

const safeNegate: Render = (args, call) => {
  const type = call.types[0]!;
  if (nameOf(type) === 'FLOAT64') return `(-${args[0]})`;
  const zero = nameOf(type) === 'BIGNUMERIC' ? "'0'" : `CAST(0 AS ${duckdbType(type)})`;
  return safe('subtract')([zero, args[0]!], call);
};

/** NULL if any is NULL; NaN if any is NaN. */
const extreme =
  (greatest: boolean): Render =>
  (args, call) => {
    const type = call.types[0]!;
    if (type.kind !== 'scalar' || ['JSON', 'GEOGRAPHY'].includes(type.name))
      return { refuse: 'it has no exact translation for this type' };
    if (args.length === 1) return args[0]!;
    if (type.name === 'FLOAT64')
      return args.reduce((a, b) => `sluice_double_${greatest ? 'max' : 'min'}(${a}, ${b})`);
    if (type.name === 'BIGNUMERIC')
      return args.reduce((a, b) => `sluice_bignumeric_${greatest ? 'max' : 'min'}(${a}, ${b})`);
    const anyNull = args.map((a) => `${a} IS NULL`).join(' OR ');
    return `(CASE WHEN ${anyNull} THEN NULL ELSE ${greatest ? 'greatest' : 'least'}(${args.join(', ')}) END)`;
  };

const round: Render = (args, call) => {
  const mode = call.types.length > 2 ? call.constantText(2) : undefined;
  if (call.types.length > 2 && mode !== 'ROUND_HALF_AWAY_FROM_ZERO' && mode !== 'ROUND_HALF_EVEN')
    return { refuse: 'its rounding mode must be a constant' };
  const name = mode === 'ROUND_HALF_EVEN' ? 'round_even' : 'round';
  return kinds(name)([args[0]!, args[1] ?? 'CAST(0 AS BIGINT)'], call);
};

const trunc: Render = (args, call) => kinds('trunc')([args[0]!, args[1] ?? 'CAST(0 AS BIGINT)'], call);

const log: Render = (args, call) =>
  args.length === 1 ? onDouble('ln')(args, call) : onDouble('log')(args, call);

/** How many bounds are at or below the point. */
const rangeBucket: Render = (args, call) => {
  const [point = '', bounds = ''] = args;
  const type = call.types[0]!;
  if (
    nameOf(type) !== 'FLOAT64' &&
    nameOf(type) !== 'INT64' &&
    nameOf(type) !== 'NUMERIC' &&
    nameOf(type) !== 'DATE' &&
    nameOf(type) !== 'TIMESTAMP' &&
    nameOf(type) !== 'STRING'
  )
    return { refuse: 'it has no exact translation for this type' };
  const wrong = "'Elements in input array to RANGE_BUCKET must be in increasing order and not NULL'";
  return letBoth(bounds, point, (b, p) => {
    const sorted = `${b} = list_sort(${b}) AND len(list_filter(${b}, lambda sl_k: sl_k IS NULL)) = 0`;
    const below = `list_filter(${b}, lambda sl_e: ${compare('sl_e', '<=', p, type)})`;
    const guard = nameOf(type) === 'FLOAT64' ? `sluice_no_nan(${p}) IS NULL` : `${p} IS NULL`;
    return `(CASE WHEN ${guard} OR ${b} IS NULL THEN NULL WHEN ${sorted} THEN CAST(len(${below}) AS BIGINT) ELSE CAST(sluice_fail(${wrong}) AS BIGINT) END)`;
  });
};

const distance =
  (name: string): Render =>
  (args, call) => {
    const type = call.types[0];
    const plain = type?.kind === 'array' && nameOf(type.element) === 'FLOAT64';
    return plain ? `sluice_${name}(${args.join(', ')})` : { refuse: 'sparse vectors are not understood' };
  };

const trigonometry = [
  'COS',
  'COSH',
  'ACOS',
  'ACOSH',
  'SIN',
  'SINH',
  'ASIN',
  'ASINH',
  'TAN',
  'TANH',
  'ATAN',
  'ATANH',
  'ATAN2',
  'COT',
  'COTH',
  'CSC',
  'CSCH',
  'SEC',
  'SECH',
  'CBRT',
];

export const mathRenderers: RenderTable = {
  ABS: signed('abs'),
  SIGN: signed('sign'),
  IS_INF: (args) => `isinf(${args[0]})`,
  IS_NAN: (args) => `isnan(${args[0]})`,
  IEEE_DIVIDE: udf('double_ieee_divide'),
  RAND: () => 'random()',
  SQRT: onDouble('sqrt'),
  POW: byType({ FLOAT64: udf('double_pow') }),
  POWER: byType({ FLOAT64: udf('double_pow') }),
  EXP: onDouble('exp'),
  LN: onDouble('ln'),
  LOG: log,
  LOG10: onDouble('log10'),
  GREATEST: extreme(true),
  LEAST: extreme(false),
  DIV: byType({ INT64: whole('//', 'div'), NUMERIC: udf('numeric_div'), BIGNUMERIC: udf('bignumeric_div') }),
  MOD: byType({ INT64: whole('%', 'mod'), NUMERIC: udf('numeric_mod'), BIGNUMERIC: udf('bignumeric_mod') }),
  SAFE_DIVIDE: safe('divide'),
  SAFE_MULTIPLY: safe('multiply'),
  SAFE_ADD: safe('add'),
  SAFE_SUBTRACT: safe('subtract'),
  SAFE_NEGATE: safeNegate,
  ROUND: round,
  TRUNC: trunc,
  CEIL: kinds('ceil'),
  CEILING: kinds('ceil'),
  FLOOR: kinds('floor'),
  ...Object.fromEntries(trigonometry.map((name) => [name, onDouble(name.toLowerCase())])),
  RANGE_BUCKET: rangeBucket,
  COSINE_DISTANCE: distance('cosine_distance'),
  EUCLIDEAN_DISTANCE: distance('euclidean_distance'),
};
