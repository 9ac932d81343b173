import { type CatalogTable, tableName } from '../sql/catalog.ts';
import type { ResolvedExpression, ResolvedQuery, ResolvedScan } from '../sql/resolved/index.ts';
import type { SqlType } from '../sql/types.ts';
import type { MaskedColumn, MaskingPlan, MaskingRule } from './plan.ts';

/** Masked paths below one column or array element of the resolved query. */
type Tracked = {
  readonly name: string;
  readonly masks: readonly { readonly path: readonly string[]; readonly rule: MaskingRule }[];
};

/** A column, or a field inside of it. */
type Access = { readonly id: number; readonly path: readonly string[] };

/** `test`: only whether it is NULL, or its elements one by one; `call`: a function gives something else for it. */
type Reading = 'value' | 'test' | 'call';

type ProjectScan = Extract<ResolvedScan, { kind: 'ProjectScan' }>;
type ArrayScan = Extract<ResolvedScan, { kind: 'ArrayScan' }>;
type Resolved = ResolvedScan | ResolvedExpression | ResolvedQuery;

/** Rules that compute on the value; all others must not read it at all. */
const readingRules: ReadonlySet<MaskingRule> = new Set([
  'SHA256',
  'KEYED_TOKEN',
  'FIRST_FOUR_CHARACTERS',
  'LAST_FOUR_CHARACTERS',
  'EMAIL_MASK',
  'DATE_YEAR_MASK',
]);

/** Functions that give one of their arguments back as it is, or a value that holds it whole. */
const transparent: ReadonlySet<string> = new Set([
  'IF',
  '$case',
  'COALESCE',
  'IFNULL',
  'NULLIF',
  'GREATEST',
  'LEAST',
  '$array',
  'TO_JSON',
  'TO_JSON_STRING',
]);

/** Properties that hold no steps or expressions of the query. */
const skipped: ReadonlySet<string> = new Set(['table', 'members', 'type', 'span', 'column']);

const lower = (name: string): string => name.toLowerCase();

const startsWith = (path: readonly string[], start: readonly string[]): boolean =>
  start.length <= path.length && start.every((name, index) => lower(name) === lower(path[index] ?? ''));

/** The field names of a chain of GetField over a column; undefined for any other expression. */
function accessOf(expression: Resolved): Access | undefined {
  if (expression.kind === 'ColumnRef') return { id: expression.column.id, path: [] };
  if (expression.kind !== 'GetField') return undefined;
  const base = accessOf(expression.base);
  const type: SqlType = expression.base.type;
  const field = type.kind === 'struct' ? type.fields[expression.index]?.name : undefined;
  return base === undefined || field === undefined ? undefined : { id: base.id, path: [...base.path, field] };
}

/** The list of columns right above a table: where `maskedSelect` puts masks. Columns that nothing uses are gone from it. */
const isMaskingList = (node: ProjectScan): boolean =>
  node.input.kind === 'TableScan' || node.input.kind === 'WildcardScan';

function eachNode(value: unknown, enter: (node: Resolved) => void): void {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if (Array.isArray(value)) {
    for (const item of value) eachNode(item, enter);
    return;
  }
  if ('kind' in value) enter(value as Resolved);
  for (const key in value) {
    if (!skipped.has(key)) eachNode((value as Readonly<Record<string, unknown>>)[key], enter);
  }
}

class Checker {
  readonly problems = new Set<string>();
  readonly #plan: ReadonlyMap<string, readonly MaskedColumn[]>;
  readonly #tracked = new Map<number, Tracked>();
  /** Whether the walk is inside the list of columns of a masking subquery. */
  #masking = false;

  constructor(plan: MaskingPlan) {
    this.#plan = Map.groupBy(plan.columns, (column) => lower(tableName(column.table)));
  }

  /** Base columns are known before anything is judged. */
  collect(query: ResolvedQuery): void {
    eachNode(query, (node) => {
      if (node.kind === 'TableScan') {
        const all = [...node.table.columns, ...node.table.pseudoColumns];
        for (const [index, column] of node.columns.entries()) {
          this.#track(column.id, node.table, all[node.tableColumns[index] ?? -1]?.name ?? column.name);
        }
      }
      if (node.kind !== 'WildcardScan') return;
      for (const column of node.columns) {
        for (const member of node.members) this.#track(column.id, member, column.name);
      }
    });
  }

