import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { formatVerifierKey } from '../../../functions/core/audit/signed-note.ts';
import { filledLog } from '../../support/audit-log.ts';

/** A reader written from docs/AUDIT_FORMAT.md alone: nothing of functions/core/audit but what makes the log under test. */
const sha = (...parts: readonly Uint8Array[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const root = (leaves: readonly Buffer[]): Buffer => {
  if (leaves.length === 1) return leaves[0] as Buffer;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha(Buffer.from([1]), root(leaves.slice(0, split)), root(leaves.slice(split)));
};

function signedBy(vkey: string, line: string, text: string): boolean {
  const [, name, id, encoded] = /^([^+]+)\+([^+]+)\+(.+)$/.exec(vkey) as unknown as [
    string,
    string,
    string,
    string,
  ];
  const key = Buffer.from(encoded, 'base64');
  assert.equal(
    sha(Buffer.from(`${name}\n`), key)
      .subarray(0, 4)
      .toString('hex'),
    id,
  );
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.subarray(1)]);
  const match = new RegExp(`^— ${name.replaceAll('.', '\\.')} (\\S+)$`).exec(line);
  const raw = Buffer.from(match?.[1] ?? '', 'base64');
  assert.equal(raw.subarray(0, 4).toString('hex'), id);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return verify(null, Buffer.from(text), publicKey, raw.subarray(4));
}

test('a log can be checked by what its format document says', async () => {
  const log = await filledLog();
  const vkey = formatVerifierKey(log.key);
  const bytesOf = (name: string): Buffer => Buffer.from(log.audit.objects.get(name) as Uint8Array);
  const leaves: string[] = [];
  for (let seals = 0; seals < 3; seals++) {
    const number = String(leaves.length).padStart(12, '0');
    leaves.push(...bytesOf(`plan/${number}`).toString().trimEnd().split('\n'));
    const [origin, size, hash, empty, signature] = bytesOf(`cp/${number}`).toString().split('\n');
    assert.deepEqual([origin, size, empty], [log.keys.logName, `${leaves.length}`, '']);
    assert.equal(
      hash,
      root(leaves.map((leaf) => sha(Buffer.from([0]), Buffer.from(leaf)))).toString('base64'),
    );
    assert.ok(signedBy(vkey, signature ?? '', `${origin}\n${size}\n${hash}\n`));
  }
  assert.equal(leaves.length, 15);
  for (const leaf of leaves) {
    const [hash, generation, name] = leaf.split(' ') as [string, string, string];
    const bytes = bytesOf(name);
    assert.deepEqual([hash, generation], [sha(bytes).toString('hex'), '1']);
    checkRecord(name, bytes, vkey);
  }
});

function checkRecord(name: string, bytes: Buffer, vkey: string): void {
  const lineAt = bytes.lastIndexOf('\n— ') + 1;
  const [first, header] = bytes.toString().split('\n') as [string, string];
  assert.equal(first, 'sluice-record/1');
  const head = JSON.parse(header);
  const contentAt = Buffer.byteLength(`${first}\n${header}\n`);
  assert.equal(lineAt, contentAt + (head.content?.lengthBytes ?? 0) + 1);
  assert.equal(`rec/${head.name}`, name);
  const text = `sluice-record/1\n${name}\n${sha(bytes.subarray(0, lineAt)).toString('hex')}\n`;
  assert.ok(signedBy(vkey, bytes.subarray(lineAt).toString().trimEnd(), text));
}

test('the format document knows every key of a record', async () => {
  const document = readFileSync(new URL('../../../docs/AUDIT_FORMAT.md', import.meta.url), 'utf8');
  const log = await filledLog();
  for (const [name, bytes] of log.audit.objects) {
    if (!name.startsWith('rec/')) continue;
    const header = JSON.parse(Buffer.from(bytes).toString().split('\n')[1] as string);
    for (const key of [...Object.keys(header), ...Object.keys(header.content)]) {
      assert.ok(document.includes(`\`${key}\``), `docs/AUDIT_FORMAT.md does not explain ${key}`);
    }
  }
});
