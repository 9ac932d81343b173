import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceError } from '../../core/errors.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it is not a folder',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
};

function attempt<Value>(what: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
    const message = `${what} cannot be read: ${reasons[code] ?? code}; mend it or name another folder with --policies`;
    throw new SluiceError('invalid', message, { cause });
  }
}

/**
 * Reads a policy bundle: every `*.yaml` and `*.yml` directly in the folder, `*.test.yaml` included, sorted by name; paths
 * are file names. Folders below are other bundles and stay unread. Reads at start-up, so it may block. Throws SluiceError
 * `invalid` with one line that says what to do.
 */
export function readPolicies(folder: string): readonly { readonly path: string; readonly text: string }[] {
  const names = attempt(`policy folder ${folder}`, () => readdirSync(folder, { withFileTypes: true }))
    .filter((entry) => !entry.isDirectory() && /\.ya?ml$/i.test(entry.name) && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
  if (names.length === 0) {
    throw new SluiceError(
      'invalid',
      `policy folder ${folder} has no .yaml file; put one there or name another with --policies`,
    );
  }
  return names.map((name) => ({
    path: name,
    text: attempt(`policy file ${join(folder, name)}`, () => readFileSync(join(folder, name), 'utf8')),
  }));
}
