import type { AccessStatement } from './access.ts';
import type { AlterStatement } from './alter.ts';
import type { CreateStatement } from './create.ts';
import type { DataStatement } from './data.ts';
import type { DmlStatement } from './dml.ts';
import type { DropFamilyStatement } from './drop.ts';
import type { Hint } from './expressions.ts';
import type { PipeStatement } from './pipes.ts';
import type { CreatePropertyGraphStatement, CreatePropertyGraphTypeStatement } from './property-graph.ts';
import type { Query } from './queries.ts';
import type { ScriptStatement } from './script.ts';
import type { Path, Span } from './span.ts';
import type { UtilityStatement } from './utility.ts';

/** A name in table position as written, and why it is there. `role` is the node above it in Google's terms. */
export type NamedObject = { readonly path: Path; readonly role: string };

/**
 * A name that a statement writes, creates, changes or reads outside of FROM. A node of its own, so that a
 * reader of any tree finds every name in table position.
 */
export type ObjectName = NamedObject & { readonly kind: 'ObjectName'; readonly span: Span };

export type QueryStatement = { readonly kind: 'QueryStatement'; readonly span: Span; readonly query: Query };

/** `@{...} statement`: a hint for the statement as a whole. BigQuery has none. */
export type HintedStatement = {
  readonly kind: 'HintedStatement';
  readonly span: Span;
  readonly hint: Hint;
  readonly statement: Statement;
};

export type Statement =
  | QueryStatement
  | DmlStatement
  | PipeStatement
  | CreateStatement
  | ScriptStatement
  | HintedStatement
  | CreatePropertyGraphStatement
  | CreatePropertyGraphTypeStatement
  | AccessStatement
  | AlterStatement
  | DataStatement
  | DropFamilyStatement
  | UtilityStatement;

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
