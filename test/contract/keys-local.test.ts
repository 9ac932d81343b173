import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openLocalKeys } from '../../functions/adapters/keys/local.ts';
import { parseVerifierKey } from '../../functions/core/audit/signed-note.ts';
import { keysContract } from './keys.ts';

const folders: string[] = [];
const folder = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'sluice-keys-'));
  folders.push(path);
  return path;
};
after(() => Promise.all(folders.map((path) => rm(path, { recursive: true, force: true }))));
const modeOf = async (...path: string[]): Promise<number> => (await stat(join(...path))).mode & 0o777;
const files = ['log.pem', 'link.pem', 'encryption.key', 'hmac.key'];
const at = 1_790_000_000_000;

keysContract({
  name: 'local',
  open: async () => {
    const state = await folder();
    return { keys: await openLocalKeys(state), reopen: () => openLocalKeys(state) };
  },
});

test('local: private files are the owner’s alone, and the public key is for everybody', async () => {
  const state = await folder();
  const keys = await openLocalKeys(state);
  const { id } = await keys.dataKey(at);
  assert.equal(await modeOf(state, 'keys'), 0o700);
  for (const file of [...files, join('data', id)])
    assert.equal(await modeOf(state, 'keys', file), 0o600, file);
  const text = await readFile(join(state, 'audit.pub'), 'utf8');
  assert.equal(text, `${keys.publicKeyText}\n`);
  const parsed = parseVerifierKey(text);
  assert.ok(!('problem' in parsed));
  assert.deepEqual(Buffer.from(parsed.publicKey), Buffer.from(keys.publicKey));
});

test('local: a data key is nowhere in the clear, and gone for ever once destroyed', async () => {
  const state = await folder();
  const keys = await openLocalKeys(state);
  const { id, key, wrapped } = await keys.dataKey(at);
  const stored = await readFile(join(state, 'keys', 'data', id));
  assert.equal(stored.includes(Buffer.from(key)), false);
  assert.equal(await keys.destroyDataKey(id), true);
  assert.equal(await keys.destroyDataKey(id), false);
  assert.equal(await keys.unwrap(wrapped), undefined);
  assert.equal(await (await openLocalKeys(state)).unwrap(wrapped), undefined);
  assert.notEqual((await keys.dataKey(at)).id, id);
});

test('local: a key destroyed by another process is not used from memory', async () => {
  const state = await folder();
  const [one, two] = [await openLocalKeys(state), await openLocalKeys(state)];
  const { id, wrapped } = await one.dataKey(at);
  assert.ok(await two.unwrap(wrapped));
  await one.destroyDataKey(id);
  assert.equal(await two.unwrap(wrapped), undefined);
});

test('local: several first starts at once make one set of keys', async () => {
  const state = await folder();
  const all = await Promise.all(Array.from({ length: 5 }, () => openLocalKeys(state)));
  assert.equal(new Set(all.map((keys) => keys.publicKeyText)).size, 1);
  assert.deepEqual((await readdir(state)).sort(), ['audit.pub', 'keys']);
});

test('local: a missing, broken or open key file is one line with a remedy', async () => {
  for (const file of files) {
    for (const [harm, wanted] of [
      [(path: string) => rm(path), /is missing: restore it from a backup/],
      [(path: string) => writeFile(path, 'nonsense'), /is not an? .*: restore it from a backup/],
      [(path: string) => chmod(path, 0o644), /is open to other users: run chmod 600/],
    ] as const) {
      const state = await folder();
      await openLocalKeys(state);
      await harm(join(state, 'keys', file));
      await assert.rejects(openLocalKeys(state), (error: Error) => {
        assert.match(error.message, wanted);
        assert.equal(error.message.includes('\n'), false);
        return true;
      });
    }
  }
});

test('local: no new keys are made beside an old log, nor where nothing may be made', async () => {
  const state = await folder();
  await mkdir(join(state, 'rec', 'q'), { recursive: true });
  await assert.rejects(openLocalKeys(state), /there is a log: restore it/);
  const empty = await folder();
  await assert.rejects(openLocalKeys(empty, { create: false }), /there are no keys/);
  assert.deepEqual(await readdir(empty), []);
});

test('local: a public key file of another log is not overwritten', async () => {
  const [state, other] = [await folder(), await folder()];
  const keys = await openLocalKeys(other);
  await openLocalKeys(state);
  await writeFile(join(state, 'audit.pub'), keys.publicKeyText);
  await assert.rejects(openLocalKeys(state), /is not the public key of this log/);
});

test('local: a data key under another key-encryption key is an error, not another key', async () => {
  const [state, other] = [await folder(), await folder()];
  const { wrapped } = await (await openLocalKeys(state)).dataKey(at);
  await openLocalKeys(other);
  const key = await readFile(join(other, 'keys', 'encryption.key'));
  await writeFile(join(state, 'keys', 'encryption.key'), key);
  const keys = await openLocalKeys(state);
  await assert.rejects(keys.unwrap(wrapped), /does not open with this key-encryption key/);
});
