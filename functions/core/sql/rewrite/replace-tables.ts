import type { Identifier, Query, Script, Span, Statement, TableExpression } from '../ast/index.ts';
import { isTable, mapTables, visit } from '../ast/walk.ts';

type TableName = Extract<TableExpression, { kind: 'TableName' }>;

/** A rewritten tree, or what stands in the way: `subject` names the clause, `span` is the table's place. */
export type Replaced<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly refusal: { readonly message: string; readonly subject: string; readonly span: Span };
    };

/**
 * A copy of the tree in which each given table reads from its query instead, under the name that the rest
 * of the text already uses for it. Nodes are matched by identity; each must be in the tree.
 * A clause that would be lost or change its meaning refuses the whole rewriting.
 */
export function replaceTables<T extends Query | Script | Statement>(
  root: T,
  replacements: ReadonlyMap<TableExpression, { readonly query: Query }>,
): Replaced<T> {
  const refusal = firstRefusal(root, replacements);
  if (refusal !== undefined) return { ok: false, refusal };
  let replaced = 0;
  const value = mapTables(root, (table, original) => {
    const replacement = replacements.get(original);
    if (replacement === undefined || table.kind !== 'TableName') return table;
    replaced++;
    return asSubquery(table, replacement.query);
  });
  if (replaced !== replacements.size) throw new Error('a table to replace is not in the tree');
  return { ok: true, value };
}

type Refusal = { message: string; subject: string; span: Span };

function firstRefusal(
  root: Query | Script | Statement,
  replacements: ReadonlyMap<TableExpression, { readonly query: Query }>,
): Refusal | undefined {
  let refusal: Refusal | undefined;
  visit(root, (node) => {
    const replacement = isTable(node) ? replacements.get(node) : undefined;
    if (isTable(node) && replacement !== undefined) refusal ??= refusalOf(node, replacement.query);
  });
  return refusal;
}

const cannot = (subject: string, span: Span): Refusal => ({
  message: `A table with sensitive columns cannot be read with ${subject}`,
  subject,
  span,
});

/**
 * Of `` `p.d.age` `` in one pair of backticks BigQuery makes an alias to which a column `age` is preferred. The
 * alias of a subquery comes before columns: the text would mean the whole row.
 */
function hidesColumn(table: TableName, { body }: Query): boolean {
  if (table.alias !== undefined || table.path.parts.length > 1 || body.kind !== 'Select') return false;
  const alias = impliedAlias(table).name;
  if (alias === table.path.parts[0]?.name) return false;
  return body.items.some((item) => {
    if (item.kind !== 'SelectExpression') return false;
    const { expression } = item;
    const last = expression.kind === 'PathExpression' ? expression.path.parts.at(-1) : undefined;
    return (item.alias ?? last)?.name.toLowerCase() === alias.toLowerCase();
  });
}

function refusalOf(table: TableExpression, query: Query): Refusal | undefined {
  if (table.kind !== 'TableName') return cannot(table.kind, table.span);
  if (table.systemTime !== undefined) return cannot('FOR SYSTEM_TIME AS OF', table.span);
  if (table.withOffset !== undefined) return cannot('WITH OFFSET', table.span);
  if (hidesColumn(table, query))
    return cannot('the name of one of its columns; give it an alias', table.span);
  const sampled = table.postfix.some(({ kind }) => kind === 'TableSample');
  return sampled ? cannot('TABLESAMPLE', table.span) : undefined;
}

function asSubquery(table: TableName, query: Query): TableExpression {
  return {
    kind: 'TableSubquery',
    span: table.span,
    query,
    alias: table.alias ?? impliedAlias(table),
    lateral: false,
    postfix: table.postfix,
  };
}

/** The last part of the path; one pair of backticks may hold several parts. */
function impliedAlias(table: TableName): Identifier {
  const last = table.path.parts[table.path.parts.length - 1]!;
  const name = last.name.slice(last.name.lastIndexOf('.') + 1);
  return name === last.name ? last : { ...last, name };
}
