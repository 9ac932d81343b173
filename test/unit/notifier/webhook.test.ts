import assert from 'node:assert/strict';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { webhookNotifier } from '../../../functions/adapters/notifier/webhook.ts';

const stops: (() => void)[] = [];
after(() => {
  for (const stop of stops) stop();
});

async function serving(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?key=k3y`;
}

const note = {
  queryId: 'sluice_1',
  link: 'https://sluice.example/approvals/sluice_1?t=x',
  requester: 'robot',
  expiresMs: Date.UTC(2026, 0, 2, 3, 4),
} as const;

test('a held query is posted in the form that Chat and Slack show', async () => {
  const bodies: string[] = [];
  const url = await serving(async (req, res) => {
    let body = '';
    for await (const chunk of req) body += String(chunk);
    bodies.push(`${req.method} ${req.url} ${req.headers['content-type']} ${body}`);
    res.end('{}');
  });
  await webhookNotifier(url).held(note);
  const body = JSON.stringify({
    text: `robot waits for a decision until 2026-01-02 03:04 UTC: ${note.link}`,
    queryId: note.queryId,
    link: note.link,
    requester: note.requester,
    expires: '2026-01-02T03:04:00.000Z',
  });
  assert.deepEqual(bodies, [`POST /hook?key=k3y application/json; charset=UTF-8 ${body}`]);
});

test('a webhook that refuses, redirects or is not there is a failure that does not tell its address', async () => {
  const refusing = await serving((_req, res) => res.writeHead(500).end('broken'));
  const elsewhere = await serving((_req, res) => res.writeHead(302, { location: refusing }).end());
  for (const [url, why] of [
    [refusing, /the webhook answers 500$/],
    [elsewhere, /the webhook answers 302$/],
    ['http://127.0.0.1:9/hook?key=k3y', /the webhook does not answer$/],
  ] as const) {
    await assert.rejects(webhookNotifier(url).held(note), (error: Error) => {
      assert.match(error.message, why);
      assert.doesNotMatch(error.message, /k3y|127/);
      return true;
    });
  }
});
