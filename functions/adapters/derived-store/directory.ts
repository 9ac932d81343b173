import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SluiceError } from '../../core/errors.ts';
import type { DerivedStore } from '../../ports/derived-store.ts';
import { checkedName, checkedPrefix } from './names.ts';

/**
 * What is derived, as read-only files below `root`. A file is written whole under another name first, so that a crash leaves
 * either all of it or nothing. One process writes at a time; any number may read.
 */
export function directoryDerivedStore(root: string): DerivedStore {
  const temporary = join(root, 'tmp');
  let prepared: Promise<void> | undefined;
  return {
    create: (name, bytes) =>
      guarded(`create ${name}`, async () => {
        const path = join(root, checkedName(name));
        prepared ??= prepare(temporary);
        await prepared.catch((error: unknown) => {
          prepared = undefined;
          throw error;
        });
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        return writeNew(path, join(temporary, randomUUID()), bytes);
      }),
    read: (name) => guarded(`read ${name}`, () => read(join(root, checkedName(name)))),
    list: (prefix) => list(root, checkedPrefix(prefix)),
  };
}

/** What an earlier process left half written has no name, and nobody misses it. */
async function prepare(temporary: string): Promise<void> {
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary, { recursive: true, mode: 0o700 });
}

async function writeNew(path: string, temporary: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
  const file = await open(temporary, 'wx', 0o444);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(temporary, path);
    return 'created';
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'exists';
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function read(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function* list(root: string, prefix: string): AsyncIterable<string> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const names = await guarded(`list ${folder}`, async () => {
    try {
      return await readdir(join(root, folder));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw error;
    }
  });
  const whole = names.map((name) => folder + name).filter((name) => name.startsWith(prefix));
  yield* whole.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException)?.code ?? 'unknown');

async function guarded<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    throw new SluiceError('sink_unavailable', `could not ${what} (${codeOf(cause)})`, { cause });
  }
}
