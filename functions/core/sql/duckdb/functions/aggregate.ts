import { type SqlType, typeText } from '../../types.ts';
import type { AggregateParts, AggregateRender } from '../aggregate-call.ts';
import { duckdbType, type Rendered } from '../render.ts';

const nameOf = (type: SqlType | undefined): string => (type?.kind === 'scalar' ? type.name : 'other');

/** A DuckDB aggregate over the call's rows, those that `where` holds for. */
function over(p: AggregateParts, name: string, inner: string, where?: string, order = ''): string {
  const distinct = p.distinct ? 'DISTINCT ' : '';
  const conditions = [where, p.filter].filter((c) => c !== undefined);
  const filter = conditions.length === 0 ? '' : ` FILTER (WHERE ${conditions.join(' AND ')})`;
  return `${name}(${distinct}${inner}${order})${filter}${p.over}`;
}

const no = (why: string): Rendered => ({ refuse: why });

const simple =
  (name: string): AggregateRender =>
  (p) =>
    over(p, name, p.args[0]!);

/** A failing call as a value of `type`. */
const failing = (message: string, type: string): string => `CAST(sluice_fail('${message}') AS ${type})`;

/** Finite values whose total is not: BigQuery fails, DuckDB says infinity. */
function noOverflow(p: AggregateParts, result: string): string {
  const infinite = over({ ...p, distinct: false }, 'bool_or', `isinf(${p.args[0]})`);
  return `(CASE WHEN isinf(${result}) AND NOT ${infinite} THEN ${failing('double overflow', 'DOUBLE')} ELSE ${result} END)`;
}

const asBigint = (text: string): string => `CAST(${text} AS BIGINT)`;

const sum: AggregateRender = (p) => {
  switch (nameOf(p.types[0])) {
    case 'INT64':
      return asBigint(over(p, 'sum', p.args[0]!));
    case 'FLOAT64':
      return noOverflow(p, over(p, 'sum', p.args[0]!));
    case 'NUMERIC':
      // DuckDB lets a sum of DECIMAL(38,9) grow beyond 38 digits; adding zero checks.
      return `(${over(p, 'sum', p.args[0]!)} + CAST(0 AS DECIMAL(38,9)))`;
    case 'BIGNUMERIC':
      return `sluice_bignumeric_sum(${over(p, 'list', p.args[0]!)})`;
    default:
      return no(`it is not understood for ${typeText(p.types[0]!)}`);
  }
};

const avg: AggregateRender = (p) => {
  const x = p.args[0]!;
  switch (nameOf(p.types[0])) {
    case 'INT64':
      return over(p, 'avg', x);
    case 'FLOAT64':
      return noOverflow(p, over(p, 'avg', x));
    case 'NUMERIC':
      return `sluice_numeric_average(${over(p, 'sum', x)}, ${over(p, 'count', x)})`;
    case 'BIGNUMERIC':
      return `sluice_bignumeric_average(${over(p, 'list', x)})`;
    default:
      return no(`it is not understood for ${typeText(p.types[0]!)}`);
  }
};

/** NaN among the values makes the result NaN, both ways. */
const extreme =
  (name: 'min' | 'max'): AggregateRender =>
  (p) => {
    const x = p.args[0]!;
    const type = p.types[0]!;
    if (type.kind !== 'scalar' || ['JSON', 'GEOGRAPHY', 'BIGNUMERIC'].includes(type.name)) {
      if (nameOf(type) !== 'BIGNUMERIC') return no(`it is not understood for ${typeText(type)}`);
      return over({ ...p, distinct: false }, `arg_${name}`, `${x}, sluice_bignumeric_key(${x})`);
    }
    if (type.name !== 'FLOAT64' || name === 'max') return over(p, name, x);
    const nan = over({ ...p, distinct: false }, 'bool_or', `isnan(${x})`);
    return `(CASE WHEN ${nan} THEN CAST('NaN' AS DOUBLE) ELSE ${over(p, 'min', x)} END)`;
  };

/** The value that decides: what has no order, or NaN in it, is refused. */
function deciding(text: string, type: SqlType): string | undefined {
  switch (nameOf(type)) {
    case 'FLOAT64':
      return `sluice_no_nan(${text})`;
    case 'BIGNUMERIC':
      return `sluice_bignumeric_key(${text})`;
    case 'other':
    case 'JSON':
    case 'GEOGRAPHY':
      return undefined;
    default:
      return text;
  }
}

const byValue = (p: AggregateParts, type: 'MIN' | 'MAX', text: string, by: SqlType): Rendered => {
  const key = deciding(text, by);
  if (key === undefined) return no(`it is not understood by ${typeText(by)}`);
  return over(
    { ...p, distinct: false },
    type === 'MAX' ? 'arg_max_null' : 'arg_min_null',
    `${p.args[0]}, ${key}`,
  );
};

