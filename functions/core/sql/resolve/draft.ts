import type { ClauseRead, OutputLineage, StatementAnalysis } from '../analysis.ts';
import type { Query } from '../ast/index.ts';
import { type CatalogColumn, type Derivation, type TableRef, tableName } from '../catalog.ts';
import { clauseReads } from '../lineage/clauses.ts';
import { type KnownSources, type Origins, originsOf } from '../lineage/origins.ts';
import { Sources } from '../lineage/sources.ts';
import type { Column, ResolvedExpression, ResolvedQuery, ResolvedScan } from '../resolved/index.ts';
import { INT64, type SqlType } from '../types.ts';
import type { QueryContext, QueryResult } from './context.ts';
import { finishQuery, flattenValue, usedColumns } from './finish.ts';
import { resolveQuery } from './query.ts';
import { newColumn, type RawUse, type Session } from './session.ts';
import { visitScan } from './visit.ts';
import { topWhere, whereOf } from './where.ts';

/** A table or view that a statement makes, for the statements after it. */
type CreatedTable = {
  readonly ref: TableRef;
  readonly temporary: boolean;
  readonly columns: readonly CatalogColumn[];
  readonly derivation: Derivation;
};

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
  written: { readonly name: string; readonly columns: Column[]; readonly type?: SqlType }[];
  used: ReadonlySet<number>;
  resolved?: ResolvedQuery;
  /** what a statement of the procedural language computes: assigned values, a FOR loop's columns */
  values: readonly OutputLineage[];
  /** the type that DECLARE gives */
  declared?: SqlType;
  created?: CreatedTable;
};

export const newDraft = (statementType: string): Draft => ({
  statementType,
  writes: [],
  where: 'none',
  hasLimit: false,
  output: [],
  clauseReads: [],
  targets: [],
  written: [],
  used: new Set(),
  values: [],
});

/** The script's variables that the statement names, as lineage meets them in an expression. */
const knownVariables = ({ shared }: Session): ReadonlyMap<number, KnownSources> =>
  new Map(
    [...shared.variables.values()].map(({ column, sources, fields }) => [
      column.id,
      {
        all: [...sources.values()],
        ...(fields ? { fields: new Map([...fields].map(([name, set]) => [name, [...set.values()]])) } : {}),
      },
    ]),
  );

export function hasLimit(query: Query): boolean {
  if (query.limit || query.pipes.some((p) => p.kind === 'PipeLimit')) return true;
  return query.body.kind === 'ParenthesizedQuery' && hasLimit(query.body.query);
}

/** Resolves the query of a statement and notes what it returns and reads. Structs as rows become their fields. */
export function noteQuery(
  node: Query,
  context: QueryContext,
  draft: Draft,
): { readonly result: QueryResult; readonly query: ResolvedQuery } {
  const { session } = context;
  const plain = resolveQuery(node, context);
  const result = flattenValue(plain, session);
  const finished = finishQuery(result);
  const { used } = finished;
  const query = result === plain ? finished.query : { ...finished.query, asStruct: true as const };
  draft.hasLimit = hasLimit(node);
  draft.used = used;
  draft.where = whereOf(topWhere(query.scan));
  const origins = originsOf(query.scan, knownVariables(session));
  draft.output = query.output.map(({ name, column }, index) => ({
    ...outputOf(name, [column], origins),
    ...writtenName(name, result.outputs[index]?.name),
  }));
  draft.clauseReads = clauseReads(query.scan, origins);
  return { result, query };
}

/** What the text itself calls a column whose name in the result is another. */
function writtenName(name: string, written: string | undefined): Pick<OutputLineage, 'unnamed' | 'written'> {
  if (written === '') return { unnamed: true };
  return written === undefined || written === name ? {} : { written };
}

/** One column that is returned or written, with all that any clause may put into it. */
function outputOf(
  name: string,
  columns: readonly Column[],
  origins: Origins,
  type = columns[0]?.type,
): OutputLineage {
  const sources = new Sources(origins);
  for (const column of columns) sources.column(column);
  return { name, type: type ?? INT64, sources: sources.list };
}

/** Notes what a statement other than a query reads and writes, clause by clause. */
export function noteScan(scan: ResolvedScan, { session }: QueryContext, draft: Draft): void {
  draft.used = usedColumns(scan, []);
  const origins = originsOf(scan, knownVariables(session));
  draft.clauseReads = usedOnly(clauseReads(scan, origins), scan, draft.used);
  draft.output = draft.written.map(({ name, columns, type }) => outputOf(name, columns, origins, type));
}

/** Notes expressions that stand alone in a statement; their values are `draft.values`, in the same order. */
export function noteExpressions(
  expressions: readonly ResolvedExpression[],
  { session }: QueryContext,
  draft: Draft,
): void {
  const computed = expressions.map((expression) => ({
    column: newColumn(session, '$value', expression.type),
    expression,
  }));
  const columns = computed.map((c) => c.column);
  const input: ResolvedScan = { kind: 'SingleRowScan', columns: [] };
  const scan: ResolvedScan = { kind: 'ProjectScan', input, computed, columns };
  const origins = originsOf(scan, knownVariables(session));
  draft.used = usedColumns(scan, columns);
  draft.clauseReads = usedOnly(clauseReads(scan, origins), scan, draft.used);
  draft.values = columns.map((column) => outputOf(column.name, [column], origins));
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
  visitScan(scan, { scan: note });
  return reads.filter((r) => names.has(JSON.stringify([tableName(r.table), r.column])));
}
