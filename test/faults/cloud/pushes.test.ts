import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { needs } from '../../support/emulators/requires.ts';
import { listening, until } from '../../support/stand-ins/serve.ts';
import { type Instance, openInstance, serviceAccount, serviceAudience } from './instance.ts';
import { brokenPromises } from './promises.ts';
import { openSite, type Site } from './site.ts';
import { costly, Story } from './story.ts';
import { openWorld, type World } from './world.ts';

process.env.METADATA_SERVER_DETECTION = 'none';

/** What the platform does with a push of the emulator's; gives the status that the emulator is told. */
type Delivery = (body: Buffer, deliver: (body: Buffer, token: string) => Promise<number>) => Promise<number>;

type Scene = {
  readonly world: World;
  readonly story: Story;
  readonly back: Instance;
  /** Statuses of the function's answers. */
  readonly statuses: readonly number[];
  deliver(body: Buffer, token: string): Promise<number>;
};

describe('pushes of the Pub/Sub emulator', {
  concurrency: 4,
  ...needs('java', 'firestore', 'pubsub'),
}, () => {
  let site: Site;
  before(async () => {
    site = await openSite();
  });
  after(() => site?.stop());
  const genuine = (): Promise<string> => site.google.token(serviceAudience, serviceAccount);

  async function scene(delivery: Delivery, act: (scene: Scene) => Promise<void>): Promise<void> {
    const world = await openWorld(site);
    const back = await openInstance(world, ['resume', 'sweep']);
    const front = await openInstance(world, ['api', 'approvals']);
    const statuses: number[] = [];
    const deliver = async (body: Buffer, token: string): Promise<number> => {
      const headers = {
        'content-type': 'application/json',
        ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
      };
      const { status } = await fetch(back.urls.resume, {
        method: 'POST',
        headers,
        body: new Uint8Array(body),
      });
      statuses.push(status);
      return status;
    };
    const platform = createServer(async (req, res) => {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk as Buffer);
      const status = await delivery(Buffer.concat(chunks), deliver).catch(() => 502);
      res.writeHead(status).end();
    });
    await world.makeTopic(`http://127.0.0.1:${await listening(platform)}/`);
    const story = await Story.begin(world, { front, back, sweepUrl: back.urls.sweep });
    try {
      await act({ world, story, back, statuses, deliver });
      assert.equal(await story.end(), undefined);
      const told = [...front.told, ...back.told];
      const evidence = { world, exchanges: story.exchanges, told, explained: [] };
      assert.deepEqual(await brokenPromises(evidence), []);
    } finally {
      platform.closeAllConnections();
      platform.close();
      for (const part of [front, back, world]) await part.close();
    }
  }

  const held = async ({ story }: Scene): Promise<void> => {
    await story.insert('job-b', costly);
    await story.approve('job-b', costly);
  };
  const ran = ({ world }: Scene): number => world.warehouse.ran.length;

  test('duplicated, three at a time: one execution', () =>
    scene(
      async (body, deliver) => {
        const token = await genuine();
        const all = await Promise.all([1, 2, 3].map(() => deliver(body, token)));
        return Math.max(...all);
      },
      async (at) => {
        await held(at);
        await until(() => ran(at) > 0);
        await at.story.rowsOf('job-b', costly);
        assert.equal(ran(at), 1);
        assert.ok(at.statuses.length >= 6 && at.statuses.every((status) => [204, 503].includes(status)));
      },
    ));

  test('kept back, then in the opposite order and again long after the end: one execution', () => {
    const kept: Buffer[] = [];
    return scene(
      async (body) => {
        kept.push(body);
        return 204;
      },
      async (at) => {
        await held(at);
        await until(() => kept.length >= 2);
        assert.equal(ran(at), 0);
        const token = await genuine();
        for (const body of kept.toReversed()) assert.equal(await at.deliver(body, token), 204);
        await until(() => ran(at) === 1);
        await at.story.rowsOf('job-b', costly);
        for (const body of [...kept, ...kept]) assert.equal(await at.deliver(body, token), 204);
        assert.equal(ran(at), 1);
      },
    );
  });

  test('forged, misdirected, expired and without a token: refused each time, until a genuine one comes', () => {
    const forgeries: (() => Promise<string>)[] = [
      async () => '',
      async () => 'abc',
      () => site.google.token(serviceAudience, serviceAccount, { forged: true }),
      () => site.google.token('https://elsewhere.example', serviceAccount),
      () => site.google.token(serviceAudience, 'somebody@faults.iam.gserviceaccount.com'),
      () => site.google.token(serviceAudience, serviceAccount, { claims: { email_verified: false } }),
      () => site.google.token(serviceAudience, serviceAccount, { issuedMs: Date.now() - 7_200_000 }),
      () => site.google.token(serviceAudience, serviceAccount, { claims: { iss: 'https://evil.example' } }),
    ];
    const kept: Buffer[] = [];
    return scene(
      async (body) => {
        kept.push(body);
        return 204;
      },
      async (at) => {
        await held(at);
        await until(() => kept.length >= 2);
        for (const forge of forgeries)
          for (const body of kept) assert.equal(await at.deliver(body, await forge()), 401);
        await pause(100);
        assert.equal(ran(at), 0);
        for (const body of kept) await at.deliver(body, await genuine());
        await until(() => ran(at) === 1);
        await at.story.rowsOf('job-b', costly);
      },
    );
  });

  test('refused by the platform a few times: delivered again until it is taken', () => {
    const tries = new Map<string, number>();
    return scene(
      async (body, deliver) => {
        const { message } = JSON.parse(body.toString()) as { message: { messageId: string } };
        const nth = (tries.get(message.messageId) ?? 0) + 1;
        tries.set(message.messageId, nth);
        return nth <= 2 ? 500 : deliver(body, await genuine());
      },
      async (at) => {
        await held(at);
        await until(() => ran(at) === 1, 20_000);
        await at.story.rowsOf('job-b', costly);
        assert.equal(ran(at), 1);
        assert.ok(
          [...tries.values()].every((times) => times <= 4),
          JSON.stringify([...tries]),
        );
      },
    );
  });
});
