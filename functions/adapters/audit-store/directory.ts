import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, link, mkdir, open, readdir, readFile, rm, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isObjectName } from '../../core/audit/names.ts';
import { SluiceError } from '../../core/errors.ts';
import type { AuditStore } from '../../ports/audit-store.ts';
import { syncDirectory } from './sync-directory.ts';

/** Files in `tmp/` that this process is writing now, by name. */
const inFlight = new Set<string>();
const temporaryName = (): string => `${process.pid}-${randomUUID()}`;

/** How many folders a store remembers to have made durable; more only cost a few syncs again. */
const knownFolders = 10_000;

/**
 * A log in a local folder: `rec/`, `plan/` and `cp/` below `root`. An object is written to `tmp/`, synced, and linked to
 * its name, which fails if the name is taken; then the folder is synced. Objects are read-only files.
 */
export function directoryAuditStore(root: string): AuditStore {
  const temporary = join(root, 'tmp');
  const folders = new Map<string, Promise<void>>();
  const ensureFolder = (path: string): Promise<void> => {
    const known = folders.get(path);
    if (known !== undefined) return known;
    if (folders.size >= knownFolders) folders.clear();
    const made = makeFolder(root, path, ensureFolder);
    folders.set(path, made);
    made.catch(() => folders.delete(path));
    return made;
  };
  return {
    create: (name, bytes) =>
      guarded(`create ${name}`, () =>
        create(root, ensureFolder, name, join(temporary, temporaryName()), bytes),
      ).catch((error: unknown) => {
        // Somebody may have taken the folder away: the next try makes it again, and those above it.
        folders.clear();
        throw error;
      }),
    read: (name) => guarded(`read ${name}`, () => read(root, name)),
    list: (prefix) => list(root, prefix),
    check: () => check(root, temporary),
  };
}

async function create(
  root: string,
  ensureFolder: (path: string) => Promise<void>,
  name: string,
  temporary: string,
  bytes: Uint8Array,
): Promise<{ readonly generation: string } | 'exists'> {
  if (!isObjectName(name)) throw new SluiceError('internal', `"${name}" cannot be the name of an object`);
  const path = join(root, name);
  inFlight.add(basename(temporary));
  let removed = false;
  let closed: Promise<void> | undefined;
  try {
    const [written] = await Promise.all([writeSynced(temporary, bytes), ensureFolder(dirname(path))]);
    closed = written.closed;
    const outcome = await linkInto(temporary, path);
    // The winner may not have come to this yet, and `exists` must not be said of a name that a crash takes back.
    removed = true;
    await Promise.all([syncDirectory(dirname(path)), removeIfThere(temporary)]);
    return outcome === 'exists' ? 'exists' : { generation: '1' };
  } finally {
    await Promise.all([closed, removed ? undefined : removeIfThere(temporary)]);
    inFlight.delete(basename(temporary));
  }
}

async function removeIfThere(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
}

/** Durable when it resolves; the handle may take a moment longer. */
async function writeSynced(path: string, bytes: Uint8Array): Promise<{ readonly closed: Promise<void> }> {
  const file = await openNew(path);
  try {
    for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
    await file.sync();
  } catch (error) {
    await file.close();
    throw error;
  }
  const closed = file.close();
  closed.catch(() => {});
  return { closed };
}

async function openNew(path: string): ReturnType<typeof open> {
  try {
    return await open(path, 'wx', 0o444);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return open(path, 'wx', 0o444);
  }
}

async function linkInto(temporary: string, path: string): Promise<'created' | 'exists'> {
  try {
    await link(temporary, path);
    return 'created';
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return 'exists';
    throw error;
  }
}

/**
 * Makes the folder and syncs each one above it that got a new entry, so that a crash cannot take away the way to a durable
 * object. What lies above is made durable once, by whoever comes first.
 */
async function makeFolder(
  root: string,
  path: string,
  ensureFolder: (path: string) => Promise<void>,
): Promise<void> {
  if (path.length > root.length) await ensureFolder(dirname(path));
  const topmost = (await mkdir(path, { recursive: true, mode: 0o700 })) ?? path;
  for (
    let below = path;
    below.length >= topmost.length && below.length > root.length;
    below = dirname(below)
  ) {
    await syncDirectory(dirname(below));
  }
}

async function read(
  root: string,
  name: string,
): Promise<{ readonly bytes: Uint8Array; readonly generation: string } | undefined> {
  if (!isObjectName(name)) return undefined;
  try {
    return { bytes: await readFile(join(root, name)), generation: '1' };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

/** Depth first; folders sort as their name with a slash, which is the byte order of the whole names. */
async function* list(root: string, prefix: string): AsyncIterable<string> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  for await (const name of walk(root, folder)) if (name.startsWith(prefix)) yield name;
}

async function* walk(root: string, folder: string): AsyncIterable<string> {
  const entries = await guarded(`list ${folder}`, () => readFolder(join(root, folder)));
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
  names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) {
    if (name.endsWith('/')) yield* walk(root, folder + name);
    else yield folder + name;
  }
}

async function readFolder(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error))) return [];
    throw error;
  }
}

/** Removes what a crash left in `tmp/` (it never had a name in the log) and makes sure that the folder can be written. */
async function check(root: string, temporary: string): Promise<readonly string[]> {
  try {
    await mkdir(temporary, { recursive: true, mode: 0o700 });
    for (const name of await readdir(temporary)) {
      if (!isBeingWritten(name)) await rm(join(temporary, name), { force: true });
    }
    for (const folder of ['rec', 'plan', 'cp']) {
      const path = join(root, folder);
      await mkdir(path, { recursive: true, mode: 0o700 });
      await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    }
    await syncDirectory(root);
    return [];
  } catch (error) {
    return [
      `the audit log's folder ${root} cannot be written (${codeOf(error)}): give this user write access to it`,
    ];
  }
}

/** An earlier process may have had this one's id: its own files are told apart by name. */
function isBeingWritten(name: string): boolean {
  const pid = Number(name.split('-')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  if (pid === process.pid) return inFlight.has(name);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException)?.code ?? 'unknown');

async function guarded<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    throw new SluiceError('sink_unavailable', `the audit log's folder could not ${what} (${codeOf(cause)})`, {
      cause,
    });
  }
}
