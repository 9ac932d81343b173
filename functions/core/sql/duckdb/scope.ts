import type { CatalogTable } from '../catalog.ts';
import type { Column, ResolvedExpression } from '../resolved/index.ts';
import { refuse } from './refusal.ts';

/** What the caller knows and the resolved tree does not say. */
export type PrintContext = {
  /** The relation's text in DuckDB, quoted, e.g. `"sales"."orders"`; its columns have the catalog's names. */
  relation(table: CatalogTable): string;
  /** Values of query parameters: by lower-case name, or by position as decimal text. */
  readonly parameters: ReadonlyMap<string, ResolvedExpression>;
  /** Microseconds since the epoch when the query started. */
  readonly nowMicros: bigint;
};

/** A CTE as printed: its name and its columns' names, by position. */
export type PrintedCte = { readonly name: string; readonly columns: readonly string[] };

/** Numbers for aliases, one run for a statement. */
export class Names {
  #next = 0;
  fresh(prefix: string): string {
    this.#next++;
    return `${prefix}${this.#next}`;
  }
}

/** What an expression or a scan may refer to where it stands. Layers: inner scopes see the outer ones. */
export type Scope = {
  readonly context: PrintContext;
  readonly names: Names;
  readonly columns: ReadonlyMap<number, string>;
  readonly ctes: ReadonlyMap<string, PrintedCte>;
  readonly outer?: Scope;
  /** inside a lambda DuckDB takes no subqueries */
  readonly lambda: boolean;
  /** no table is read: rows keep an order that can be foreseen */
  readonly written: boolean;
  /** Where CTEs of the statement's own level go, so that its ORDER BY stays outermost; absent below that level. */
  readonly statementCtes?: { readonly texts: string[] } | undefined;
};

export function withColumns(
  scope: Scope,
  columns: ReadonlyMap<number, string>,
  lambda = scope.lambda,
): Scope {
  return { ...scope, columns, outer: scope, lambda, statementCtes: undefined };
}

/** The text of a column where `scope` stands. */
export function columnText(scope: Scope, column: Column): string {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const text = at.columns.get(column.id);
    if (text !== undefined) return text;
  }
  return refuse('This query', `column ${column.name} is not in reach where it is used`);
}

export const columnName = (column: Column): string => `c${column.id}`;

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
