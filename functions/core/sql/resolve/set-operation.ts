import type { SetOperation, SetOperationHead, Span } from '../ast/index.ts';
import type { Column, ResolvedExpression, ResolvedScan } from '../resolved/index.ts';
import { type SqlType, sameType, typeText } from '../types.ts';
import { coerce, supertype } from './coercion.ts';
import type { QueryContext, QueryOutput, QueryResult } from './context.ts';
import { fail, ResolveFailure, unsupported } from './failure.ts';
import { resolveBody } from './query.ts';
import { columnRef, key } from './scope.ts';
import { newColumn, type Session } from './session.ts';

type Shape = Pick<SetOperation, 'operator' | 'distinct' | 'match' | 'span'> & {
  readonly heads?: readonly SetOperationHead[];
  /** where each query stands, for messages */
  readonly spans?: readonly Span[];
};

export function resolveSetOperation(node: SetOperation, context: QueryContext): QueryResult {
  refuseMixed(node);
  return combine(
    { ...node, spans: node.inputs.map((i) => i.span) },
    node.inputs.map((body) => resolveBody(body, context)),
    context.session,
  );
}

/** GoogleSQL's grammar lets the operators of a chain differ, its meaning does not. */
export function refuseMixed({ heads }: SetOperation): void {
  const first = headKey(heads[0] as SetOperationHead);
  const other = heads.find((head) => headKey(head) !== first);
  if (other === undefined) return;
  fail(
    other,
    'Syntax error: Different set operations cannot be used in the same query without using parentheses for grouping',
  );
}

function headKey({ operator, distinct, match }: SetOperationHead): string {
  const columns = match?.columns?.map((c) => (c.kind === 'Identifier' ? key(c.name) : '**'));
  return JSON.stringify([operator, distinct, match?.mode, match?.outer, match?.strict, columns]);
}

const title = (node: Shape): string => `${node.operator} ${node.distinct ? 'DISTINCT' : 'ALL'}`;

/** Rows of several queries under the names of the first. */
export function combine(node: Shape, inputs: readonly QueryResult[], session: Session): QueryResult {
  const rows = node.match ? byName(node, inputs) : byPosition(node, inputs);
  const width = rows[0]?.length ?? 0;
  const names: string[] = [];
  const types: SqlType[] = [];
  for (let i = 0; i < width; i++) {
    const cells = rows.map((r) => r[i]);
    const present = cells.filter((c) => c !== undefined);
    const type = supertype(present.map((c) => value(c, node.span)));
    if (type === undefined) {
      const shown = [...new Set(present.map((c) => typeText(c.column.type)))].join(', ');
      const odd = cells.findIndex(
        (c) =>
          c && supertype([value(present[0] as QueryOutput, node.span), value(c, node.span)]) === undefined,
      );
      fail(
        node.spans?.[odd] ?? node.span,
        `Column ${i + 1} in ${title(node)} has incompatible types: ${shown}`,
      );
    }
    names.push((cells[0] ?? present[0])?.name ?? '');
    types.push(type);
  }
  const columns = types.map((type, i) => newColumn(session, names[i] ?? '', type));
  const scan: ResolvedScan = {
    kind: 'SetOperationScan',
    operator: node.operator,
    distinct: node.distinct,
    inputs: rows.map((r, i) => pick(r, types, (inputs[i] as QueryResult).scan, node.span, session)),
    columns,
  };
  const asValue = inputs.every((i) => i.asValue);
  return { scan, outputs: columns.map((column, i) => ({ name: names[i] ?? '', column })), asValue };
}

type Cell = QueryOutput | undefined;

const value = (o: QueryOutput, span: Span): ResolvedExpression => o.literal ?? columnRef(o.column, span);

/** The input with its columns brought to the wanted types; a missing column is NULL. */
export function pick(
  cells: readonly Cell[],
  types: readonly SqlType[],
  scan: ResolvedScan,
  span: Span,
  session: Session,
): { scan: ResolvedScan; picks: Column[] } {
  const computed: { column: Column; expression: ResolvedExpression }[] = [];
  const picks = types.map((type, i) => {
    const cell = cells[i];
    if (cell && sameType(cell.column.type, type)) return cell.column;
    const expression: ResolvedExpression = cell
      ? cell.literal
        ? coerce(cell.literal, type)
        : coerce(columnRef(cell.column, span), type)
      : { kind: 'Constant', type, span, value: { kind: 'null' } };
    const column = newColumn(session, cell?.name ?? '', type);
    computed.push({ column, expression });
    return column;
  });
  if (computed.length === 0) return { scan, picks };
  const picked = new Set(picks.map((p) => p.id));
  const own = scan.columns.filter((c) => picked.has(c.id));
  return {
    scan: { kind: 'ProjectScan', input: scan, computed, columns: [...own, ...computed.map((c) => c.column)] },
    picks,
  };
}

