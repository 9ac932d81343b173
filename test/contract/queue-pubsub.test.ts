import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { googleServiceIdentity } from '../../functions/adapters/identity/google-service.ts';
import { openPubsubQueue } from '../../functions/adapters/queue/pubsub/open.ts';
import { pushHandler } from '../../functions/http/push/push.ts';
import { createServer } from '../../functions/http/server.ts';
import type { Message, MessageHandler } from '../../functions/ports/queue.ts';
import { startCutProxy } from '../support/cut-proxy.ts';
import { needs } from '../support/emulators/requires.ts';
import { type Emulator, startPubsub } from '../support/emulators/start.ts';
import { type GoogleIssuer, startGoogleIssuer } from '../support/google-issuer.ts';
import { startPushRelay } from '../support/push-relay.ts';
import { queueContract, until } from './queue.ts';

process.env.METADATA_SERVER_DETECTION = 'none';

const audience = 'https://resume.example';
const account = 'push@example.iam.gserviceaccount.com';
const id = (n: number): `sluice_${string}` => `sluice_${String(n).padStart(40, '0')}`;
const newProject = (): string => `p${randomBytes(6).toString('hex')}`;

describe('on the Pub/Sub emulator', needs('pubsub'), () => {
  let emulator: Emulator;
  let issuer: GoogleIssuer;
  before(async () => {
    [emulator, issuer] = await Promise.all([startPubsub(), startGoogleIssuer()]);
  });
  after(() => Promise.all([emulator?.stop(), issuer?.stop()]));

  queueContract('pubsub', async (handler) => {
    const project = newProject();
    const pushed = await subscribe(emulator, issuer, project, handler);
    return { queue: openPubsubQueue({ project, topic: 'queries', host: emulator.host }), stop: pushed.stop };
  });

  test('messages of one query arrive in the order of their publication', async () => {
    const project = newProject();
    const seen: Message[] = [];
    const pushed = await subscribe(emulator, issuer, project, async (message) => void seen.push(message));
    const queue = openPubsubQueue({ project, topic: 'queries', host: emulator.host });
    for (const n of [1, 2, 3]) {
      for (const type of ['held', 'approved', 'ended'] as const)
        await queue.publish({ type, queryId: id(n) });
    }
    await until(() => seen.length >= 9);
    for (const n of [1, 2, 3]) {
      const types = seen.filter((message) => message.queryId === id(n)).map((message) => message.type);
      assert.deepEqual([...new Set(types)], ['held', 'approved', 'ended']);
    }
    assert.ok(pushed.statuses.every((status) => status === 204));
    await queue.close();
    await pushed.stop();
  });

  test('after a failure the messages of the same query go through again', async () => {
    const project = newProject();
    const seen: Message[] = [];
    const pushed = await subscribe(emulator, issuer, project, async (message) => void seen.push(message));
    const proxy = await startCutProxy(emulator.host);
    const queue = openPubsubQueue({ project, topic: 'queries', host: proxy.host, deadlineMs: 1000 });
    await queue.publish({ type: 'held', queryId: id(1) });
    for (const mode of ['refuse', 'hang'] as const) {
      proxy.set(mode);
      const startMs = performance.now();
      const both = [1, 2].map(() => queue.publish({ type: 'approved', queryId: id(1) }));
      for (const result of await Promise.allSettled(both)) {
        assert.equal(result.status, 'rejected');
        assert.equal(result.reason.code, 'state_unavailable');
        assert.match(result.reason.message, /queries of p\w+: no answer within 1000 ms; check the network/);
      }
      assert.ok(performance.now() - startMs < 2500, `${mode}: ${performance.now() - startMs} ms`);
      proxy.set('refuse');
      proxy.set('pass');
      await retried(() => queue.publish({ type: 'ended', queryId: id(1) }));
      await until(() => seen.some(({ type }) => type === 'ended'));
      seen.length = 0;
    }
    await queue.close();
    await proxy.stop();
    await pushed.stop();
  });

  test('a topic that is not there is an error that says so, at once', async () => {
    const queue = openPubsubQueue({ project: newProject(), topic: 'nowhere', host: emulator.host });
    const startMs = performance.now();
    await assert.rejects(queue.publish({ type: 'held', queryId: id(1) }), {
      code: 'state_unavailable',
      message: /nowhere of p\w+: there is no such topic/,
    });
    assert.ok(performance.now() - startMs < 2000);
    await queue.close();
  });

  test('what is no message of ours is refused each time and stops nothing', async () => {
    const project = newProject();
    const seen: Message[] = [];
    const pushed = await subscribe(emulator, issuer, project, async (message) => void seen.push(message));
    const client = await rawClient(emulator, project);
    await client.topic('queries').publishMessage({ data: Buffer.from('{"type":"held"}') });
    await client.topic('queries').publishMessage({ attributes: { hello: 'world' } });
    const queue = openPubsubQueue({ project, topic: 'queries', host: emulator.host });
    await queue.publish({ type: 'held', queryId: id(5) });
    await until(() => seen.length === 1 && pushed.statuses.filter((status) => status === 400).length >= 2);
    await Promise.all([queue.close(), client.close()]);
    await pushed.stop();
  });
});

