import type { Statement, TableExpression } from './ast/index.ts';
import type { CatalogTable, TableRef } from './catalog.ts';
import type { ResolvedQuery } from './resolved/index.ts';
import type { SqlError } from './sql-error.ts';
import type { SqlType } from './types.ts';

/** How a base column's value reaches an output column. */
export type Flow = 'copied' | 'derived' | 'aggregated' | 'counted';

/** A base column: `path` is empty for the whole column, else nested field names. */
export type ColumnSource = {
  readonly table: TableRef;
  readonly column: string;
  readonly path: readonly string[];
  /** names of fields that are taken out of the JSON value at `path` */
  readonly json?: readonly string[];
  readonly flow: Flow;
};

export type OutputLineage = {
  /** as the client sees it: `f0_` where the text gives none */
  readonly name: string;
  readonly unnamed?: true;
  /** the name in the text, where several columns have it and the client sees it with a number */
  readonly written?: string;
  readonly type: SqlType;
  readonly sources: readonly ColumnSource[];
};

export type Clause =
  | 'select'
  | 'where'
  | 'join'
  | 'group'
  | 'having'
  | 'qualify'
  | 'order'
  | 'window'
  | 'limit'
  | 'array';

export type ClauseRead = {
  readonly clause: Clause;
  readonly table: TableRef;
  readonly column: string;
  readonly path: readonly string[];
};

/** A column as a text names it: of a table, a view, or a table that a script made. */
export type ColumnRead = { readonly table: TableRef; readonly column: string };

/** One place where a table expression of the text names a base table or view: what the rewriter may replace. */
export type TableUse = {
  readonly node: Extract<TableExpression, { kind: 'TableName' }>;
  readonly table: CatalogTable;
  /** all members for a wildcard, else just `table` */
  readonly members: readonly CatalogTable[];
  readonly wildcardPrefix?: string;
  /** pseudo columns that the query reads from it (`_TABLE_SUFFIX`, `_PARTITIONTIME`) */
  readonly pseudoColumns: readonly string[];
};

export type StatementAnalysis = {
  readonly statement: Statement;
  /** BigQuery's word: `SELECT`, `DELETE`, `DROP_TABLE`, ... */
  readonly statementType: string;
  /** Tables and views that the text reads by name, what a routine of it reads included; targets of writes are not. */
  readonly named: readonly TableRef[];
  /** Base tables and views named in the text (views not expanded), each once, in order of appearance. */
  readonly referenced: readonly TableRef[];
  /** Base tables read, views expanded. */
  readonly reads: readonly TableRef[];
  readonly writes: readonly TableRef[];
  readonly uses: readonly TableUse[];
  /** Tables and views read where no query can stand instead: `TABLE t` arguments, CLONE, bodies of routines. */
  readonly irreplaceable: readonly TableRef[];
  /** Empty for statements that return nothing. */
  readonly output: readonly OutputLineage[];
  readonly clauseReads: readonly ClauseRead[];
  /** Columns that the text reads of the tables and views in `referenced`, views not expanded. */
  readonly columnReads: readonly ColumnRead[];
  readonly functions: readonly string[];
  /** routines that are not BigQuery's own: what they read is in `named`, `reads` and `columnReads` too */
  readonly routines: readonly string[];
  readonly where: 'none' | 'trivial' | 'present';
  /** joins that have no condition (comma and CROSS JOIN of tables, not of arrays) */
  readonly crossJoins: number;
  readonly hasLimit: boolean;
  /** named and positional parameters in the text, with the type that the resolver gave them */
  readonly parameters: readonly {
    readonly name?: string;
    readonly position?: number;
    readonly type?: SqlType;
  }[];
  /** Present for a query that was resolved whole. */
  readonly resolved?: ResolvedQuery;
  /** Why parts are not understood. Empty = everything is. */
  readonly refusals: readonly SqlError[];
};

export type Analysis = { readonly statements: readonly StatementAnalysis[] };
