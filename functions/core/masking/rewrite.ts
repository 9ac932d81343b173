import type { Refusal } from '../errors.ts';
import type { TableUse } from '../sql/analysis.ts';
import type { Query, Statement, TableExpression } from '../sql/ast/index.ts';
import { mapTables } from '../sql/ast/walk.ts';
import { type CatalogTable, type TableRef, tableName } from '../sql/catalog.ts';
import { printQuery } from '../sql/print/print.ts';
import { replaceTables } from '../sql/rewrite/replace-tables.ts';
import { maskedSelect, pathText } from './mask-table.ts';
import { maskedQuery, parsedQuery } from './masked-query.ts';
import type { MaskedColumn, MaskingPlan } from './plan.ts';
import { mergePlans } from './plan-masks.ts';

type TableName = Extract<TableExpression, { kind: 'TableName' }>;

/** A query with its uses of tables, as the analysis of exactly this tree gives them. */
export type AnalyzedQuery = { readonly query: Query; readonly uses: readonly TableUse[] };

export type MaskingContext = {
  /** What the reader may see of a table or view (`PolicyBundle.maskingFor`). */
  readonly maskingFor: (table: CatalogTable) => MaskingPlan;
  /** A view's definition, analyzed in the view's own project, or why it is not understood. */
  readonly analyzeView: (view: CatalogTable) => AnalyzedQuery | { readonly problem: string };
};

export type Masked<Tree> =
  | {
      readonly ok: true;
      readonly value: Tree;
      /** What was really masked, in the text and in the views beneath it. */
      readonly plan: MaskingPlan;
      /** Whether the text uses the masking key as a parameter. */
      readonly usesKey: boolean;
    }
  | { readonly ok: false; readonly refusal: Refusal };

/** `Masked` as callers of `applyMasks` know it. */
export type MaskedQuery =
  | { readonly ok: true; readonly query: Query; readonly plan: MaskingPlan; readonly usesKey: boolean }
  | { readonly ok: false; readonly refusal: Refusal };

const viewDepthLimit = 16;

/** Thrown inside this file only, and turned into a refusal by `maskTree`. */
class Unmaskable extends Error {}

/** Query parameters that begin like this belong to the gateway. */
export const isReservedParameter = (name: string): boolean => /^sluice_/i.test(name);

const keyRules: ReadonlySet<string> = new Set([
  'SHA256',
  'KEYED_TOKEN',
  'FIRST_FOUR_CHARACTERS',
  'LAST_FOUR_CHARACTERS',
  'EMAIL_MASK',
]);

/**
 * Rewrites a query so that it reads masked values only. Every table with masked columns becomes a subquery that lists all
 * its columns; every view becomes its definition, rewritten alike; every other table gets its full name. What cannot be
 * rewritten without losing something is refused with the reason.
 */
export function applyMasks({ query, uses }: AnalyzedQuery, context: MaskingContext): MaskedQuery {
  const masked = maskTree(query, uses, context);
  if (!masked.ok) return masked;
  const { value, plan, usesKey } = masked;
  return { ok: true, query: value, plan, usesKey };
}

/** `applyMasks` for a whole statement; its target, if it writes, stays as it is. */
export function maskTree<Tree extends Query | Statement>(
  tree: Tree,
  uses: readonly TableUse[],
  context: MaskingContext,
): Masked<Tree> {
  const plans: MaskingPlan[] = [];
  try {
    const value = rewrite(tree, uses, context, plans, []);
    const plan = mergePlans(plans);
    return { ok: true, value, plan, usesKey: plan.columns.some((column) => keyRules.has(column.rule)) };
  } catch (cause) {
    if (!(cause instanceof Unmaskable)) throw cause;
    return { ok: false, refusal: { code: 'policy_denied', message: cause.message, location: 'query' } };
  }
}

/** Uses of one place in the text as one: a place that was resolved twice reads what either reading reads. */
function mergedUses(uses: readonly TableUse[]): ReadonlyMap<TableExpression, TableUse> {
  const byNode = new Map<TableExpression, TableUse>();
  for (const use of uses) {
    const before = byNode.get(use.node)?.pseudoColumns ?? [];
    byNode.set(use.node, { ...use, pseudoColumns: [...new Set([...before, ...use.pseudoColumns])] });
  }
  return byNode;
}

