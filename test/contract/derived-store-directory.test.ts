import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { directoryDerivedStore } from '../../functions/adapters/derived-store/directory.ts';
import { headersName } from '../../functions/core/audit/header-lines.ts';
import { derivedStoreContract } from './derived-store.ts';

const folders: string[] = [];
const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'sluice-derived-'));
  folders.push(path);
  return join(path, 'derived');
};
after(() => Promise.all(folders.map((path) => rm(path, { recursive: true, force: true }))));

derivedStoreContract({
  name: 'directory',
  open: async () => {
    const root = await folder();
    return { store: directoryDerivedStore(root), reopen: async () => directoryDerivedStore(root) };
  },
});

test('directory: read-only files for this user alone, nothing left aside, and what a crash left is removed', async () => {
  const root = await folder();
  await mkdir(join(root, 'tmp'), { recursive: true });
  await writeFile(join(root, 'tmp', 'half'), '{"le');
  const store = directoryDerivedStore(root);
  await store.create(headersName(0), Buffer.from('x'));
  await store.create(headersName(0), Buffer.from('y'));
  assert.equal((await stat(join(root, headersName(0)))).mode & 0o777, 0o444);
  assert.equal((await stat(join(root, 'headers'))).mode & 0o777, 0o700);
  assert.deepEqual(await readdir(join(root, 'tmp')), []);
});

test('directory: one that cannot be written is a lost sink, and works again when it can', async () => {
  const root = await folder();
  await writeFile(root, 'a file where a folder should be');
  const store = directoryDerivedStore(root);
  await assert.rejects(store.create(headersName(0), Buffer.from('x')), { code: 'sink_unavailable' });
  await rm(root);
  assert.equal(await store.create(headersName(0), Buffer.from('x')), 'created');
});
