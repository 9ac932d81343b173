import type { ColumnSource, Flow } from '../analysis.ts';
import { tableName } from '../catalog.ts';
import { isRowFilter } from '../resolve/row-filter.ts';
import type { Column, ResolvedExpression } from '../resolved/index.ts';
import type { KnownSources, Origins } from './origins.ts';

const RANK: Readonly<Record<Flow, number>> = { copied: 0, derived: 1, aggregated: 2, counted: 3 };
const weaker = (a: Flow, b: Flow): Flow => (RANK[a] >= RANK[b] ? a : b);

type Found = ReadonlyMap<string, ColumnSource>;

/** What the columns of WITH tables come from, so that a chain of these is not followed again for each reference. */
const shared = new WeakMap<Origins, Map<string, Found>>();

/** In the order of the text: each WITH table is known before those that read it, however long their chain is. */
function sharedSources(origins: Origins): Map<string, Found> {
  const known = shared.get(origins);
  if (known !== undefined) return known;
  const made = new Map<string, Found>();
  shared.set(origins, made);
  for (const origin of origins.values())
    if (origin.kind === 'columns' && origin.shared && origin.columns[0])
      new Sources(origins).shareColumn(origin.columns[0]);
  return made;
}

/** The end of paths that a recursion makes longer and longer. */
const MAX_PATH = 64;

/** Collects base columns; each is kept with its most telling flow. */
export class Sources {
  readonly #origins: Origins;
  readonly #shared: Map<string, Found>;
  readonly #found = new Map<string, ColumnSource>();
  readonly #seen = new Map<string, number>();

  constructor(origins: Origins) {
    this.#origins = origins;
    this.#shared = sharedSources(origins);
  }

  get list(): readonly ColumnSource[] {
    return [...this.#found.values()];
  }

  /** Follows an expression; `path` are the names of the struct fields that are taken from its value. */
  expression(e: ResolvedExpression, path: readonly Step[] = [], flow: Flow = 'copied'): void {
    if (isRowFilter(e)) return;
    const derived = weaker(flow, 'derived');
    switch (e.kind) {
      case 'Constant':
      case 'ParameterRef':
        return;
      case 'ColumnRef':
        this.column(e.column, path, flow);
        return;
      case 'GetField':
        this.expression(e.base, [fieldName(e.base, e.index), ...path], flow);
        return;
      case 'GetJsonField':
        this.expression(e.base, [{ json: e.field }, ...path], derived);
        return;
      case 'MakeStruct':
        this.#struct(e, path, flow);
        return;
      case 'ResolvedCast':
        this.expression(e.operand, path, e.implicit ? flow : derived);
        return;
      case 'Call':
        this.#call(e, path, derived);
        return;
      case 'Subquery':
        this.#subquery(e, path, flow);
        return;
      case 'Let':
        // What a routine does with its arguments is its own affair: all of them count.
        if (e.routine) for (const { value } of e.variables) this.expression(value, [], derived);
        this.expression(e.body, path, flow);
        return;
    }
  }

  column(column: Column, written: readonly Step[] = [], flow: Flow = 'copied'): void {
    const path = written.length > MAX_PATH ? [] : written;
    const key = placeKey(column, path);
    const seen = this.#seen.get(key);
    if (seen !== undefined && seen <= RANK[flow]) return;
    this.#seen.set(key, RANK[flow]);
    const origin = this.#origins.get(column.id);
    switch (origin?.kind) {
      case undefined:
        return;
      case 'base':
        for (const table of origin.tables)
          this.#add({ table, column: origin.column, ...splitPath(path), flow });
        return;
      case 'known':
        this.#known(origin.sources, path, flow);
        return;
      case 'expression':
        this.expression(origin.expression, path, flow);
        return;
      case 'columns':
        for (const c of origin.columns) {
          if (origin.shared) this.#take(this.#sharedColumn(c, path), flow);
          else this.column(c, path, flow);
        }
        return;
      case 'elements':
        for (const a of origin.arrays) this.expression(a, path, flow);
        return;
      case 'call':
        for (const a of [...origin.call.arguments, ...Object.values(origin.call.named ?? {})])
          this.expression(a, path, weaker(flow, origin.flow));
        return;
    }
  }

  /** Follows a column of a WITH table once for all. */
  shareColumn(column: Column): void {
    this.#sharedColumn(column, []);
  }

  #sharedColumn(column: Column, path: readonly Step[]): Found {
    const key = placeKey(column, path);
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const own = new Sources(this.#origins);
    own.column(column, path);
    this.#shared.set(key, own.#found);
    return own.#found;
  }

  #take(found: Found, flow: Flow): void {
    for (const [key, source] of found) {
      const reached = weaker(source.flow, flow);
      this.#keep(key, reached === source.flow ? source : { ...source, flow: reached });
    }
  }

