/**
 * Why a text is not understood. `line` and `column` count from 1; columns count characters (code points),
 * and a tab goes to the next multiple of 8 plus one, as GoogleSQL counts.
 */
export type SqlError = {
  readonly kind: 'syntax' | 'unresolved' | 'unsupported' | 'limit';
  /** One line, e.g. `Syntax error: Expected end of input but got keyword FROM`. Never contains row data. */
  readonly message: string;
  readonly line: number;
  readonly column: number;
  /**
   * For `unsupported` what the construct or function is called (`MATCH_RECOGNIZE`, `ST_AREA`); for `unresolved` the full name
   * of a table that does not exist, where that is the reason.
   */
  readonly subject?: string;
};

export type SqlResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: SqlError };