function rewrite<Tree extends Query | Statement>(
  tree: Tree,
  uses: readonly TableUse[],
  context: MaskingContext,
  plans: MaskingPlan[],
  views: readonly string[],
): Tree {
  const byNode = mergedUses(uses);
  const nodes = new Map<TableUse, TableExpression>();
  const named = mapTables(tree, (table, original) => {
    const use = byNode.get(original);
    if (use === undefined || table.kind !== 'TableName') return table;
    const whole: TableName = { ...table, path: fullPath(table, use) };
    nodes.set(use, whole);
    return whole;
  });
  if (nodes.size !== byNode.size) throw new Error('an analyzed table is not in the tree');
  const replacements = new Map<TableExpression, { readonly query: Query }>();
  for (const [use, node] of nodes) {
    const replacement = replacementOf(use, context, plans, views);
    if (replacement !== undefined) replacements.set(node, { query: replacement });
  }
  const replaced = replaceTables(named, replacements);
  if (!replaced.ok)
    throw new Unmaskable(`${replaced.refusal.message}; leave ${replaced.refusal.subject} out`);
  return replaced.value;
}

/** The name that stands in the text: a wildcard's own, or the table's. */
export const nameOf = (use: TableUse): TableRef =>
  use.wildcardPrefix === undefined ? use.table.ref : { ...use.table.ref, table: `${use.wildcardPrefix}*` };

function fullPath(node: TableName, use: TableUse): TableName['path'] {
  const { project, dataset, table } = nameOf(use);
  const { span } = node.path;
  const parts = [project, dataset, table].map((name) => ({
    kind: 'Identifier' as const,
    span,
    name,
    quoted: true,
  }));
  return { kind: 'Path', span, parts };
}

/** The query that stands for a table, or undefined where the table can be read as it is. */
function replacementOf(
  use: TableUse,
  context: MaskingContext,
  plans: MaskingPlan[],
  views: readonly string[],
): Query | undefined {
  const masks = masksOf(use, context, plans);
  if (use.table.kind === 'view') return viewQuery(use.table, masks, context, plans, views);
  if (use.node.kind === 'TableName' && use.node.systemTime !== undefined) {
    // Columns that have been dropped or renamed since are in a row of then, and nobody knows any more what they held.
    const name = tableName(nameOf(use));
    throw new Unmaskable(
      `${name} cannot be read with FOR SYSTEM_TIME AS OF, since it may have had sensitive columns then; leave FOR SYSTEM_TIME AS OF out`,
    );
  }
  if (masks.length === 0) return undefined;
  if (use.pseudoColumns.length > 0) {
    const pseudo = use.pseudoColumns.join(', ');
    throw new Unmaskable(
      `${tableName(nameOf(use))} has sensitive columns, so ${pseudo} cannot be read from it; leave ${pseudo} out`,
    );
  }
  return maskedQuery(use.table, pathText(nameOf(use)), masks).query;
}

/** Masks of all tables that a use stands for: a column that any member of a wildcard masks is masked. */
function masksOf(use: TableUse, context: MaskingContext, plans: MaskingPlan[]): readonly MaskedColumn[] {
  const members = use.members.length === 0 ? [use.table] : use.members;
  return members.flatMap((member) => {
    const plan = context.maskingFor(member);
    plans.push(plan);
    return plan.columns;
  });
}

function viewQuery(
  view: CatalogTable,
  masks: readonly MaskedColumn[],
  context: MaskingContext,
  plans: MaskingPlan[],
  views: readonly string[],
): Query {
  const name = tableName(view.ref);
  if (views.includes(name)) throw new Unmaskable(`view ${name} refers to itself; ask its owner to mend it`);
  if (views.length >= viewDepthLimit)
    throw new Unmaskable(`views nest deeper than ${viewDepthLimit} below ${name}`);
  const analyzed = context.analyzeView(view);
  if ('problem' in analyzed) {
    throw new Unmaskable(`view ${name} is not understood (${analyzed.problem}); query its tables instead`);
  }
  const definition = rewrite(analyzed.query, analyzed.uses, context, plans, [...views, name]);
  if (masks.length === 0) return definition;
  // What the view itself names like a sensitive column is masked once more, whatever it is computed from.
  return parsedQuery(maskedSelect(view, `(${printQuery(definition)})`, masks));
}
