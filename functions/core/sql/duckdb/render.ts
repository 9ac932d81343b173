import type { SqlType } from '../types.ts';

/**
 * How GoogleSQL's types lie in DuckDB. Everything that prints or fills DuckDB values keeps to it:
 * INT64 BIGINT, FLOAT64 DOUBLE, BOOL BOOLEAN, STRING VARCHAR, BYTES BLOB, DATE DATE, TIME TIME,
 * DATETIME TIMESTAMP, TIMESTAMP TIMESTAMP (UTC), NUMERIC DECIMAL(38,9), INTERVAL INTERVAL,
 * BIGNUMERIC VARCHAR (canonical decimal text), JSON VARCHAR (JSON text), GEOGRAPHY VARCHAR (WKT), UUID VARCHAR,
 * RANGE<T> STRUCT(s T, e T) with NULL for an unbounded end, ARRAY<T> T[],
 * STRUCT<...> STRUCT(f0, f1, ...): fields by position, since GoogleSQL's names may repeat or be absent.
 */
export function duckdbType(type: SqlType): string {
  switch (type.kind) {
    case 'array':
      return `${duckdbType(type.element)}[]`;
    case 'struct':
      return `STRUCT(${type.fields.map((f, i) => `f${i} ${duckdbType(f.type)}`).join(', ')})`;
    case 'range': {
      const end = type.element === 'DATE' ? 'DATE' : 'TIMESTAMP';
      return `STRUCT(s ${end}, e ${end})`;
    }
    case 'scalar':
      switch (type.name) {
        case 'INT64':
          return 'BIGINT';
        case 'FLOAT64':
          return 'DOUBLE';
        case 'BOOL':
          return 'BOOLEAN';
        case 'BYTES':
          return 'BLOB';
        case 'DATE':
          return 'DATE';
        case 'TIME':
          return 'TIME';
        case 'DATETIME':
        case 'TIMESTAMP':
          return 'TIMESTAMP';
        case 'NUMERIC':
          return 'DECIMAL(38,9)';
        case 'INTERVAL':
          return 'INTERVAL';
        case 'STRING':
        case 'BIGNUMERIC':
        case 'JSON':
        case 'GEOGRAPHY':
        case 'UUID':
          return 'VARCHAR';
      }
  }
}

/** What a renderer knows of the call it prints. */
export type RenderCall = {
  readonly name: string;
  readonly types: readonly SqlType[];
  readonly result: SqlType;
  /** Printed values of named arguments, by lower-case name. */
  readonly named: Readonly<Record<string, { readonly text: string; readonly type: SqlType }>>;
  /** The value of an argument that is a constant STRING (a date part, a format), else undefined. */
  constantText(index: number): string | undefined;
  /** Microseconds since the epoch: the moment the query started, the same everywhere in it. */
  readonly nowMicros: bigint;
};

/** DuckDB text of a call, or the reason why DuckDB cannot do exactly the same. */
export type Rendered = string | { readonly refuse: string };

/** Prints one GoogleSQL function; `args` are DuckDB texts, each safe to put anywhere (already parenthesized). */
export type Render = (args: readonly string[], call: RenderCall) => Rendered;

/** Renderers by GoogleSQL name (upper case). A function without one is refused by name. */
export type RenderTable = Readonly<Record<string, Render>>;
