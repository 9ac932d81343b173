import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Secrets } from '../../functions/ports/secrets.ts';

/** What every place of secrets promises. `add` and `disable` are what an operator does; `open` gives a process that starts. */
export type SecretsCase = {
  readonly name: string;
  readonly open: () => Promise<Secrets>;
  readonly add: (secret: string, bytes: Uint8Array, createdMs?: number) => string;
  readonly disable: (secret: string, version: string) => void;
};

let made = 0;
const fresh = (): string => `secret-${++made}`;
const texts = (versions: readonly { readonly bytes: Uint8Array }[]): string[] =>
  versions.map(({ bytes }) => Buffer.from(bytes).toString());

export function secretsContract({ name, open, add, disable }: SecretsCase): void {
  test(`${name}: the enabled versions come oldest first, each with an id of its own`, async () => {
    const secret = fresh();
    const gone = add(secret, Buffer.from('zero'));
    for (const text of ['one', 'two', 'three']) add(secret, Buffer.from(text));
    disable(secret, gone);
    const versions = await (await open()).read(secret);
    assert.deepEqual(texts(versions), ['one', 'two', 'three']);
    assert.equal(new Set(versions.map(({ id }) => id)).size, 3);
  });

  test(`${name}: every byte comes back`, async () => {
    const secret = fresh();
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
    add(secret, bytes);
    assert.deepEqual(Buffer.from((await (await open()).read(secret))[0].bytes), bytes);
  });

  test(`${name}: a new version is seen after a refresh, a disabled one no more, without a restart`, async () => {
    const secret = fresh();
    const first = add(secret, Buffer.from('one'));
    const secrets = await open();
    assert.deepEqual(texts(await secrets.read(secret)), ['one']);
    add(secret, Buffer.from('two'));
    await secrets.refresh();
    assert.deepEqual(texts(await secrets.read(secret)), ['one', 'two']);
    disable(secret, first);
    await secrets.refresh();
    assert.deepEqual(texts(await secrets.read(secret)), ['two']);
  });

  test(`${name}: the age of a secret is that of its newest version`, async () => {
    const secret = fresh();
    add(secret, Buffer.from('old'), 1_700_000_000_000);
    add(secret, Buffer.from('new'), 1_790_000_000_000);
    const secrets = await open();
    assert.deepEqual(secrets.ages(), []);
    await secrets.read(secret);
    const [age, ...others] = secrets.ages();
    assert.ok(age?.name.endsWith(secret) === true);
    assert.equal(age.createdMs, 1_790_000_000_000);
    assert.deepEqual(others, []);
  });

  test(`${name}: of many versions the oldest and the newest are there`, async () => {
    const secret = fresh();
    for (let n = 0; n < 130; n++) add(secret, Buffer.from(`${n}`));
    const versions = texts(await (await open()).read(secret));
    assert.equal(versions[0], '0');
    assert.equal(versions.at(-1), '129');
    assert.ok(versions.length <= 10, `${versions.length} are few`);
  });

  test(`${name}: a secret that is not there, or has no enabled version, is refused with a remedy`, async () => {
    const secrets = await open();
    await assert.rejects(secrets.read('none'), { code: 'sink_unavailable', message: /run gcloud secrets/ });
    const secret = fresh();
    disable(secret, add(secret, Buffer.from('x')));
    await assert.rejects(secrets.read(secret), {
      code: 'sink_unavailable',
      message: /no enabled version: run gcloud/,
    });
    await assert.rejects(secrets.read('../other'), { code: 'internal' });
  });

  test(`${name}: a secret whose last version is disabled is refused at once`, async () => {
    const secret = fresh();
    const only = add(secret, Buffer.from('x'));
    const secrets = await open();
    await secrets.read(secret);
    disable(secret, only);
    await assert.rejects(secrets.refresh(), { code: 'sink_unavailable' });
    await assert.rejects(secrets.read(secret), { code: 'sink_unavailable' });
  });
}
