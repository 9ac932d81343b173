/** DuckDB types that a scalar function of ours takes and gives, and what they are in JavaScript. */
export type UdfType =
  /** bigint */
  | 'BIGINT'
  /** number */
  | 'DOUBLE'
  | 'BOOLEAN'
  /** string */
  | 'VARCHAR'
  /** Uint8Array */
  | 'BLOB'
  /** bigint: days since the epoch */
  | 'DATE'
  /** bigint: microseconds since the epoch */
  | 'TIMESTAMP'
  /** bigint: microseconds since midnight */
  | 'TIME'
  /** bigint: the value times 10^9 */
  | 'DECIMAL(38,9)'
  /** { months: number, days: number, micros: bigint } */
  | 'INTERVAL'
  | 'VARCHAR[]'
  | 'BIGINT[]'
  | 'DOUBLE[]';

export type IntervalValue = { readonly months: number; readonly days: number; readonly micros: bigint };
export type UdfValue =
  | null
  | bigint
  | number
  | boolean
  | string
  | Uint8Array
  | IntervalValue
  | readonly (string | null)[]
  | readonly (bigint | null)[]
  | readonly (number | null)[];

/**
 * A scalar function that DuckDB lacks, written in TypeScript: pure. A thrown UdfError fails the query with its message
 * (GoogleSQL's words, e.g. `Failed to parse input string "x"`).
 */
export type Udf = {
  /** `sluice_` and snake case. */
  readonly name: string;
  readonly arguments: readonly UdfType[];
  readonly returns: UdfType;
  /** `strict`: any NULL argument gives NULL without a call. */
  readonly nulls: 'strict' | 'called';
  readonly run: (...args: never[]) => UdfValue;
};

export class UdfError extends Error {
  override readonly name = 'UdfError';
}
