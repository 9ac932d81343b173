import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { systemClock } from '../../functions/adapters/clock/system.ts';
import { openSecretManager } from '../../functions/adapters/secrets/secret-manager.ts';
import { serviceAccountKey } from '../../functions/adapters/secrets/service-account-key.ts';
import { SluiceError } from '../../functions/core/errors.ts';
import type { Clock } from '../../functions/ports/clock.ts';
import { fixedToken } from '../support/stand-ins/credentials.ts';
import { faultList } from '../support/stand-ins/fault-list.ts';
import { type Altered, faultProxy } from '../support/stand-ins/faults.ts';
import { startIamStandIn } from '../support/stand-ins/iam.ts';
import { type SecretManagerStandIn, startSecretManagerStandIn } from '../support/stand-ins/secret-manager.ts';
import { until } from '../support/stand-ins/serve.ts';
import { secretsContract } from './secrets.ts';

let server: SecretManagerStandIn;
const closing: (() => Promise<void>)[] = [];
before(async () => {
  server = await startSecretManagerStandIn();
  closing.push(server.close);
});
after(async () => {
  for (const close of closing.reverse()) await close();
});

const full = (secret: string): string => `projects/p/secrets/${secret}`;
const openAt = (apiEndpoint: string, clock: Clock = systemClock, deadlineMs = 30_000) =>
  openSecretManager({ project: 'p', clock, auth: fixedToken(), apiEndpoint, deadlineMs });

secretsContract({
  name: 'secret manager',
  open: async () => openAt(server.url),
  add: (secret, bytes, createdMs) => String(server.add(full(secret), bytes, createdMs)),
  disable: (secret, version) => server.setState(full(secret), Number(version), 'DISABLED'),
});

/** A clock that is put forward by hand. */
function handClock(): Clock & { forward(ms: number): void } {
  let offMs = 0;
  return {
    ...systemClock,
    nowMs: () => Date.now() + offMs,
    forward: (ms) => {
      offMs += ms;
    },
  };
}

test('secret manager: a read looks for new versions beside its answer every five minutes', async () => {
  server.add(full('rotating'), 'one');
  const clock = handClock();
  const secrets = openAt(server.url, clock);
  await secrets.read('rotating');
  server.add(full('rotating'), 'two');
  assert.equal((await secrets.read('rotating')).length, 1);
  clock.forward(301_000);
  assert.equal((await secrets.read('rotating')).length, 1, 'the look does not stall the read');
  await until(async () => (await secrets.read('rotating')).length === 2);
  const payloads = server.seen.filter(({ path }) => path.includes('rotating') && path.includes(':access'));
  assert.equal(payloads.length, 2, 'a payload is fetched once');
});

test('secret manager: while the service is away the last value serves, for an hour and no longer', async () => {
  server.add(full('kept'), 'one');
  const proxy = await faultProxy({ target: server.url });
  closing.push(proxy.close);
  const clock = handClock();
  const secrets = openAt(proxy.url, clock, 2_000);
  await secrets.read('kept');
  await proxy.set({ kind: 'refuse' });
  clock.forward(3_500_000);
  assert.equal((await secrets.read('kept')).length, 1);
  clock.forward(200_000);
  await assert.rejects(secrets.read('kept'), { code: 'sink_unavailable' });
  await proxy.set('none');
  assert.equal((await secrets.read('kept')).length, 1, 'and it comes back by itself');
});

describe('secret manager behind faults', { concurrency: 6 }, () => {
  for (const [what, fault] of faultList) {
    test(`${what}: refused within the deadline, or the truth after one`, async () => {
      const name = `faults-${what.replace(/\W/g, '-')}`;
      server.add(full(name), 'true');
      const proxy = await faultProxy({ target: server.url });
      closing.push(proxy.close);
      await proxy.set(fault);
      const startedMs = performance.now();
      const lost = await openAt(proxy.url, systemClock, 800)
        .read(name)
        .catch((error: unknown) => error);
      assert.ok(lost instanceof SluiceError && lost.code === 'sink_unavailable', String(lost));
      assert.ok(performance.now() - startedMs < 8_000);
      await proxy.set(fault, { times: 1 });
      if (fault.kind === 'refuse') setTimeout(() => void proxy.set('none'), 60);
      const found = await openAt(proxy.url, systemClock, 2_500)
        .read(name)
        .catch((error: unknown) => error);
      // What the service would say of a secret that is not there is believed: doubt refuses.
      if (['HTTP 404 of a proxy', 'an empty object with 200'].includes(what))
        assert.ok(found instanceof SluiceError);
      else
        assert.equal(
          Buffer.from((found as { bytes: Uint8Array }[])[0]?.bytes ?? []).toString(),
          'true',
          String(found),
        );
    });
  }
});

test('secret manager: a payload that does not have its checksum, or is of another version, is not used', async () => {
  server.add(full('damaged'), 'true');
  const proxy = await faultProxy({ target: server.url });
  closing.push(proxy.close);
  const harm: readonly ((text: string) => string)[] = [
    (text) => text.replace(Buffer.from('true').toString('base64'), Buffer.from('fake').toString('base64')),
    (text) => text.replace(/"dataCrc32c":"\d+"/, '"other":"1"'),
    (text) => text.replace('versions/1', 'versions/9'),
  ];
  for (const change of harm) {
    const alter = (answer: Altered): Altered => ({
      ...answer,
      body: Buffer.from(change(answer.body.toString())),
    });
    await proxy.set({ kind: 'alter', change: alter }, { when: ({ path }) => path.includes(':access') });
    await assert.rejects(openAt(proxy.url, systemClock, 400).read('damaged'), { code: 'sink_unavailable' });
  }
});

test('a service account key: requests are signed with the newest one, without a restart', async () => {
  const iam = await startIamStandIn();
  closing.push(iam.close);
  const [first, second] = [
    iam.makeServiceAccount('a@p.iam.gserviceaccount.com'),
    iam.makeServiceAccount('a@p.iam.gserviceaccount.com'),
  ];
  server.add(full('key'), first.keyFile);
  const secrets = openAt(server.url);
  const client = await serviceAccountKey(secrets, 'key');
  const signer = async (): Promise<string> => {
    const headers = await client.getRequestHeaders('https://bigquery.googleapis.com/bigquery/v2/projects');
    const [head = '', claims = '', signature = ''] = (headers.get('authorization') ?? '')
      .replace('Bearer ', '')
      .split('.');
    const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string };
    const { scope, iss } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, string>;
    assert.deepEqual(
      [scope, iss],
      ['https://www.googleapis.com/auth/cloud-platform', 'a@p.iam.gserviceaccount.com'],
    );
    const { keyFile } = [first, second].find(({ keyId }) => keyId === kid) as typeof first;
    const key = createPublicKey((JSON.parse(keyFile) as { private_key: string }).private_key);
    assert.ok(
      verify('RSA-SHA256', Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, 'base64url')),
    );
    return kid;
  };
  assert.equal(await signer(), first.keyId);
  server.add(full('key'), second.keyFile);
  await secrets.refresh();
  assert.equal(await signer(), second.keyId);
  server.add(full('key'), 'not a key');
  await secrets.refresh();
  await assert.rejects(signer(), /is not a service account's key: add the JSON file/);
});
