import type { Render, RenderTable } from '../render.ts';
import { never, typeName } from './help.ts';

/** The range, with an error where its start is not before its end. */
const range: Render = ([start = '', end = ''], call) => {
  const date = typeName(call.types[0]) === 'DATE';
  const check = date
    ? `sluice_range_is_ordered(CAST(${start} AS TIMESTAMP), CAST(${end} AS TIMESTAMP))`
    : `sluice_range_is_ordered(${start}, ${end})`;
  return `CASE WHEN ${check} THEN struct_pack(s := ${start}, e := ${end}) END`;
};

/** Ends as far apart as they can be stand for unbounded ones in comparisons. */
const startOf = (r: string): string => `coalesce((${r}).s, '-infinity')`;
const endOf = (r: string): string => `coalesce((${r}).e, 'infinity')`;
const known = (a: string, b: string, result: string): string =>
  `CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL ELSE ${result} END`;

const contains: Render = ([outer = '', inner = ''], call) =>
  call.types[1]?.kind === 'range'
    ? known(outer, inner, `(${startOf(outer)} <= ${startOf(inner)} AND ${endOf(inner)} <= ${endOf(outer)})`)
    : known(outer, inner, `(${startOf(outer)} <= ${inner} AND ${inner} < ${endOf(outer)})`);

const overlap = (a: string, b: string): string =>
  `(${startOf(a)} < ${endOf(b)} AND ${startOf(b)} < ${endOf(a)})`;

const intersect: Render = ([a = '', b = '']) => {
  const start = `greatest((${a}).s, (${b}).s)`;
  const end = `least((${a}).e, (${b}).e)`;
  const met = `CASE WHEN sluice_ranges_meet(${overlap(a, b)}) THEN struct_pack(s := ${start}, e := ${end}) END`;
  return known(a, b, met);
};

/** The ends come as one list, which a list of that one list brings into reach of a lambda. */
const generate: Render = ([value = '', step = '', last = 'TRUE'], call) => {
  const type = call.types[0];
  if (type?.kind !== 'range') return { refuse: 'it takes a RANGE' };
  const ends = `sluice_range_steps(CAST((${value}).s AS TIMESTAMP), CAST((${value}).e AS TIMESTAMP), ${step}, ${last}, '${type.element}')`;
  const element = type.element === 'DATE' ? 'DATE' : 'TIMESTAMP';
  const end = (at: string): string => `CAST(make_timestamp(ends[${at}]) AS ${element})`;
  const pair = `struct_pack(s := ${end('i')}, e := ${end('i + 1')})`;
  const pairs = `list_transform(range(1, len(ends)), lambda i: ${pair})`;
  return known(value, step, `list_transform([${ends}], lambda ends: ${pairs})[1]`);
};

/** Range functions. An end that is NULL is unbounded. */
export const rangeRenderers: RenderTable = {
  GENERATE_RANGE_ARRAY: generate,
  RANGE: range,
  RANGE_CONTAINS: contains,
  RANGE_END: ([value]) => `(${value}).e`,
  RANGE_INTERSECT: intersect,
  RANGE_OVERLAPS: ([a = '', b = '']) => known(a, b, overlap(a, b)),
  RANGE_SESSIONIZE: never('it is a table function'),
  RANGE_START: ([value]) => `(${value}).s`,
};
