import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { openKeyObjects } from '../../functions/adapters/audit-store/cloud-storage/open.ts';
import { systemClock } from '../../functions/adapters/clock/system.ts';
import { type CloudKeysOptions, openCloudKeys } from '../../functions/adapters/keys/cloud/open.ts';
import { openSecretManager } from '../../functions/adapters/secrets/secret-manager.ts';
import {
  checkSignatureLine,
  parseVerifierKey,
  signatureLine,
  verifierKey,
} from '../../functions/core/audit/signed-note.ts';
import { certifiedKey } from '../../functions/core/audit/writer-key.ts';
import { SluiceError } from '../../functions/core/errors.ts';
import type { Clock } from '../../functions/ports/clock.ts';
import { fixedToken } from '../support/stand-ins/credentials.ts';
import { faultList } from '../support/stand-ins/fault-list.ts';
import { type Altered, type FaultProxy, faultProxy } from '../support/stand-ins/faults.ts';
import { type KmsStandIn, startKmsStandIn } from '../support/stand-ins/kms.ts';
import { type SecretManagerStandIn, startSecretManagerStandIn } from '../support/stand-ins/secret-manager.ts';
import { until } from '../support/stand-ins/serve.ts';
import { type StorageStandIn, startStorageStandIn } from '../support/stand-ins/storage.ts';
import { keysContract } from './keys.ts';

const ring = 'projects/p/locations/europe-west3/keyRings/sluice/cryptoKeys';
const bucket = 'derived';
const at = 1_790_000_000_000;
const hourMs = 3_600_000;
const root = (): string => `${randomBytes(32).toString('base64')}\n`;
let kms: KmsStandIn;
let storage: StorageStandIn;
let secretManager: SecretManagerStandIn;
let made = 0;
const closing: (() => Promise<void>)[] = [];

before(async () => {
  [kms, storage, secretManager] = await Promise.all([
    startKmsStandIn(),
    startStorageStandIn(),
    startSecretManagerStandIn(),
  ]);
  closing.push(kms.close, storage.close, secretManager.close);
  storage.makeBucket(bucket, {
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true }, publicAccessPrevention: 'enforced' },
  });
});
after(async () => {
  for (const close of closing.reverse()) await close();
});

type Given = {
  readonly kmsUrl?: string;
  readonly storageUrl?: string;
  readonly clock?: Clock;
  readonly deadlineMs?: number;
};

/** A fresh set of keys, as `infra/` makes one, and how to open it. */
function freshKeys() {
  const names = {
    log: `${ring}/log${++made}`,
    link: `${ring}/link${made}`,
    wrap: `${ring}/wrap${made}`,
    hmac: `root${made}`,
  };
  kms.makeKey(names.log, 'sign');
  kms.makeKey(names.link, 'sign');
  kms.makeKey(names.wrap, 'encrypt');
  secretManager.add(`projects/p/secrets/${names.hmac}`, root());
  const open = async (given: Given = {}, change: Partial<CloudKeysOptions> = {}) => {
    const clock = given.clock ?? systemClock;
    const common = { clock, auth: fixedToken(), deadlineMs: given.deadlineMs ?? 30_000 };
    const objects = await openKeyObjects({ ...common, bucket, apiEndpoint: given.storageUrl ?? storage.url });
    const secrets = openSecretManager({ ...common, project: 'p', apiEndpoint: secretManager.url });
    const keys = await openCloudKeys({
      ...common,
      ...{ logName: 'sluice.example.com/audit', logKeyVersion: `${names.log}/cryptoKeyVersions/1` },
      ...{ linkKey: names.link, wrappingKey: names.wrap, objects, secrets, hmacSecret: names.hmac },
      apiEndpoint: given.kmsUrl ?? kms.url,
      ...change,
    });
    return { keys, secrets, objects };
  };
  return { names, open };
}

keysContract({
  name: 'cloud keys',
  open: async () => {
    const { open } = freshKeys();
    return { keys: (await open()).keys, reopen: async () => (await open()).keys };
  },
});

