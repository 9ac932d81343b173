import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { SluiceError } from '../../../../core/errors.ts';
import type { DataFile } from './folder.ts';
import { identifier, loadFile, type TableFacts, textLiteral } from './load.ts';

/** Part of every key: tables that other code loaded in another way are not reused. */
const FORMAT = 'sluice-tables-1';

/** Changes whenever the file's content or its schema does (by size, modification time and schema text). */
export const fileKey = (file: DataFile): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        FORMAT,
        file.path,
        file.kind,
        file.sizeBytes,
        file.modifiedMs,
        file.schema?.text ?? null,
      ]),
    )
    .digest('hex')
    .slice(0, 32);

export type CachedTable = { readonly name: string; readonly facts: TableFacts };

export const cachePath = (stateDir: string): string => join(stateDir, 'tables.duckdb');

/**
 * CSV and JSON files as tables of one database in the state folder, so that a second start is fast. It is derived: what
 * is missing, changed or broken is loaded again, what no file stands for is dropped. Each file is loaded in one
 * transaction together with its facts, so a crash leaves no half table.
 */
export async function fillTableCache(
  stateDir: string,
  files: readonly DataFile[],
  memoryLimitBytes: number,
): Promise<ReadonlyMap<string, CachedTable>> {
  const path = cachePath(stateDir);
  const instance = await openCache(path, memoryLimitBytes);
  const connection = await instance.connect();
  try {
    await connection.run('CREATE TABLE IF NOT EXISTS facts (key VARCHAR PRIMARY KEY, facts VARCHAR)');
    const wanted = new Map(files.map((file) => [fileKey(file), file]));
    const known = await readFacts(connection);
    for (const key of known.keys()) if (!wanted.has(key)) await drop(connection, key);
    for (const [key, file] of wanted) if (!known.has(key)) known.set(key, await load(connection, key, file));
    await connection.run('CHECKPOINT');
    return new Map(
      files.map((file) => [
        file.path,
        { name: `t_${fileKey(file)}`, facts: known.get(fileKey(file)) as TableFacts },
      ]),
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function openCache(path: string, memoryLimitBytes: number): Promise<DuckDBInstance> {
  const options = {
    memory_limit: `${memoryLimitBytes}B`,
    threads: '2',
    autoinstall_known_extensions: 'false',
  };
  try {
    return await DuckDBInstance.create(path, options);
  } catch (cause) {
    if (/lock/i.test(String(cause)))
      throw new SluiceError(
        'invalid',
        `${path}: is in use by another process; stop it or choose another --state`,
        { cause },
      );
    if (!existsSync(path))
      throw new SluiceError('invalid', `${path}: cannot be created; check --state`, { cause });
    rmSync(path, { force: true });
    rmSync(`${path}.wal`, { force: true });
    return DuckDBInstance.create(path, options);
  }
}

async function readFacts(connection: DuckDBConnection): Promise<Map<string, TableFacts>> {
  const rows = (await connection.runAndReadAll('SELECT key, facts FROM facts')).getRowsJS();
  return new Map(rows.map(([key, facts]) => [String(key), JSON.parse(String(facts)) as TableFacts]));
}

async function drop(connection: DuckDBConnection, key: string): Promise<void> {
  await connection.run('BEGIN');
  await connection.run(`DROP TABLE IF EXISTS ${identifier(`t_${key}`)}`);
  await connection.run(`DELETE FROM facts WHERE key = ${textLiteral(key)}`);
  await connection.run('COMMIT');
}

async function load(connection: DuckDBConnection, key: string, file: DataFile): Promise<TableFacts> {
  await connection.run('BEGIN');
  try {
    const facts = await loadFile(connection, file, `t_${key}`);
    await connection.run(
      `INSERT INTO facts VALUES (${textLiteral(key)}, ${textLiteral(JSON.stringify(facts))})`,
    );
    await connection.run('COMMIT');
    return facts;
  } catch (cause) {
    await connection.run('ROLLBACK');
    throw cause;
  }
}
