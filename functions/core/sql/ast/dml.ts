import type { Expression, Hint } from './expressions.ts';
import type { Query, SelectItem, TableExpression } from './queries.ts';
import type { Identifier, Path, Span } from './span.ts';

/** A path through arrays and extensions, `a[0].b.(p.x)`, as BigQuery has none. */
export type GeneralizedPath = Extract<Expression, { kind: 'FieldAccess' | 'Subscript' | 'ExtensionAccess' }>;

/** What a statement changes: a table, or inside of another statement a repeated column. */
export type DmlTarget = Path | GeneralizedPath;

/** `AT (time)` or `WITH TIMESTAMP [AS name]`: which version of the rows. */
export type DmlVersion =
  | { readonly kind: 'TemporalAt'; readonly span: Span; readonly time: Expression }
  | { readonly kind: 'WithTimestamp'; readonly span: Span; readonly alias?: Identifier };

/** `THEN RETURN [WITH ACTION [AS name]] items` */
export type ReturningClause = {
  readonly kind: 'ReturningClause';
  readonly span: Span;
  /** there is a column that says what was done; ACTION if it has no name of its own */
  readonly withAction: boolean;
  readonly action?: Identifier;
  readonly items: readonly SelectItem[];
};

/** What stands at the end of every statement that changes rows. */
type DmlTail = {
  readonly assertRowsModified?: Expression;
  readonly returning?: ReturningClause;
};

/** `ON CONFLICT [(columns) | ON UNIQUE CONSTRAINT name] DO NOTHING | DO UPDATE SET items [WHERE condition]` */
export type OnConflict = {
  readonly kind: 'OnConflict';
  readonly span: Span;
  readonly columns: readonly Identifier[];
  readonly constraint?: Identifier;
  /** none where nothing is done */
  readonly update?: readonly UpdateItem[];
  readonly where?: Expression;
};

export type InsertStatement = DmlTail & {
  readonly kind: 'InsertStatement';
  readonly span: Span;
  /** `INSERT OR UPDATE` and the like */
  readonly mode?: 'IGNORE' | 'REPLACE' | 'UPDATE';
  readonly target: DmlTarget;
  readonly hint?: Hint;
  readonly version?: DmlVersion;
  readonly columns: readonly Identifier[];
  /** one of the two, or none where the rows come from a pipe */
  readonly rows?: readonly (readonly Expression[])[];
  readonly query?: Query;
  readonly onConflict?: OnConflict;
};

/** `target = value` */
export type UpdateAssignment = {
  readonly kind: 'UpdateAssignment';
  readonly span: Span;
  readonly target: DmlTarget;
  readonly value: Expression;
};

/** A statement in parentheses in the place of an assignment changes an array inside of the row. */
export type UpdateItem = UpdateAssignment | InsertStatement | UpdateStatement | DeleteStatement;

export type UpdateStatement = DmlTail & {
  readonly kind: 'UpdateStatement';
  readonly span: Span;
  readonly target: DmlTarget;
  readonly hint?: Hint;
  readonly alias?: Identifier;
  readonly version?: DmlVersion;
  readonly withOffset?: { readonly alias?: Identifier };
  readonly items: readonly UpdateItem[];
  readonly from?: TableExpression;
  readonly where?: Expression;
};

export type DeleteStatement = DmlTail & {
  readonly kind: 'DeleteStatement';
  readonly span: Span;
  readonly target: DmlTarget;
  readonly hint?: Hint;
  readonly alias?: Identifier;
  readonly version?: DmlVersion;
  readonly withOffset?: { readonly alias?: Identifier };
  readonly where?: Expression;
};

export type MergeStatement = {
  readonly kind: 'MergeStatement';
  readonly span: Span;
  readonly target: Path;
  readonly alias?: Identifier;
  readonly source: TableExpression;
  readonly on: Expression;
  readonly clauses: readonly MergeClause[];
};

/** `WHEN [NOT] MATCHED ... [AND condition] THEN action` */
export type MergeClause = {
  readonly kind: 'MergeClause';
  readonly span: Span;
  readonly matched: 'MATCHED' | 'NOT_MATCHED_BY_TARGET' | 'NOT_MATCHED_BY_SOURCE';
  readonly condition?: Expression;
  readonly action: MergeAction;
};

export type MergeAction =
  /** without values it is `INSERT ROW` */
  | {
      readonly kind: 'MergeInsert';
      readonly span: Span;
      readonly columns: readonly Identifier[];
      readonly values?: readonly Expression[];
    }
  | { readonly kind: 'MergeUpdate'; readonly span: Span; readonly items: readonly UpdateItem[] }
  | { readonly kind: 'MergeDelete'; readonly span: Span };

export type DmlStatement = InsertStatement | UpdateStatement | DeleteStatement | MergeStatement;

/** Nodes that only these statements hold. */
export type DmlPart =
  | DmlVersion
  | MergeAction
  | MergeClause
  | OnConflict
  | ReturningClause
  | UpdateAssignment;