const anyValue: AggregateRender = (p) => {
  if (p.having) return byValue(p, p.having.type, p.having.text, p.having.by);
  return over(p, 'any_value', p.args[0]!);
};

const extremeBy =
  (type: 'MIN' | 'MAX'): AggregateRender =>
  (p) =>
    byValue(p, type, p.args[1]!, p.types[1]!);

/** The first `limit` of a list; none at all make NULL, not an empty list. */
function cut(list: string, limit: string | undefined): string {
  if (limit === undefined) return list;
  const wrong = failing('The limit of an aggregate must be a number of at least zero', 'BIGINT');
  return `list_slice(${list}, 1, CASE WHEN ${limit} > 0 THEN ${limit} WHEN ${limit} = 0 THEN NULL ELSE ${wrong} END)`;
}

/** More values than this are not searched for their first places. */
const searchedValues = 4096;

/** The values as a list. Different ones of rows that the query writes out stand where each is first. */
function listOf(p: AggregateParts, x: string, where?: string): string {
  const list = over(p, 'list', x, where, p.order);
  if (!p.distinct || !p.written || p.order !== '' || p.over !== '') return list;
  const all = over({ ...p, distinct: false }, 'list', x, where);
  const firsts = 'list_filter(sl_a, lambda sl_v, sl_i: list_position(sl_a, sl_v) = sl_i)';
  const found = `list_extract(list_transform([${all}], lambda sl_a: ${firsts}), 1)`;
  return `(CASE WHEN ${over({ ...p, distinct: false }, 'count', '*')} <= ${searchedValues} THEN ${found} ELSE ${list} END)`;
}

const arrayAgg: AggregateRender = (p) => {
  if (p.types[0]?.kind === 'array') return no('an array of arrays is not a value');
  const x = p.args[0]!;
  return cut(listOf(p, x, p.nulls === 'IGNORE' ? `${x} IS NOT NULL` : undefined), p.limit);
};

const arrayConcatAgg: AggregateRender = (p) => {
  const x = p.args[0]!;
  const list = cut(over(p, 'list', x, `${x} IS NOT NULL`, p.order), p.limit);
  return `flatten(${list})`;
};

/** A separator that may be NULL at run time fails then. */
const given = (p: AggregateParts, separator: string): string =>
  p.constantText(1) !== undefined
    ? separator
    : `coalesce(${separator}, ${failing('Illegal NULL separator in STRING_AGG', duckdbType(p.types[1]!))})`;

/** DuckDB's own string_agg and list agree on order; a limited one counts values that are not NULL. */
const stringAgg: AggregateRender = (p) => {
  const x = p.args[0]!;
  if (nameOf(p.types[0]) === 'BYTES') {
    const separator = p.args[1] === undefined ? "'2C'" : `hex(${given(p, p.args[1])})`;
    const list = cut(over(p, 'list', `hex(${x})`, `${x} IS NOT NULL`, p.order), p.limit);
    return p.distinct && p.order !== ''
      ? no('DISTINCT with ORDER BY is not understood for BYTES')
      : `unhex(array_to_string(${list}, ${separator}))`;
  }
  const separator = p.args[1] === undefined ? "','" : given(p, p.args[1]);
  const list = cut(listOf(p, x, `${x} IS NOT NULL`), p.limit);
  return `array_to_string(${list}, ${separator})`;
};

const countIf: AggregateRender = (p) => over(p, 'count', `CASE WHEN ${p.args[0]} THEN 1 END`);

/** The number of results asked for, which must be there and in BigQuery's bounds. */
const asked = (n: string): string =>
  `(CASE WHEN ${n} BETWEEN 1 AND 100000 THEN ${n} ELSE ${failing('The number of an approximate aggregate must be positive and at most 100000', 'BIGINT')} END)`;

/** Exact quantiles at the positions that BigQuery's examples show. */
const approxQuantiles: AggregateRender = (p) => {
  const type = p.types[0]!;
  const [x = '', number = ''] = p.args;
  const n = asked(number);
  if (type.kind !== 'scalar' || ['JSON', 'GEOGRAPHY', 'BIGNUMERIC', 'INTERVAL'].includes(type.name))
    return no(`it is not understood for ${typeText(type)}`);
  const value = type.name === 'FLOAT64' ? `sluice_no_nan(${x})` : x;
  const where = p.nulls === 'RESPECT' ? undefined : `${x} IS NOT NULL`;
  const list = over(p, 'list', value, where, ` ORDER BY ${value} ASC NULLS FIRST`);
  const at = `greatest((sl_i * len(sl_l) + ${n} - 1) // ${n}, 1)`;
  const quantiles = `list_transform(range(${n} + 1), lambda sl_i: list_extract(sl_l, ${at}))`;
  return `list_extract(list_transform([${list}], lambda sl_l: CASE WHEN sl_l IS NULL THEN NULL ELSE ${quantiles} END), 1)`;
};

