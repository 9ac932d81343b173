import type {
  CreateFunctionStatement,
  CreateProcedureStatement,
  CreateTableFunctionStatement,
} from '../ast/create.ts';
import type { Path } from '../ast/index.ts';
import type { CatalogRoutine, CatalogTable, TableRef } from '../catalog.ts';
import { parseGoogleSql } from '../parser/parse.ts';
import { fail, ResolveFailure } from './failure.ts';
import { countExpansion, type Session } from './session.ts';

export type RoutineStatement =
  | CreateFunctionStatement
  | CreateTableFunctionStatement
  | CreateProcedureStatement;

/** A function, table function or procedure by its definition. */
export type Routine = {
  /** as people know it: `project.dataset.name`, or the bare name of a temporary one */
  readonly name: string;
  readonly ref: TableRef;
  readonly statement: RoutineStatement;
  /** a temporary routine sees the script's tables by their bare names */
  readonly temporary: boolean;
};

const MAX_ROUTINE_DEPTH = 16;

/** What a dotted name of one to three parts means; quoted parts may hold dots. */
export function routineRef(path: Path, { catalog }: Session): TableRef | undefined {
  const names = path.parts
    .map((p) => p.name)
    .join('.')
    .split('.');
  const [a = '', b = '', c = ''] = names;
  if (names.length === 3) return { project: a, dataset: b, table: c };
  if (names.length === 2) return { project: catalog.project, dataset: a, table: b };
  return names.length === 1 && catalog.defaultDataset ? { ...catalog.defaultDataset, table: a } : undefined;
}

export const routineName = (ref: TableRef): string =>
  [ref.project, ref.dataset, ref.table].filter((part) => part !== '').join('.');

const definitions = new WeakMap<CatalogRoutine, RoutineStatement>();

/** A routine that the script made, else one of the catalog; undefined where neither has it. */
export function findRoutine(path: Path, session: Session): Routine | undefined {
  const bare = path.parts.length === 1 ? path.parts[0]?.name : undefined;
  const temporary = bare === undefined ? undefined : session.environment?.routine(bare);
  if (temporary) return temporary;
  const ref = routineRef(path, session);
  if (ref === undefined) return undefined;
  const made = session.environment?.routine(routineName(ref));
  if (made !== undefined) return made ?? undefined;
  const known = session.catalog.routine?.(ref);
  if (known === undefined) return undefined;
  return { name: routineName(ref), ref, statement: definitionOf(known, path), temporary: false };
}

function definitionOf(routine: CatalogRoutine, path: Path): RoutineStatement {
  const known = definitions.get(routine);
  if (known !== undefined) return known;
  const parsed = parseGoogleSql(routine.definition);
  if (!parsed.ok) return fail(path, `Invalid routine ${routine.name}: ${parsed.error.message}`);
  const [statement, more] = parsed.value.statements;
  if (
    statement === undefined ||
    more !== undefined ||
    !isRoutine(statement) ||
    parsed.value.foreign.length > 0
  )
    return fail(path, `Invalid routine ${routine.name}: its definition is not one CREATE statement`);
  definitions.set(routine, statement);
  return statement;
}

export const isRoutine = (statement: { readonly kind: string }): statement is RoutineStatement =>
  statement.kind === 'CreateFunctionStatement' ||
  statement.kind === 'CreateTableFunctionStatement' ||
  statement.kind === 'CreateProcedureStatement';

/** The session in which a routine's body resolves: its own project, without a default dataset or variables. */
export function routineSession(path: Path, routine: Routine, session: Session): Session {
  const { catalog, views } = session;
  if (views.some((v) => v.etag === mark(routine))) fail(path, `Routine ${routine.name} refers to itself`);
  if (views.length >= MAX_ROUTINE_DEPTH)
    fail(path, `Views and routines are nested deeper than ${MAX_ROUTINE_DEPTH}`);
  const { start, end } = routine.statement.span;
  countExpansion(session.shared.ids, end - start);
  const here: CatalogTable = {
    ref: routine.ref,
    kind: 'view',
    columns: [],
    pseudoColumns: [],
    etag: mark(routine),
  };
  const outside = views.length === 0 || session.routineDepth === views.length;
  return {
    ...session,
    catalog: routine.temporary
      ? catalog
      : { ...catalog, project: routine.ref.project, defaultDataset: undefined },
    views: [...views, here],
    ...(outside ? { routineDepth: views.length + 1 } : {}),
  };
}

const mark = (routine: Routine): string => `routine ${routine.name}`;

/** Runs a part of a routine's body; its failures are told at the call. */
export function inRoutine<T>(path: Path, routine: Routine, part: () => T): T {
  try {
    return part();
  } catch (error) {
    if (!(error instanceof ResolveFailure)) throw error;
    const message = `Invalid routine ${routine.name}: ${error.message}`;
    throw new ResolveFailure(error.kind, message, path.span.start, error.subject);
  }
}
