import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSignatureLine, signatureLine, verifierKey } from '../../functions/core/audit/signed-note.ts';
import { certifiedKey } from '../../functions/core/audit/writer-key.ts';
import type { Keys } from '../../functions/ports/keys.ts';

/** What every key service promises. `open` gives a fresh one, `reopen` the same keys again, as after a restart. */
export type KeysCase = {
  readonly name: string;
  readonly open: () => Promise<{ readonly keys: Keys; readonly reopen: () => Promise<Keys> }>;
};

const purposes = ['query-id', 'session', 'mask', 'commitment', 'page-token', 'csrf'] as const;
const hour = 3_600_000;
const at = 1_790_000_000_000;

export function keysContract({ name, open }: KeysCase): void {
  test(`${name}: log signatures verify with the public key, also after a restart`, async () => {
    const { keys, reopen } = await open();
    const text = Buffer.from('a text\n');
    assert.equal(keys.publicKey.length, 32);
    const key = verifierKey(keys.logName, keys.publicKey);
    for (const handle of [keys, await reopen()]) {
      assert.deepEqual(Buffer.from(handle.publicKey), Buffer.from(keys.publicKey));
      const line = signatureLine(key, await handle.sign(text));
      assert.equal(checkSignatureLine(key, line, text), 'valid');
      assert.equal(checkSignatureLine(key, line, Buffer.from('another\n')), 'invalid');
    }
  });

  test(`${name}: records are signed by the log's key or by one that it certified`, async () => {
    const { keys, reopen } = await open();
    const text = Buffer.from('a record\n');
    const log = verifierKey(keys.logName, keys.publicKey);
    for (const handle of [keys, await reopen()]) {
      const signer = await handle.recordSigner(at);
      const writer = signer.certificate === undefined ? log : certifiedKey(log, signer.certificate, at);
      assert.ok(!('problem' in writer), JSON.stringify(writer));
      const line = signatureLine(writer, await signer.sign(text));
      assert.equal(checkSignatureLine(writer, line, text), 'valid');
      const later = await handle.recordSigner(at + 30 * hour);
      if (later.certificate) assert.ok(!('problem' in certifiedKey(log, later.certificate, at + 30 * hour)));
    }
  });

  test(`${name}: link signatures have a key of their own`, async () => {
    const { keys, reopen } = await open();
    const payload = Buffer.from('payload');
    const { kid, signature } = await keys.signLink(payload);
    assert.equal(await (await reopen()).verifyLink(kid, payload, signature), true);
    assert.equal(await keys.verifyLink(kid, Buffer.from('other'), signature), false);
    assert.equal(await keys.verifyLink('k_other', payload, signature), false);
    assert.equal(await keys.verifyLink(kid, payload, await keys.sign(payload)), false);
    assert.equal(await keys.verifyLink(kid, payload, signature.subarray(1)), false);
    assert.equal(await keys.verifyLink(kid, payload, new Uint8Array()), false);
  });

  test(`${name}: one data key an hour, which opens again after a restart`, async () => {
    const { keys, reopen } = await open();
    const [first, same, next] = [
      await keys.dataKey(at),
      await keys.dataKey(at + 1),
      await keys.dataKey(at + hour),
    ];
    assert.deepEqual(first, same);
    assert.notEqual(first.id, next.id);
    assert.notDeepEqual(Buffer.from(first.key), Buffer.from(next.key));
    assert.equal(first.key.length, 32);
    const later = await reopen();
    assert.deepEqual(Buffer.from((await later.unwrap(first.wrapped)) ?? []), Buffer.from(first.key));
    assert.notEqual((await later.dataKey(at)).id, first.id);
  });

  test(`${name}: many who ask at once for the hour's key get one`, async () => {
    const { keys } = await open();
    const all = await Promise.all(Array.from({ length: 20 }, () => keys.dataKey(at)));
    assert.equal(new Set(all.map((key) => key.id)).size, 1);
  });

  test(`${name}: keyed hashes differ by purpose and stay the same`, async () => {
    const { keys, reopen } = await open();
    const bytes = Buffer.from('bytes');
    const hashes = await Promise.all(purposes.map((purpose) => keys.hmac(purpose, bytes)));
    assert.equal(new Set(hashes.map((hash) => Buffer.from(hash).toString('hex'))).size, purposes.length);
    const later = await reopen();
    for (const [index, purpose] of purposes.entries()) {
      assert.deepEqual(
        Buffer.from(await later.hmac(purpose, bytes)),
        Buffer.from(hashes[index] as Uint8Array),
      );
    }
    assert.equal(hashes[0]?.length, 32);
  });

  test(`${name}: what was never wrapped here opens nothing`, async () => {
    const { keys } = await open();
    for (const wrapped of ['', 'dk_none', '../log.pem', 'dk_../log.pem']) {
      assert.equal(await keys.unwrap(wrapped), undefined, wrapped);
    }
  });
}
