import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { directoryAuditStore } from '../../functions/adapters/audit-store/directory.ts';
import { memoryAuditStore } from '../support/memory-audit-store.ts';
import { auditStoreContract } from './audit-store.ts';

const folders: string[] = [];
const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'sluice-audit-'));
  folders.push(path);
  return path;
};
after(() => Promise.all(folders.map((path) => rm(path, { recursive: true, force: true }))));

auditStoreContract({
  name: 'directory',
  open: async () => {
    const root = await folder();
    return { store: directoryAuditStore(root), reopen: async () => directoryAuditStore(root) };
  },
});

test('directory: objects are read-only files, and nothing is left aside', async () => {
  const root = await folder();
  const store = directoryAuditStore(root);
  await store.create('rec/a/1', Buffer.from('x'));
  await store.create('rec/a/1', Buffer.from('y'));
  assert.equal((await stat(join(root, 'rec/a/1'))).mode & 0o777, 0o444);
  assert.deepEqual(await readdir(join(root, 'tmp')), []);
});

test('directory: leftovers of dead processes are removed at the start, and never listed', async () => {
  const root = await folder();
  const store = directoryAuditStore(root);
  await store.check();
  await writeFile(join(root, 'tmp', '999999999-1-1'), 'half');
  assert.deepEqual(await store.check(), []);
  assert.deepEqual(await readdir(join(root, 'tmp')), []);
});

test('directory: a folder that cannot be made or written is refused with a remedy', async () => {
  const root = await folder();
  await writeFile(join(root, 'rec'), 'a file where a folder should be');
  const [problem] = await directoryAuditStore(root).check();
  assert.match(problem ?? '', /cannot be written \(E[A-Z]+\): give this user/);
  await assert.rejects(directoryAuditStore(root).create('rec/a', Buffer.from('x')), {
    code: 'sink_unavailable',
  });
});

test('directory: links, folders and odd names are listed as what they are: not objects', async () => {
  const root = await folder();
  const store = directoryAuditStore(root);
  await store.create('rec/a', Buffer.from('x'));
  await symlink('/nonexistent', join(root, 'rec', 'link'));
  await mkdir(join(root, 'rec', 'empty'));
  await writeFile(join(root, 'rec', '.hidden'), '');
  const names: string[] = [];
  for await (const name of store.list('rec/')) names.push(name);
  assert.deepEqual(names, ['rec/.hidden', 'rec/a', 'rec/link']);
  assert.equal(await store.read('rec/.hidden'), undefined);
});

test('directory: what a killed process was told is durable is there, whole', async () => {
  const root = await folder();
  const module = new URL('../../functions/adapters/audit-store/directory.ts', import.meta.url).href;
  const script = `
    const { directoryAuditStore } = await import(${JSON.stringify(module)});
    const store = directoryAuditStore(${JSON.stringify(root)});
    const work = async (w) => { for (let n = 0; ; n++) {
      const name = 'rec/w' + w + '/' + n;
      await store.create(name, Buffer.alloc(4000, name));
      process.stdout.write(name + '\\n');
    } };
    await Promise.all([0, 1, 2].map(work));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (said.length > 1_000) child.kill('SIGKILL');
  }
  const store = directoryAuditStore(root);
  const told = said.slice(0, said.lastIndexOf('\n')).split('\n');
  for (const name of told) {
    assert.deepEqual(Buffer.from((await store.read(name))?.bytes ?? []), Buffer.alloc(4000, name));
  }
  for await (const name of store.list('rec/'))
    assert.equal((await store.read(name))?.bytes.length, 4000, name);
  assert.deepEqual(await store.check(), []);
  assert.deepEqual(await readdir(join(root, 'tmp')), []);
});

auditStoreContract({
  name: 'memory (for tests)',
  open: async () => {
    const { isObjectName } = await import('../../functions/core/audit/names.ts');
    const { SluiceError } = await import('../../functions/core/errors.ts');
    const inner = memoryAuditStore();
    const create: typeof inner.create = async (name, bytes) => {
      if (!isObjectName(name)) throw new SluiceError('internal', `"${name}" cannot be the name of an object`);
      return inner.create(name, bytes);
    };
    const store = { ...inner, create };
    return { store, reopen: async () => store };
  },
});
