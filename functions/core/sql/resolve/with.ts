import type {
  CommonTable,
  Query,
  QueryBody,
  RecursionDepth,
  SetOperation,
  Span,
  WithClause,
} from '../ast/index.ts';
import type { ResolvedScan } from '../resolved/index.ts';
import { INT64, sameType, typeText } from '../types.ts';
import { coercible } from './coercion.ts';
import type { CteInfo, CteScope, QueryContext, QueryResult } from './context.ts';
import { fail, unsupported } from './failure.ts';
import { resolveBody, resolveQuery } from './query.ts';
import { checkRecursion } from './recursion-rules.ts';
import { key } from './scope.ts';
import { newColumn } from './session.ts';
import { combine, pick, refuseMixed } from './set-operation.ts';

type Entry = { readonly name: string; readonly scan: ResolvedScan };
type State = {
  readonly table: CommonTable;
  state: 'waiting' | 'active' | 'done';
  info?: CteInfo;
  /** set while the recursive term is resolved */
  self?: CteInfo;
  selfUsed: boolean;
};

/** The CTEs of a WITH clause; without RECURSIVE each sees those before it, with RECURSIVE all and itself. */
export function resolveWith(
  clause: WithClause,
  context: QueryContext,
): { ctes: CteScope | undefined; entries: () => Entry[] } {
  const seen = new Set<string>();
  for (const t of clause.tables) {
    if (seen.has(key(t.name.name))) fail(t.name, `Duplicate alias ${t.name.name} for WITH subquery`);
    seen.add(key(t.name.name));
  }
  const entries: Entry[] = [];
  if (clause.recursive) return { ctes: recursiveScope(clause, context, entries), entries: () => entries };
  const known = new Map<string, { readonly info: CteInfo; readonly index: number }>();
  // One map for all, so that a long list of tables is not walked for each name; a table sees those before it.
  const before = (limit: number): CteScope => {
    const find = (name: string): CteInfo | undefined => {
      const found = known.get(key(name));
      return found && found.index < limit ? found.info : undefined;
    };
    return context.ctes ? { find, parent: context.ctes } : { find };
  };
  for (const [index, t] of clause.tables.entries()) {
    const info = define(t, resolveQuery(t.query, { ...context, ctes: before(index) }), context, entries);
    known.set(key(t.name.name), { info, index });
  }
  return { ctes: before(clause.tables.length), entries: () => entries };
}

/** Shadowing CTEs get a name of their own, so that a reference cannot be misread. */
function define(
  table: CommonTable,
  result: QueryResult,
  context: QueryContext,
  entries: Entry[],
  unique = uniqueName(table, context),
): CteInfo {
  entries.push({ name: unique, scan: result.scan });
  return {
    name: unique,
    outputs: result.outputs.map((o) => ({ name: o.name, type: o.column.type })),
    asValue: result.asValue,
  };
}

function uniqueName(table: CommonTable, { session }: QueryContext): string {
  const names = session.shared.cteNames;
  let name = table.name.name;
  for (let n = 2; names.has(key(name)); n++) name = `${table.name.name}$${n}`;
  names.add(key(name));
  return name;
}

function recursiveScope(clause: WithClause, context: QueryContext, entries: Entry[]): CteScope {
  const states: State[] = clause.tables.map((table) => ({ table, state: 'waiting', selfUsed: false }));
  const byName = new Map(states.map((s) => [key(s.table.name.name), s] as const));
  const find = (name: string, span: Span): CteInfo | undefined => {
    const s = byName.get(key(name));
    if (s === undefined) return undefined;
    if (s.state === 'active') {
      if (s.self === undefined)
        fail(
          span,
          `Recursive reference to ${name} is only allowed in the last query of a UNION that defines it`,
        );
      s.selfUsed = true;
      return s.self;
    }
    if (s.state === 'waiting') resolveOne(s);
    return s.info;
  };
  const scope: CteScope = context.ctes ? { find, parent: context.ctes } : { find };
  const resolveOne = (s: State): void => {
    s.state = 'active';
    const inside = { ...context, ctes: scope };
    s.info = resolveRecursive(s, inside, entries);
    s.state = 'done';
  };
  for (const s of states) if (s.state === 'waiting') resolveOne(s);
  return scope;
}

