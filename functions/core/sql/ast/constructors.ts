import type { Expression } from './expressions.ts';
import type { Identifier, Path, Span } from './span.ts';
import type { TypeNode } from './types.ts';

/** Values and fields of protocol buffers: GoogleSQL has them, BigQuery has not. */

/** `NEW p.Message(1 AS id, x AS (p.extension))` */
export type NewConstructor = {
  readonly kind: 'NewConstructor';
  readonly span: Span;
  readonly type: TypeNode;
  readonly arguments: readonly {
    readonly span: Span;
    readonly value: Expression;
    readonly alias?: Identifier;
    readonly extension?: Path;
  }[];
};

export type BracedField = {
  readonly kind: 'BracedField';
  readonly span: Span;
  readonly key: Expression;
  /** what stands between key and value: nothing before `{` */
  readonly sign: ':' | '*:' | '?:' | '';
  /** a comma stands before it */
  readonly comma: boolean;
  readonly value: Expression;
};

/** `{a: 1}`, after NEW and a type, after STRUCT or its type, after an expression, or alone. */
export type BracedConstructor = {
  readonly kind: 'BracedConstructor';
  readonly span: Span;
  readonly keyword?: 'NEW' | 'STRUCT';
  readonly type?: TypeNode;
  readonly base?: Expression;
  readonly fields: readonly BracedField[];
};

/** `REPLACE_FIELDS(x, 1 AS a.b, 2 AS (p.extension))` */
export type ReplaceFields = {
  readonly kind: 'ReplaceFields';
  readonly span: Span;
  readonly operand: Expression;
  readonly fields: readonly { readonly span: Span; readonly value: Expression; readonly path: Expression }[];
};

/** `x.(p.extension)`; without a base where a path begins with one, in REPLACE_FIELDS */
export type ExtensionAccess = {
  readonly kind: 'ExtensionAccess';
  readonly span: Span;
  readonly base?: Expression;
  readonly path: Path;
};