test('cloud keys: a data key is nowhere in the clear, is bound to its id, and is gone for ever once destroyed', async () => {
  const { open } = freshKeys();
  const { keys, objects } = await open();
  const { id, key, wrapped } = await keys.dataKey(at);
  assert.equal(wrapped, id);
  const stored = await objects.read(`keys/${id}`);
  assert.ok(stored);
  for (const where of [Buffer.from(stored.bytes), ...storage.seen.map(({ body }) => body)]) {
    assert.equal(where.includes(Buffer.from(key)), false);
    assert.equal(where.includes(Buffer.from(key).toString('base64')), false);
  }
  await objects.create('keys/dk_2026092113_0000000000000000', stored.bytes);
  await assert.rejects(keys.unwrap('dk_2026092113_0000000000000000'), { code: 'sink_unavailable' });
  const other = (await open()).keys;
  assert.deepEqual(Buffer.from((await other.unwrap(wrapped)) ?? []), Buffer.from(key));
  assert.equal(await keys.destroyDataKey(id), true);
  assert.equal(await keys.destroyDataKey(id), false);
  assert.equal(await keys.unwrap(wrapped), undefined);
  assert.equal(await other.unwrap(wrapped), undefined, 'not from the memory of another process either');
  assert.notEqual((await keys.dataKey(at)).id, id);
});

test('cloud keys: a wrapping key that rotates opens what it wrapped before', async () => {
  const { names, open } = freshKeys();
  const { id, key } = await (await open()).keys.dataKey(at);
  kms.rotate(names.wrap);
  const { keys } = await open();
  assert.deepEqual(Buffer.from((await keys.unwrap(id)) ?? []), Buffer.from(key));
  kms.setState(names.wrap, 1, 'DISABLED');
  await assert.rejects((await open()).keys.unwrap(id), {
    code: 'sink_unavailable',
    message: /gcloud kms keys versions enable/,
  });
});

test('cloud keys: links of an older version verify after a rotation, until the version is disabled', async () => {
  const { names, open } = freshKeys();
  let offMs = 0;
  const clock: Clock = { ...systemClock, nowMs: () => Date.now() + offMs };
  const { keys } = await open({ clock });
  const payload = Buffer.from('a link');
  const old = await keys.signLink(payload);
  assert.equal(old.kid, 'v1');
  kms.rotate(names.link);
  offMs += 301_000;
  const fresh = await keys.signLink(payload);
  assert.equal(fresh.kid, 'v2');
  for (const { kid, signature } of [old, fresh]) {
    assert.equal(await keys.verifyLink(kid, payload, signature), true, kid);
    assert.equal(await (await open()).keys.verifyLink(kid, payload, signature), true, kid);
  }
  assert.equal(await keys.verifyLink('v2', payload, old.signature), false);
  kms.setState(names.link, 1, 'DISABLED');
  offMs += 301_000;
  assert.equal(await keys.verifyLink('v1', payload, old.signature), false);
  assert.equal(await keys.verifyLink('v2', payload, fresh.signature), true);
});

test('cloud keys: links verify here, and a stranger cannot make us ask KMS again and again', async () => {
  const { open } = freshKeys();
  const { keys } = await open();
  const { kid, signature } = await keys.signLink(Buffer.from('x'));
  await keys.verifyLink('v77', Buffer.from('x'), signature);
  const before = kms.seen.length;
  for (let n = 0; n < 20; n++) {
    assert.equal(await keys.verifyLink(`v${n + 50}`, Buffer.from('x'), signature), false);
    assert.equal(await keys.verifyLink(kid, Buffer.from('x'), signature), true);
  }
  assert.equal(kms.seen.length, before);
});

test('cloud keys: what must be found again keeps the oldest root, masks take the newest', async () => {
  const { names, open } = freshKeys();
  const { keys, secrets } = await open();
  const purposes = ['query-id', 'session', 'commitment', 'page-token', 'csrf', 'mask'] as const;
  const hashes = async (): Promise<readonly string[]> =>
    Promise.all(
      purposes.map(async (purpose) =>
        Buffer.from(await keys.hmac(purpose, Buffer.from('x'))).toString('hex'),
      ),
    );
  const [one, secret] = [await hashes(), `projects/p/secrets/${names.hmac}`];
  secretManager.add(secret, root());
  await secrets.refresh();
  const two = await hashes();
  assert.deepEqual(two.slice(0, 5), one.slice(0, 5));
  assert.notEqual(two[5], one[5]);
  secretManager.setState(secret, 1, 'DISABLED');
  await secrets.refresh();
  const three = await hashes();
  assert.equal(
    three.slice(0, 5).some((hash) => one.includes(hash)),
    false,
  );
  assert.equal(three[5], two[5]);
});

