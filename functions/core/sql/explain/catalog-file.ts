import {
  type Catalog,
  type CatalogGraph,
  type CatalogRoutine,
  type TableRef,
  tableName,
} from '../catalog.ts';
import { parseGoogleSql } from '../parser/parse.ts';
import { type PlainTables, plainCatalog } from '../resolve/plain-catalog.ts';
import { statementsOf } from './parse-answer.ts';

/**
 * A catalog as a file has it: a map of tables, or `{project, dataset, tables, views, functions, graphs}`. Names have
 * any number of parts; types are GoogleSQL text; `functions` and `graphs` are CREATE statements.
 */
export type CatalogFile = {
  readonly project?: string;
  readonly dataset?: string;
  readonly tables?: PlainTables;
  readonly views?: Readonly<Record<string, string>>;
  readonly functions?: readonly string[];
  readonly graphs?: readonly string[];
};

export type NamedCatalog = {
  readonly catalog: Catalog;
  /** A table's name as the file has it, else what is left of its full name without the default project. */
  readonly nameOf: (ref: TableRef) => string;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A table may itself be called `tables`: then it has columns. */
const isFullForm = (file: Record<string, unknown>): boolean =>
  isObject(file.tables) ? !Array.isArray(file.tables.columns) : 'views' in file && 'functions' in file;

/** Reads parsed JSON. Throws an Error with one line that names the place where it is not a catalog. */
export function readCatalogFile(value: unknown): CatalogFile {
  if (!isObject(value)) throw new Error('a catalog is a JSON object of tables');
  const file: CatalogFile = isFullForm(value) ? value : { tables: value as PlainTables };
  for (const [name, table] of Object.entries(file.tables ?? {})) {
    if (!isObject(table) || !Array.isArray(table.columns))
      throw new Error(`table ${name} has no list of columns`);
    for (const column of table.columns as readonly unknown[])
      if (!isObject(column) || typeof column.name !== 'string' || typeof column.type !== 'string')
        throw new Error(`a column of table ${name} has no name or no type`);
  }
  return file;
}

/** The catalog of a file. Without a project or dataset the parts that a name lacks are empty. */
export function namedCatalog(file: CatalogFile): NamedCatalog {
  const project = file.project ?? '';
  const views = Object.entries(file.views ?? {}).map(
    ([name, view]) => [name, { columns: [], view }] as const,
  );
  const tables: PlainTables = { ...file.tables, ...Object.fromEntries(views) };
  const names = new Map(Object.keys(tables).map((name) => [tableName(refOf(name, file)), name]));
  const plain = plainCatalog(tables, project, { project, dataset: file.dataset ?? '' }, (name) =>
    refOf(name, file),
  );
  return {
    catalog: { ...plain, routine: routinesOf(file.functions ?? []), graph: graphsOf(file) },
    nameOf: (ref) => names.get(tableName(ref)) ?? shortName(ref, project),
  };
}

function graphsOf(file: CatalogFile): NonNullable<Catalog['graph']> {
  const graphs = new Map<string, CatalogGraph>();
  for (const definition of file.graphs ?? []) {
    const parsed = parseGoogleSql(definition);
    const statement = parsed.ok ? parsed.value.statements[0] : undefined;
    if (statement?.kind !== 'CreatePropertyGraphStatement')
      throw new Error(`no CREATE PROPERTY GRAPH statement: ${definition}`);
    const ref = refOf(statement.name.path.parts.map((part) => part.name).join('.'), file);
    graphs.set(tableName(ref), { ref, definition });
  }
  return (ref) => graphs.get(tableName(ref));
}

function refOf(name: string, { project = '', dataset = '' }: CatalogFile): TableRef {
  const parts = name.split('.');
  const special = parts.findIndex((part) => part.toUpperCase() === 'INFORMATION_SCHEMA');
  if (special >= 0) parts.splice(special, parts.length, parts.slice(special).join('.'));
  const table = parts.pop() ?? '';
  const inDataset = parts.pop() ?? (special >= 0 ? '' : dataset);
  return { project: parts.length === 0 ? project : parts.join('.'), dataset: inDataset, table };
}

/** A full name without the default project, and without the session's dataset. */
export const shortName = (ref: TableRef, project: string): string =>
  [ref.project === project ? '' : ref.project, ref.dataset === '_SESSION' ? '' : ref.dataset, ref.table]
    .filter((part) => part !== '')
    .join('.');

/** The name that a CREATE FUNCTION, TABLE FUNCTION or PROCEDURE statement gives. */
function routineName(definition: string): string | undefined {
  const parsed = parseGoogleSql(definition);
  if (!parsed.ok) throw new Error(`a function's definition is not understood: ${parsed.error.message}`);
  const [statement] = statementsOf(definition, parsed.value);
  return statement?.paths?.find(({ role }) => NAMES.has(role))?.parts.join('.');
}

const NAMES = new Set(['FunctionDeclaration', 'CreateProcedureStatement']);

/** Routines by the last parts of the names in their definitions, without regard to case. */
function routinesOf(definitions: readonly string[]): (ref: TableRef) => CatalogRoutine | undefined {
  const byName = new Map<string, CatalogRoutine>();
  for (const definition of definitions) {
    const name = routineName(definition);
    if (name !== undefined) byName.set(name.toLowerCase(), { name, definition });
  }
  return (ref) => {
    const short = [ref.dataset, ref.table].filter((part) => part !== '').join('.');
    const full = [ref.project, short].filter((part) => part !== '').join('.');
    return byName.get(full.toLowerCase()) ?? byName.get(short.toLowerCase());
  };
}
