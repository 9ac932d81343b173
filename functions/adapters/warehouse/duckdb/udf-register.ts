import {
  BIGINT,
  BLOB,
  BOOLEAN,
  blobValue,
  DATE,
  DECIMAL,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  type DuckDBListValue,
  DuckDBScalarFunction,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBType,
  type DuckDBValue,
  type DuckDBVector,
  INTERVAL,
  LIST,
  listValue,
  TIME,
  TIMESTAMP,
  VARCHAR,
} from '@duckdb/node-api';
import {
  type IntervalValue,
  type Udf,
  UdfError,
  UdfTooSlow,
  type UdfType,
  type UdfValue,
} from '../../../core/sql/duckdb/udf.ts';

/** How one type crosses between DuckDB's vectors and our functions. */
type Codec = {
  readonly type: DuckDBType;
  readonly read: (item: DuckDBValue) => UdfValue;
  readonly write: (value: never) => DuckDBValue;
};

const asIs = (type: DuckDBType): Codec => ({
  type,
  read: (item) => item as UdfValue,
  write: (value) => value,
});

const list = (element: DuckDBType): Codec => ({
  type: LIST(element),
  read: (item) => (item as DuckDBListValue).items as UdfValue,
  write: (value: readonly DuckDBValue[]) => listValue(value),
});

const codecs: Readonly<Record<UdfType, Codec>> = {
  BIGINT: asIs(BIGINT),
  DOUBLE: asIs(DOUBLE),
  BOOLEAN: asIs(BOOLEAN),
  VARCHAR: asIs(VARCHAR),
  BLOB: {
    type: BLOB,
    read: (item) => (item as { bytes: Uint8Array }).bytes,
    write: (value: Uint8Array) => blobValue(value),
  },
  DATE: {
    type: DATE,
    read: (item) => BigInt((item as DuckDBDateValue).days),
    write: (value: bigint) => new DuckDBDateValue(Number(value)),
  },
  TIMESTAMP: {
    type: TIMESTAMP,
    read: (item) => (item as DuckDBTimestampValue).micros,
    write: (value: bigint) => new DuckDBTimestampValue(value),
  },
  TIME: {
    type: TIME,
    read: (item) => (item as DuckDBTimeValue).micros,
    write: (value: bigint) => new DuckDBTimeValue(value),
  },
  'DECIMAL(38,9)': {
    type: DECIMAL(38, 9),
    read: (item) => (item as DuckDBDecimalValue).value,
    write: (value: bigint) => new DuckDBDecimalValue(value, 38, 9),
  },
  INTERVAL: {
    type: INTERVAL,
    read: (item) => {
      const { months, days, micros } = item as DuckDBIntervalValue;
      return { months, days, micros };
    },
    write: (value: IntervalValue) => new DuckDBIntervalValue(value.months, value.days, value.micros),
  },
  'VARCHAR[]': list(VARCHAR),
  'BIGINT[]': list(BIGINT),
  'DOUBLE[]': list(DOUBLE),
};

/** The suffix of the variant that gives NULL where the function itself would fail the query. */
export const SAFE_SUFFIX = '__safe';

/**
 * Our functions run on the thread that serves everybody, a chunk of at most 2048 rows at a time: so long may one chunk keep it.
 * A query whose values need more ends with an error, and nobody waits for it.
 */
const CHUNK_MS = 1000;

/** What one chunk may give back: DuckDB keeps it outside of the memory that it limits. */
const CHUNK_BYTES = 128_000_000;

type Rows = (vectors: readonly DuckDBVector[], output: DuckDBVector, rows: number) => void;

/** About how many bytes a value of any length takes. */
function sizeOf(value: UdfValue): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return value.length;
  if (!Array.isArray(value)) return 0;
  const items = value as readonly (string | bigint | number | null)[];
  return items.reduce<number>(
    (sum, item) => sum + (typeof item === 'string' ? item.length : 0),
    items.length * 8,
  );
}

/** Runs `udf` over the rows of one chunk. */
function rowsOf(udf: Udf, safe: boolean): Rows {
  const readers = udf.arguments.map((type) => codecs[type].read);
  const write = codecs[udf.returns].write as (value: UdfValue) => DuckDBValue;
  const run = udf.run as unknown as (...args: UdfValue[]) => UdfValue;
  const strict = udf.nulls === 'strict';
  const call = (args: UdfValue[]): UdfValue => {
    if (!safe) return run(...args);
    try {
      return run(...args);
    } catch (error) {
      if (error instanceof UdfError) return null;
      throw error;
    }
  };
  return (vectors, output, rows) => {
    const args: UdfValue[] = new Array(readers.length);
    const endMs = performance.now() + CHUNK_MS;
    let bytes = 0;
    for (let row = 0; row < rows; row++) {
      if (performance.now() > endMs) throw new UdfTooSlow(udf.name);
      let missing = false;
      for (let i = 0; i < readers.length; i++) {
        const item = vectors[i]!.getItem(row) as DuckDBValue;
        if (item === null) missing = true;
        args[i] = item === null ? null : readers[i]!(item);
      }
      const value = strict && missing ? null : call(args);
      bytes += sizeOf(value);
      if (bytes > CHUNK_BYTES) throw new UdfTooSlow(udf.name);
      output.setItem(row, value === null ? null : write(value));
    }
    output.flush();
  };
}

function register(connection: DuckDBConnection, udf: Udf, name: string, safe: boolean): void {
  const rows = rowsOf(udf, safe);
  const columns = udf.arguments.length;
  connection.registerScalarFunction(
    DuckDBScalarFunction.create({
      name,
      returnType: codecs[udf.returns].type,
      parameterTypes: udf.arguments.map((type) => codecs[type].type),
      specialHandling: true,
      mainFunction: (info, chunk, output) => {
        try {
          const vectors = Array.from({ length: columns }, (_, i) => chunk.getColumnVector(i));
          rows(vectors, output, chunk.rowCount);
        } catch (error) {
          // The text of an unexpected error may hold a row's value and tells the reader nothing.
          info.setError(messageOf(udf, error));
        }
      },
    }),
  );
}

function messageOf(udf: Udf, error: unknown): string {
  if (error instanceof UdfTooSlow)
    return `Resources exceeded: ${udf.name} takes too long on these values or makes too much of them`;
  return error instanceof UdfError ? error.message : `${udf.name} broke its promise`;
}

/**
 * Makes `udfs` known to the database of `connection` (all its connections), each under its own name and, with
 * `__safe` behind it, in a variant whose UdfError is NULL.
 */
export function registerUdfs(connection: DuckDBConnection, udfs: readonly Udf[]): void {
  for (const udf of udfs) {
    register(connection, udf, udf.name, false);
    register(connection, udf, udf.name + SAFE_SUFFIX, true);
  }
}
