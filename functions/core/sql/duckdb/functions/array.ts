import type { SqlType } from '../../types.ts';
import { equalsNatively } from '../compare.ts';
import { letBoth, letIn } from '../let.ts';
import { duckdbType, type Render, type RenderCall, type Rendered, type RenderTable } from '../render.ts';

const nameOf = (type: SqlType | undefined): string => (type?.kind === 'scalar' ? type.name : 'other');

const elementOf = (call: RenderCall, index = 0): SqlType | undefined => {
  const type = call.types[index];
  return type?.kind === 'array' ? type.element : undefined;
};

const no = (why: string): Rendered => ({ refuse: why });
const bigint = (value: number): string => `CAST(${value} AS BIGINT)`;

const concat: Render = (args) => {
  if (args.length === 1) return args[0]!;
  return args.reduce((a, b) =>
    letBoth(
      a,
      b,
      (x, y) => `(CASE WHEN ${x} IS NULL OR ${y} IS NULL THEN NULL ELSE list_concat(${x}, ${y}) END)`,
    ),
  );
};

/**
 * The first or last element; an empty array has none. The failure is a value and no condition: DuckDB evaluates a
 * constant condition before it reads a row.
 */
const end =
  (name: string, index: (length: string) => string): Render =>
  (args, call) =>
    letIn('sl_a', args[0]!, (a) => {
      const fail = `sluice_fail('${name} cannot get an element of an empty array')`;
      const none = `CAST(${fail} AS ${duckdbType(call.result)})`;
      return `(CASE WHEN len(${a}) = 0 THEN ${none} ELSE list_extract(${a}, ${index(`len(${a})`)}) END)`;
    });

/** Positions count from 0, negative ones from the end; what lies outside is cut off. */
const slice: Render = (args) =>
  letIn('sl_a', args[0]!, (a) => {
    const at = (position: string): string =>
      `(CASE WHEN ${position} < 0 THEN len(${a}) + ${position} ELSE ${position} END)`;
    const from = `greatest(${at(args[1]!)}, 0) + 1`;
    const to = `least(${at(args[2]!)}, len(${a}) - 1) + 1`;
    const missing = [a, args[1], args[2]].map((x) => `${x} IS NULL`).join(' OR ');
    return `(CASE WHEN ${missing} THEN NULL WHEN ${from} > ${to} THEN list_slice(${a}, 1, 0) ELSE list_slice(${a}, ${from}, ${to}) END)`;
  });

const toText: Render = (args, call) => {
  if (nameOf(elementOf(call)) !== 'STRING') return no('it is not understood for BYTES');
  const [array = '', separator = '', missing] = args;
  return missing === undefined
    ? `sluice_array_to_string(${array}, ${separator})`
    : `sluice_array_to_string_with(${array}, ${separator}, ${missing})`;
};

/** Values are alike as GROUP BY sees them: NaN is NaN, NULL is NULL. */
const isDistinct: Render = (args) =>
  letIn(
    'sl_a',
    args[0]!,
    (a) =>
      `(len(list_distinct(${a})) + CASE WHEN len(list_filter(${a}, lambda sl_k: sl_k IS NULL)) > 0 THEN 1 ELSE 0 END = len(${a}))`,
  );

const includes: Render = (args, call) => {
  const element = elementOf(call);
  if (!element) return no('its first argument is no array');
  const [array = '', value = ''] = args;
  if (!equalsNatively(element)) return no('it is not understood for this type');
  return `(CASE WHEN ${value} IS NULL THEN NULL ELSE list_contains(${array}, ${value}) END)`;
};

const includesMany =
  (name: 'list_has_any' | 'list_has_all'): Render =>
  (args, call) =>
    equalsNatively(elementOf(call) ?? call.types[0]!)
      ? letBoth(args[0]!, args[1]!, (a, b) => {
          const clean = (x: string): string => `len(list_filter(${x}, lambda sl_k: sl_k IS NULL)) > 0`;
          const fail = `CAST(sluice_fail('NULL elements are not supported here by the embedded warehouse') AS BOOLEAN)`;
          return `(CASE WHEN ${clean(a)} OR ${clean(b)} THEN ${fail} ELSE ${name}(${a}, ${b}) END)`;
        })
      : no('it is not understood for this type');