test('an emulator that restarts is found again, with its topics made anew', needs('pubsub'), async () => {
  const [emulator, issuer] = await Promise.all([startPubsub({ own: true }), startGoogleIssuer()]);
  const project = newProject();
  const seen: Message[] = [];
  const handler: MessageHandler = async (message) => void seen.push(message);
  const before = await subscribe(emulator, issuer, project, handler);
  const queue = openPubsubQueue({ project, topic: 'queries', host: emulator.host, deadlineMs: 1500 });
  await queue.publish({ type: 'held', queryId: id(1) });
  await until(() => seen.length === 1);
  await emulator.kill();
  await assert.rejects(queue.publish({ type: 'approved', queryId: id(1) }), { code: 'state_unavailable' });
  await emulator.restart();
  const again = await subscribe(emulator, issuer, project, handler);
  await retried(() => queue.publish({ type: 'approved', queryId: id(1) }));
  await until(() => seen.some(({ type }) => type === 'approved'));
  await queue.close();
  await Promise.all([before.stop(), again.stop(), issuer.stop()]);
  await emulator.stop();
});

test('without a credential a publication is an error that says so, and the process lives', async () => {
  const names = ['GOOGLE_APPLICATION_CREDENTIALS', 'CLOUDSDK_CONFIG', 'PUBSUB_EMULATOR_HOST'] as const;
  const kept = names.map((name) => process.env[name]);
  for (const name of names) delete process.env[name];
  process.env.CLOUDSDK_CONFIG = mkdtempSync(join(tmpdir(), 'sluice-no-gcloud-'));
  const queue = openPubsubQueue({ project: 'nowhere', topic: 'queries', deadlineMs: 2000 });
  await assert.rejects(queue.publish({ type: 'held', queryId: id(1) }), {
    code: 'state_unavailable',
    message: /no valid credential; run as a service account/,
  });
  await queue.close();
  for (const [n, name] of names.entries()) {
    if (kept[n] === undefined) delete process.env[name];
    else process.env[name] = kept[n];
  }
});

async function rawClient(emulator: Emulator, project: string) {
  const { PubSub } = await import('@google-cloud/pubsub');
  return new PubSub({ projectId: project, apiEndpoint: emulator.host, emulatorMode: true });
}

/** A topic, a push subscription with ordering, and our handler behind it, which checks Google's tokens as in production. */
async function subscribe(
  emulator: Emulator,
  issuer: GoogleIssuer,
  project: string,
  handler: MessageHandler,
): Promise<{ statuses: readonly number[]; stop(): Promise<void> }> {
  const options = { audience, emails: [account], jwksUrl: issuer.jwksUrl };
  const server = createServer(
    pushHandler({
      verify: googleServiceIdentity(options, { nowMs: Date.now }).verify,
      async onMessage(message) {
        await handler(message);
        return 'handled';
      },
      report: () => {},
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = (server.address() as AddressInfo).port;
  const relay = await startPushRelay({
    target: () => `http://127.0.0.1:${port}/`,
    token: () => issuer.token(audience, account),
  });
  const client = await rawClient(emulator, project);
  const [topic] = await retried(() => client.createTopic('queries'));
  await topic.createSubscription('resume', {
    pushConfig: { pushEndpoint: relay.url },
    enableMessageOrdering: true,
    ackDeadlineSeconds: 10,
    retryPolicy: { minimumBackoff: { nanos: 100_000_000 }, maximumBackoff: { seconds: 1 } },
  });
  return {
    statuses: relay.statuses,
    async stop() {
      await client.close();
      await relay.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Channels that saw an outage need a moment to notice its end. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  const endMs = performance.now() + 10_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
