import type { Render, RenderCall, RenderTable } from '../render.ts';
import { never, typeName } from './help.ts';

/** The range, with an error where its start is not before its end. */
const range: Render = ([start = '', end = ''], call) => {
  const date = typeName(call.types[0]) === 'DATE';
  const check = date
    ? `sluice_range_is_ordered(CAST(${start} AS TIMESTAMP), CAST(${end} AS TIMESTAMP))`
    : `sluice_range_is_ordered(${start}, ${end})`;
  return `CASE WHEN ${check} THEN struct_pack(s := ${start}, e := ${end}) END`;
};

type Ends = { readonly start: (range: string) => string; readonly end: (range: string) => string };

/** Ends as far apart as they can be stand for unbounded ones in comparisons. */
function ends(call: RenderCall): Ends {
  const type = call.types[0];
  const element = type?.kind === 'range' && type.element === 'DATE' ? 'DATE' : 'TIMESTAMP';
  return {
    start: (r) => `coalesce((${r}).s, CAST('-infinity' AS ${element}))`,
    end: (r) => `coalesce((${r}).e, CAST('infinity' AS ${element}))`,
  };
}

const known = (a: string, b: string, result: string): string =>
  `CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL ELSE ${result} END`;

const contains: Render = ([outer = '', inner = ''], call) => {
  const { start, end } = ends(call);
  return call.types[1]?.kind === 'range'
    ? known(outer, inner, `(${start(outer)} <= ${start(inner)} AND ${end(inner)} <= ${end(outer)})`)
    : known(outer, inner, `(${start(outer)} <= ${inner} AND ${inner} < ${end(outer)})`);
};

const overlap = (a: string, b: string, { start, end }: Ends): string =>
  `(${start(a)} < ${end(b)} AND ${start(b)} < ${end(a)})`;

const intersect: Render = ([a = '', b = ''], call) => {
  const start = `greatest((${a}).s, (${b}).s)`;
  const end = `least((${a}).e, (${b}).e)`;
  const meet = `sluice_ranges_meet(${overlap(a, b, ends(call))})`;
  return known(a, b, `CASE WHEN ${meet} THEN struct_pack(s := ${start}, e := ${end}) END`);
};

/** The ends come as one list, which a list of that one list brings into reach of a lambda. */
const generate: Render = ([value = '', step = '', last = 'TRUE'], call) => {
  const type = call.types[0];
  if (type?.kind !== 'range') return { refuse: 'it takes a RANGE' };
  const steps = `sluice_range_steps(CAST((${value}).s AS TIMESTAMP), CAST((${value}).e AS TIMESTAMP), ${step}, ${last}, '${type.element}')`;
  const element = type.element === 'DATE' ? 'DATE' : 'TIMESTAMP';
  const end = (at: string): string => `CAST(make_timestamp(ends[${at}]) AS ${element})`;
  const pair = `struct_pack(s := ${end('i')}, e := ${end('i + 1')})`;
  const pairs = `list_transform(range(1, len(ends)), lambda i: ${pair})`;
  return known(value, step, `list_transform([${steps}], lambda ends: ${pairs})[1]`);
};

/** Range functions. An end that is NULL is unbounded. */
export const rangeRenderers: RenderTable = {
  GENERATE_RANGE_ARRAY: generate,
  RANGE: range,
  RANGE_CONTAINS: contains,
  RANGE_END: ([value]) => `(${value}).e`,
  RANGE_INTERSECT: intersect,
  RANGE_OVERLAPS: ([a = '', b = ''], call) => known(a, b, overlap(a, b, ends(call))),
  RANGE_SESSIONIZE: never('it is a table function'),
  RANGE_START: ([value]) => `(${value}).s`,
};
