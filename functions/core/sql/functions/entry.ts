/**
 * One function of BigQuery's reference: what the resolver must know to type a call, and what a policy must know of it.
 *
 * A signature is text: `STRING, INT64, INT64? -> STRING`. Its grammar:
 * - a type as GoogleSQL writes it: `INT64`, `ARRAY<STRING>`, `STRUCT<a INT64>`, `RANGE<DATE>`;
 * - `T1`, `T2`: any type, the same wherever it stands in one signature (supertype of the arguments, after coercion);
 *   `ANY`: any type, each argument its own (`ANY...`);
 *   `ORD1`: any orderable type, `GRP1`: any groupable type, `RNG1`: any type that ranges have;
 *   `ARRAY<T1>`, `RANGE<RNG1>` likewise;
 * - `?` after an argument: optional; `...` after it: it repeats, none or more times;
 *   `(STRING, ANY)...`: several that repeat together; only named ones may follow;
 * - `name => TYPE`: an argument given by name, `name ~> TYPE`: by place or by name;
 * - `CONST STRING`: must be a literal or a parameter; `LITERAL INT64`: likewise, and not NULL;
 *   `LITERAL[1..24] INT64`, `LITERAL[0..] INT64`: within bounds; `OF(a|b) STRING`: one of these words, or a parameter;
 * - `PART`: a date part (`DAY`, `WEEK(MONDAY)`), passed on as a constant STRING in upper case; `MODE`: a Unicode
 *   normalization (`NFC`), likewise;
 * - `LAMBDA(T1, INT64?) -> T2`: a lambda; `VOID ->` for no arguments;
 * - in front of all: `STRICT`: no text literal and no text parameter is read as a date or time for it;
 *   `SAME`: each argument is NULL or has the wanted type already; `TYPED`: no argument is NULL or an undeclared
 *   parameter; `ARRAYS`: no NULL stands for an array; `COMPUTED`: no argument is a literal or a parameter;
 *   `DECIMAL`: each is NUMERIC or BIGNUMERIC.
 * The signature wins that converts the fewest values, then the nearest types, then likewise literals, then the first.
 * One with NUMERIC or BIGNUMERIC arguments fits only if one of them has that type before any conversion.
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
