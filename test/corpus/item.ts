export type Mode = 'parse' | 'analyze';

/** Where a reading begins; `script` is a whole text of any number of statements. */
export type Entry = 'script' | 'expression' | 'type';

/** What Google's own test file says of a case, and the language options under which it says so. */
export type FileExpectation = {
  readonly accepts: boolean;
  /** Present for a rejection whose place the file gives. */
  readonly error?: { readonly message: string; readonly line: number; readonly column: number };
  /** The oracle's `features` for these options, such as `NONE,+PIPES`. */
  readonly features: string;
  /** Words that these options reserve. */
  readonly reserve: string;
  readonly entityTypes?: readonly string[];
  readonly subEntityTypes?: readonly string[];
  /** The oracle's `entry` for these options. */
  readonly entry: string;
  /** Options that BigQuery does not have, or that take away what it has: the file does not say what BigQuery does. */
  readonly otherLanguage: boolean;
};

/** One text that both sides are asked about. */
export type Item = {
  /** `file#number`, with the alternatives chosen, or the id in the file. */
  readonly id: string;
  readonly file: string;
  /** A family of statements for Google's files; else the folder's name. */
  readonly area: string;
  /** False for the parts of GoogleSQL that other engines have and BigQuery lacks. */
  readonly bigQuery: boolean;
  readonly text: string;
  readonly mode: Mode;
  readonly entry: Entry;
  /** The oracle's catalog for `analyze`. */
  readonly catalog?: unknown;
  readonly expectation?: FileExpectation;
};

/** Why a text of a corpus is not asked about. */
export type Skip = { readonly file: string; readonly reason: string };

export type Items = { readonly items: readonly Item[]; readonly skips: readonly Skip[] };
