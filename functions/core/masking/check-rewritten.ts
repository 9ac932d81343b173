import type { StatementAnalysis, TableUse } from '../sql/analysis.ts';
import type { Query } from '../sql/ast/index.ts';
import { visit } from '../sql/ast/walk.ts';
import { tableName } from '../sql/catalog.ts';
import { printQuery } from '../sql/print/print.ts';
import { checkMasked } from './check.ts';
import { maskedSelect, pathText } from './mask-table.ts';
import type { MaskedColumn, MaskingPlan } from './plan.ts';
import { nameOf, parsedQuery } from './rewrite.ts';

/** The query that has nothing but this table in its FROM. */
function enclosingQuery(analysis: StatementAnalysis, use: TableUse): Query | undefined {
  let found: Query | undefined;
  visit(analysis.statement, (node) => {
    if (node.kind === 'Query' && node.body.kind === 'Select' && node.body.from === use.node) found = node;
  });
  return found;
}

function problemOf(
  analysis: StatementAnalysis,
  use: TableUse,
  masks: readonly MaskedColumn[],
): string | undefined {
  const name = tableName(nameOf(use));
  if (use.table.kind === 'view') return `view ${name} is not replaced by its definition`;
  if (masks.length === 0) return undefined;
  const query = enclosingQuery(analysis, use);
  const expected = printQuery(parsedQuery(maskedSelect(use.table, pathText(nameOf(use)), masks)));
  return query !== undefined && printQuery(query) === expected
    ? undefined
    : `${name} is read outside of its mask`;
}

/**
 * The whole second net: the analysis of the rewritten text must show every table with masks inside of exactly the subquery
 * that masks it, no view, and (`checkMasked`) no masked value on its way anywhere. Empty = nothing is wrong.
 */
export function checkRewritten(analysis: StatementAnalysis, plan: MaskingPlan): readonly string[] {
  const byTable = Map.groupBy(plan.columns, (column) => tableName(column.table));
  const outside = analysis.uses.flatMap((use) => {
    const members = use.members.length === 0 ? [use.table] : use.members;
    const masks = members.flatMap((member) => byTable.get(tableName(member.ref)) ?? []);
    return problemOf(analysis, use, masks) ?? [];
  });
  const inside = analysis.resolved === undefined ? [] : checkMasked(analysis.resolved, plan);
  return [...outside, ...inside];
}
