import type { ColumnRead, StatementAnalysis, TableUse } from '../analysis.ts';
import type { QueryStatement, Statement } from '../ast/index.ts';
import { isCreate, isScript } from '../ast/statement-kinds.ts';
import { statementType } from '../ast/statement-type.ts';
import { columnReads, namedTables } from '../lineage/column-reads.ts';
import type { SqlError } from '../sql-error.ts';
import { resolveConstantParts } from './constant-parts.ts';
import type { QueryContext } from './context.ts';
import { resolveCreate } from './create.ts';
import { resolveCreateGraph } from './create-graph.ts';
import { resolveDelete, resolveInsert, resolveMerge, resolveUpdate } from './dml.ts';
import { type Draft, newDraft, noteQuery, noteScan } from './draft.ts';
import { resolveOther } from './other-statement.ts';
import { resolveScriptStatement } from './script/statement.ts';
import type { Session } from './session.ts';

/** Runs a part; gives the refusal if the part is not understood. */
export type Guard = (run: () => void) => SqlError | undefined;

export function analyzeStatement(statement: Statement, session: Session, guard: Guard): StatementAnalysis {
  return analyzeWithDraft(statement, session, guard).analysis;
}

/** The analysis, and what a script must know of the statement besides. */
export function analyzeWithDraft(
  statement: Statement,
  session: Session,
  guard: Guard,
): { readonly analysis: StatementAnalysis; readonly draft: Draft } {
  const draft = newDraft(statementType(statement));
  const context: QueryContext = { session, ctes: undefined, outer: undefined };
  const refusal = guard(() => resolveInto(statement, context, draft));
  const { shared } = session;
  const analysis: StatementAnalysis = {
    statement,
    statementType: draft.statementType,
    named: namedTables([...shared.uses, ...shared.fixedUses]),
    referenced: [...shared.referenced.values()],
    reads: [...shared.reads.values()],
    writes: draft.writes,
    uses: usesOf(session, draft.used),
    irreplaceable: namedTables(shared.fixedUses),
    output: draft.output,
    clauseReads: draft.clauseReads,
    columnReads: readsOf(session, draft),
    functions: [...shared.functions],
    routines: [...shared.routines],
    where: draft.where,
    crossJoins: shared.crossJoins,
    hasLimit: draft.hasLimit,
    parameters: [...shared.parameters.values()],
    ...(draft.resolved ? { resolved: draft.resolved } : {}),
    refusals: refusal ? [refusal] : [],
  };
  return { analysis, draft };
}

/** The columns that the text reads of what it names; a target's own columns only where something looks at them. */
const readsOf = (session: Session, draft: Draft): ColumnRead[] =>
  columnReads([...session.shared.uses, ...session.shared.fixedUses], draft.targets, draft.used);

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
      noteScan(resolveInsert(statement, context, draft), context, draft);
      return;
    case 'UpdateStatement':
      noteScan(resolveUpdate(statement, context, draft), context, draft);
      return;
    case 'DeleteStatement':
      noteScan(resolveDelete(statement, context, draft), context, draft);
      return;
    case 'MergeStatement':
      noteScan(resolveMerge(statement, context, draft), context, draft);
      return;
    case 'CreatePropertyGraphStatement':
    case 'CreatePropertyGraphTypeStatement':
      resolveCreateGraph(statement, context, draft);
      return;
    default:
      if (isScript(statement)) resolveScriptStatement(statement, context, draft);
      else resolveByName(statement, context, draft);
  }
}

/** A statement of which only the query in it is resolved, if it has one. */
function resolveByName(statement: Statement, context: QueryContext, draft: Draft): void {
  if (isCreate(statement)) resolveCreate(statement, context, draft);
  else resolveOther(statement, context, draft);
  resolveConstantParts(statement, context);
}

function resolveTop(statement: QueryStatement, context: QueryContext, draft: Draft): void {
  draft.resolved = noteQuery(statement.query, context, draft).query;
}
