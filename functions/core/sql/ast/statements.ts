import type { CreateStatement } from './create.ts';
import type { Expression, Hint } from './expressions.ts';
import type { CreatePropertyGraphStatement, CreatePropertyGraphTypeStatement } from './property-graph.ts';
import type { PipeStatement } from './pipes.ts';
import type { Query, TableExpression } from './queries.ts';
import type { ScriptStatement } from './script.ts';
import type { Identifier, Path, Span } from './span.ts';

/** A name in table position as written, and why it is there. `role` is the node above it in Google's terms. */
export type NamedObject = { readonly path: Path; readonly role: string };

/**
 * A name that a statement writes, creates, changes or reads outside of FROM. A node of its own, so that a
 * reader of any tree finds every name in table position.
 */
export type ObjectName = NamedObject & { readonly kind: 'ObjectName'; readonly span: Span };

export type QueryStatement = { readonly kind: 'QueryStatement'; readonly span: Span; readonly query: Query };

export type InsertStatement = {
  readonly kind: 'InsertStatement';
  readonly span: Span;
  readonly target: Path;
  readonly columns: readonly Identifier[];
  readonly rows?: readonly (readonly Expression[])[];
  readonly query?: Query;
};

export type UpdateStatement = {
  readonly kind: 'UpdateStatement';
  readonly span: Span;
  readonly target: Path;
  readonly alias?: Identifier;
  readonly items: readonly { readonly target: Path; readonly value: Expression }[];
  readonly from?: TableExpression;
  readonly where?: Expression;
};

export type DeleteStatement = {
  readonly kind: 'DeleteStatement';
  readonly span: Span;
  readonly target: Path;
  readonly alias?: Identifier;
  readonly where?: Expression;
};

export type MergeStatement = {
  readonly kind: 'MergeStatement';
  readonly span: Span;
  readonly target: Path;
  readonly alias?: Identifier;
  readonly source: TableExpression;
  readonly on: Expression;
  readonly clauses: readonly {
    readonly matched: 'MATCHED' | 'NOT_MATCHED_BY_TARGET' | 'NOT_MATCHED_BY_SOURCE';
    readonly condition?: Expression;
    readonly action: 'INSERT' | 'UPDATE' | 'DELETE';
    readonly columns: readonly Identifier[];
    readonly values: readonly Expression[];
  }[];
};

/**
 * A statement that is recognized and named but not analyzed inside.
 * `statementType` is BigQuery's word (`DROP_TABLE`, `SCRIPT`, `EXPORT_DATA`, ...);
 * `googleKind` is the parser node of GoogleSQL (`DropStatement`).
 */
export type OtherStatement = {
  readonly kind: 'OtherStatement';
  readonly span: Span;
  readonly statementType: string;
  readonly googleKind: string;
  readonly objects: readonly NamedObject[];
  /** normalized tokens (no comments, literals in canonical form): all of it, or what is before `query` */
  readonly text?: string;
  /** the statements directly inside of a block, in order; `objects` names what all of them name */
  readonly inner?: readonly Statement[];
  /** `CREATE TABLE t AS query` and the like, where it could be parsed */
  readonly query?: Query;
};

/** `@{...} statement`: a hint for the statement as a whole. BigQuery has none. */
export type HintedStatement = {
  readonly kind: 'HintedStatement';
  readonly span: Span;
  readonly hint: Hint;
  readonly statement: Statement;
};

export type Statement =
  | QueryStatement
  | InsertStatement
  | UpdateStatement
  | DeleteStatement
  | MergeStatement
  | PipeStatement
  | CreateStatement
  | ScriptStatement
  | HintedStatement
  | CreatePropertyGraphStatement
  | CreatePropertyGraphTypeStatement
  | OtherStatement;

/** A part of the text that GoogleSQL has and BigQuery does not; `subject` is what it is called. */
export type ForeignPart = { readonly subject: string; readonly span: Span };

/**
 * Everything between the first and the last byte: one statement or several.
 * `foreign` lists, in the order of the text, what BigQuery would not take: such a text parses and never runs.
 */
export type Script = {
  readonly kind: 'Script';
  readonly span: Span;
  readonly statements: readonly Statement[];
  readonly foreign: readonly ForeignPart[];
};
