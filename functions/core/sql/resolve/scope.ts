import type { Identifier, Span } from '../ast/index.ts';
import type { Column, ResolvedExpression } from '../resolved/index.ts';
import { type SqlType, STRING } from '../types.ts';
import { fail } from './failure.ts';

/** Something that a name may mean: a column, or a field inside one (of a value table's struct). */
export type Field = {
  readonly name: string;
  readonly column: Column;
  /** indexes of struct fields from the column to the value */
  readonly path: readonly number[];
  readonly type: SqlType;
  /** pseudo columns: reachable by name, absent from `*` */
  readonly hidden: boolean;
};

/** A table alias. `value` is set where the row itself is a value (UNNEST, SELECT AS STRUCT). */
export type RangeVariable = {
  readonly name: string;
  readonly fields: readonly Field[];
  readonly value?: Column;
  /** the last part of a name in one pair of backquotes (`p.d.t`): a column of that name comes first */
  readonly weak?: true;
  /** a symbol of MATCH_RECOGNIZE: the rows that it matched */
  readonly symbol?: true;
};

/** Names that a FROM clause brings: `fields` in the order of `*`. */
export type NameList = { readonly fields: readonly Field[]; readonly ranges: readonly RangeVariable[] };

export const NO_NAMES: NameList = { fields: [], ranges: [] };

/** What a select alias stands for; `undefined` expression marks an ambiguous alias. */
export type Alias = { readonly expression: ResolvedExpression | undefined };

export type Scope = {
  readonly names: NameList;
  readonly aliases?: ReadonlyMap<string, Alias>;
  /** The scope outside; `boundary` says that going there leaves a subquery. */
  readonly parent?: Scope;
  readonly boundary?: boolean;
};

export type Target =
  | { readonly kind: 'field'; readonly field: Field; readonly correlated: boolean }
  | { readonly kind: 'range'; readonly range: RangeVariable; readonly correlated: boolean }
  | { readonly kind: 'alias'; readonly expression: ResolvedExpression; readonly correlated: boolean };

export const key = (name: string): string => name.toLowerCase();

export const columnField = (name: string, column: Column, hidden = false): Field => ({
  name,
  column,
  path: [],
  type: column.type,
  hidden,
});

/** The fields of a value table's row, or the value itself under the alias where it is no struct. */
export function valueFields(name: string, column: Column): readonly Field[] {
  if (column.type.kind !== 'struct') return name === '' ? [] : [columnField(name, column)];
  return column.type.fields.map((f, i) => ({
    name: f.name ?? '',
    column,
    path: [i],
    type: f.type,
    hidden: false,
  }));
}

export const joinNames = (a: NameList, b: NameList): NameList => ({
  fields: [...a.fields, ...b.fields],
  ranges: [...a.ranges, ...b.ranges],
});

const samePlace = (a: Field, b: Field): boolean =>
  a.column.id === b.column.id && a.path.length === b.path.length && a.path.every((p, i) => p === b.path[i]);

/** The one field with this name, or a failure when there are several. */
export function findField(
  fields: readonly Field[],
  name: string,
  span: Span,
  what = 'Column name',
): Field | undefined {
  const wanted = key(name);
  let found: Field | undefined;
  for (const field of fields) {
    if (field.name.length !== name.length || key(field.name) !== wanted) continue;
    if (found !== undefined && !samePlace(found, field)) fail(span, `${what} ${name} is ambiguous`);
    found ??= field;
  }
  return found;
}

/** Range variables win over columns, inner scopes over outer ones, select aliases over both. */
export function lookup(scope: Scope, id: Identifier): Target | undefined {
  let correlated = false;
  for (let s: Scope | undefined = scope; s !== undefined; s = s.parent) {
    const alias = s.aliases?.get(key(id.name));
    if (alias !== undefined) {
      if (alias.expression === undefined) fail(id.span, `Column name ${id.name} is ambiguous`);
      return { kind: 'alias', expression: alias.expression, correlated };
    }
    const named = s.names.ranges.filter((r) => key(r.name) === key(id.name));
    const strong = named.filter((r) => !r.weak);
    const own = named.length > strong.length ? findField(s.names.fields, id.name, id.span) : undefined;
    const ranges = own ? strong : named;
    if (ranges.length > 1) fail(id.span, `Table name ${id.name} is ambiguous`);
    if (ranges[0] !== undefined) return { kind: 'range', range: ranges[0], correlated };
    const field = findField(s.names.fields, id.name, id.span);
    if (field !== undefined) return { kind: 'field', field, correlated };
    if (s.boundary) correlated = true;
  }
  return undefined;
}

export const columnRef = (column: Column, span: Span, correlated = false): ResolvedExpression => ({
  kind: 'ColumnRef',
  type: column.type,
  span,
  column,
  correlated,
});

export function fieldRef(field: Field, span: Span, correlated = false): ResolvedExpression {
  let value = columnRef(field.column, span, correlated);
  for (const index of field.path) value = structField(value, index, span);
  return value;
}

export function structField(base: ResolvedExpression, index: number, span: Span): ResolvedExpression {
  const type = base.type.kind === 'struct' ? base.type.fields[index]?.type : undefined;
  if (type === undefined) fail(span, `Field ${index} does not exist`);
  return { kind: 'GetField', type, span, base, index };
}

/** A range variable used as a value: the row as a struct, pseudo columns left out. */
export function rangeValue(range: RangeVariable, span: Span, correlated: boolean): ResolvedExpression {
  if (range.value !== undefined) return columnRef(range.value, span, correlated);
  const fields = range.fields.filter((f) => !f.hidden);
  return {
    kind: 'MakeStruct',
    span,
    type: { kind: 'struct', fields: fields.map((f) => ({ name: f.name, type: f.type })) },
    fields: fields.map((f) => fieldRef(f, span, correlated)),
  };
}

export const stringConstant = (value: string, span: Span): ResolvedExpression => ({
  kind: 'Constant',
  type: STRING,
  span,
  value: { kind: 'text', value },
});

/** Every name that could have been meant, for `Did you mean`. */
export function visibleNames(scope: Scope): readonly string[] {
  const names: string[] = [];
  for (let s: Scope | undefined = scope; s !== undefined; s = s.parent) {
    for (const f of s.names.fields) names.push(f.name);
    for (const r of s.names.ranges) names.push(r.name);
    if (s.aliases) names.push(...s.aliases.keys());
  }
  return names;
}
