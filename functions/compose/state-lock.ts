import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../core/errors.ts';

/** One gateway a state folder: the file names the process that has it, and a dead one's is taken over. */
export function lockState(stateDir: string): () => void {
  const path = join(stateDir, 'lock');
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    for (let attempt = 0; attempt < 2; attempt++) {
      if (take(path)) return () => rmSync(path, { force: true });
      const pid = Number(readFileSync(path, 'utf8'));
      if (pid !== process.pid && isAlive(pid)) {
        throw new SluiceError(
          'invalid',
          `another gateway (process ${pid}) uses ${stateDir}; stop it, or name another --state`,
        );
      }
      rmSync(path, { force: true });
    }
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    throw new SluiceError(
      'invalid',
      `the state folder ${stateDir} cannot be written; name another with --state`,
      { cause },
    );
  }
  throw new SluiceError('invalid', `${path} cannot be taken; delete it if no gateway runs`);
}

function take(path: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
