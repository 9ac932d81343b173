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

/** A call whose work would keep everybody else waiting. It fails the query, under SAFE too: NULL would be a different result. */
export class UdfTooSlow extends Error {
  override readonly name = 'UdfTooSlow';
}

/** The most steps of one call whose work grows with the product of two lengths: a fraction of a second. */
export const mostSteps = 20_000_000;
