import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headersName } from '../../functions/core/audit/header-lines.ts';
import type { DerivedStore } from '../../functions/ports/derived-store.ts';

/** What every store of derived things promises. `open` gives a fresh one, `reopen` another handle on the same objects. */
export type DerivedStoreCase = {
  readonly name: string;
  readonly open: () => Promise<{
    readonly store: DerivedStore;
    readonly reopen: () => Promise<DerivedStore>;
  }>;
};

const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const textOf = async (store: DerivedStore, name: string): Promise<string | undefined> => {
  const bytes = await store.read(name);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString();
};

export async function namesOf(names: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const name of names) all.push(name);
  return all;
}

export function derivedStoreContract({ name, open }: DerivedStoreCase): void {
  test(`${name}: an object is created once and does not change`, async () => {
    const { store, reopen } = await open();
    assert.equal(await store.read(headersName(0)), undefined);
    assert.equal(await store.create(headersName(0), bytesOf('one\n')), 'created');
    assert.equal(await store.create(headersName(0), bytesOf('two\n')), 'exists');
    for (const handle of [store, await reopen()]) assert.equal(await textOf(handle, headersName(0)), 'one\n');
    assert.equal(await (await reopen()).create(headersName(0), bytesOf('three\n')), 'exists');
    assert.equal(await textOf(store, headersName(0)), 'one\n');
  });

  test(`${name}: of many creators of one name exactly one wins, and its bytes stay`, async () => {
    const { store, reopen } = await open();
    const other = await reopen();
    const created = await Promise.all(
      Array.from({ length: 20 }, (_, n) => (n % 2 ? store : other).create(headersName(7), bytesOf(`${n}`))),
    );
    const winners = created.flatMap((outcome, n) => (outcome === 'created' ? [`${n}`] : []));
    assert.equal(winners.length, 1);
    assert.equal(await textOf(store, headersName(7)), winners[0]);
  });

  test(`${name}: names come in byte order, below their prefix alone`, async () => {
    const { store } = await open();
    const sizes = [10, 2, 999_999_999_999, 0, 4_096];
    for (const size of sizes) await store.create(headersName(size), bytesOf('{}\n'));
    const listed = await namesOf(store.list('headers/'));
    assert.deepEqual(listed, [0, 2, 10, 4_096, 999_999_999_999].map(headersName));
    assert.deepEqual(await namesOf(store.list('headers/00000000001')), [headersName(10)]);
  });

  test(`${name}: an empty one lists nothing, and megabytes come back whole`, async () => {
    const { store } = await open();
    assert.deepEqual(await namesOf(store.list('headers/')), []);
    const big = Buffer.alloc(3_000_001, '{"leaf":1}\n');
    await store.create(headersName(1), big);
    assert.deepEqual(Buffer.from((await store.read(headersName(1))) ?? []), big);
  });

  test(`${name}: other names are out of reach`, async () => {
    const { store } = await open();
    for (const other of [
      'keys/dk_1',
      'headers/../keys/x',
      'headers/1.ndjson',
      'rec/a',
      '/etc/x',
      'headers/',
    ]) {
      await assert.rejects(store.create(other, bytesOf('x')), { code: 'internal' }, other);
      await assert.rejects(store.read(other), { code: 'internal' }, other);
    }
    await assert.rejects(async () => namesOf(store.list('keys/')), { code: 'internal' });
  });
}