  #track(id: number, table: CatalogTable, columnName: string): void {
    const columns = (this.#plan.get(lower(tableName(table.ref))) ?? []).filter(
      (column) => lower(column.path[0] ?? '') === lower(columnName),
    );
    if (columns.length === 0) return;
    const masks = columns.map(({ path, rule }) => ({ path: path.slice(1), rule }));
    const before = this.#tracked.get(id)?.masks ?? [];
    this.#tracked.set(id, { name: `${tableName(table.ref)}.${columnName}`, masks: [...before, ...masks] });
  }

  #report(tracked: Tracked, path: readonly string[], how: string): void {
    this.problems.add(`${[tracked.name, ...path].join('.')} ${how}`);
  }

  #read({ id, path }: Access, reading: Reading): void {
    const tracked = this.#tracked.get(id);
    if (tracked === undefined) return;
    for (const mask of tracked.masks) {
      const inside = startsWith(path, mask.path);
      if (inside && !readingRules.has(mask.rule)) {
        this.#report(tracked, path, `is read although its mask is ${mask.rule}`);
      } else if (inside && !(this.#masking && reading !== 'value')) {
        this.#report(tracked, path, `is read past its mask ${mask.rule}`);
      } else if (!inside && startsWith(mask.path, path) && reading !== 'test') {
        this.#report(tracked, path, 'is read whole although a part of it is masked');
      }
    }
  }

  /** Columns that a step hands on by position, where no expression shows it. */
  #passed(columns: readonly { readonly id: number }[], where: string): void {
    for (const { id } of columns) {
      const tracked = this.#tracked.get(id);
      if (tracked !== undefined) this.#report(tracked, [], `is handed on by ${where}`);
    }
  }

  visit(value: unknown): void {
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
    if (Array.isArray(value)) {
      for (const item of value) this.visit(item);
    } else if ('kind' in value) {
      this.#node(value as Resolved);
    } else {
      this.#children(value);
    }
  }

  #node(node: Resolved): void {
    const access = accessOf(node);
    if (access !== undefined) {
      this.#read(access, 'value');
      return;
    }
    this.#handedOn(node);
    if (node.kind === 'ArrayScan') this.#elements(node);
    else if (node.kind === 'ProjectScan' && isMaskingList(node)) this.#maskingList(node);
    else if (node.kind === 'Call') this.#call(node);
    else if (node.kind === 'ResolvedCast') this.#operand(node.operand, 'call');
    else this.#children(node);
  }

  /** Inputs first: an ArrayScan below makes element columns known to what stands above it. */
  #children(node: object): void {
    const children = Object.entries(node).filter(([key]) => !skipped.has(key));
    for (const [key, child] of children) if (key === 'input' || key === 'scan') this.visit(child);
    for (const [key, child] of children) if (key !== 'input' && key !== 'scan') this.visit(child);
  }

  #operand(operand: ResolvedExpression, reading: Reading): void {
    const access = accessOf(operand);
    if (access === undefined) this.visit(operand);
    else this.#read(access, reading);
  }

  #call(call: Extract<ResolvedExpression, { kind: 'Call' }>): void {
    const reading = call.name === '$is_null' ? 'test' : transparent.has(call.name) ? 'value' : 'call';
    for (const operand of call.arguments) this.#operand(operand, reading);
    this.visit(call.named === undefined ? undefined : Object.values(call.named));
    for (const lambda of call.lambdas ?? []) this.visit(lambda.body);
  }

  #maskingList(node: ProjectScan): void {
    this.#passed(node.columns, 'the masking subquery');
    const before = this.#masking;
    this.#masking = true;
    for (const { expression } of node.computed) this.visit(expression);
    this.#masking = before;
  }

  /** Elements of an array are tracked like the array: masks of its fields are masks of theirs. */
  #elements(node: ArrayScan): void {
    this.visit(node.input);
    for (const [index, array] of node.arrays.entries()) {
      const access = accessOf(array);
      const tracked = access && this.#tracked.get(access.id);
      const element = node.elements[index];
      if (access === undefined || tracked === undefined || element === undefined) {
        this.visit(array);
        continue;
      }
      this.#read(access, 'test');
      const masks = tracked.masks
        .filter((mask) => startsWith(mask.path, access.path))
        .map((mask) => ({ ...mask, path: mask.path.slice(access.path.length) }));
      if (masks.length > 0) {
        this.#tracked.set(element.id, { name: [tracked.name, ...access.path].join('.'), masks });
      }
    }
    this.visit(node.on);
  }

  #handedOn(node: Resolved): void {
    if (node.kind === 'DistinctScan') this.#passed(node.columns, 'DISTINCT');
    if (node.kind === 'WithScan') {
      for (const entry of node.entries) this.#passed(entry.scan.columns, 'WITH');
    }
    if (node.kind === 'SetOperationScan') {
      for (const input of node.inputs) this.#passed(input.picks, node.operator);
    }
    if (node.kind === 'RecursiveScan') {
      this.#passed([...node.anchor.columns, ...node.recursive.columns], 'WITH RECURSIVE');
    }
    if (node.kind === 'Subquery' && node.form !== 'EXISTS') this.#passed(node.scan.columns, 'a subquery');
    if (node.kind === 'ResolvedQuery') {
      for (const { column } of node.output) this.#passed([column], 'the result');
    }
  }
}

/**
 * The second net under `applyMasks`: looks at what the rewritten text was understood as, and says where a masked column
 * could still be read. Empty = nowhere. Columns that a mask makes constant must not be read at all; of a struct with masked
 * fields only the other fields may be, and whether it is NULL.
 */
export function checkMasked(resolved: ResolvedQuery, plan: MaskingPlan): readonly string[] {
  const checker = new Checker(plan);
  checker.collect(resolved);
  checker.visit(resolved);
  return [...checker.problems].sort();
}
