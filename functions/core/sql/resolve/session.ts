import type { Path, TableExpression } from '../ast/index.ts';
import type { Catalog, CatalogTable, TableRef } from '../catalog.ts';
import type { Column } from '../resolved/index.ts';
import type { SqlType } from '../types.ts';
import { ResolveFailure } from './failure.ts';
import type { Environment, Variable } from './script/environment.ts';

/** One place of the text where a table is used, with the columns that its scan was given. */
export type RawUse = {
  readonly node: Extract<TableExpression, { kind: 'TableName' }>;
  readonly table: CatalogTable;
  readonly members: readonly CatalogTable[];
  readonly wildcardPrefix?: string;
  readonly pseudo: readonly Column[];
  /** every column that the name brings, pseudo columns included */
  readonly columns: readonly Column[];
};

export type ParameterUse = { name?: string; position?: number; type?: SqlType };

/** Types that the caller declares: by lower-case name, and by position (index 0 is the first `?`). */
export type DeclaredParameters = {
  readonly named?: Readonly<Record<string, SqlType>>;
  readonly positional?: readonly SqlType[];
};

/** What one statement's resolution gathers. Views inside it share the counters, but not names or uses. */
export type Session = {
  readonly catalog: Catalog;
  readonly declared: DeclaredParameters;
  readonly shared: Shared;
  /** Views being expanded, outermost first; empty for the statement's own text. */
  readonly views: readonly CatalogTable[];
  /** how many of `views` were there when a routine's body was entered; absent outside of one */
  readonly routineDepth?: number;
  /** What the script made so far; absent where a statement stands alone. */
  readonly environment?: Environment;
};

/** Column ids handed out, and characters of views, routines and loops that were read once more in their place. */
export type Tally = { next: number; expanded: number };
export const newTally = (): Tally => ({ next: 1, expanded: 0 });

const MAX_EXPANDED = 4_000_000;
/** What reading even a short text once more costs, in characters. */
const EXPANSION_COST = 500;

/** Routines that call each other, loops in loops: a short text can ask for 4^16 readings. */
export function countExpansion(tally: Tally, characters: number): void {
  tally.expanded += characters + EXPANSION_COST;
  if (tally.expanded > MAX_EXPANDED)
    throw new ResolveFailure(
      'limit',
      `More than ${MAX_EXPANDED} characters with views, routines and loops`,
      0,
    );
}

export type Shared = {
  /** the statements of a script have one in common */
  readonly ids: Tally;
  readonly functions: Set<string>;
  readonly routines: Set<string>;
  readonly referenced: Map<string, TableRef>;
  readonly reads: Map<string, TableRef>;
  readonly uses: RawUse[];
  /** the same where no query can stand instead: in arguments, after CLONE, in the bodies of routines */
  readonly fixedUses: RawUse[];
  readonly parameters: Map<string, ParameterUse>;
  /** a script's variables that this statement names, by the id of their column */
  readonly variables: Map<number, Variable>;
  readonly cteNames: Set<string>;
  crossJoins: number;
};

export function newSession(
  catalog: Catalog,
  declared: DeclaredParameters = {},
  environment?: Environment,
  ids: Tally = newTally(),
): Session {
  const shared: Shared = {
    ids,
    functions: new Set(),
    routines: new Set(),
    referenced: new Map(),
    reads: new Map(),
    uses: [],
    fixedUses: [],
    parameters: new Map(),
    variables: new Map(),
    cteNames: new Set(),
    crossJoins: 0,
  };
  return { catalog, declared, shared, views: [], ...(environment ? { environment } : {}) };
}

const fixedNodes = new WeakSet<TableExpression>();

/** A table named where FROM would read it and no query can stand instead. */
export function fixedTable(path: Path): RawUse['node'] {
  const node: RawUse['node'] = { kind: 'TableName', span: path.span, path, postfix: [] };
  fixedNodes.add(node);
  return node;
}

/** Notes a table that a text names: its own text, or the body of a routine that it calls. */
export function noteUse({ shared, views, routineDepth }: Session, use: RawUse): void {
  if (views.length === 0 && !fixedNodes.has(use.node)) shared.uses.push(use);
  else if (views.length === 0 || routineDepth === views.length) shared.fixedUses.push(use);
}

/** Whether what is resolved stands in the text itself, or in the body of a routine that it calls; no view between. */
export const inOwnText = ({ views, routineDepth }: Session): boolean =>
  views.length === 0 || routineDepth === views.length;

/** Of one type: more grows out of repetition, a short text can ask for 2^30 of them. BigQuery's tables have no more columns. */
const MAX_FIELDS = 10_000;
/** Of one type; nothing that is written in one piece nests deeper. */
const MAX_LEVELS = 400;

type Measure = { readonly fields: number; readonly levels: number };
const measures = new WeakMap<SqlType, Measure>();
const one: Measure = { fields: 1, levels: 1 };

/** Fields at every depth. Types share their parts, so each part is measured once. */
function measure(type: SqlType): Measure {
  if (type.kind === 'scalar' || type.kind === 'range') return one;
  const known = measures.get(type);
  if (known !== undefined) return known;
  const parts = type.kind === 'array' ? [type.element] : type.fields.map((field) => field.type);
  let [fields, levels] = [1, 1];
  for (const part of parts.map(measure)) {
    fields += part.fields;
    levels = Math.max(levels, part.levels + 1);
  }
  const made = { fields, levels };
  measures.set(type, made);
  return made;
}

export function newColumn(session: Session, name: string, type: SqlType): Column {
  const { fields, levels } = measure(type);
  if (fields > MAX_FIELDS || levels > MAX_LEVELS)
    throw new ResolveFailure(
      'limit',
      `${name || 'A column'} has more than ${MAX_FIELDS} fields or ${MAX_LEVELS} levels`,
      0,
    );
  return { id: session.shared.ids.next++, name, type };
}
