import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { SluiceError } from '../../../functions/core/errors.ts';
import { createServer, drain } from '../../../functions/http/server.ts';
import { memoryAuditStore } from '../../support/memory-audit-store.ts';
import { openTestGateway, type TestGateway } from '../../support/test-gateway.ts';
import { answers, ask, base, tables } from './shop.ts';

const opened: TestGateway[] = [];
after(async () => {
  for (const gateway of opened) await gateway.close();
});
async function open(change: Parameters<typeof openTestGateway>[2]): Promise<TestGateway> {
  const gateway = await openTestGateway(tables, answers, change);
  opened.push(gateway);
  return gateway;
}

test('without the log nothing is answered: 503, no rows', async () => {
  const audit = memoryAuditStore();
  audit.create = async () => {
    throw new SluiceError('sink_unavailable', 'disk is on fire at /secret/path');
  };
  const gateway = await open({ audit });
  for (const call of [ask("SELECT 'x' AS word"), {}]) {
    const path = 'body' in call ? `${base}/queries` : `${base}/datasets`;
    const { status, json, bytes, headers } = await gateway.call(path, call);
    assert.equal(status, 503);
    assert.equal(json.error.errors[0].reason, 'backendError');
    assert.ok(!bytes.includes('/secret/path') && !bytes.includes('shop'));
    assert.equal(headers['x-sluice-request-id'], 'unrecorded');
    assert.equal(headers['retry-after'], '1');
  }
});

test('a fault shows no detail, only a request id that is in the log', async () => {
  const identity = {
    verify: async (): Promise<never> => {
      throw new TypeError('cannot read ssn 900-12-0001 of undefined');
    },
  };
  const gateway = await open({ identity });
  const { status, json, headers } = await gateway.call(`${base}/datasets`);
  assert.equal(status, 500);
  assert.equal(json.error.errors[0].reason, 'internalError');
  assert.doesNotMatch(json.error.message, /900-12|undefined|TypeError/);
  const id = String(headers['x-sluice-request-id']);
  const log = opened.at(-1)?.audit.objects.keys() ?? [];
  assert.ok([...log].some((name) => name.includes(id)));
});

test('a stopping server lets waiting requests answer at once', async () => {
  const gateway = await openTestGateway(tables, answers);
  const waiting = gateway.call(`${base}/queries`, ask("SELECT 'endless' AS word", { timeoutMs: 60_000 }));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const startMs = Date.now();
  const closing = gateway.close();
  const { json } = await waiting;
  assert.equal(json.jobComplete, false);
  await closing;
  assert.ok(Date.now() - startMs < 3000);
});

const listen = async (server: ReturnType<typeof createServer>): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** Sends bytes as they are, returns what comes back until the server closes. */
const speak = (port: number, text: string): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
    });
    socket.on('error', () => resolve(heard));
    socket.on('close', () => resolve(heard));
  });

test('malformed HTTP is 400 in the usual shape and the connection ends', async () => {
  const server = createServer(async (_req, res) => {
    res.end('fine');
  });
  const port = await listen(server);
  const requests = [
    'GET / HTTP/1.1\r\nHost : x\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n',
    'nonsense\r\n\r\n',
  ];
  for (const request of requests) {
    const heard = await speak(port, request);
    assert.match(heard, /^HTTP\/1\.1 400 /, JSON.stringify(request));
    assert.match(heard, /"errors":\[/);
  }
  assert.match(
    await speak(port, `GET / HTTP/1.1\r\nHost: x\r\nA: ${'b'.repeat(40_000)}\r\n\r\n`),
    /^HTTP\/1\.1 431 /,
  );
  await drain(server, 100);
});

test('a slow request ends after its time and holds nobody else up', async () => {
  const server = createServer(
    async (_req, res) => {
      res.end('fine');
    },
    { headersTimeoutMs: 300, requestTimeoutMs: 300 },
  );
  const port = await listen(server);
  const startMs = Date.now();
  const heard = await speak(port, 'GET / HTTP/1.1\r\nHost:');
  assert.match(heard, /^HTTP\/1\.1 408 /);
  assert.ok(Date.now() - startMs < 6000);
  await drain(server, 100);
});

test('a handler that throws still answers, without detail', async () => {
  const told: unknown[] = [];
  const server = createServer(
    async () => {
      throw new Error('secret');
    },
    { onError: (error) => told.push(error) },
  );
  const port = await listen(server);
  const heard = await speak(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  assert.match(heard, /^HTTP\/1\.1 500 /);
  assert.doesNotMatch(heard, /secret/);
  assert.equal(told.length, 1);
  await drain(server, 100);
});
