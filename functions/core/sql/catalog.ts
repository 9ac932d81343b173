import type { ColumnRead, ColumnSource } from './analysis.ts';
import type { SqlType } from './types.ts';

/** A table's full name. Dataset and table names keep the case they have in the warehouse. */
export type TableRef = { readonly project: string; readonly dataset: string; readonly table: string };

/** `project.dataset.table`, the form used in policies, records and messages. */
export const tableName = (ref: TableRef): string => `${ref.project}.${ref.dataset}.${ref.table}`;

export type CatalogColumn = {
  readonly name: string;
  readonly type: SqlType;
  readonly mode: 'NULLABLE' | 'REQUIRED' | 'REPEATED';
  readonly description?: string;
  /** Full resource names of policy tags on this column. */
  readonly policyTags?: readonly string[];
  /** Sub-fields of a STRUCT (or of the elements of an ARRAY of STRUCT), with their own tags. */
  readonly fields?: readonly CatalogColumn[];
};

export type CatalogTable = {
  readonly ref: TableRef;
  readonly kind: 'table' | 'view';
  readonly columns: readonly CatalogColumn[];
  /** Columns that `*` leaves out, e.g. `_PARTITIONTIME`. */
  readonly pseudoColumns: readonly CatalogColumn[];
  /** A view's definition in GoogleSQL. Names in it resolve in the view's own project. */
  readonly viewSql?: string;
  /** Why no text may name it, as words that follow its name ("has a column of type X"): then nothing else here is whole. */
  readonly unusable?: string;
  /** Set for a table that the script being analyzed made itself. */
  readonly derivation?: Derivation;
  /** Changes whenever schema, definition or content does. */
  readonly etag: string;
};

/** Where the values of a table come from that a script made: base columns, by lower-case column name. */
export type Derivation = {
  readonly columns: ReadonlyMap<string, readonly ColumnSource[]>;
  /** base tables that the defining query read, and the columns it read of them */
  readonly tables: readonly TableRef[];
  readonly reads: readonly ColumnRead[];
};

/** A function, table function or procedure; `definition` is the CREATE statement that makes it. */
export type CatalogRoutine = { readonly name: string; readonly definition: string };

/**
 * A property graph; `definition` is the CREATE PROPERTY GRAPH statement that makes it. Names in it resolve in the
 * graph's own project and dataset.
 */
export type CatalogGraph = { readonly ref: TableRef; readonly definition: string };

/**
 * What the resolver may ask about names: a snapshot, so that one analysis sees one state of the world.
 * Dataset and table names match exactly (BigQuery: case-sensitive), columns without regard to case.
 */
export type Catalog = {
  readonly project: string;
  /** Snapshots for one text that have the same version say the same of everything in it. */
  readonly version?: string;
  readonly defaultDataset?: { readonly project: string; readonly dataset: string };
  table(ref: TableRef): CatalogTable | undefined;
  /** The tables of a dataset whose name begins with `prefix`: what `` `events_*` `` stands for. Sorted by name. */
  tablesWithPrefix(dataset: { project: string; dataset: string }, prefix: string): readonly CatalogTable[];
  /** A routine by project, dataset and name, names without regard to case. Absent: routines are not known. */
  routine?(ref: TableRef): CatalogRoutine | undefined;
  /** A property graph by its full name. Absent: graphs are not known. */
  graph?(ref: TableRef): CatalogGraph | undefined;
};
