import type { ClauseRead, ColumnRead, OutputLineage, StatementAnalysis, TableUse } from '../analysis.ts';
import type { Query, QueryStatement, Statement } from '../ast/index.ts';
import { namesIn } from '../ast/names.ts';
import { type TableRef, tableName } from '../catalog.ts';
import { googleKind, statementType } from '../explain/kinds.ts';
import { clauseReads } from '../lineage/clauses.ts';
import { columnReads, namedTables } from '../lineage/column-reads.ts';
import { type KnownSources, type Origins, originsOf, Sources } from '../lineage/sources.ts';
import type { Column, ResolvedQuery, ResolvedScan } from '../resolved/index.ts';
import type { SqlError } from '../sql-error.ts';
import { INT64 } from '../types.ts';
import type { QueryContext } from './context.ts';
import { resolveCreateGraph } from './create-graph.ts';
import { resolveDelete, resolveInsert, resolveMerge, resolveUpdate } from './dml.ts';
import { unsupported } from './failure.ts';
import { finishQuery, flattenValue, refuseDuplicates, usedColumns } from './finish.ts';
import { resolveQuery } from './query.ts';
import type { RawUse, Session } from './session.ts';
import { tableRef } from './table.ts';
import { visitScan } from './visit.ts';
import { topWhere, whereOf } from './where.ts';

/** Runs a part; gives the refusal if the part is not understood. */
export type Guard = (run: () => void) => SqlError | undefined;

/** What a statement's resolution fills in. */
export type Draft = {
  statementType: string;
  writes: TableRef[];
  where: StatementAnalysis['where'];
  hasLimit: boolean;
  output: readonly OutputLineage[];
  clauseReads: readonly ClauseRead[];
  targets: Pick<RawUse, 'table' | 'columns'>[];
  /** columns that DML writes, and the columns of its scan that hold the values */
  written: { readonly name: string; readonly columns: Column[] }[];
  used: ReadonlySet<number>;
  resolved?: ResolvedQuery;
};

export function analyzeStatement(statement: Statement, session: Session, guard: Guard): StatementAnalysis {
  const draft: Draft = {
    statementType: 'SELECT',
    writes: [],
    where: 'none',
    hasLimit: false,
    output: [],
    clauseReads: [],
    targets: [],
    written: [],
    used: new Set(),
  };
  const context: QueryContext = { session, ctes: undefined, outer: undefined };
  const refusal = guard(() => resolveInto(statement, context, draft));
  const { shared } = session;
  return {
    statement,
    statementType: draft.statementType,
    googleKind: googleKind(statement),
    named: namedTables([...shared.uses, ...shared.routineUses]),
    referenced: [...shared.referenced.values()],
    reads: [...shared.reads.values()],
    writes: draft.writes,
    uses: usesOf(session, draft.used),
    output: draft.output,
    clauseReads: draft.clauseReads,
    columnReads: readsOf(session, draft),
    functions: [...shared.functions],
    where: draft.where,
    crossJoins: shared.crossJoins,
    hasLimit: draft.hasLimit,
    parameters: [...shared.parameters.values()],
    ...(draft.resolved ? { resolved: draft.resolved } : {}),
    refusals: refusal ? [refusal] : [],
  };
}

/** The columns that the text reads of what it names; a target's own columns only where something looks at them. */
const readsOf = (session: Session, draft: Draft): ColumnRead[] =>
  columnReads([...session.shared.uses, ...session.shared.routineUses], draft.targets, draft.used);

function usesOf(session: Session, used: ReadonlySet<number>): TableUse[] {
  return session.shared.uses.map(({ node, table, members, wildcardPrefix, pseudo }) => ({
    node,
    table,
    members,
    ...(wildcardPrefix === undefined ? {} : { wildcardPrefix }),
    pseudoColumns: pseudo.filter((c) => used.has(c.id)).map((c) => c.name),
  }));
}

function resolveInto(statement: Statement, context: QueryContext, draft: Draft): void {
  switch (statement.kind) {
    case 'QueryStatement':
      resolveTop(statement, context, draft);
      return;
    case 'InsertStatement':
      draft.statementType = 'INSERT';
      noteScan(resolveInsert(statement, context, draft), context.session, draft);
      return;
    case 'UpdateStatement':
      draft.statementType = 'UPDATE';
      noteScan(resolveUpdate(statement, context, draft), context.session, draft);
      return;
    case 'DeleteStatement':
      draft.statementType = 'DELETE';
      noteScan(resolveDelete(statement, context, draft), context.session, draft);
      return;
    case 'MergeStatement':
      draft.statementType = 'MERGE';
      noteScan(resolveMerge(statement, context, draft), context.session, draft);
      return;
    case 'CreatePropertyGraphStatement':
    case 'CreatePropertyGraphTypeStatement':
      resolveCreateGraph(statement, context, draft);
      return;
    default:
      draft.statementType = statementType(statement);
      resolveOther(statement, context, draft);
      return;
  }
}

