import type { Analysis, StatementAnalysis } from './analysis.ts';
import type { Script, Statement } from './ast/index.ts';
import type { Catalog, CatalogTable } from './catalog.ts';
import { parseScript } from './parser/parse.ts';
import { ResolveFailure, toSqlError } from './resolve/failure.ts';
import { type GuardFor, walkScript } from './resolve/script/walk.ts';
import { type DeclaredParameters, newSession, type Session } from './resolve/session.ts';
import { analyzeStatement } from './resolve/statement.ts';
import type { SqlError, SqlResult } from './sql-error.ts';

export type { DeclaredParameters } from './resolve/session.ts';

export type AnalyzeOptions = { readonly parameters?: DeclaredParameters };

/**
 * Parses a text and resolves every statement in it against one snapshot of names.
 * A text that does not parse is an error; what cannot be resolved is in the statement's `refusals`.
 */
export function analyze(text: string, catalog: Catalog, options: AnalyzeOptions = {}): SqlResult<Analysis> {
  const parsed = parseScript(text);
  if (!parsed.ok) return parsed;
  return { ok: true, value: { statements: analyzeScript(text, parsed.value, catalog, options) } };
}

/**
 * Every statement of a parsed text in order, those inside blocks too, each in the state of things that the statements
 * before it left: tables, routines and variables that the script makes are known from there on.
 */
export function analyzeScript(
  text: string,
  script: Script,
  catalog: Catalog,
  options: AnalyzeOptions = {},
): StatementAnalysis[] {
  const guardFor: GuardFor = (of) => (run) => guard(of, run);
  return walkScript(text, script, { catalog, declared: options.parameters ?? {}, guardFor });
}

/** A view's own definition, resolved where views resolve: in the view's project, without a default dataset. */
export function analyzeView(table: CatalogTable, catalog: Catalog): SqlResult<StatementAnalysis> {
  const text = table.viewSql ?? '';
  const parsed = parseScript(text);
  if (!parsed.ok) return parsed;
  const [statement] = parsed.value.statements;
  if (parsed.value.statements.length !== 1 || statement?.kind !== 'QueryStatement') {
    const message = "A view's definition must be one query";
    return { ok: false, error: { kind: 'unresolved', message, line: 1, column: 1 } };
  }
  const inView: Catalog = {
    project: table.ref.project,
    table: (ref) => catalog.table(ref),
    tablesWithPrefix: (dataset, prefix) => catalog.tablesWithPrefix(dataset, prefix),
  };
  return { ok: true, value: inSession(text, statement, newSession(inView)) };
}

function inSession(text: string, statement: Statement, session: Session): StatementAnalysis {
  return analyzeStatement(statement, session, (run) => guard(text, run));
}

/** The stack is full: pipelines and chains of subqueries are steps in steps. */
const tooDeep: SqlError = {
  kind: 'unsupported',
  message: 'The statement has too many steps that build on each other',
  line: 1,
  column: 1,
  subject: 'a statement of this depth',
};

/** The one place where a failure inside the resolver becomes a value. */
function guard(text: string, run: () => void): SqlError | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof ResolveFailure) return toSqlError(error, text);
    if (error instanceof RangeError) return tooDeep;
    throw error;
  }
}
