import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { recordGrpc, recordHttp } from '../../support/egress/recorders.ts';
import { SentLog } from '../../support/egress/sent.ts';
import { needs } from '../../support/emulators/requires.ts';
import { startFirestore } from '../../support/emulators/start.ts';

const secret = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJyb2JvdCJ9.c2lnbmF0dXJlLW9mLWFuLWFnZW50';
const stops: (() => Promise<void>)[] = [];
after(() => Promise.all(stops.map((stop) => stop())));

const hiding: readonly [string, (secret: string) => { path?: string; header?: string; body?: Buffer }][] = [
  ['as it is in a body', (it) => ({ body: Buffer.from(`{"note":"${it}"}`) })],
  ['in a header', (it) => ({ header: `Bearer ${it}` })],
  ['in a path', (it) => ({ path: `/x?token=${encodeURIComponent(it)}` })],
  ['in base64', (it) => ({ body: Buffer.from(Buffer.from(`ab${it}c`).toString('base64')) })],
  ['in base64 in a header', (it) => ({ header: `Basic ${Buffer.from(`user:${it}`).toString('base64')}` })],
  ['in hex', (it) => ({ body: Buffer.from(Buffer.from(it).toString('hex')) })],
  ['compressed', (it) => ({ body: gzipSync(`a${it}`) })],
  ['compressed in the middle', (it) => ({ body: Buffer.concat([Buffer.from('head'), gzipSync(it)]) })],
  ['a part of it', (it) => ({ body: Buffer.from(it.slice(20, 70)) })],
];
for (const [how, hide] of hiding) {
  test(`a credential that is sent ${how} is found`, () => {
    const log = new SentLog();
    const { path = '/', header = 'x', body = Buffer.alloc(0) } = hide(secret);
    log.add({ to: 'a', method: 'POST', path, headers: { authorization: header }, body });
    assert.equal(log.findings([secret]).length >= 1, true);
    assert.deepEqual(log.findings(['another secret that is nowhere in it']), []);
  });
}

test('a request is passed on over HTTP/1.1 and written down', async () => {
  const server = createServer((req, res) => {
    let size = 0;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
    });
    req.on('end', () => res.writeHead(201, { 'x-answer': 'yes' }).end(`${req.method} ${size}`));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  stops.push(async () => void server.close());
  const log = new SentLog();
  const recorder = await recordHttp('b', `http://127.0.0.1:${(server.address() as AddressInfo).port}`, log);
  stops.push(recorder.stop);
  const answer = await fetch(`http://${recorder.host}/a/b?c=d`, { method: 'PUT', body: 'x'.repeat(100_000) });
  assert.deepEqual(
    [answer.status, answer.headers.get('x-answer'), await answer.text()],
    [201, 'yes', 'PUT 100000'],
  );
  assert.deepEqual(
    log.requests.map(({ method, path, body }) => [method, path, body.length]),
    [['PUT', '/a/b?c=d', 100_000]],
  );
});

test('calls of a real gRPC client are passed on and written down', needs('firestore'), async () => {
  const emulator = await startFirestore();
  stops.push(() => emulator.stop());
  const log = new SentLog();
  const recorder = await recordGrpc('firestore', emulator.host, log);
  stops.push(recorder.stop);
  const { Firestore } = await import('@google-cloud/firestore');
  process.env.FIRESTORE_EMULATOR_HOST = recorder.host;
  process.env.METADATA_SERVER_DETECTION = 'none';
  const firestore = new Firestore({ projectId: `egress-${process.pid}` });
  await firestore.doc('a/b').create({ secret, n: 1 });
  assert.equal((await firestore.doc('a/b').get()).get('n'), 1);
  await assert.rejects(firestore.doc('a/b').create({ n: 2 }), { code: 6 });
  await firestore.terminate();
  assert.ok(log.requests.some(({ path }) => path === '/google.firestore.v1.Firestore/Commit'));
  assert.ok(log.findings([secret]).some((where) => where.includes('Commit: body')));
});