  #known({ all, fields }: KnownSources, [first, ...rest]: readonly Step[], flow: Flow): void {
    const field = typeof first === 'string' ? fields?.get(first.toLowerCase()) : undefined;
    for (const source of field ?? all) {
      // A column that was copied whole keeps the path that is taken from it here.
      const taken = first === undefined || fields !== undefined ? rest : [first, ...rest];
      const { path, json } = source.flow === 'copied' ? splitPath([...source.path, ...taken]) : source;
      this.#add({ ...source, path, ...(json ? { json } : {}), flow: weaker(source.flow, flow) });
    }
  }

  #add(source: ColumnSource): void {
    const key = JSON.stringify([
      tableName(source.table),
      source.column.toLowerCase(),
      source.path,
      source.json,
    ]);
    this.#keep(key, source);
  }

  #keep(key: string, source: ColumnSource): void {
    const known = this.#found.get(key);
    if (known === undefined || RANK[source.flow] < RANK[known.flow]) this.#found.set(key, source);
  }

  #struct(e: Extract<ResolvedExpression, { kind: 'MakeStruct' }>, path: readonly Step[], flow: Flow): void {
    const [first, ...rest] = path;
    // Fields of one name cannot be told apart by a path: all of them count.
    const picked = typeof first === 'string' ? e.fields.filter((_, i) => isNamed(e, i, first)) : [];
    for (const f of picked) this.expression(f, rest, flow);
    if (picked.length === 0) for (const f of e.fields) this.expression(f, [], flow);
  }

  #call(e: Extract<ResolvedExpression, { kind: 'Call' }>, path: readonly Step[], flow: Flow): void {
    // A path goes through calls that give one of their arguments, or a part of it, as it is.
    const kept = KEEPS_SHAPE.get(e.name);
    const through = (a: ResolvedExpression, i: number): boolean =>
      kept !== undefined && (kept < 0 || kept === i) && a.type.kind !== 'scalar';
    for (const [i, a] of e.arguments.entries()) this.expression(a, through(a, i) ? path : [], flow);
    for (const a of Object.values(e.named ?? {})) this.expression(a, [], flow);
    for (const l of e.lambdas ?? []) this.expression(l.body, e.name === 'ARRAY_TRANSFORM' ? path : [], flow);
  }

  #subquery(e: Extract<ResolvedExpression, { kind: 'Subquery' }>, path: readonly Step[], flow: Flow): void {
    if (e.form === 'EXISTS') return;
    if (e.operand) this.expression(e.operand, [], weaker(flow, 'derived'));
    for (const c of e.scan.columns) this.column(c, path, e.form === 'IN' ? weaker(flow, 'derived') : flow);
  }
}

const placeKey = ({ id }: Column, path: readonly Step[]): string =>
  path.length === 0 ? `${id}` : `${id}.${JSON.stringify(path)}`;

/** Calls whose result is one of their arguments or an element of it: which argument, -1 for any. */
const KEEPS_SHAPE: ReadonlyMap<string, number> = new Map([
  ['$array', -1],
  ['$array_offset', 0],
  ['$array_ordinal', 0],
  ['$safe_array_offset', 0],
  ['$safe_array_ordinal', 0],
  ['$case', -1],
  ['ARRAY_CONCAT', -1],
  ['ARRAY_FILTER', 0],
  ['ARRAY_FIRST', 0],
  ['ARRAY_LAST', 0],
  ['ARRAY_REVERSE', 0],
  ['ARRAY_SLICE', 0],
  ['COALESCE', -1],
  ['IF', -1],
  ['IFNULL', -1],
  ['NULLIF', -1],
]);

/** One step from a value into it: a struct's field by name, or a field of a JSON value. */
type Step = string | { readonly json: string };

function splitPath(steps: readonly Step[]): Pick<ColumnSource, 'path' | 'json'> {
  const at = steps.findIndex((step) => typeof step !== 'string');
  const path = steps.filter((step, i): step is string => typeof step === 'string' && (at < 0 || i < at));
  if (at < 0) return { path };
  return { path, json: steps.slice(at).map((step) => (typeof step === 'string' ? step : step.json)) };
}

const fieldName = (base: ResolvedExpression, index: number): string => {
  const field = base.type.kind === 'struct' ? base.type.fields[index] : undefined;
  return field?.name ?? `_field_${index + 1}`;
};

const isNamed = (e: ResolvedExpression, index: number, name: string): boolean =>
  fieldName(e, index).toLowerCase() === name.toLowerCase();
