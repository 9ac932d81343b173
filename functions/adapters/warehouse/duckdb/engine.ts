import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Udf } from '../../../core/sql/duckdb/udf.ts';
import { cryptoUdfs } from './udf-crypto.ts';
import { registerUdfs } from './udf-register.ts';

export type EngineOptions = {
  /** A database file, or absent for memory. */
  readonly path?: string;
  readonly threads: number;
  readonly memoryLimitBytes: number;
  /** Where DuckDB may spill; absent: it never spills and a query that needs more memory fails. */
  readonly tempDirectory?: string;
  /** The folders that views may read once the engine is locked. */
  readonly allowedDirectories: readonly string[];
  /** `allUdfs`, the pure ones; those that need node's crypto are added here. */
  readonly udfs: readonly Udf[];
};

/**
 * A DuckDB that runs our printed SQL. Open it, make views over data files with `setup`, then `lock` it: from then on no
 * statement reads other files, loads extensions, attaches databases or changes settings, on any connection.
 */
export type Engine = {
  readonly setup: DuckDBConnection;
  connect(): Promise<DuckDBConnection>;
  /** Lends a connection that is kept for the next one. For work that leaves nothing behind on it. */
  borrow<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>;
  lock(): Promise<void>;
  close(): void;
};

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Settings that decide what a query means: the printed SQL counts on each of them. */
const semantics = [
  'SET scalar_subquery_error_on_multiple_rows = true',
  'SET integer_division = false',
  'SET ieee_floating_point_ops = true',
  "SET default_null_order = 'NULLS_FIRST'",
  'SET preserve_insertion_order = true',
  "SET TimeZone = 'UTC'",
];

/** Opens the engine, unlocked. Throws when the file or a setting cannot be used. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const instance = await DuckDBInstance.create(options.path ?? ':memory:', {
    threads: String(options.threads),
    memory_limit: `${options.memoryLimitBytes}B`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_unsigned_extensions: 'false',
    // The system caches files already; a second copy would fill the memory limit with what a scan has passed.
    enable_external_file_cache: 'false',
    ...(options.tempDirectory ? { temp_directory: options.tempDirectory } : { temp_directory: '' }),
  });
  const setup = await instance.connect();
  for (const statement of semantics) await setup.run(statement.replace(/^SET /, 'SET GLOBAL '));
  registerUdfs(setup, [...options.udfs, ...cryptoUdfs]);
  const idle: DuckDBConnection[] = [];
  return {
    setup,
    connect: () => instance.connect(),
    borrow: async (work) => {
      const connection = idle.pop() ?? (await instance.connect());
      try {
        return await work(connection);
      } finally {
        idle.push(connection);
      }
    },
    lock: () => lock(setup, options.allowedDirectories),
    close: () => {
      for (const connection of idle.splice(0)) connection.closeSync();
      setup.closeSync();
      instance.closeSync();
    },
  };
}

async function lock(connection: DuckDBConnection, allowed: readonly string[]): Promise<void> {
  await connection.run(`SET GLOBAL allowed_directories = [${allowed.map(quoted).join(', ')}]`);
  await connection.run('SET GLOBAL enable_external_access = false');
  await connection.run('SET GLOBAL lock_configuration = true');
}
