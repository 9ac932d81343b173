import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SluiceError } from '../core/errors.ts';

/** Everything that can be set, checked. */
export type Config = {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly dataDir: string;
  readonly stateDir: string;
  readonly policiesDir: string;
  readonly project: string;
  /** What DuckDB may use of the memory, MiB. */
  readonly memoryLimitMb: number;
  readonly threads: number;
  /** How often the sweep looks at open queries, and how often the log is sealed, milliseconds. */
  readonly sweepMs: number;
  readonly sealMs: number;
  /** How browsers reach the pages, where it is not the address listened on. */
  readonly publicUrl?: string;
};

export type ServeFlags = {
  readonly host?: string;
  readonly port?: string;
  readonly data?: string;
  readonly state?: string;
  readonly policies?: string;
};

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const defaultStateDir = '.sluice';

const bad = (message: string): SluiceError => new SluiceError('invalid', message);

/** Flags over environment (`SLUICE_HOST`, `SLUICE_PORT`, `SLUICE_MEMORY_MB`, ...) over defaults; throws SluiceError `invalid`. */
export function readConfig(flags: ServeFlags, env: Readonly<Record<string, string | undefined>>): Config {
  return {
    host: flags.host ?? env.SLUICE_HOST ?? '127.0.0.1',
    port: whole('--port', flags.port ?? env.SLUICE_PORT ?? '8080', 0, 65_535),
    dataDir: folder('--data', flags.data ?? env.SLUICE_DATA ?? join(root, 'sample', 'data')),
    stateDir: resolve(flags.state ?? env.SLUICE_STATE ?? defaultStateDir),
    policiesDir: folder('--policies', flags.policies ?? env.SLUICE_POLICIES ?? join(root, 'policies')),
    project: 'local',
    memoryLimitMb: whole('SLUICE_MEMORY_MB', env.SLUICE_MEMORY_MB ?? '128', 64, 1_000_000),
    threads: whole('SLUICE_THREADS', env.SLUICE_THREADS ?? '2', 1, 256),
    sweepMs: whole('SLUICE_SWEEP_MS', env.SLUICE_SWEEP_MS ?? '1000', 50, 3_600_000),
    ...(env.SLUICE_PUBLIC_URL ? { publicUrl: env.SLUICE_PUBLIC_URL.replace(/\/+$/, '') } : {}),
    sealMs: whole('SLUICE_SEAL_MS', env.SLUICE_SEAL_MS ?? '2000', 50, 3_600_000),
  };
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw bad(`${name} must be a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}

function folder(name: string, path: string): string {
  const full = resolve(path);
  if (!existsSync(full)) throw bad(`${name}: there is no folder ${path}; check the path`);
  if (!statSync(full).isDirectory()) throw bad(`${name}: ${path} is a file; name the folder that holds it`);
  return full;
}
