import assert from 'node:assert/strict';
import { generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import { decodeRecord } from '../../../functions/core/audit/record-format.ts';
import { certificateText, longestCertificateMs } from '../../../functions/core/audit/writer-key.ts';
import { record } from '../../../functions/pipeline/record.ts';
import { sealLog } from '../../../functions/pipeline/seal-log.ts';
import { type TestLog, testLog } from '../../support/audit-log.ts';

const atMs = 1_790_000_000_000;
const hourMs = 3_600_000;
const entry = { kind: 'delivery', name: 'd/2026-09-21/1', timeMs: atMs, clear: {} } as const;

type Change = Partial<{
  logName: string;
  fromMs: number;
  untilMs: number;
  publicKey: string;
  signature: string;
  /** Another key than the certified one signs the record. */
  otherKey: boolean;
}>;

/** A log whose records are signed by a key of the process that the log's key certified. */
async function certified(change: Change = {}): Promise<TestLog> {
  const log = testLog();
  const [writer, stranger] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const raw = writer.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  const said = {
    publicKey: raw.toString('base64'),
    fromMs: change.fromMs ?? atMs - 1,
    untilMs: change.untilMs ?? atMs + hourMs,
  };
  const signature = await log.keys.sign(certificateText(change.logName ?? log.keys.logName, said));
  const certificate = {
    ...said,
    signature: change.signature ?? Buffer.from(signature).toString('base64'),
    ...(change.publicKey === undefined ? {} : { publicKey: change.publicKey }),
  };
  const { privateKey } = change.otherKey ? stranger : writer;
  const signer = { certificate, sign: async (bytes: Uint8Array) => sign(null, bytes, privateKey) };
  return { ...log, keys: { ...log.keys, recordSigner: async () => signer } };
}

const stored = (log: TestLog): Uint8Array => log.audit.objects.get(`rec/${entry.name}`) as Uint8Array;

test("a record of a certified key is the log's, and is sealed", async () => {
  const log = await certified();
  assert.equal(await record(log, entry), 'recorded');
  const decoded = decodeRecord(`rec/${entry.name}`, stored(log), log.key);
  assert.ok(!('problem' in decoded));
  assert.equal(decoded.header.timeMs, atMs);
  const { sealed, refused } = await sealLog(log);
  assert.deepEqual([sealed, refused], [1, []]);
});

const wrong: readonly [string, Change, RegExp][] = [
  ['that has ended', { fromMs: atMs - hourMs, untilMs: atMs - 1 }, /outside of the time/],
  ['that has not begun', { fromMs: atMs + 1 }, /outside of the time/],
  ['for too long a time', { untilMs: atMs + longestCertificateMs }, /not signed by the log/],
  ['of another log', { logName: 'sluice.other/audit' }, /not signed by the log/],
  ['with another signature', { signature: Buffer.alloc(64).toString('base64') }, /not signed by the log/],
  ['with a signature that is none', { signature: 'AA==' }, /not signed by the log/],
  ['for another key', { publicKey: Buffer.alloc(32, 7).toString('base64') }, /not signed by the log/],
  ['that another key uses', { otherKey: true }, /does not fit its name and bytes/],
];
for (const [what, change, problem] of wrong) {
  test(`a record with a certificate ${what} is not the log's`, async () => {
    const log = await certified(change);
    await record(log, entry);
    const decoded = decodeRecord(`rec/${entry.name}`, stored(log), log.key);
    assert.match('problem' in decoded ? decoded.problem : '', problem);
    const { sealed, refused } = await sealLog({ ...log, audit: { ...log.audit } }, { full: true });
    assert.deepEqual([sealed, refused.map(({ name }) => name)], [0, [`rec/${entry.name}`]]);
  });
}

test('every changed bit of a certified record is seen', async () => {
  const log = await certified();
  await record(log, entry);
  const bytes = stored(log);
  for (let at = 0; at < bytes.length; at++) {
    const changed = Uint8Array.from(bytes);
    changed[at] = (changed[at] as number) ^ 1;
    assert.ok('problem' in decodeRecord(`rec/${entry.name}`, changed, log.key), `byte ${at}`);
  }
});
