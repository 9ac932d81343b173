// Sluice is TypeScript that Node 24 runs as it is; an older Node hands over to the one that npm installed.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const runsTypeScript = Number(process.versions.node.split('.')[0]) >= 24;

/** Where Node keeps sources that it has stripped of their types and compiled, by their content. */
export const compileCache = join(root, 'node_modules', '.cache', 'sluice');

/** The Node that can run this project's sources. */
export function nodePath() {
  if (runsTypeScript) return process.execPath;
  const installed = join(
    root,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(installed)) return installed;
  process.stderr.write(
    'Sluice needs Node 24, which `npm start` or `npm ci` installs here; run one of them first.\n',
  );
  process.exit(1);
}

/** Runs Node with these arguments in place of this process: same streams, signals passed on, same exit code. */
export function become(args, options = {}) {
  const child = spawn(nodePath(), args, { stdio: 'inherit', ...options });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}

/**
 * Starts this program once more in the same process (same id, same streams) with settings that only count from the start:
 * few memory arenas, which DuckDB's threads would otherwise fill one by one; a small young generation, so that DuckDB's
 * chunks are let go of soon after they were read; the means to collect the buffers of large results; and more threads for files, because running queries occupy some of
 * them. Where the system cannot do that, or the operator has set the arenas, all goes on as it is.
 */
export function startTuned() {
  if (process.platform === 'win32' || process.execve === undefined) return;
  if (process.env.MALLOC_ARENA_MAX !== undefined) return;
  const settings = ['--max-semi-space-size=2', '--expose-gc', ...process.execArgv];
  const again = [process.execPath, ...settings, ...process.argv.slice(1)];
  process.execve(process.execPath, again, {
    UV_THREADPOOL_SIZE: '12',
    ...process.env,
    MALLOC_ARENA_MAX: '2',
  });
}
