import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { openStorageAuditStore } from '../../functions/adapters/audit-store/cloud-storage/open.ts';
import { systemClock } from '../../functions/adapters/clock/system.ts';
import type { AuditStore } from '../../functions/ports/audit-store.ts';
import { needs } from '../support/emulators/requires.ts';
import { startStorage } from '../support/emulators/start.ts';
import { bucketLock } from '../support/stand-ins/bucket-lock.ts';
import { fixedToken } from '../support/stand-ins/credentials.ts';
import { lockedBucket } from '../support/stand-ins/log-bucket.ts';
import type { StandIn } from '../support/stand-ins/serve.ts';
import { startStorageStandIn } from '../support/stand-ins/storage.ts';
import { auditStoreContract } from './audit-store.ts';

const dayMs = 86_400_000;
const closing: (() => Promise<unknown>)[] = [];
after(async () => {
  for (const close of closing.reverse()) await close();
});

type Server = StandIn & { makeBucket(name: string, given?: Record<string, unknown>): void | Promise<void> };
let buckets = 0;

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

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

async function open(server: Server, given: Record<string, unknown> = lockedBucket) {
  const bucket = `audit-${process.pid}-${++buckets}`;
  await server.makeBucket(bucket, given);
  const reopen = (): Promise<AuditStore> =>
    openStorageAuditStore({
      bucket,
      minimumRetentionMs: 365 * dayMs,
      clock: systemClock,
      auth: fixedToken(),
      apiEndpoint: server.url,
      deadlineMs: 30_000,
    });
  return { bucket, store: await reopen(), reopen };
}

auditStoreContract({ name: 'cloud storage on a stand-in', open: async () => open(await standIn()) });

const gcs = needs('storage');
if (gcs.skip === false)
  auditStoreContract({ name: 'cloud storage on fake-gcs-server', open: async () => open(await emulator()) });
else test('cloud storage on fake-gcs-server', gcs, () => {});

/** Changes to the bucket of `infra/`, and the reason that each must give, with its remedy. */
const unfit: readonly (readonly [string, Record<string, unknown>, RegExp])[] = [
  [
    'none',
    { retentionPolicy: null },
    /has no retention policy: run gcloud storage buckets update gs:\/\/\S+ --retention-period=31536000s$/,
  ],
  [
    'short',
    { retentionPolicy: { retentionPeriod: '86400', isLocked: true } },
    /for 86400 s, less than 31536000 s: run gcloud .*--retention-period=31536000s$/,
  ],
  [
    'unlocked',
    { retentionPolicy: { ...lockedBucket.retentionPolicy, isLocked: false } },
    /is not locked: run gcloud .*--lock-retention-period/,
  ],
  [
    'lists',
    { iamConfiguration: { ...lockedBucket.iamConfiguration, uniformBucketLevelAccess: { enabled: false } } },
    /access lists .* --uniform-bucket-level-access$/,
  ],
  [
    'public',
    { iamConfiguration: { ...lockedBucket.iamConfiguration, publicAccessPrevention: 'inherited' } },
    /made public.* --public-access-prevention$/,
  ],
  [
    'early',
    { lifecycle: { rule: [{ action: { type: 'Delete' }, condition: { age: 30 } }] } },
    /lifecycle rule .* 365 days.* --clear-lifecycle$/,
  ],
  ['always', { lifecycle: { rule: [{ action: { type: 'Delete' }, condition: {} }] } }, /lifecycle rule/],
];

test('cloud storage: a bucket that does not protect the log is refused, each reason in one line with its remedy', async () => {
  for (const [name, change, wanted] of unfit) {
    const { store } = await open(await standIn(), { ...lockedBucket, ...change });
    const reasons = await store.check();
    assert.ok(
      reasons.some((reason) => wanted.test(reason)),
      `${name}: ${reasons.join('\n')}`,
    );
    assert.equal(reasons.length, name === 'none' ? 2 : 1, `${name}: ${reasons.join('\n')}`);
    for (const reason of reasons) assert.doesNotMatch(reason, /\n/);
  }
});

