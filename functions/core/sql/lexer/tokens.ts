import type { SqlFailure } from './failure.ts';

/**
 * What a token is. `attached` is a word glued to a number (`123abc`), which no rule accepts; `invalid` is
 * the rest of a text from where it cannot be cut into tokens.
 */
export type TokenKind =
  | 'word'
  | 'quoted'
  | 'string'
  | 'bytes'
  | 'int'
  | 'float'
  | 'op'
  | 'attached'
  | 'invalid'
  | 'eof';

/**
 * One token. `start` and `end` are UTF-16 offsets into the text.
 * - `op`: the punctuation, or '' for every other kind
 * - `word`: the upper-case word of an unquoted name or keyword; '' where it can only be a name
 *   (between backticks, after a dot, after `@`)
 * - `reserved`: a keyword that cannot be a name here
 * - `name`: the name that a `word` or `quoted` stands for
 * - `value`: the content of a literal: text of a string, bytes of a bytes literal, digits as written
 * - `failure`: what is wrong with it, which is told when the parser gets there and not before
 * - `match`: for an opening bracket the index of its closing one, else -1
 */
export type Token = {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  readonly op: string;
  readonly word: string;
  readonly reserved: boolean;
  readonly name: string;
  readonly value: string | Uint8Array;
  readonly failure: SqlFailure | undefined;
  match: number;
};
