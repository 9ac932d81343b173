import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '../../functions/core/errors.ts';
import type { AuditStore } from '../../functions/ports/audit-store.ts';

/** What every audit store promises. `open` gives a fresh one, `reopen` another handle on the same objects. */
export type AuditStoreCase = {
  readonly name: string;
  readonly open: () => Promise<{ readonly store: AuditStore; readonly reopen: () => Promise<AuditStore> }>;
};

const bytesOf = (text: string): Uint8Array => Buffer.from(text);

async function namesOf(store: AuditStore, prefix: string): Promise<string[]> {
  const names: string[] = [];
  for await (const name of store.list(prefix)) names.push(name);
  return names;
}

export function auditStoreContract({ name, open }: AuditStoreCase): void {
  test(`${name}: an object is created once and never changes`, async () => {
    const { store, reopen } = await open();
    assert.notEqual(await store.create('rec/a/1', bytesOf('one')), 'exists');
    assert.equal(await store.create('rec/a/1', bytesOf('two')), 'exists');
    for (const handle of [store, await reopen()]) {
      assert.deepEqual(Buffer.from((await handle.read('rec/a/1'))?.bytes ?? []), bytesOf('one'));
      assert.equal(await handle.create('rec/a/1', bytesOf('three')), 'exists');
    }
  });

  test(`${name}: the generation of an object is that of its creation`, async () => {
    const { store, reopen } = await open();
    const created = await store.create('rec/a', bytesOf('one'));
    assert.ok(created !== 'exists');
    assert.match(created.generation, /^[1-9][0-9]*$/);
    assert.equal((await (await reopen()).read('rec/a'))?.generation, created.generation);
  });

  test(`${name}: of many creators of one name exactly one wins, and its bytes stay`, async () => {
    const { store, reopen } = await open();
    const other = await reopen();
    const created = await Promise.all(
      Array.from({ length: 40 }, (_, n) => (n % 2 ? store : other).create('plan/x', bytesOf(`${n}`))),
    );
    const winners = created.flatMap((outcome, n) => (outcome === 'exists' ? [] : [`${n}`]));
    assert.equal(winners.length, 1);
    assert.equal(Buffer.from((await store.read('plan/x'))?.bytes ?? []).toString(), winners[0]);
  });

  test(`${name}: what is not there reads as undefined`, async () => {
    const { store } = await open();
    await store.create('rec/a/1', bytesOf('one'));
    for (const missing of ['rec/b', 'rec/a', 'rec/a/1/2', 'plan/000000000000']) {
      assert.equal(await store.read(missing), undefined, missing);
    }
  });

  test(`${name}: every byte comes back, from none to megabytes`, async () => {
    const { store } = await open();
    for (const size of [0, 1, 65_536, 3_000_001]) {
      const bytes = Buffer.alloc(size, Buffer.from([0, 255, 10, 13, 128]));
      await store.create(`rec/size/${size}`, bytes);
      assert.deepEqual(Buffer.from((await store.read(`rec/size/${size}`))?.bytes ?? []), bytes);
    }
  });

  test(`${name}: names come in byte order of the whole name, below their prefix alone`, async () => {
    const { store } = await open();
    const names = [
      'rec/a',
      'rec/a-b/1',
      'rec/a.b',
      'rec/a0',
      'rec/a1/x',
      'rec/a1/x0',
      'rec/B',
      'rec/_',
      'cp/1',
      'plan/2',
    ];
    for (const one of names) await store.create(one, bytesOf(one));
    const below = names
      .filter((one) => one.startsWith('rec/'))
      .sort((a, b) => Buffer.compare(bytesOf(a), bytesOf(b)));
    assert.deepEqual(await namesOf(store, 'rec/'), below);
    assert.deepEqual(await namesOf(store, 'rec/a1/'), ['rec/a1/x', 'rec/a1/x0']);
    assert.deepEqual(await namesOf(store, 'rec/a1/x0'), ['rec/a1/x0']);
    assert.deepEqual(await namesOf(store, 'none/'), []);
  });

  test(`${name}: many objects may be created at once`, async () => {
    const { store } = await open();
    const names = Array.from({ length: 300 }, (_, n) => `rec/q/s_${n % 50}/${String(n).padStart(4, '0')}`);
    await Promise.all(names.map((one) => store.create(one, bytesOf(one))));
    assert.equal((await namesOf(store, 'rec/')).length, 300);
  });

  test(`${name}: a name that could lead elsewhere is a broken promise`, async () => {
    const { store } = await open();
    for (const bad of ['../x', 'rec/../../x', '/etc/x', 'rec//x', 'other/x', 'rec/']) {
      await assert.rejects(store.create(bad, bytesOf('x')), SluiceError, bad);
    }
  });

  test(`${name}: a fresh store has nothing against its use`, async () => {
    const { store } = await open();
    assert.deepEqual(await store.check(), []);
  });
}
