import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Agent, request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { root } from '../../../functions/config/embedded.ts';
import { type FunctionProcess, startFunction } from '../../support/framework-process.ts';

const source = join(root, 'test/support/hosted-function.ts');
const queries = '/bigquery/v2/projects/local/queries';
const start = (env: Readonly<Record<string, string>> = {}): Promise<FunctionProcess> =>
  startFunction({ target: 'api', source, env });

type Answer = { readonly status: number; readonly headers: Record<string, unknown>; readonly text: string };

/** A request whose body is written as it says, in pieces, until the server answers. */
function send(
  url: string,
  path: string,
  options: {
    readonly headers?: Record<string, string>;
    readonly body?: Iterable<Uint8Array>;
    readonly agent?: Agent;
  } = {},
): Promise<Answer & { readonly sentBytes: number }> {
  const { headers = {}, body, agent = new Agent() } = options;
  return new Promise((resolve, reject) => {
    let [sentBytes, answered] = [0, false];
    const req = httpRequest(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      agent,
      headers: { authorization: 'Bearer token-ada', 'content-type': 'application/json', ...headers },
    });
    req.on('error', (error) => (answered ? undefined : reject(error)));
    req.on('response', (res) => {
      answered = true;
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', () => {});
      res.on('close', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: res.statusCode ?? 0, headers: res.headers, text, sentBytes });
      });
    });
    const write = async (): Promise<void> => {
      for (const chunk of body ?? []) {
        if (answered || req.destroyed) break;
        sentBytes += chunk.length;
        if (!req.write(chunk)) await new Promise((done) => setTimeout(done, 2));
      }
      req.end();
    };
    void write();
  });
}

function* blanks(bytes: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes; at += 64 * 1024) yield Buffer.alloc(64 * 1024, ' ');
}
/** What a process takes at this moment, as the system counts it. */
const residentMb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;
const peakMb = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

describe('a function under the functions framework', () => {
  let fn: FunctionProcess;
  before(async () => {
    fn = await start({ NODE_ENV: 'development', SLUICE_DEADLINE_SECONDS: '6' });
  });
  after(() => fn.end('SIGKILL'));

  test('answers, says nothing on its own, and tells that it is up and ready', async () => {
    const answer = await send(fn.url, queries, {
      body: [Buffer.from('{"query":"SELECT 1 AS n","useLegacySql":false}')],
    });
    assert.equal(answer.status, 200, answer.text);
    assert.match(answer.text, /"jobComplete":true/);
    assert.deepEqual(JSON.parse((await send(fn.url, '/healthz')).text), { status: 'ok' });
    assert.deepEqual(JSON.parse((await send(fn.url, '/readyz')).text), {
      status: 'ok',
      checks: { sink: 'ok' },
    });
    assert.equal(fn.output(), '', 'no banner');
  });

  test('11 MB are refused before they are read: with a length, in chunks, and as a gzip bomb; memory stays flat', async () => {
    const beforeMb = residentMb(fn.pid);
    const elevenMb = 11 * 1024 * 1024;
    const bomb = gzipSync(Buffer.alloc(512 * 1024 * 1024, ' '));
    for (let round = 0; round < 4; round++) {
      const [sized, chunked, inflated] = await Promise.all([
        send(fn.url, queries, { headers: { 'content-length': String(elevenMb) }, body: blanks(elevenMb) }),
        send(fn.url, queries, { body: blanks(64 * 1024 * 1024) }),
        send(fn.url, queries, { headers: { 'content-encoding': 'gzip' }, body: [bomb] }),
      ]);
      for (const answer of [sized, chunked, inflated]) {
        assert.equal(answer.status, 413, answer.text);
        assert.match(answer.text, /over 10485760 bytes/);
      }
      assert.ok(sized.sentBytes < elevenMb, `${sized.sentBytes} bytes were taken of a body that is too long`);
      assert.ok(chunked.sentBytes < 32 * 1024 * 1024, `${chunked.sentBytes} bytes were taken in chunks`);
    }
    const grownMb = peakMb(fn.pid) - beforeMb;
    assert.ok(grownMb < 120, `the process grew by ${grownMb} MB at its peak`);
  });

  test('what goes wrong tells nothing: no message, no stack, no name of the framework', async () => {
    const failing = [
      await send(fn.url, '/throw'),
      await send(fn.url, queries, { body: [Buffer.from('{"query": not json')] }),
      await send(fn.url, '/%ff/%00'),
      await send(fn.url, '/bigquery/v2/../../etc/passwd'),
      await send(fn.url, '/robots.txt'),
      await send(fn.url, queries, {
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: [Buffer.from('a[b]=%')],
      }),
      await send(fn.url, queries, { headers: { 'content-encoding': 'br' }, body: [Buffer.from('x')] }),
    ];
    for (const { status, text, headers } of failing) {
      assert.ok(status >= 400, text);
      assert.doesNotMatch(text, /secret-in-a-message|node_modules|at .*:\d+:\d+|Error:|express|body-parser/i);
      assert.ok(!('x-powered-by' in headers) && !('x-google-status' in headers), JSON.stringify(headers));
      assert.equal((JSON.parse(text) as { error: { code: number } }).error.code, status);
    }
    assert.equal(failing[0]?.status, 500);
    await assert.rejects(send(fn.url, '/throw-late').then(({ text }) => assert.equal(text, 'whole')));
  });

  test('what is no HTTP, or never ends its headers, gets an error and loses the connection', async () => {
    const raw = (text: string): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect(Number(new URL(fn.url).port), '127.0.0.1', () => socket.write(text));
        let got = '';
        socket.on('data', (chunk) => (got += chunk.toString()));
        socket.on('close', () => resolve(got));
        socket.on('error', reject);
      });
    assert.match(await raw('GARBAGE\r\n\r\n'), /^HTTP\/1\.1 400 [\s\S]*"reason":"invalid"/);
    const manyHeaders = `GET / HTTP/1.1\r\nHost: x\r\nx-filler: ${'y'.repeat(40_000)}\r\n\r\n`;
    assert.match(await raw(manyHeaders), /^HTTP\/1\.1 431 /);
    const within32K = await send(fn.url, '/healthz', { headers: { 'x-filler': 'y'.repeat(20_000) } });
    assert.equal(within32K.status, 200, 'a token of 16 KB and its cookies fit');
  });

  test('at the deadline waiting ends and is answered', async () => {
    const startMs = Date.now();
    const answer = await send(fn.url, '/wait');
    assert.equal(answer.text, 'answered early');
    assert.ok(Date.now() - startMs > 5_000 && Date.now() - startMs < 9_000, `${Date.now() - startMs} ms`);
  });
});

