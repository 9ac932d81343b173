import type { SqlError } from '../sql-error.ts';

/** A name in table position as written: unquoted parts, and the UTF-8 byte range where it stands. */
export type AnswerPath = {
  readonly parts: readonly string[];
  readonly role: string;
  readonly start: number;
  readonly end: number;
};

/** One statement, in the order of the text; `depth` is above zero inside another one. Offsets are UTF-8 bytes. */
export type AnswerStatement = {
  /** GoogleSQL's parser node without its `AST`: `QueryStatement`, `DropStatement` */
  readonly kind: string;
  readonly depth?: number;
  readonly start: number;
  readonly end: number;
  readonly paths?: readonly AnswerPath[];
  /** BigQuery's word: `SELECT`, `DROP_TABLE`, `SCRIPT` */
  readonly statementType: string;
};

export type AnswerError = { readonly message: string; readonly line: number; readonly column: number };

export type AnswerRefusal = AnswerError & { readonly subject?: string };

/** The answer to one text in the form of JSON lines that docs/EXPLAIN.md describes. */
export type ParseAnswer =
  | {
      readonly mode: 'parse';
      readonly ok: true;
      readonly statements: readonly AnswerStatement[];
      /** what BigQuery does not have or this parser knows by name only: the text would not run */
      readonly refusals: readonly AnswerRefusal[];
    }
  | { readonly mode: 'parse'; readonly ok: false; readonly error: AnswerError & Pick<SqlError, 'kind'> };
