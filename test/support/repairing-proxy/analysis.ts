import { SqlFailure } from '../../../functions/core/sql/lexer/failure.ts';
import { positionsIn } from '../../../functions/core/sql/lexer/position.ts';
import type { AnswerStatement, OracleAnswer } from '../../corpus/oracle-answer.ts';
import { type Scope, scopeOf, type World } from './catalog.ts';
import { BigqueryError, invalid, invalidQuery, notFound, unsupported } from './errors.ts';
import { outputOf } from './output.ts';
import { type Bound, bindParameters } from './parameters.ts';
import { type Defaults, keyOf, placeOf, referenceOf } from './places.ts';
import { isDml, statementTypeOf } from './statement-type.ts';
import type { Field, QueryConfiguration, Table, TableReference } from './wire.ts';

/** What a query is, as GoogleSQL has it. */
export type Analysis = {
  readonly statementType: string;
  /** the text with its parameters in it, as it is run */
  readonly text: string;
  readonly defaults: Defaults;
  readonly fields: readonly Field[];
  /** rows come as one column, a struct whose fields are the result's columns */
  readonly unwrap: boolean;
  readonly referencedTables: readonly TableReference[];
  readonly referencedRoutines: readonly { projectId: string; datasetId: string; routineId: string }[];
  /** what is written, created or dropped */
  readonly target?: TableReference;
  readonly bytes: number;
  readonly undeclared: readonly string[];
  readonly scope: Scope;
};

const cellBytes = 10;

/** BigQuery reads the size of a table's columns; here every cell has ten bytes, or a test says how large a table is. */
export const tableBytes = ({ sizeOf }: World, table: Table): number =>
  sizeOf?.(table.tableReference) ??
  Number(table.numRows ?? 0) * (table.schema?.fields?.length ?? 0) * cellBytes;

/** Throws what BigQuery answers when a query is wrong. */
export async function analyzeQuery(
  world: World,
  query: QueryConfiguration,
  project: string,
): Promise<Analysis> {
  const sql = query.query ?? '';
  if (sql.trim() === '') throw new BigqueryError(400, 'required', 'Required parameter is missing: query');
  // the default of the API
  if (query.useLegacySql !== false)
    throw unsupported('legacy SQL (useLegacySql is true where a request is silent)');
  if (query.createSession) throw unsupported('sessions');
  const { datasetId, projectId } = query.defaultDataset ?? {};
  const defaults: Defaults = {
    project,
    ...(datasetId === undefined ? {} : { dataset: { project: projectId ?? project, dataset: datasetId } }),
  };
  const bound = bind(query);
  const scope = await scopeOf(world, bound.text, defaults);
  const answer = await world.referee.analyze(bound.text, scope.catalog);
  if (!answer.ok) throw await rejection(world, answer, bound, sql, defaults);
  const statements = answer.statements ?? [];
  const statementType = statementTypeOf(statements, bound.text);
  if (statementType === undefined)
    throw unsupported(`statement of this kind (${statements[0]?.kind ?? 'none'})`);
  return {
    ...facts(world, statements, statementType, scope, defaults),
    statementType,
    text: bound.text,
    undeclared: bound.undeclared,
    scope,
    defaults,
  };
}

function bind(query: QueryConfiguration): Bound {
  try {
    return bindParameters(query);
  } catch (error) {
    if (!(error instanceof SqlFailure)) throw error;
    // what cannot be cut into tokens: GoogleSQL says why
    return { text: query.query ?? '', undeclared: [], before: (offset) => offset };
  }
}

function facts(
  world: World,
  statements: readonly AnswerStatement[],
  statementType: string,
  scope: Scope,
  defaults: Defaults,
): Pick<Analysis, 'fields' | 'unwrap' | 'referencedTables' | 'referencedRoutines' | 'bytes'> & {
  target?: TableReference;
} {
  const writes = statements.flatMap((s) => s.writes ?? []);
  const target = writes[0] === undefined ? undefined : targetOf(writes[0], statementType, defaults);
  const read = statements.flatMap((s) => [...(s.tables ?? []), ...(s.baseTables ?? [])]);
  const named = isDml(statementType) || statementType === 'SCRIPT' ? [...read, ...writes] : read;
  const tables = baseTables(named, scope, defaults.project);
  const output =
    statementType === 'SELECT' || statementType === 'CREATE_TABLE_AS_SELECT'
      ? outputOf(statements[0]?.output ?? [])
      : { fields: [], unwrap: false };
  const bytes = tables.reduce((sum, table) => sum + tableBytes(world, table), 0);
  return {
    ...output,
    referencedTables: tables.map((table) => table.tableReference),
    referencedRoutines: routinesOf(statements, scope, defaults.project),
    bytes: statementType === 'INSERT' && read.length === 0 ? 0 : bytes,
    ...(target === undefined ? {} : { target }),
  };
}