function byPosition(node: Shape, inputs: readonly QueryResult[]): Cell[][] {
  const first = inputs[0]?.outputs.length ?? 0;
  for (const [i, input] of inputs.entries()) {
    const count = input.outputs.length;
    const columns = (n: number): string => `${n} column${n === 1 ? '' : 's'}`;
    if (count !== first)
      fail(
        node.spans?.[i] ?? node.span,
        `Queries in ${title(node)} have mismatched column count; query 1 has ${columns(first)}, query ${i + 1} has ${columns(count)}`,
      );
  }
  return inputs.map((i) => [...i.outputs]);
}

/** The mode's word is the first or, where it is STRICT, the last of the operator. */
function modePlace({ match, heads, span }: Shape): Span {
  const place = heads?.[0]?.span;
  if (place === undefined) return span;
  return match?.strict ? { start: place.end - 'STRICT'.length, end: place.end } : place;
}

/** Columns times queries: each query gets those that only others have. */
const MAX_CELLS = 200_000;

/** BY NAME is STRICT CORRESPONDING; a prefix (FULL, LEFT, INNER) says which columns are kept instead. */
function byName(node: Shape, inputs: readonly QueryResult[]): Cell[][] {
  const match = node.match as NonNullable<Shape['match']>;
  if (match.mode === undefined)
    fail(
      modePlace(node),
      `${match.outer ?? 'STRICT'} in set operations cannot be used without CORRESPONDING`,
    );
  const strict = match.strict || (match.mode === 'BY_NAME' && match.outer === undefined);
  const mode = match.outer ?? 'INNER';
  const tables = inputs.map((input) => {
    const columns = new Map<string, QueryOutput>();
    for (const o of input.outputs) {
      if (o.name === '') fail(node, `Columns of ${title(node)} by name must not be anonymous`);
      if (columns.has(key(o.name))) fail(node, `Duplicate column ${o.name} in ${title(node)} by name`);
      columns.set(key(o.name), o);
    }
    return columns;
  });
  const all = [...new Set(tables.flatMap((t) => [...t.keys()]))];
  if (all.length * inputs.length > MAX_CELLS)
    throw new ResolveFailure(
      'limit',
      `${title(node)} by name fills in more than ${MAX_CELLS} columns`,
      node.span.start,
    );
  let wanted = match.columns?.map((c) =>
    c.kind === 'Unpack' ? unsupported(c, 'unpacking with **') : key(c.name),
  );
  if (wanted === undefined) {
    if (strict && tables.some((t) => t.size !== all.length))
      fail(
        node,
        `${title(node)} BY NAME: column names of the queries must be the same; use FULL, LEFT or INNER otherwise`,
      );
    if (mode === 'FULL' || strict) wanted = strict ? [...(tables[0]?.keys() ?? [])] : all;
    else if (mode === 'LEFT') wanted = [...(tables[0]?.keys() ?? [])];
    else wanted = [...(tables[0]?.keys() ?? [])].filter((n) => tables.every((t) => t.has(n)));
  }
  for (const [i, t] of tables.entries())
    for (const n of wanted)
      if (!t.has(n) && (mode === 'INNER' || strict || (mode === 'LEFT' && i === 0)))
        fail(node, `Column ${n} is not in query ${i + 1} of ${title(node)}`);
  const apart = tables.findIndex((t, i) => i > 0 && ![...t.keys()].some((n) => tables[0]?.has(n)));
  if (mode === 'LEFT' && match.columns === undefined && apart > 0)
    fail(
      node,
      `Query ${apart + 1} of the set operation with LEFT mode does not share any common columns with query 1`,
    );
  if (wanted.length === 0) fail(node, `Queries in ${title(node)} have no columns in common`);
  const names = wanted;
  return tables.map((t) => names.map((n) => t.get(n)));
}
