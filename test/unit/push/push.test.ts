import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type PushOptions, pushHandler } from '../../../functions/http/push/push.ts';
import type { Message } from '../../../functions/ports/queue.ts';
import { type Ask, type Reply, serve } from './rig.ts';

const queryId = `sluice_${'0'.repeat(39)}1` as const;
const held: Message = { type: 'held', queryId };
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
const wrapped = (message: object): string =>
  JSON.stringify({
    message: { messageId: '1', publishTime: 'now', ...message },
    subscription: 's',
    deliveryAttempt: 2,
  });

type Seen = { readonly messages: Message[]; readonly reports: string[]; readonly tokens: string[] };

async function pushed(ask: Ask, change: Partial<PushOptions> = {}): Promise<Reply & Seen> {
  const seen: Seen = { messages: [], reports: [], tokens: [] };
  const server = await serve(
    pushHandler({
      async verify(token) {
        seen.tokens.push(token);
        return token === 'good' ? { ok: true, email: 'a@b' } : { ok: false, reason: 'the token has expired' };
      },
      async onMessage(message) {
        seen.messages.push(message);
        return 'handled';
      },
      report: (error) => seen.reports.push(String(error)),
      ...change,
    }),
  );
  try {
    return { ...(await server.ask(ask)), ...seen };
  } finally {
    await server.stop();
  }
}

test('a message is taken wrapped, with attributes known and unknown, or as it is', async () => {
  for (const body of [
    wrapped({ data: base64(held) }),
    wrapped({
      data: base64(held),
      attributes: { type: 'held', queryId, v: '1', googclient_x: 'y' },
      orderingKey: queryId,
    }),
    wrapped({ data: base64({ ...held, more: 1 }), attributes: {} }),
    JSON.stringify(held),
  ]) {
    const reply = await pushed({ body });
    assert.deepEqual([reply.status, reply.body, reply.messages, reply.reports], [204, '', [held], []], body);
  }
});

test('what is no message of ours is a 400 that is reported, and causes nothing', async () => {
  const bodies: readonly (string | Buffer)[] = [
    '',
    'x',
    '[]',
    'null',
    '"held"',
    '{}',
    '{"message":null}',
    '{"message":[]}',
    wrapped({}),
    wrapped({ data: 7 }),
    wrapped({ data: '' }),
    wrapped({ data: '!!!' }),
    wrapped({ data: base64([held]) }),
    wrapped({ data: base64(held), attributes: 'x' }),
    wrapped({ data: base64(held), attributes: { type: 'approved' } }),
    wrapped({ data: base64(held), attributes: { queryId: `sluice_${'f'.repeat(40)}` } }),
    wrapped({ data: base64(held), attributes: { v: '2' } }),
    wrapped({ data: base64({ type: 'run', queryId }) }),
    wrapped({ data: base64({ type: 'held' }) }),
    wrapped({ data: base64({ type: 'held', queryId: `${queryId}/../x` }) }),
    wrapped({ data: base64({ type: 'held', queryId: [queryId] }) }),
    wrapped({ data: base64({ type: ['held'], queryId }) }),
    wrapped({ data: Buffer.from('{"type":"held","queryId":"\xff"}', 'latin1').toString('base64') }),
    Buffer.from([0xff, 0xfe, 0x00]),
    '{"__proto__":{"message":{"data":"eA=="}}}',
  ];
  for (const body of bodies) {
    const reply = await pushed({ body });
    assert.equal(reply.status, 400, String(body));
    assert.deepEqual(reply.messages, []);
    assert.equal(reply.reports.length, 1);
    assert.match(reply.reports[0] ?? '', /was not understood/);
    assert.match(reply.body, /^\{"error":\{"code":400,/);
  }
});

test('the token comes first: without a good one no body is read and nothing else is told', async () => {
  const body = wrapped({ data: base64(held) });
  for (const headers of [
    {},
    { authorization: 'Bearer bad' },
    { authorization: 'Basic Zzp4' },
    { authorization: 'good' },
    { authorization: ['Bearer good', 'Bearer bad'] },
  ] as const) {
    for (const silent of [false, true]) {
      const reply = await pushed({ headers: headers as Record<string, string>, body, silent });
      assert.equal(reply.status, 401, JSON.stringify(headers));
      assert.deepEqual(reply.messages, []);
      assert.doesNotMatch(reply.body, /expired|bad/);
      assert.match(reply.reports.join(), /unauthenticated|refused/);
    }
  }
});

test('only POST', async () => {
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS']) {
    const reply = await pushed({ method });
    assert.deepEqual([reply.status, reply.headers.allow, reply.tokens], [405, 'POST', []]);
  }
});

test('a body is limited, however it is sent', async () => {
  const big = JSON.stringify({ ...held, pad: 'x'.repeat(64 * 1024) });
  const bomb = gzipSync(Buffer.alloc(50_000_000, 0x20));
  const gzip = { authorization: 'Bearer good', 'content-encoding': 'gzip' };
  for (const ask of [{ body: big }, { body: big, chunked: true }, { body: bomb, headers: gzip }]) {
    const reply = await pushed(ask);
    assert.deepEqual([reply.status, reply.messages], [413, []]);
  }
  const small = await pushed({ body: gzipSync(JSON.stringify(held)), headers: gzip });
  assert.deepEqual([small.status, small.messages], [204, [held]]);
});

test('a failure is a 503 that says nothing of it, and comes again', async () => {
  const failing = { onMessage: async () => Promise.reject(new Error('secret detail')) };
  const reply = await pushed({ body: JSON.stringify(held) }, failing);
  assert.equal(reply.status, 503);
  assert.doesNotMatch(reply.body, /secret/);
  assert.match(reply.reports.join(), /secret detail/);
  const unverifiable = { verify: async () => Promise.reject(new Error('no keys')) };
  assert.equal((await pushed({ body: JSON.stringify(held) }, unverifiable)).status, 503);
});

test('work that takes too long is told to stop, and the message comes again', async () => {
  let stopped: unknown;
  const reply = await pushed(
    { body: JSON.stringify(held) },
    {
      deadlineMs: 30,
      onMessage: (_message, signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            stopped = signal.reason;
            resolve('handled');
          });
        }),
    },
  );
  assert.equal(reply.status, 503);
  assert.match(String(stopped), /30 ms/);
});

test('the answer follows the work, and a query that nobody knows is done with', async () => {
  let done = false;
  const reply = await pushed(
    { body: JSON.stringify(held) },
    {
      async onMessage() {
        await new Promise((resolve) => setTimeout(resolve, 50));
        done = true;
        return 'unknown';
      },
    },
  );
  assert.deepEqual([reply.status, done], [204, true]);
});