function resolveTop(statement: QueryStatement, context: QueryContext, draft: Draft): void {
  draft.hasLimit = limits(statement.query);
  const result = flattenValue(resolveQuery(statement.query, context), context.session);
  const { query, used } = finishQuery(result);
  refuseDuplicates(result, statement);
  draft.resolved = query;
  draft.used = used;
  draft.where = whereOf(topWhere(query.scan));
  const origins = originsOf(query.scan, knownVariables(context.session));
  draft.output = query.output.map(({ name, column }, index) => ({
    ...outputOf(name, column, origins),
    ...(result.outputs[index]?.name === '' ? { unnamed: true as const } : {}),
  }));
  draft.clauseReads = clauseReads(query.scan, origins);
}

function outputOf(name: string, column: Column, origins: Origins): OutputLineage {
  const sources = new Sources(origins);
  sources.column(column);
  return { name, type: column.type, sources: sources.list };
}

function limits(query: QueryStatement['query']): boolean {
  if (query.limit || query.pipes.some((p) => p.kind === 'PipeLimit')) return true;
  return query.body.kind === 'ParenthesizedQuery' && limits(query.body.query);
}

/** The script's variables, as lineage meets them in an expression. */
const knownVariables = ({ environment }: Session): ReadonlyMap<number, KnownSources> =>
  new Map(
    (environment?.variables() ?? []).map(({ column, sources, fields }) => [
      column.id,
      {
        all: [...sources.values()],
        ...(fields ? { fields: new Map([...fields].map(([name, set]) => [name, [...set.values()]])) } : {}),
      },
    ]),
  );

/** What a statement other than a query reads, clause by clause. */
function noteScan(scan: ResolvedScan, session: Session, draft: Draft): void {
  draft.used = usedColumns(scan, []);
  const origins = originsOf(scan, knownVariables(session));
  const seen = usedOnly(clauseReads(scan, origins), scan, draft.used);
  draft.clauseReads = seen;
  draft.output = draft.written.map(({ name, columns }) => writtenOutput(name, columns, origins));
}

/** One column that is written, with all that any clause may put into it. */
function writtenOutput(name: string, columns: readonly Column[], origins: Origins): OutputLineage {
  const sources = new Sources(origins);
  for (const column of columns) sources.column(column);
  return { name, type: columns[0]?.type ?? INT64, sources: sources.list };
}

/** The target of a write is scanned whole; only columns that something uses are read. */
function usedOnly(reads: readonly ClauseRead[], scan: ResolvedScan, used: ReadonlySet<number>): ClauseRead[] {
  const names = new Set<string>();
  const note = (s: ResolvedScan): void => {
    if (s.kind === 'TableScan')
      for (const c of s.columns)
        if (used.has(c.id)) names.add(JSON.stringify([tableName(s.table.ref), c.name]));
    if (s.kind === 'WildcardScan')
      for (const c of s.columns)
        if (used.has(c.id)) for (const m of s.members) names.add(JSON.stringify([tableName(m.ref), c.name]));
  };
  visitAll(scan, note);
  return reads.filter((r) => names.has(JSON.stringify([tableName(r.table), r.column])));
}

const visitAll = (scan: ResolvedScan, note: (s: ResolvedScan) => void): void =>
  visitScan(scan, { scan: note });

const READ_ROLES = new Set(['TablePathExpression', 'CloneDataSource', 'CopyDataSource']);
const NO_TABLE_ROLE = /Connection|Argument|TVF|^TableClause$|^ModelClause$/;
/** Statements that are understood by their kind and the names in them. */
const BY_NAME =
  /^(DROP_|TRUNCATE_TABLE$|UNDROP|CREATE_SCHEMA$|CREATE_TABLE$|CREATE_SNAPSHOT_TABLE$|ALTER_|GRANT|REVOKE|BEGIN_TRANSACTION$|COMMIT|ROLLBACK)/;

/** The query whose result a statement writes or exports. */
function writtenQuery(statement: Statement): Query | undefined {
  return 'query' in statement && statement.kind !== 'ForInStatement' ? statement.query : undefined;
}

/** A statement that is known by its kind and by the names in it. */
function resolveOther(statement: Statement, context: QueryContext, draft: Draft): void {
  const { session } = context;
  const { statementType: type } = draft;
  const written = writtenQuery(statement);
  const ofTables = /TABLE|VIEW|LOAD_DATA/.test(type) && !/FUNCTION/.test(type);
  for (const { path, role } of namesIn(statement)) {
    const read = READ_ROLES.has(role);
    if (read ? written !== undefined : !ofTables || NO_TABLE_ROLE.test(role)) continue;
    const ref = tableRef({ path, span: statement.span }, context);
    session.shared.referenced.set(tableName(ref), ref);
    if (read) session.shared.reads.set(tableName(ref), ref);
    else draft.writes.push(ref);
  }
  if (written) {
    const result = resolveQuery(written, context);
    const { query, used } = finishQuery(result);
    draft.used = used;
    draft.hasLimit = limits(written);
    draft.where = whereOf(topWhere(query.scan));
    draft.clauseReads = clauseReads(query.scan, originsOf(query.scan, knownVariables(session)));
  } else if (!BY_NAME.test(type)) unsupported(statement, type);
}
