import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openKeyObjects } from '../../functions/adapters/audit-store/cloud-storage/open.ts';
import { systemClock } from '../../functions/adapters/clock/system.ts';
import { bucketDerivedStore } from '../../functions/adapters/derived-store/bucket.ts';
import { headersName } from '../../functions/core/audit/header-lines.ts';
import { needs } from '../support/emulators/requires.ts';
import { startStorage } from '../support/emulators/start.ts';
import { bucketLock } from '../support/stand-ins/bucket-lock.ts';
import { fixedToken } from '../support/stand-ins/credentials.ts';
import { lockedBucket } from '../support/stand-ins/log-bucket.ts';
import { startStorageStandIn } from '../support/stand-ins/storage.ts';
import { derivedStoreContract, namesOf } from './derived-store.ts';

type Server = {
  readonly url: string;
  makeBucket(name: string, given?: Record<string, unknown>): void | Promise<void>;
};
const closing: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const close of closing.reverse()) await close();
});
const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
};
const standIn = once(async () => {
  const server = await startStorageStandIn();
  closing.push(() => server.close());
  return server;
});
const emulator = once(async () => {
  const behind = await startStorage();
  closing.push(() => behind.stop());
  const server = await bucketLock(behind.url);
  closing.push(() => server.close());
  return server;
});

let buckets = 0;
async function open(server: Server) {
  const bucket = `derived-${process.pid}-${++buckets}`;
  await server.makeBucket(bucket, { iamConfiguration: lockedBucket.iamConfiguration });
  const objects = () =>
    openKeyObjects({
      bucket,
      clock: systemClock,
      auth: fixedToken(),
      apiEndpoint: server.url,
      deadlineMs: 30_000,
    });
  const reopen = async () => bucketDerivedStore(await objects());
  return { objects: await objects(), store: await reopen(), reopen };
}

derivedStoreContract({ name: 'bucket on a stand-in', open: async () => open(await standIn()) });

const gcs = needs('storage');
if (gcs.skip === false)
  derivedStoreContract({ name: 'bucket on fake-gcs-server', open: async () => open(await emulator()) });
else test('bucket on fake-gcs-server', gcs, () => {});

test('bucket: data keys lie in the same one, and are neither listed nor read as headers', async () => {
  const { objects, store } = await open(await standIn());
  await objects.create('keys/dk_1', Buffer.from('wrapped'));
  await store.create(headersName(0), Buffer.from('{}\n'));
  assert.deepEqual(await namesOf(store.list('headers/')), [headersName(0)]);
  assert.deepEqual(await objects.check(), []);
});
