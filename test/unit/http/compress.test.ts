import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { isWorthCompressing, sendCompressed, watchPlain } from '../../../functions/http/compress.ts';
import { sendJson } from '../../../functions/http/reply.ts';

/** About three megabytes that compress as rows do. */
const page = Buffer.from(
  JSON.stringify(
    Array.from({ length: 60_000 }, (_, id) => ({ f: [{ v: String(id) }, { v: `name ${id % 977}` }] })),
  ),
);
const parts = [page.subarray(0, 10), page.subarray(10, 2_000_000), page.subarray(2_000_000)];

const server = createServer((req, res) => {
  const bytes = req.url === '/small' ? Buffer.alloc(100, 'a') : parts;
  void sendJson(req, res, { httpStatus: 200, bytes, requestId: 'r_1' });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
after(() => {
  agent.destroy();
  server.closeAllConnections();
  server.close();
});

type Got = { readonly encoding: string | undefined; readonly bytes: Buffer };

/** Reads an answer, stopping for `pauseMs` after every chunk. */
async function get(path: string, pauseMs: number, accept = 'gzip', by: Agent = agent): Promise<Got> {
  const { port } = server.address() as AddressInfo;
  const req = request({ agent: by, port, host: '127.0.0.1', path, headers: { 'accept-encoding': accept } });
  req.end();
  const [res] = (await once(req, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of res) {
    chunks.push(chunk as Buffer);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  const bytes = Buffer.concat(chunks);
  const encoding = res.headers['content-encoding'];
  if (encoding === undefined) assert.equal(res.headers['content-length'], String(bytes.length));
  return { encoding, bytes: encoding === 'gzip' ? gunzipSync(bytes) : bytes };
}

test('the first large answer is compressed; where it went fast, the next ones are not, byte for byte the same', async () => {
  const first = await get('/', 0);
  assert.equal(first.encoding, 'gzip');
  assert.ok(first.bytes.equals(page));
  const second = await get('/', 0);
  assert.equal(second.encoding, undefined);
  assert.ok(second.bytes.equals(page));
  assert.equal((await get('/small', 0)).encoding, undefined);
});

test('a client that does not take gzip never gets it', async () => {
  const own = new Agent({ keepAlive: true });
  for (const accept of ['identity', 'gzip;q=0', 'br']) {
    const got = await get('/', 0, accept, own);
    assert.equal(got.encoding, undefined);
    assert.ok(got.bytes.equals(page));
  }
  own.destroy();
});

test('a client that goes away in the middle leaves the server well', async () => {
  const { port } = server.address() as AddressInfo;
  for (let n = 0; n < 3; n++) {
    const req = request({ port, host: '127.0.0.1', headers: { 'accept-encoding': 'gzip' }, agent: false });
    req.end();
    const [res] = (await once(req, 'response')) as [IncomingMessage];
    res.once('data', () => res.destroy());
    await once(res, 'close').catch(() => {});
  }
  assert.ok((await get('/', 0, 'gzip', new Agent())).bytes.equals(page));
});

test('where a large plain answer took long, the next one is compressed again', async () => {
  const socket = {};
  const res = Object.assign(new EventEmitter(), { socket }) as unknown as ServerResponse;
  const large = 2_000_000;
  const written = Object.assign(new EventEmitter(), {
    socket,
    destroyed: false,
    write: () => true,
    end: () => {},
  }) as unknown as ServerResponse;
  assert.equal(isWorthCompressing(res, large), true);
  await sendCompressed(written, parts);
  assert.equal(isWorthCompressing(res, large), false);
  assert.equal(isWorthCompressing(res, 100_000), true);
  watchPlain(res, large);
  res.emit('finish');
  assert.equal(isWorthCompressing(res, large), false);
  watchPlain(res, large);
  await new Promise((resolve) => setTimeout(resolve, 250));
  res.emit('finish');
  assert.equal(isWorthCompressing(res, large), true);
});
