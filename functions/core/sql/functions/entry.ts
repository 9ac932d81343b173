/**
 * One function of BigQuery's reference: what the resolver must know to type a call, and what a policy must know of it.
 *
 * A signature is text: `STRING, INT64, INT64? -> STRING`. Its grammar:
 * - a type as GoogleSQL writes it: `INT64`, `ARRAY<STRING>`, `STRUCT<a INT64>`, `RANGE<DATE>`;
 * - `T1`, `T2`: any type, the same wherever it stands in one signature (supertype of the arguments, after coercion);
 *   `ANY`: any type, each argument its own (`ANY...`);
 *   `ORD1`: any orderable type, `GRP1`: any groupable type; `ARRAY<T1>`, `RANGE<T1>` likewise;
 * - `?` after an argument: optional; `...` after the last argument: it repeats, none or more times;
 * - `PART`: a date part (`DAY`, `WEEK(MONDAY)`), passed on as a constant STRING in upper case;
 * - `CONST STRING`: must be a literal or a parameter; `name => TYPE`: a named argument (`?` allowed);
 * - `LAMBDA(T1, INT64?) -> T2`: a lambda; `VOID ->` for no arguments.
 * The first signature that fits without any coercion wins, then the first that fits with the fewest.
 */
export type FunctionEntry = {
  /** Upper case, with its namespace: `SUBSTR`, `NET.HOST`. */
  readonly name: string;
  readonly kind: 'scalar' | 'aggregate' | 'window' | 'table';
  readonly signatures: readonly string[];
  /** Other names of the same function. */
  readonly aliases?: readonly string[];
  /** Not a function of its arguments: clock, randomness, session. */
  readonly effects?: readonly ('clock' | 'random' | 'session' | 'network' | 'identity' | 'data')[];
  /** An aggregate that may take OVER; a window function that takes a frame. */
  readonly window?: { readonly frame: boolean; readonly orderRequired: boolean };
  /** Aggregates: which clauses it takes inside the call. */
  readonly clauses?: readonly ('distinct' | 'nulls' | 'order' | 'limit' | 'having')[];
};
