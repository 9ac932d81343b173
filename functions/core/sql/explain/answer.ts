import type { Clause, Flow } from '../analysis.ts';
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

export type AnswerRefusal = AnswerError & Pick<SqlError, 'kind'> & { readonly subject?: string };

/** The answer to one text in the form of JSON lines that docs/EXPLAIN.md describes. */
export type ParseAnswer =
  | {
      readonly mode: 'parse';
      readonly ok: true;
      readonly statements: readonly AnswerStatement[];
      /** what BigQuery does not have or this parser knows by name only: the text would not run */
      readonly refusals: readonly AnswerRefusal[];
    }
  | {
      readonly mode: 'parse';
      readonly ok: false;
      readonly error: AnswerError & Pick<SqlError, 'kind'>;
      readonly statements?: never;
      readonly refusals?: never;
    };

/**
 * A column that a statement returns or writes. `columns` are the base columns whose values flow in, `paths` says more
 * where struct fields are picked, `flows` how each gets there.
 */
export type AnswerOutput = {
  readonly name: string;
  readonly type: string;
  readonly columns: readonly string[];
  readonly paths?: readonly string[];
  readonly flows?: readonly { readonly path: string; readonly flow: Flow }[];
};

/** `tables` and `reads` are as named in the text; `baseTables` and `baseReads` are behind views and script tables. */
export type AnalyzedStatement = AnswerStatement & {
  readonly error?: AnswerError & Pick<SqlError, 'kind'>;
  readonly tables?: readonly string[];
  readonly baseTables?: readonly string[];
  readonly writes?: readonly string[];
  readonly output?: readonly AnswerOutput[];
  readonly reads?: readonly string[];
  readonly baseReads?: readonly string[];
  readonly functions?: readonly string[];
  /** which columns each clause looks at, paths of struct fields included */
  readonly clauses?: readonly { readonly clause: Clause; readonly columns: readonly string[] }[];
  readonly facts?: {
    /** whether WHERE is there and can be false */
    readonly where: 'none' | 'trivial' | 'present';
    readonly joinsWithoutCondition: number;
    readonly limit: boolean;
  };
};

export type AnalyzeAnswer =
  | {
      readonly mode: 'analyze';
      readonly ok: true;
      readonly statements: readonly AnalyzedStatement[];
      readonly refusals: readonly AnswerRefusal[];
    }
  | {
      readonly mode: 'analyze';
      readonly ok: false;
      readonly error: AnswerError & Pick<SqlError, 'kind'>;
      /** what was understood before and beside the error */
      readonly statements?: readonly AnalyzedStatement[];
      readonly refusals: readonly AnswerRefusal[];
    };
