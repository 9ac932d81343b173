import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  openKeyObjects,
  openStorageAuditStore,
} from '../../functions/adapters/audit-store/cloud-storage/open.ts';
import { systemClock } from '../../functions/adapters/clock/system.ts';
import { type CloudKeys, openCloudKeys } from '../../functions/adapters/keys/cloud/open.ts';
import { openSecretManager } from '../../functions/adapters/secrets/secret-manager.ts';
import { parseVerifierKey } from '../../functions/core/audit/signed-note.ts';
import type { LogPorts } from '../../functions/pipeline/log-memory.ts';
import { readEvent, record } from '../../functions/pipeline/record.ts';
import { sealLog } from '../../functions/pipeline/seal-log.ts';
import { verifyLog } from '../../functions/pipeline/verify-log.ts';
import { delivery } from '../support/audit-log.ts';
import { fixedToken } from '../support/stand-ins/credentials.ts';
import { faultProxy } from '../support/stand-ins/faults.ts';
import { startKmsStandIn } from '../support/stand-ins/kms.ts';
import { lockedBucket } from '../support/stand-ins/log-bucket.ts';
import { startSecretManagerStandIn } from '../support/stand-ins/secret-manager.ts';
import type { Seen } from '../support/stand-ins/serve.ts';
import { startStorageStandIn } from '../support/stand-ins/storage.ts';

const ring = 'projects/p/locations/l/keyRings/r/cryptoKeys';
type Instance = LogPorts & { readonly keys: CloudKeys };
type World = {
  readonly storage: Awaited<ReturnType<typeof startStorageStandIn>>;
  readonly kms: Awaited<ReturnType<typeof startKmsStandIn>>;
  readonly secretManager: Awaited<ReturnType<typeof startSecretManagerStandIn>>;
};
let world: World;
const closing: (() => Promise<void>)[] = [];

before(async () => {
  world = {
    storage: await startStorageStandIn(),
    kms: await startKmsStandIn(),
    secretManager: await startSecretManagerStandIn(),
  };
  for (const part of Object.values(world)) closing.push(part.close);
  world.storage.makeBucket('derived');
  world.kms.makeKey(`${ring}/log`, 'sign');
  world.kms.makeKey(`${ring}/link`, 'sign');
  world.kms.makeKey(`${ring}/wrap`, 'encrypt');
  world.secretManager.add('projects/p/secrets/root', randomBytes(32).toString('base64'));
});
after(async () => {
  for (const close of closing.reverse()) await close();
});

/** One process of the gateway, as far as the log goes. */
async function instance(bucket: string, storageUrl = world.storage.url): Promise<Instance> {
  const common = { clock: systemClock, auth: fixedToken() };
  const audit = await openStorageAuditStore({
    ...common,
    bucket,
    minimumRetentionMs: 1,
    apiEndpoint: storageUrl,
  });
  const objects = await openKeyObjects({ ...common, bucket: 'derived', apiEndpoint: world.storage.url });
  const secrets = openSecretManager({ ...common, project: 'p', apiEndpoint: world.secretManager.url });
  const keys = await openCloudKeys({
    ...common,
    ...{ logName: 'sluice.example.com/audit', logKeyVersion: `${ring}/log/cryptoKeyVersions/1` },
    ...{ linkKey: `${ring}/link`, wrappingKey: `${ring}/wrap`, objects, secrets, hmacSecret: 'root' },
    apiEndpoint: world.kms.url,
  });
  return { audit, keys, clock: systemClock };
}

async function verified(log: Instance) {
  const key = parseVerifierKey(log.keys.publicKeyText);
  assert.ok(!('problem' in key));
  return verifyLog(log.audit, key, { generations: true });
}

const bodyOf = (number: number): string => JSON.stringify({ rows: [{ f: [{ v: `row ${number}` }] }] });

test('two instances write one log through broken connections, and it verifies with the public key alone', async () => {
  world.storage.makeBucket('audit-two', lockedBucket);
  const proxy = await faultProxy({ target: world.storage.url });
  closing.push(proxy.close);
  const both = [await instance('audit-two', proxy.url), await instance('audit-two', proxy.url)] as const;
  const isWrite = ({ method }: Seen): boolean => method === 'POST';
  for (let round = 0; round < 6; round++) {
    const kind = (['reset-before', 'reset-after', 'truncate'] as const)[round % 3] ?? 'truncate';
    await proxy.set({ kind }, { times: 3, when: isWrite });
    const numbers = Array.from({ length: 20 }, (_, n) => round * 20 + n);
    const outcomes = await Promise.all(
      numbers.map((n) => record(both[n % 2] as Instance, delivery(both[0], n, bodyOf(n)))),
    );
    assert.deepEqual(new Set(outcomes), new Set(['recorded']));
    await Promise.all(both.map((log) => sealLog(log, { full: true })));
  }
  await proxy.set('none');
  await Promise.all(both.map((log) => sealLog(log, { full: true })));
  const found = await verified(both[0]);
  assert.deepEqual(found.problems, []);
  assert.equal(found.size, 120);
  const third = await instance('audit-two');
  const name = 'd/2026-09-21/000007';
  assert.equal(Buffer.from((await readEvent(third, name)) ?? []).toString(), bodyOf(7));
});

test('erasing a data key erases what it encrypted, and every proof stays valid', async () => {
  world.storage.makeBucket('audit-erased', lockedBucket);
  const log = await instance('audit-erased');
  await record(log, delivery(log, 1, bodyOf(1)));
  await sealLog(log);
  const { id } = await log.keys.dataKey(systemClock.nowMs());
  assert.equal(await log.keys.destroyDataKey(id), true);
  await assert.rejects(readEvent(log, 'd/2026-09-21/000001'), /has been erased/);
  assert.deepEqual((await verified(log)).problems, []);
});

test('a record is one request to the bucket and none to the key services', async () => {
  world.storage.makeBucket('audit-count', lockedBucket);
  const log = await instance('audit-count');
  await record(log, delivery(log, 0, bodyOf(0)));
  const counts = () => [world.storage.seen.length, world.kms.seen.length, world.secretManager.seen.length];
  const before = counts();
  for (let n = 1; n <= 40; n++) await record(log, delivery(log, n, bodyOf(n)));
  const [storage, kms, secrets] = counts().map((count, index) => count - (before[index] ?? 0));
  // The key of the next hour may be made meanwhile: two calls of KMS and one object.
  assert.ok(storage === 40 || storage === 41, `${storage} requests to the bucket`);
  assert.ok((kms ?? 9) <= 2 && secrets === 0, `${kms} requests to KMS, ${secrets} to Secret Manager`);
});

test('what a thief of one object would need is not beside it', async () => {
  const stored = world.storage.seen.filter(
    ({ method, path }) => method === 'POST' && path.includes('/b/audit-'),
  );
  assert.ok(stored.length > 100);
  for (const { body } of stored) assert.equal(body.includes('"v":"row '), false, 'no row in the clear');
});
