import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sdkRoots } from '../emulators/cloud-sdk.ts';
import { infra } from './modules.ts';

export type ScriptRun = {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Calls of programs that would change something, had they been there. */
  readonly called: string;
};

const harmless = ['bash', 'cat', 'mktemp', 'rm', 'sed', 'tr', 'env'];
const dangerous = ['gcloud', 'bq', 'openssl', 'curl', 'gsutil', 'sleep', 'mkdir', 'terraform', 'kubectl'];

/** Runs a script of infra/ where every program that could reach anything only says that it was called, and fails. */
export function runAlone(script: string, args: readonly string[]): ScriptRun {
  const bin = mkdtempSync(join(tmpdir(), 'sluice-scripts-'));
  const log = join(bin, 'called.txt');
  for (const name of harmless) {
    const found = ['/bin', '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin']
      .map((folder) => join(folder, name))
      .find(existsSync);
    if (found !== undefined) symlinkSync(found, join(bin, name));
  }
  for (const name of dangerous) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho "${name} $*" >> ${log}\nexit 97\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const { status, stdout, stderr } = spawnSync('bash', [join(infra, script), ...args], {
    encoding: 'utf8',
    env: { PATH: bin, HOME: bin, TMPDIR: bin },
    timeout: 30_000,
  });
  return { code: status, stdout, stderr, called: existsSync(log) ? readFileSync(log, 'utf8') : '' };
}

/** The words of a line that `printf %q` wrote. */
export function shellWords(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (character === ' ') {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (character === '\\') {
      at += 1;
      word = (word ?? '') + (line[at] ?? '');
    } else if (character === "'") {
      const end = line.indexOf("'", at + 1);
      word = (word ?? '') + line.slice(at + 1, end);
      at = end;
    } else word = (word ?? '') + character;
  }
  return word === undefined ? words : [...words, word];
}

type Tree = {
  readonly commands: Readonly<Record<string, Tree>>;
  readonly flags: Readonly<Record<string, unknown>>;
};

/** Commands and flags of an installed gcloud, or why there are none. */
export function gcloudTree():
  | { readonly ok: true; readonly tree: Tree }
  | { readonly ok: false; readonly reason: string } {
  const gcloud = spawnSync('sh', ['-c', 'readlink -f "$(command -v gcloud)"'], {
    encoding: 'utf8',
  }).stdout.trim();
  const file = sdkRoots(gcloud === '' ? undefined : gcloud)
    .map((root) => join(root, 'data', 'cli', 'gcloud_completions.py'))
    .find(existsSync);
  if (file === undefined) return { ok: false, reason: 'gcloud is not installed' };
  const text = readFileSync(file, 'utf8');
  return { ok: true, tree: JSON.parse(text.slice(text.indexOf('{'))) as Tree };
}

/** What gcloud does not know of a command line, or undefined. */
export function unknownToGcloud(tree: Tree, words: readonly string[]): string | undefined {
  let node = tree;
  const known = new Set(Object.keys(tree.flags));
  const rest = words.slice(1);
  while (rest[0] !== undefined && rest[0] in node.commands) {
    node = node.commands[rest.shift() as string] as Tree;
    for (const flag of Object.keys(node.flags)) known.add(flag);
  }
  if (Object.keys(node.commands).length > 0) return `${words.slice(0, 5).join(' ')}: no such command`;
  const flags = rest.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? '');
  const strange = flags.find((flag) => !known.has(flag) && !known.has(flag.replace(/^--no-/, '--')));
  return strange === undefined ? undefined : `${words.slice(0, 5).join(' ')}: no flag ${strange}`;
}