describe('a process of its own each', { concurrency: 3 }, () => {
  test('beyond the requests that it takes at once an instance answers 429 with Retry-After', async () => {
    const fn = await start({ SLUICE_MAX_REQUESTS: '3' });
    try {
      const answers = await Promise.all(Array.from({ length: 8 }, () => send(fn.url, '/work')));
      const refused = answers.filter(({ status }) => status === 429);
      assert.equal(answers.filter(({ text }) => text === 'finished').length, 3);
      assert.equal(refused.length, 5);
      for (const { headers, text } of refused) {
        assert.equal(headers['retry-after'], '1');
        assert.match(text, /"reason":"rateLimitExceeded"/);
      }
      assert.equal((await send(fn.url, '/healthz')).status, 200, 'probes are answered whatever the load');
    } finally {
      await fn.end('SIGKILL');
    }
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`${signal}: what is under way finishes, what waits answers, what is new is refused, buffers are flushed, and it ends with 0`, async () => {
      const fn = await start();
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      await send(fn.url, '/healthz', { agent });
      const working = send(fn.url, '/work');
      const waiting = send(fn.url, '/wait');
      await new Promise((done) => setTimeout(done, 150));
      const startMs = Date.now();
      const ended = fn.end(signal);
      const waited = await waiting;
      assert.equal(waited.text, 'answered early');
      assert.ok(Date.now() - startMs < 1000);
      const late = await send(fn.url, queries, { agent, body: [Buffer.from('{}')] }).catch(() => undefined);
      assert.ok(
        late === undefined || (late.status === 503 && late.headers.connection === 'close'),
        late?.text,
      );
      const worked = await working;
      assert.deepEqual([worked.status, worked.text, worked.headers.connection], [200, 'finished', 'close']);
      assert.equal(await ended, 0);
      assert.ok(Date.now() - startMs < 8_000, 'within what Cloud Run gives');
      assert.equal(fn.output(), 'closed\n');
    });
  }

  test('a promise left behind is told and harms nobody; an uncaught exception ends with 1, after what is under way', async () => {
    const fn = await start();
    assert.equal((await send(fn.url, '/reject')).text, 'answered');
    assert.equal((await send(fn.url, '/healthz')).status, 200);
    assert.match(fn.output(), /left behind/);
    const working = send(fn.url, '/work');
    await new Promise((done) => setTimeout(done, 100));
    void send(fn.url, '/crash').catch(() => {});
    assert.equal((await working).text, 'finished');
    assert.equal(await fn.ended, 1);
  });

  test('it listens on the one address that it was told, also under the framework', async () => {
    const fn = await start();
    const elsewhere = fn.url.replace('127.0.0.1', '127.0.0.2');
    await assert.rejects(send(elsewhere, '/healthz'), { code: 'ECONNREFUSED' });
    assert.equal((await send(fn.url, '/healthz')).status, 200);
    await fn.end('SIGTERM');
  });
});
