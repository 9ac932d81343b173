import type { ClassifiedColumn } from '../masking/classify.ts';
import type { StatementAnalysis } from '../sql/analysis.ts';
import { analyze } from '../sql/analyze.ts';
import { isQueryOrDml } from '../sql/ast/names.ts';
import { type Catalog, type CatalogTable, type TableRef, tableName } from '../sql/catalog.ts';
import type { PolicyInput } from './bundle.ts';

/** What a text alone says about a query, in a PolicyInput's words. */
export type QueryFacts = Pick<PolicyInput, 'statements' | 'datasets' | 'classified'>;

function catalogOver(tables: readonly CatalogTable[]): Catalog {
  const byName = new Map(tables.map((table) => [tableName(table.ref), table]));
  return {
    project: tables[0]?.ref.project ?? 'local',
    table: (ref: TableRef) => byName.get(tableName(ref)),
    tablesWithPrefix: ({ project, dataset }, prefix) =>
      tables
        .filter(
          ({ ref }) => ref.project === project && ref.dataset === dataset && ref.table.startsWith(prefix),
        )
        .toSorted((a, b) => (a.ref.table < b.ref.table ? -1 : 1)),
  };
}

const sameName = (a: string | undefined, b: string | undefined): boolean =>
  a?.toLowerCase() === b?.toLowerCase();

/** Whether one of two paths begins with the other. */
const overlaps = (a: readonly string[], b: readonly string[]): boolean =>
  a.every((part, index) => index >= b.length || sameName(part, b[index]));

function usesOf(
  statements: readonly StatementAnalysis[],
  table: CatalogTable,
  path: readonly string[],
): readonly string[] {
  const [top, ...nested] = path;
  const reads = statements
    .flatMap((statement) => statement.clauseReads)
    .filter((read) => tableName(read.table) === tableName(table.ref))
    .filter((read) => sameName(read.column, top) && overlaps(read.path, nested));
  return [...new Set<string>(reads.map((read) => read.clause))].sort();
}

/**
 * Classified columns of these tables that the statements touch, masked or not, once for each class that a column is in:
 * a rule about a class sees every column of it.
 */
export const classifiedUses = (
  statements: readonly StatementAnalysis[],
  tables: readonly CatalogTable[],
  classify: (table: CatalogTable) => readonly ClassifiedColumn[],
): PolicyInput['classified'] =>
  tables.flatMap((table) =>
    classify(table).flatMap(({ path, classes }) => {
      const uses = usesOf(statements, table, path);
      const column = [tableName(table.ref), ...path].join('.');
      return uses.length === 0 ? [] : classes.map((classification) => ({ column, classification, uses }));
    }),
  );

/**
 * A text over known tables as the facts that rules see; what the text does not understand is a problem in one line, except
 * for statements that are known by their kind alone.
 */
export function queryFacts(
  sql: string,
  tables: readonly CatalogTable[],
  classify: (table: CatalogTable) => readonly ClassifiedColumn[],
): QueryFacts | { readonly problem: string } {
  const analyzed = analyze(sql, catalogOver(tables));
  if (!analyzed.ok) return { problem: analyzed.error.message };
  const { statements } = analyzed.value;
  const unclear = statements.find(
    ({ statement, refusals }) => refusals.length > 0 && isQueryOrDml(statement),
  );
  if (unclear !== undefined)
    return { problem: unclear.refusals[0]?.message ?? 'the query is not understood' };
  const refs = statements.flatMap((each) => [...each.referenced, ...each.reads, ...each.writes]);
  return {
    statements: statements.map(
      ({ statementType, where, reads, writes, functions, crossJoins, hasLimit }) => ({
        kind: statementType,
        where,
        reads: reads.map(tableName),
        writes: writes.map(tableName),
        functions,
        crossJoins,
        hasLimit,
      }),
    ),
    datasets: [...new Set(refs.map((ref) => `${ref.project}.${ref.dataset}`))].sort(),
    classified: classifiedUses(statements, tables, classify),
  };
}
