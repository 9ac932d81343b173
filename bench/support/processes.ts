import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../functions/config/embedded.ts';

/** A program of this folder that runs beside us. */
export type Program = {
  readonly pid: number;
  /** The first line that it printed: where it listens. */
  readonly line: string;
  /** From its start to that line, milliseconds. */
  readonly startMs: number;
  stop(): Promise<void>;
};

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts `node FILE ARGS` and waits for its first line. */
export async function startProgram(
  file: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
  nodeArgs: readonly string[] = [],
): Promise<Program> {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', ...nodeArgs, join(root, file), ...args],
    {
      cwd: root,
      env: { ...process.env, METADATA_SERVER_DETECTION: 'none', ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  running.add(child);
  const exited = once(child, 'exit').finally(() => running.delete(child));
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
  const first = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    exited.then(([code]) => {
      throw new Error(`${file} ended with ${String(code)} before it listened`);
    }),
  ]);
  return {
    pid: child.pid as number,
    line: first,
    startMs: performance.now() - began,
    stop: async () => {
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await exited.catch(() => {});
      clearTimeout(late);
    },
  };
}
