/** BigQuery counts in whole MiB and bills at least 10 of them for each table a query reads. */
const MIB = 1024 * 1024;
const MINIMUM_TABLE_BYTES = 10 * MIB;

export type Bytes = { readonly processed: number; readonly billed: number };

/** A size as it is told: whole MiB, rounded up. An exact one tells how long values are that the caller sees masked. */
export const wholeMebibytes = (bytes: number): number => Math.ceil(bytes / MIB) * MIB;

/**
 * What is said of a query's size: rounded up, so that the length of a value that the caller sees masked does not show.
 * https://cloud.google.com/bigquery/pricing#on_demand_pricing
 */
export function publicBytes(exactBytes: number, tables: number): Bytes {
  const processed = wholeMebibytes(exactBytes);
  return { processed, billed: processed === 0 ? 0 : Math.max(processed, tables * MINIMUM_TABLE_BYTES) };
}