test('cloud keys: after the first, a record asks no service for its keys', async () => {
  const { open } = freshKeys();
  const { keys } = await open();
  await keys.dataKey(Date.now());
  const seen = (): number => kms.seen.length + storage.seen.length + secretManager.seen.length;
  const before = seen();
  for (let n = 0; n < 50; n++) {
    await keys.dataKey(Date.now());
    await (await keys.recordSigner(Date.now())).sign(Buffer.from('x'));
    await keys.hmac('commitment', Buffer.from('x'));
    await keys.hmac('query-id', Buffer.from('x'));
    await keys.hmac('mask', Buffer.from('x'));
  }
  assert.ok(seen() - before <= 2, 'at most the next hour’s key');
});

test('cloud keys: the next hour’s key is there before the hour', async () => {
  const { open } = freshKeys();
  const hour = Math.ceil(at / hourMs) * hourMs;
  const { keys } = await open();
  await keys.dataKey(hour - 1_000_000);
  const early = kms.seen.length;
  const current = await keys.dataKey(hour - 500_000);
  await until(() => kms.seen.length === early + 1);
  assert.equal((await keys.dataKey(hour - 1)).id, current.id);
  const next = await keys.dataKey(hour);
  assert.notEqual(next.id, current.id);
  assert.equal(kms.seen.length, early + 1, 'and used when its hour comes');
});

test('cloud keys: a certificate holds for the time of what happened, and the next is there before it ends', async () => {
  const { open } = freshKeys();
  const { keys } = await open();
  const log = verifierKey(keys.logName, keys.publicKey);
  const minuteMs = 60_000;
  for (let minute = 0; minute < 300; minute++) {
    for (const timeMs of [at + minute * minuteMs, at + (minute - 14) * minuteMs]) {
      const { certificate, sign } = await keys.recordSigner(timeMs);
      assert.ok(certificate);
      const key = certifiedKey(log, certificate, timeMs);
      assert.ok(!('problem' in key), JSON.stringify(key));
      const text = Buffer.from(`${timeMs}`);
      assert.equal(checkSignatureLine(key, signatureLine(key, await sign(text)), text), 'valid');
    }
  }
  const signs = kms.seen.filter(({ path }) => path.includes(`${keys.ages()[0]?.name}:asymmetricSign`)).length;
  assert.ok(signs <= 8, `${signs} certificates for five hours`);
});

test('cloud keys: the public key is an auditor’s, and every key’s age is told', async () => {
  const { names, open } = freshKeys();
  const { keys } = await open();
  const parsed = parseVerifierKey(keys.publicKeyText);
  assert.ok(!('problem' in parsed));
  assert.deepEqual(Buffer.from(parsed.publicKey), Buffer.from(keys.publicKey));
  assert.deepEqual(
    keys.ages().map(({ name }) => name),
    [`${names.log}/cryptoKeyVersions/1`, `${names.link}/cryptoKeyVersions/1`],
  );
  for (const { createdMs } of keys.ages()) assert.ok(Math.abs(createdMs - Date.now()) < 60_000);
});