/** Exact counts, the most frequent first; among equals the greater value first. */
const approxTopCount: AggregateRender = (p) => {
  const [x = '', number = ''] = p.args;
  const n = asked(number);
  const type = p.types[0]!;
  if (type.kind !== 'scalar' || type.name === 'INTERVAL')
    return no(`it is not understood for ${typeText(type)}`);
  if (p.filter !== undefined) return no('HAVING MAX or MIN is not understood in it');
  const fields = `f0 ${duckdbType(type)}, f1 BIGINT`;
  const known = `list_transform(map_entries(coalesce(histogram(${x})${p.over}, MAP([], []))), lambda sl_e: {'n': CAST(sl_e.value AS BIGINT), 'v': sl_e.key})`;
  const missing = `(count(*)${p.over} - count(${x})${p.over})`;
  const all = `list_concat(${known}, CASE WHEN ${missing} > 0 THEN [{'n': ${missing}, 'v': CAST(NULL AS ${duckdbType(type)})}] ELSE [] END)`;
  const shown = `lambda sl_s: CAST({'f0': sl_s.v, 'f1': sl_s.n} AS STRUCT(${fields}))`;
  const top = `list_slice(list_sort(${all}, 'DESC', 'NULLS LAST'), 1, ${n})`;
  return `(CASE WHEN count(*)${p.over} = 0 THEN NULL ELSE list_transform(${top}, ${shown}) END)`;
};

/** DuckDB fails where a result is not finite; GoogleSQL gives NaN. One value has no sample variance: NULL in both. */
const statistical =
  (name: string): AggregateRender =>
  (p) =>
    isDecimal(p.types[0])
      ? exact(p, name)
      : over(p, name, p.args.map((a) => `sluice_finite(${a})`).join(', '));

const isDecimal = (type: SqlType | undefined): boolean => ['NUMERIC', 'BIGNUMERIC'].includes(nameOf(type));

/** Decimals are summed exactly; only the result is a FLOAT64. */
const exact = (p: AggregateParts, name: string): string =>
  `sluice_decimal_${name}(${over(p, 'list', `CAST(${p.args[0]} AS VARCHAR)`, `${p.args[0]} IS NOT NULL`)})`;

const pairwise =
  (name: string): AggregateRender =>
  (p) => {
    const [y = '', x = ''] = p.args;
    return over(p, name, `sluice_finite(${y}), sluice_finite(${x})`);
  };

/** Zero variance on either side: GoogleSQL says NaN. */
const corr: AggregateRender = (p) => {
  const [y = '', x = ''] = p.args;
  const both = `${y} IS NOT NULL AND ${x} IS NOT NULL`;
  const flat = (v: string): string =>
    `(${over({ ...p, distinct: false }, 'min', v, both)} = ${over({ ...p, distinct: false }, 'max', v, both)})`;
  const count = over({ ...p, distinct: false }, 'count', '*', both);
  const value = over(p, 'corr', `sluice_finite(${y}), sluice_finite(${x})`);
  return `(CASE WHEN ${count} < 2 THEN NULL WHEN ${flat(y)} OR ${flat(x)} THEN CAST('NaN' AS DOUBLE) ELSE ${value} END)`;
};

export const aggregateRenderers: Readonly<Record<string, AggregateRender>> = {
  $count_star: (p) => over(p, 'count', '*'),
  ANY_VALUE: anyValue,
  ARRAY_AGG: arrayAgg,
  ARRAY_CONCAT_AGG: arrayConcatAgg,
  AVG: avg,
  BIT_AND: simple('bit_and'),
  BIT_OR: simple('bit_or'),
  BIT_XOR: simple('bit_xor'),
  COUNT: simple('count'),
  COUNTIF: countIf,
  LOGICAL_AND: simple('bool_and'),
  LOGICAL_OR: simple('bool_or'),
  MAX: extreme('max'),
  MIN: extreme('min'),
  MAX_BY: extremeBy('MAX'),
  MIN_BY: extremeBy('MIN'),
  STRING_AGG: stringAgg,
  SUM: sum,
  CORR: corr,
  COVAR_POP: pairwise('covar_pop'),
  COVAR_SAMP: pairwise('covar_samp'),
  STDDEV_POP: statistical('stddev_pop'),
  STDDEV_SAMP: statistical('stddev_samp'),
  STDDEV: statistical('stddev_samp'),
  VAR_POP: statistical('var_pop'),
  VAR_SAMP: statistical('var_samp'),
  VARIANCE: statistical('var_samp'),
  APPROX_COUNT_DISTINCT: (p) => over({ ...p, distinct: true }, 'count', p.args[0]!),
  APPROX_QUANTILES: approxQuantiles,
  APPROX_TOP_COUNT: approxTopCount,
};
