import type { StatementAnalysis, TableUse } from '../sql/analysis.ts';
import type { Query, TableExpression } from '../sql/ast/index.ts';
import { visit } from '../sql/ast/walk.ts';
import { tableName } from '../sql/catalog.ts';
import { printQuery } from '../sql/print/print.ts';
import { checkMasked } from './check.ts';
import type { StatementContext } from './mask-statement.ts';
import { pathText } from './mask-table.ts';
import { maskedQuery } from './masked-query.ts';
import type { MaskedColumn, MaskingPlan } from './plan.ts';
import { nameOf } from './rewrite.ts';

/** Queries by the one thing in their FROM. */
function queriesByFrom(analysis: StatementAnalysis): ReadonlyMap<TableExpression, Query> {
  const queries = new Map<TableExpression, Query>();
  visit(analysis.statement, (node) => {
    if (node.kind === 'Query' && node.body.kind === 'Select' && node.body.from !== undefined) {
      queries.set(node.body.from, node);
    }
  });
  return queries;
}

function problemOf(
  use: TableUse,
  query: Query | undefined,
  masks: readonly MaskedColumn[],
): string | undefined {
  const name = tableName(nameOf(use));
  if (use.table.kind === 'view') return `view ${name} is not replaced by its definition`;
  if (masks.length === 0) return undefined;
  const expected = maskedQuery(use.table, pathText(nameOf(use)), masks).text;
  return query !== undefined && printQuery(query) === expected
    ? undefined
    : `${name} is read outside of its mask`;
}

function otherTables(before: StatementAnalysis, after: StatementAnalysis): readonly string[] {
  const [wanted, found] = [new Set(before.reads.map(tableName)), new Set(after.reads.map(tableName))];
  return [
    ...[...wanted].filter((name) => !found.has(name)).map((name) => `${name} is not read any more`),
    ...[...found]
      .filter((name) => !wanted.has(name))
      .map((name) => `${name} is read although the query does not name it`),
  ];
}

/** Tables and routines that no subquery can stand for: their values would come as they are. */
const unreplaced = ({ irreplaceable, routines }: StatementAnalysis): readonly string[] => [
  ...irreplaceable.map((table) => `${tableName(table)} is read where no mask can stand`),
  ...routines.map((name) => `the routine ${name} is called`),
];

/**
 * The whole second net: the analysis of the rewritten text must show every table with masks inside of exactly the subquery
 * that masks it, no view, nothing that no mask can stand for, and (`checkMasked`) no masked value on its way anywhere. With
 * `before`, the analysis of the agent's own text, both must read the same base tables. Empty = nothing is wrong.
 */
export function checkRewritten(
  analysis: StatementAnalysis,
  plan: MaskingPlan,
  before?: StatementAnalysis,
): readonly string[] {
  const byTable = Map.groupBy(plan.columns, (column) => tableName(column.table));
  const queries = queriesByFrom(analysis);
  const outside = analysis.uses.flatMap((use) => {
    const members = use.members.length === 0 ? [use.table] : use.members;
    const masks = members.flatMap((member) => byTable.get(tableName(member.ref)) ?? []);
    return problemOf(use, queries.get(use.node), masks) ?? [];
  });
  const inside = analysis.resolved === undefined ? [] : checkMasked(analysis.resolved, plan);
  return [
    ...outside,
    ...unreplaced(analysis),
    ...inside,
    ...(before === undefined ? [] : otherTables(before, analysis)),
  ];
}

/** Tables that a statement reads, that need a mask, and that the plan forgot. What it writes to is not replaced and has rules of its own. */
export function readsOutsidePlan(
  { reads, writes }: StatementAnalysis,
  plan: MaskingPlan,
  { table, maskingFor }: StatementContext,
): readonly string[] {
  const settled = new Set([...plan.columns.map((column) => column.table), ...writes].map(tableName));
  return reads
    .filter((ref) => {
      const known = table(ref);
      return !settled.has(tableName(ref)) && known !== undefined && maskingFor(known).columns.length > 0;
    })
    .map(tableName);
}
