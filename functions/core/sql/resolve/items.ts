import type { Identifier, SelectItem, Span } from '../ast/index.ts';
import type { Column, ResolvedExpression } from '../resolved/index.ts';
import { typeText } from '../types.ts';
import type { ExpressionContext } from './context.ts';
import { resolveExpression } from './expression.ts';
import { inferredName } from './expression-forms.ts';
import { fail, ResolveFailure, unsupported } from './failure.ts';
import { fieldRef, key, lookup, type NameList, structField } from './scope.ts';
import { newColumn } from './session.ts';

/** A column of the select list. `column` stands for it in what follows; an empty name is unnamed. */
export type Item = {
  readonly name: string;
  readonly expression: ResolvedExpression;
  readonly column: Column;
  readonly span: Span;
};

/** As many as a table of BigQuery's has: stars over stars in WITH double what a short text selects. */
const MAX_COLUMNS = 10_000;

/** The select list with its stars expanded. */
export function resolveItems(
  items: readonly SelectItem[],
  names: NameList,
  context: ExpressionContext,
  hasFrom: boolean,
): Item[] {
  const result: Item[] = [];
  const add = (name: string, expression: ResolvedExpression, span: Span): void => {
    result.push({ name, expression, span, column: newColumn(context.session, name, expression.type) });
  };
  for (const item of items) {
    if (item.kind === 'SelectExpression') {
      const expression = resolveExpression(item.expression, context);
      add(item.alias?.name ?? inferredName(item.expression) ?? '', expression, item.span);
      continue;
    }
    if (!item.base && !hasFrom) fail(item, 'SELECT * must have a FROM clause');
    const expanded = expandStar(item, names, context);
    if (expanded.length === 0) fail(item, 'SELECT * expands to zero columns');
    if (result.length + expanded.length > MAX_COLUMNS)
      throw new ResolveFailure('limit', `More than ${MAX_COLUMNS} columns are selected`, item.span.start);
    for (const c of expanded) add(c.name, c.expression, item.span);
  }
  return result;
}

type Star = Extract<SelectItem, { kind: 'SelectStar' }>;
type Named = { readonly name: string; readonly expression: ResolvedExpression };

function expandStar(item: Star, names: NameList, context: ExpressionContext): Named[] {
  const all = item.base ? memberColumns(item, context) : visibleColumns(names, item.span);
  return exceptAndReplace(all, item, context);
}

const visibleColumns = (names: NameList, span: Span): Named[] =>
  names.fields.filter((f) => !f.hidden).map((f) => ({ name: f.name, expression: fieldRef(f, span) }));

function memberColumns(item: Star, context: ExpressionContext): Named[] {
  const base = item.base as NonNullable<Star['base']>;
  const first =
    base.kind === 'PathExpression' && base.path.parts.length === 1 ? base.path.parts[0] : undefined;
  const target = first && lookup(context.scope, first);
  if (target?.kind === 'range' && (target.range.value === undefined || target.range.fields.length > 0))
    return target.range.fields
      .filter((f) => !f.hidden)
      .map((f) => ({ name: f.name, expression: fieldRef(f, item.span, target.correlated) }));
  const value = resolveExpression(base, context);
  if (value.type.kind !== 'struct') fail(item, `Dot-star is not supported for type ${typeText(value.type)}`);
  return value.type.fields.map((f, i) => ({
    name: f.name ?? '',
    expression: structField(value, i, item.span),
  }));
}

function exceptAndReplace(all: readonly Named[], item: Star, context: ExpressionContext): Named[] {
  const has = (id: Identifier): boolean => all.some((c) => key(c.name) === key(id.name));
  const dropped = new Set<string>();
  for (const id of item.except) {
    if (id.kind === 'Unpack') unsupported(id, 'unpacking with **');
    if (!has(id)) fail(id, `Column ${id.name} in SELECT * EXCEPT list does not exist`);
    if (dropped.has(key(id.name))) fail(id, `Duplicate column ${id.name} in SELECT * EXCEPT list`);
    dropped.add(key(id.name));
  }
  const replaced = new Map<string, ResolvedExpression>();
  for (const { expression, name } of item.replace) {
    if (!has(name) || dropped.has(key(name.name)))
      fail(name, `Column ${name.name} in SELECT * REPLACE list does not exist`);
    if (replaced.has(key(name.name))) fail(name, `Duplicate column ${name.name} in SELECT * REPLACE list`);
    replaced.set(key(name.name), resolveExpression(expression, context));
  }
  return all
    .filter((c) => !dropped.has(key(c.name)))
    .map((c) => ({ name: c.name, expression: replaced.get(key(c.name)) ?? c.expression }));
}
