import { existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { root } from '../../functions/config/embedded.ts';

/** Made once; outside git. */
export const cacheFolder = join(root, '.cache', 'bench');

/** Eight columns of every common kind; uncompressed, so that the size of the file is that of the data. */
const columns = `
  i AS id,
  (hash(i) % 1000)::BIGINT AS bucket,
  md5(i::VARCHAR) AS digest,
  'note ' || md5((i + 1)::VARCHAR) || md5((i + 2)::VARCHAR) AS note,
  (hash(i + 3) % 1000000)::DOUBLE / 100 AS amount,
  TIMESTAMPTZ '2024-01-01 00:00:00+00' + to_microseconds((i * 1000003)::BIGINT) AS at,
  DATE '2020-01-01' + (i % 2000)::INTEGER AS day,
  i % 3 = 0 AS flag`;

/**
 * A data folder with the one table `big.facts` of this many rows, as a Parquet file; about 130 bytes a row on disk.
 * Returns the folder and the file's size in bytes.
 */
export async function bigTable(rows: number): Promise<{ readonly folder: string; readonly bytes: number }> {
  const folder = join(cacheFolder, `facts-${rows}`);
  const path = join(folder, 'big', 'facts.parquet');
  if (!existsSync(path)) {
    mkdirSync(join(folder, 'big'), { recursive: true });
    const aside = join(cacheFolder, `facts-${rows}.${process.pid}.parquet`);
    const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' });
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT ${columns} FROM range(${rows}) t(i)) TO '${aside.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION uncompressed)`,
    );
    connection.closeSync();
    instance.closeSync();
    renameSync(aside, path);
  }
  return { folder, bytes: statSync(path).size };
}
