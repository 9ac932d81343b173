import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

export type PolicyFiles =
  | { readonly ok: true; readonly files: readonly { readonly path: string; readonly text: string }[] }
  | { readonly ok: false; readonly message: string };

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it is not a folder',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
};

/**
 * Reads a policy bundle: every `*.yaml` and `*.yml` directly in the folder, `*.test.yaml` included, sorted by name.
 * Folders below it are other bundles and stay unread. Paths in the answer are file names.
 */
export async function readPolicyDirectory(directory: string): Promise<PolicyFiles> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    const names = entries
      .filter((entry) => !entry.isDirectory() && /\.ya?ml$/i.test(entry.name) && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
    const files = await Promise.all(
      names.map(async (name) => ({ path: name, text: await readFile(join(directory, name), 'utf8') })),
    );
    if (files.length > 0) return { ok: true, files };
    return { ok: false, message: `policy folder ${directory} has no .yaml file; put one there or name another with --policies` };
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    const path = (cause as NodeJS.ErrnoException).path ?? directory;
    const what = basename(path) === basename(directory) ? `policy folder ${directory}` : `policy file ${path}`;
    return { ok: false, message: `${what} cannot be read: ${reasons[code] ?? code}; name another with --policies` };
  }
}