function resolveRecursive(s: State, context: QueryContext, entries: Entry[]): CteInfo {
  const { query, clauses } = unwrapped(s.table.query);
  const body: QueryBody = query.body;
  if (!isPlain(query) || body.kind !== 'SetOperation' || body.operator !== 'UNION' || body.match) {
    if (s.table.depth) unsupported(s.table.depth, 'WITH DEPTH');
    return define(s.table, resolveQuery(s.table.query, context), context, entries);
  }
  refuseMixed(body);
  const unique = uniqueName(s.table, context);
  const defined: ReturnType<typeof resolveWith>[] = [];
  let inside = context;
  for (const clause of clauses) {
    const inner = resolveWith(clause, inside);
    defined.push(inner);
    inside = { ...inside, ctes: inner.ctes };
  }
  const result = resolveUnion(s, body, unique, inside);
  const scan = defined.reduceRight<ResolvedScan>(
    (input, { entries: own }, i) => ({
      kind: 'WithScan',
      recursive: clauses[i]?.recursive ?? false,
      entries: own(),
      input,
      columns: input.columns,
    }),
    result.scan,
  );
  return define(s.table, { ...result, scan }, context, entries, unique);
}

const isPlain = ({ orderBy, limit, offset, pipes }: Query): boolean =>
  orderBy.length === 0 && !limit && !offset && pipes.length === 0;

/** The query inside parentheses that hold nothing else, and the WITH clauses on the way. */
function unwrapped(given: Query): { query: Query; clauses: WithClause[] } {
  const clauses: WithClause[] = [];
  let query = given;
  for (;;) {
    if (query.with) clauses.push(query.with);
    if (!isPlain(query) || query.body.kind !== 'ParenthesizedQuery') return { query, clauses };
    query = query.body.query;
  }
}

function resolveUnion(s: State, body: SetOperation, unique: string, context: QueryContext): QueryResult {
  const anchors = body.inputs.slice(0, -1).map((b) => resolveBody(b, context));
  const anchor = anchors.length === 1 ? (anchors[0] as QueryResult) : combine(body, anchors, context.session);
  s.self = {
    name: unique,
    outputs: anchor.outputs.map((o) => ({ name: o.name, type: o.column.type })),
    asValue: anchor.asValue,
  };
  const last = resolveBody(body.inputs[body.inputs.length - 1] as QueryBody, context);
  if (s.selfUsed) {
    checkRecursion(last.scan, unique, s.table.span);
    return recursiveScan(s.table, unique, body.distinct, anchor, last, context);
  }
  if (s.table.depth) unsupported(s.table.depth, 'WITH DEPTH');
  return combine(body, [...anchors, last], context.session);
}

/** The bounds are literals or parameters, which read nothing. */
const depthName = ({ alias }: RecursionDepth): string => alias?.name ?? 'depth';

function recursiveScan(
  table: CommonTable,
  name: string,
  distinct: boolean,
  anchor: QueryResult,
  term: QueryResult,
  context: QueryContext,
): QueryResult {
  const types = anchor.outputs.map((o) => o.column.type);
  if (types.length !== term.outputs.length)
    fail(
      table,
      `Queries in UNION have mismatched column count; query 1 has ${types.length}, query 2 has ${term.outputs.length}`,
    );
  for (const [i, o] of term.outputs.entries()) {
    const wanted = types[i];
    if (wanted && !o.literal && !sameType(o.column.type, wanted) && !coercible(o.column.type, wanted))
      fail(
        table,
        `Cannot coerce column ${i + 1} of recursive query from ${typeText(o.column.type)} to ${typeText(wanted)}`,
      );
  }
  const exact = (result: QueryResult): ResolvedScan => {
    const picked = pick(result.outputs, types, result.scan, table.span, context.session);
    const same = picked.scan.columns.every((c, i) => c.id === picked.picks[i]?.id);
    if (same) return picked.scan;
    return { kind: 'ProjectScan', input: picked.scan, computed: [], columns: picked.picks };
  };
  const columns = anchor.outputs.map((o) => newColumn(context.session, o.name, o.column.type));
  const depth = table.depth && newColumn(context.session, depthName(table.depth), INT64);
  const scan: ResolvedScan = {
    kind: 'RecursiveScan',
    name,
    distinct,
    anchor: exact(anchor),
    recursive: exact(term),
    ...(depth ? { depth } : {}),
    columns: depth ? [...columns, depth] : columns,
  };
  const outputs = columns.map((column, i) => ({ name: anchor.outputs[i]?.name ?? '', column }));
  if (depth) outputs.push({ name: depth.name, column: depth });
  return { scan, outputs, asValue: anchor.asValue };
}