/** What a statement makes or changes; a data set has no table id. */
function targetOf(name: string, statementType: string, defaults: Defaults): TableReference | undefined {
  if (!statementType.endsWith('_SCHEMA')) return placeOf([name], defaults);
  const parts = name.split('.');
  return { projectId: parts.at(-2) ?? defaults.project, datasetId: parts.at(-1) ?? '', tableId: '' };
}

/** The tables behind names of the catalog, each once: views are left out, wildcards stand for their members. */
function baseTables(names: readonly string[], scope: Scope, project: string): readonly Table[] {
  const found = new Map<string, Table>();
  for (const name of names) {
    const key = keyOf(referenceOf(name, project));
    const members = scope.wildcards.get(key) ?? [scope.tables.get(key)];
    for (const table of members) {
      if (table === undefined || key in scope.catalog.views) continue;
      found.set(keyOf(table.tableReference), table);
    }
  }
  return [...found.values()];
}

function routinesOf(
  statements: readonly AnswerStatement[],
  scope: Scope,
  project: string,
): Analysis['referencedRoutines'] {
  const called = statements.flatMap((s) => (s as { functions?: readonly string[] }).functions ?? []);
  const tableFunctions = statements.flatMap((s) => s.paths ?? []).filter(({ role }) => role === 'TVF');
  const names = [...called, ...tableFunctions.map(({ parts }) => parts.join('.'))];
  const found = new Map<string, Analysis['referencedRoutines'][number]>();
  for (const name of names) {
    const routine = scope.routines.get(keyOf(referenceOf(name, project)));
    if (routine === undefined) continue;
    const { projectId, datasetId, routineId } = routine;
    found.set(`${projectId}.${datasetId}.${routineId}`, { projectId, datasetId, routineId });
  }
  return [...found.values()];
}

/** What GoogleSQL rejects, in BigQuery's words and at the place in the text as it was sent. */
async function rejection(
  world: World,
  answer: OracleAnswer,
  bound: Bound,
  sql: string,
  defaults: Defaults,
): Promise<BigqueryError> {
  const { error } = answer;
  if (error === undefined || typeof error === 'string') return unsupported(`verdict on this text (${error})`);
  const missing = /^Table not found: ([^;]+?)(;|$)/.exec(error.message)?.[1];
  if (missing !== undefined) return missingTable(world, missing.replaceAll('`', ''), defaults);
  const offset = offsetAt(bound.text, error.line, error.column);
  const { line, column } = positionsIn(sql)(bound.before(offset));
  return invalidQuery(`${error.message} at [${line}:${column}]`);
}

async function missingTable(world: World, name: string, defaults: Defaults): Promise<BigqueryError> {
  const place = placeOf([name], defaults);
  if (place === undefined) {
    return invalid(`Table "${name}" must be qualified with a dataset (e.g. dataset.table).`);
  }
  const { projectId, datasetId, tableId } = place;
  const dataset = await world.backend.dataset(projectId, datasetId);
  const location = (dataset as { location?: string } | undefined)?.location ?? 'US';
  return dataset === undefined
    ? notFound(`Dataset ${projectId}:${datasetId} was not found in location ${location}`)
    : notFound(`Table ${projectId}:${datasetId}.${tableId} was not found in location ${location}`);
}

/** The offset of a line and column as GoogleSQL counts them. */
function offsetAt(text: string, line: number, column: number): number {
  const position = positionsIn(text);
  for (let offset = 0; offset <= text.length; offset++) {
    const at = position(offset);
    if (at.line > line || (at.line === line && at.column >= column)) return offset;
  }
  return text.length;
}