test('cloud keys: what is missing, of another kind or disabled is refused at the start, with a remedy', async () => {
  const { names, open } = freshKeys();
  const wrong: readonly (readonly [Partial<CloudKeysOptions>, RegExp])[] = [
    [{ logKeyVersion: `${ring}/none/cryptoKeyVersions/1` }, /not found.*make it \(infra\/ does\)/],
    [{ logKeyVersion: names.log }, /the log's key ".*" must be named .*cryptoKeyVersions\/N/],
    [{ linkKey: names.log }, /the key for links ".*" must be named otherwise than the key of the log/],
    [{ wrappingKey: names.link }, /could not wrap with/],
    [{ hmacSecret: 'none' }, /run gcloud secrets create none/],
  ];
  for (const [change, message] of wrong) {
    await assert.rejects(open({ deadlineMs: 500 }, change), { code: 'sink_unavailable', message });
  }
  secretManager.add('projects/p/secrets/short', 'c2hvcnQ=\n');
  await assert.rejects(
    open({}, { hmacSecret: 'short' }),
    /is not a 32-byte key in base64: run openssl rand -base64 32/,
  );
  kms.setState(names.log, 1, 'DISABLED');
  await assert.rejects(open({ deadlineMs: 500 }), /not enabled.*gcloud kms keys versions enable/);
});

test('the bucket of data keys: what would erase by itself, or keep what was erased, is a reason', async () => {
  const cases: readonly (readonly [Record<string, unknown>, RegExp | undefined])[] = [
    [{}, undefined],
    [
      { softDeletePolicy: { retentionDurationSeconds: '604800' } },
      /keeps deleted keys recoverable: .*--clear-soft-delete$/,
    ],
    [{ versioning: { enabled: true } }, /--no-versioning$/],
    [{ retentionPolicy: { retentionPeriod: '60' } }, /--clear-retention-period$/],
    [
      { lifecycle: { rule: [{ action: { type: 'Delete' }, condition: { age: 3_000 } }] } },
      /--clear-lifecycle$/,
    ],
  ];
  const iamConfiguration = {
    uniformBucketLevelAccess: { enabled: true },
    publicAccessPrevention: 'enforced',
  };
  for (const [index, [change, wanted]] of cases.entries()) {
    storage.makeBucket(`keys-${index}`, { iamConfiguration, ...change });
    const objects = await openKeyObjects({
      bucket: `keys-${index}`,
      clock: systemClock,
      auth: fixedToken(),
      apiEndpoint: storage.url,
    });
    const reasons = await objects.check();
    if (wanted === undefined) assert.deepEqual(reasons, []);
    else assert.match(reasons.join('\n'), wanted);
  }
});

describe('cloud keys behind faults', { concurrency: 6 }, () => {
  for (const [what, fault] of faultList) {
    test(`${what}: a lost sink within the deadline, and the truth after one`, async () => {
      const { open } = freshKeys();
      const proxies = await Promise.all([kms.url, storage.url].map((target) => faultProxy({ target })));
      for (const proxy of proxies) closing.push(proxy.close);
      const [kmsProxy, storageProxy] = proxies as [FaultProxy, FaultProxy];
      const deadlineMs = 2_000;
      const { keys } = await open({ kmsUrl: kmsProxy.url, storageUrl: storageProxy.url, deadlineMs });
      const { id, key } = await keys.dataKey(at);
      const text = Buffer.from('text');
      const signed = Buffer.from(await keys.sign(text));
      const all = (scope: { times?: number }) => Promise.all(proxies.map((proxy) => proxy.set(fault, scope)));
      await all({});
      const startedMs = performance.now();
      const lost = await Promise.allSettled([
        keys.sign(text),
        keys.signLink(text),
        keys.dataKey(at + 5 * hourMs),
        keys.unwrap(id),
        keys.destroyDataKey('dk_none'),
      ]);
      for (const outcome of lost) {
        assert.equal(outcome.status, 'rejected', JSON.stringify(outcome));
        assert.ok(
          outcome.reason instanceof SluiceError && outcome.reason.code === 'sink_unavailable',
          String(outcome.reason),
        );
      }
      assert.ok(performance.now() - startedMs < 8_000);
      if (what === 'HTTP 404 of a proxy') return;
      await all({ times: 1 });
      if (fault.kind === 'refuse') setTimeout(() => proxies.forEach((proxy) => void proxy.set('none')), 60);
      assert.deepEqual(Buffer.from(await keys.sign(text)), signed);
      await all({ times: 1 });
      if (fault.kind === 'refuse') setTimeout(() => proxies.forEach((proxy) => void proxy.set('none')), 60);
      assert.deepEqual(Buffer.from((await keys.unwrap(id)) ?? []), Buffer.from(key));
    });
  }
});

test('cloud keys: what is damaged on either way is never used', async () => {
  const { open } = freshKeys();
  const proxy = await faultProxy({ target: kms.url });
  closing.push(proxy.close);
  const { keys } = await open({ kmsUrl: proxy.url, deadlineMs: 1_000 });
  const other = Buffer.alloc(64, 1).toString('base64');
  const harm: readonly (readonly [string, (text: string) => string])[] = [
    ['another signature', (text) => text.replace(/"signature":"[^"]+"/, `"signature":"${other}"`)],
    ['no checksum', (text) => text.replace(/"(signature|ciphertext|plaintext)Crc32c":"\d+"/, '"x":1')],
    ['another key', (text) => text.replace(/"name":"[^"]+"/, `"name":"${ring}/x/cryptoKeyVersions/1"`)],
    ['not verified', (text) => text.replace(/"verified(Data|Plaintext)Crc32c":true/, '"x":1')],
  ];
  for (const [what, change] of harm) {
    const alter = (answer: Altered): Altered => ({
      ...answer,
      body: Buffer.from(change(answer.body.toString())),
    });
    await proxy.set({ kind: 'alter', change: alter });
    await assert.rejects(keys.sign(Buffer.from('x')), { code: 'sink_unavailable' }, what);
    if (what !== 'another signature')
      await assert.rejects(keys.dataKey(at + made++ * hourMs), { code: 'sink_unavailable' }, what);
  }
});