test('cloud storage: late deletion, other storage classes and versioning do no harm', async () => {
  const rule = [
    { action: { type: 'Delete' }, condition: { age: 3_000 } },
    { action: { type: 'SetStorageClass', storageClass: 'ARCHIVE' }, condition: { age: 30 } },
  ];
  const { store } = await open(await standIn(), {
    ...lockedBucket,
    lifecycle: { rule },
    versioning: { enabled: true },
  });
  assert.deepEqual(await store.check(), []);
});

test('cloud storage: a bucket that is not there is a reason, and no store', async () => {
  const server = await standIn();
  const store = await openStorageAuditStore({
    bucket: 'no-such-bucket',
    minimumRetentionMs: dayMs,
    clock: systemClock,
    auth: fixedToken(),
    apiEndpoint: server.url,
  });
  assert.match((await store.check()).join('\n'), /HTTP 404 .*bucket does not exist/);
  await assert.rejects(store.create('rec/a', Buffer.from('x')), { code: 'sink_unavailable' });
  await assert.rejects(store.read('rec/a'), { code: 'sink_unavailable' });
});

test('cloud storage: a clock that is off by more than 30 s is a reason', async () => {
  const server = await standIn();
  const bucket = `audit-clock-${process.pid}`;
  server.makeBucket(bucket, lockedBucket);
  for (const [offMs, wanted] of [
    [600_000, /clock of this machine is (599|600) s ahead of/],
    [-600_000, /clock of this machine is (600|601) s behind/],
    [25_000, undefined],
  ] as const) {
    const clock = { ...systemClock, nowMs: () => Date.now() + offMs };
    const store = await openStorageAuditStore({
      bucket,
      minimumRetentionMs: dayMs,
      clock,
      auth: fixedToken(),
      apiEndpoint: server.url,
    });
    const reasons = await store.check();
    if (wanted === undefined) assert.deepEqual(reasons, []);
    else assert.match(reasons.join('\n'), wanted);
  }
});

test('cloud storage: listing goes page by page, in byte order', async () => {
  const server = await standIn();
  const { bucket, store } = await open(server);
  const names = Array.from({ length: 1_150 }, (_, n) => `rec/${String(n * 7919).padStart(9, '0')}`).sort();
  for (let n = 0; n < names.length; n += 50) {
    await Promise.all(names.slice(n, n + 50).map((name) => store.create(name, Buffer.from('x'))));
  }
  const before = server.seen.length;
  const listed: string[] = [];
  for await (const name of store.list('rec/')) listed.push(name);
  assert.deepEqual(listed, names);
  const pages = server.seen
    .slice(before)
    .filter(({ method, path }) => method === 'GET' && path.includes(bucket));
  assert.equal(pages.length, 2);
});

test('cloud storage: nothing of a record is in its metadata, and every write has its precondition', async () => {
  const server = await standIn();
  const { bucket, store } = await open(server);
  const record = Buffer.from('{"a":1}\n— sluice.local/audit c2lnbmF0dXJl\n');
  await store.create('rec/q/one/0000', record);
  const write = server.seen.find(({ method, path }) => method === 'POST' && path.includes(bucket));
  assert.ok(write);
  const query = new URL(write.path, server.url).searchParams;
  assert.equal(query.get('ifGenerationMatch'), '0');
  const metadata = write.body.subarray(0, write.body.indexOf(record)).toString();
  assert.deepEqual(Object.keys(JSON.parse(/\{.*\}/.exec(metadata)?.[0] ?? '')), ['contentType', 'crc32c']);
});

test('cloud storage: an environment variable cannot lead the log elsewhere', async () => {
  process.env.STORAGE_EMULATOR_HOST = 'http://127.0.0.1:1';
  try {
    const options = { bucket: 'b', minimumRetentionMs: dayMs, clock: systemClock, auth: fixedToken() };
    await assert.rejects(openStorageAuditStore(options), /STORAGE_EMULATOR_HOST .*unset it/);
  } finally {
    delete process.env.STORAGE_EMULATOR_HOST;
  }
});
