import { createHash } from 'node:crypto';
import type { Udf } from '../../../core/sql/duckdb/udf.ts';

const sha512 = (value: string | Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha512').update(value).digest());

/** Hashes that DuckDB lacks: pure functions of their argument. */
export const cryptoUdfs: readonly Udf[] = [
  {
    name: 'sluice_sha512',
    arguments: ['VARCHAR'],
    returns: 'BLOB',
    nulls: 'strict',
    run: (v: string) => sha512(v),
  },
  {
    name: 'sluice_sha512_bytes',
    arguments: ['BLOB'],
    returns: 'BLOB',
    nulls: 'strict',
    run: (v: Uint8Array) => sha512(v),
  },
];
