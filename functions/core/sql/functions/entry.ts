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
 *
 * An entry without signatures is known but not typed: its result depends on a model, on constants or on types that are
 * not understood here. A call of it is refused by name. Table functions say their shape in `table` instead.
 */
export type FunctionEntry = {
  /** Upper case, with its namespace: `SUBSTR`, `NET.HOST`. */
  readonly name: string;
  readonly kind: FunctionKind;
  readonly signatures: readonly string[];
  /** Other names of the same function. */
  readonly aliases?: readonly string[];
  /** What it does beyond computing a value of its arguments; none means that it is pure. */
  readonly effects?: readonly Effect[];
  /** The things outside its arguments' values that a call names. */
  readonly names?: readonly NamedThing[];
  /** An aggregate that may take OVER; a window function that takes a frame. */
  readonly window?: { readonly frame: boolean; readonly orderRequired: boolean };
  /** Aggregates: which clauses it takes inside the call. */
  readonly clauses?: readonly ('distinct' | 'nulls' | 'order' | 'limit' | 'having')[];
  /** Table functions: arguments and columns, in the grammar of table-signature.ts. */
  readonly table?: string;
};

export type FunctionKind = 'scalar' | 'aggregate' | 'window' | 'table';

/** What a function may do beyond computing a value of its arguments, and how a policy explains it. */
export const effectMeanings = {
  clock: 'depends on the time of the query',
  random: 'may give another value at each call',
  session: 'depends on the session, the job or its settings',
  identity: 'tells who runs the query',
  data: 'reads data that an argument names: a table, a model, a graph or stored objects',
  network:
    'may reach a system outside the warehouse: a model endpoint, a database, a key service, stored objects',
  keys: 'makes, opens or uses cryptographic keys',
  error: 'exists to fail with a text that the query makes up',
} as const;

export type Effect = keyof typeof effectMeanings;

/**
 * A table, model, connection and so on that a call names. `argument` is the argument's name in the reference, and
 * `position` its place from 0; without a position it can only be given by name.
 */
export type NamedThing = {
  readonly what: 'table' | 'model' | 'connection' | 'graph' | 'index' | 'endpoint' | 'key' | 'object';
  readonly argument: string;
  readonly position?: number;
};
