import type { ResolvedScan } from '../resolved/index.ts';
import { printExpression } from './expression.ts';
import { derived, inFrom, oneRow, type Relation, restrict, selectText, wrap } from './relation.ts';
import { duckdbType } from './render.ts';
import { printScan } from './scans.ts';
import { columnName, type Scope, withColumns } from './scope.ts';

type ArrayScan = Extract<ResolvedScan, { kind: 'ArrayScan' }>;

/** A list of the positions 0, 1, ... that an array scan goes through. */
function positions(arrays: readonly string[], zip: ArrayScan['zip']): string {
  const lengths = arrays.map((a) => `coalesce(len(${a}), 0)`);
  const count =
    lengths.length === 1 ? lengths[0] : `${zip === 'TRUNCATE' ? 'least' : 'greatest'}(${lengths.join(', ')})`;
  return `range(CAST(${count} AS BIGINT))`;
}

/** The select items that unfold the arrays: as many rows as the longest (or shortest) has elements. */
function unfold(scan: ArrayScan, texts: readonly string[]): (readonly [string, string])[] {
  const lengths = texts.map((text) => `coalesce(len(${text}), 0)`);
  const lists = texts.map((text, i) => {
    if (texts.length === 1 || scan.zip === 'PAD') return text;
    if (scan.zip === 'TRUNCATE') return `list_slice(${text}, 1, least(${lengths.join(', ')}))`;
    const differ = lengths.slice(1).map((length) => `${length} <> ${lengths[0]}`);
    const message = "'Unnested arrays under STRICT mode must have equal lengths'";
    const fail = `CAST(sluice_fail(${message}) AS ${duckdbType(scan.arrays[i]!.type)})`;
    return `CASE WHEN ${differ.join(' OR ')} THEN ${fail} ELSE ${text} END`;
  });
  const items = lists.map((list, i) => [`unnest(${list})`, columnName(scan.elements[i]!)] as const);
  return scan.offset ? [...items, [`unnest(${positions(texts, scan.zip)})`, columnName(scan.offset)]] : items;
}

/** UNNEST of one array that keeps rows without elements: an absent or empty array stands for one absent element. */
function unfoldOuter(scan: ArrayScan, text: string): (readonly [string, string])[] {
  const some = `len(${text}) > 0`;
  const items: (readonly [string, string])[] = [
    [`unnest(CASE WHEN ${some} THEN ${text} ELSE [NULL] END)`, columnName(scan.elements[0]!)],
  ];
  if (scan.offset)
    items.push([
      `unnest(CASE WHEN ${some} THEN ${positions([text], 'PAD')} ELSE [CAST(NULL AS BIGINT)] END)`,
      columnName(scan.offset),
    ]);
  return items;
}

/** Rows of `input` joined with the elements of arrays. */
export function printArrayScan(scan: ArrayScan, scope: Scope): Relation {
  const produced = scan.offset ? [...scan.elements, scan.offset] : scan.elements;
  const printed = scan.input ? printScan(scan.input, scope) : oneRow;
  const input = scan.input ? plainRows(printed, scope) : printed;
  const inner = withColumns(scope, input.columns);
  const texts = scan.arrays.map((array) => printExpression(array, inner));
  if (scan.outer && (scan.on || texts.length > 1)) return joinLateral(scan, scope, printed);
  const kept = [...input.columns].map(([id, text]) => [text, `c${id}`] as const);
  const unfolded = scan.outer ? unfoldOuter(scan, texts[0]!) : unfold(scan, texts);
  const columns = [...[...input.columns.keys()].map((id) => ({ id })), ...produced];
  const result = derived(selectText(input, [...kept, ...unfolded]), columns, scope.names);
  const where = scan.on ? [printExpression(scan.on, withColumns(scope, result.columns))] : [];
  return restrict({ ...result, where }, scan.columns);
}

/** A relation whose select list may still grow: order and limits would act after the arrays are unfolded. */
function plainRows(r: Relation, scope: Scope): Relation {
  const open = !r.computed && r.orderBy.length === 0 && r.limit === undefined && r.offset === undefined;
  return open && r.from !== undefined ? r : wrap(r, scope.names);
}

function joinLateral(scan: ArrayScan, scope: Scope, printed: Relation): Relation {
  const left = inFrom(printed, scope.names);
  const inner = withColumns(scope, left.columns);
  const texts = scan.arrays.map((array) => printExpression(array, inner));
  const produced = scan.offset ? [...scan.elements, scan.offset] : scan.elements;
  const right = derived(selectText(oneRow, unfold(scan, texts)), produced, scope.names);
  const columns = new Map([...left.columns, ...right.columns]);
  const on = scan.on ? printExpression(scan.on, withColumns(scope, columns)) : 'TRUE';
  const from = `${left.from} LEFT JOIN LATERAL ${right.from} ON ${on}`;
  return restrict({ from, where: [], columns, computed: false, orderBy: [] }, scan.columns);
}