/** The least or greatest element that is not NULL; NaN wins. */
const extreme =
  (name: 'min' | 'max'): Render =>
  (args, call) => {
    const element = nameOf(elementOf(call));
    if (['other', 'JSON', 'GEOGRAPHY', 'BIGNUMERIC'].includes(element))
      return no('it is not understood for this type');
    if (element !== 'FLOAT64' || name === 'max') return `list_${name}(${args[0]})`;
    return letIn(
      'sl_a',
      args[0]!,
      (a) =>
        `(CASE WHEN len(list_filter(${a}, lambda sl_e: isnan(sl_e))) > 0 THEN CAST('NaN' AS DOUBLE) ELSE list_min(${a}) END)`,
    );
  };

const total: Render = (args, call) => {
  switch (nameOf(elementOf(call))) {
    case 'INT64':
      return `CAST(list_sum(${args[0]}) AS BIGINT)`;
    case 'FLOAT64':
      return `list_sum(${args[0]})`;
    case 'NUMERIC':
      return `(list_sum(${args[0]}) + CAST(0 AS DECIMAL(38,9)))`;
    case 'BIGNUMERIC':
      return `sluice_bignumeric_sum(${args[0]})`;
    default:
      return no('it is not understood for this type');
  }
};

const average: Render = (args, call) => {
  switch (nameOf(elementOf(call))) {
    case 'INT64':
    case 'FLOAT64':
      return `list_avg(${args[0]})`;
    case 'BIGNUMERIC':
      return `sluice_bignumeric_average(${args[0]})`;
    default:
      return no('it is not understood for this type');
  }
};

const generate: Render = (args, call) => {
  const [start = '', stop = '', step] = args;
  switch (nameOf(call.types[0])) {
    case 'INT64':
      return `sluice_generate_array(${start}, ${stop}, ${step ?? bigint(1)})`;
    case 'FLOAT64':
      return `sluice_generate_doubles(${start}, ${stop}, ${step ?? "CAST('1' AS DOUBLE)"})`;
    case 'NUMERIC':
      return `list_transform(sluice_generate_numerics(${start}, ${stop}, ${step ?? 'CAST(1 AS DECIMAL(38,9))'}), lambda sl_e: CAST(sl_e AS DECIMAL(38,9)))`;
    default:
      return no('it is not understood for this type');
  }
};

const day = 'to_days(CAST(1 AS INTEGER))';

export const arrayRenderers: RenderTable = {
  ARRAY_CONCAT: concat,
  ARRAY_FIRST: end('ARRAY_FIRST', () => '1'),
  ARRAY_LAST: end('ARRAY_LAST', (length) => length),
  ARRAY_LENGTH: (args) => `CAST(len(${args[0]}) AS BIGINT)`,
  ARRAY_REVERSE: (args) => `list_reverse(${args[0]})`,
  ARRAY_SLICE: slice,
  ARRAY_TO_STRING: toText,
  ARRAY_IS_DISTINCT: isDistinct,
  ARRAY_INCLUDES: includes,
  ARRAY_INCLUDES_ANY: includesMany('list_has_any'),
  ARRAY_INCLUDES_ALL: includesMany('list_has_all'),
  ARRAY_MIN: extreme('min'),
  ARRAY_MAX: extreme('max'),
  ARRAY_SUM: total,
  ARRAY_AVG: average,
  GENERATE_ARRAY: generate,
  GENERATE_DATE_ARRAY: (args) =>
    `list_transform(sluice_generate_dates(${args[0]}, ${args[1]}, ${args[2] ?? day}), lambda sl_e: DATE '1970-01-01' + CAST(sl_e AS INTEGER))`,
  GENERATE_TIMESTAMP_ARRAY: (args) =>
    `list_transform(sluice_generate_timestamps(${args[0]}, ${args[1]}, ${args[2]}), lambda sl_e: make_timestamp(sl_e))`,
};
