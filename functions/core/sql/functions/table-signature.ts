import type { SqlType } from '../types.ts';
import { exactType, split } from './signature.ts';

/**
 * The shape of a table function, as text: `model MODEL, input TABLE, settings ANY? -> *input, distance FLOAT64, ...`.
 * Before the arrow its arguments, each `name WHAT`: `TABLE` (a table's name after the word TABLE, or a query),
 * `TABLE_NAME` (only the former), `MODEL`, `GRAPH`, or a value by its type (`ANY`: of any type). `?`: optional;
 * `name => WHAT`: by name only. After it the columns of the result in their order: `*input` all columns of that
 * argument, `name TYPE` one column, `name ROW<input>` one STRUCT with the columns of that argument, `...` columns that
 * depend on a model, a connection or the values of options.
 */
export type TableFunctionShape = {
  readonly arguments: readonly TableFunctionArgument[];
  readonly columns: readonly TableFunctionColumn[];
  /** Every column is in `columns`. */
  readonly complete: boolean;
};

export type TableFunctionArgument = {
  readonly name: string;
  readonly kind: 'table' | 'table-name' | 'model' | 'graph' | 'value';
  /** Of a value; without one, any type. */
  readonly type?: SqlType;
  readonly optional: boolean;
  readonly namedOnly: boolean;
};

export type TableFunctionColumn =
  | { readonly kind: 'all-of'; readonly argument: string }
  | { readonly kind: 'row-of'; readonly name: string; readonly argument: string }
  | { readonly kind: 'column'; readonly name: string; readonly type: SqlType };

const KINDS: Readonly<Record<string, TableFunctionArgument['kind']>> = {
  TABLE: 'table',
  TABLE_NAME: 'table-name',
  MODEL: 'model',
  GRAPH: 'graph',
};

function argument(text: string): TableFunctionArgument {
  const m = /^(\w+)( =>)? (.+?)(\?)?$/.exec(text);
  const [, name = '', named, what = '', optional] = m ?? [];
  if (m === null) throw new Error(`Table argument not understood: ${text}`);
  const base = { name, optional: optional !== undefined, namedOnly: named !== undefined };
  const kind = KINDS[what];
  if (kind !== undefined) return { ...base, kind };
  return what === 'ANY' ? { ...base, kind: 'value' } : { ...base, kind: 'value', type: exactType(what) };
}

function column(text: string): TableFunctionColumn {
  if (text.startsWith('*')) return { kind: 'all-of', argument: text.slice(1) };
  const m = /^(\w+) (.+)$/s.exec(text);
  const [, name = '', type = ''] = m ?? [];
  if (m === null) throw new Error(`Table column not understood: ${text}`);
  const row = /^ROW<(\w+)>$/.exec(type);
  return row
    ? { kind: 'row-of', name, argument: row[1] ?? '' }
    : { kind: 'column', name, type: exactType(type) };
}

const parsed = new Map<string, TableFunctionShape>();

/** Parses the grammar above; throws on a text that breaks it (a broken table, not a user's mistake). */
export function tableShape(text: string): TableFunctionShape {
  const known = parsed.get(text);
  if (known) return known;
  const [before = '', after = '', ...rest] = split(text, '->');
  if (rest.length > 0) throw new Error(`Table signature not understood: ${text}`);
  const columns = split(after, ',');
  const complete = columns[columns.length - 1] !== '...';
  const shape: TableFunctionShape = {
    arguments: before === '' ? [] : split(before, ',').map(argument),
    columns: (complete ? columns : columns.slice(0, -1)).map(column),
    complete,
  };
  for (const c of shape.columns)
    if (c.kind !== 'column' && !shape.arguments.some((a) => a.name === c.argument))
      throw new Error(`Table signature without the argument ${c.argument}: ${text}`);
  parsed.set(text, shape);
  return shape;
}
