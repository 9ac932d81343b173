import {
  type ClientHttp2Session,
  connect,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault } from '../../support/stand-ins/faults.ts';
import { listening } from '../../support/stand-ins/serve.ts';
import { awayMs, type Gate, type Trouble } from './gate.ts';

/** One call's whole answer: none of the calls of these adapters is a conversation. */
type Answer = {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders;
};

/**
 * A gate for gRPC without TLS, call by call: it speaks HTTP/2 on both sides, so that the n-th call on a connection that is
 * kept can be hit, and so that a proxy on the way can answer instead.
 */
export async function grpcGate(target: string): Promise<Gate> {
  const sockets = new Set<Socket>();
  const asked: string[] = [];
  const upstream = upstreamOf(target);
  let trouble: Trouble | undefined;
  let struckMs: number | undefined;

  const answering = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void => {
    asked.push(String(headers[':path']));
    const fault = strikes();
    stream.on('error', () => {});
    answer(stream, headers, fault, upstream, reset).catch(() => stream.destroy());
  };
  const made = (): ReturnType<typeof createServer> =>
    createServer()
      .on('stream', answering)
      .on('sessionError', () => {})
      .on('connection', (socket: Socket) => {
        sockets.add(socket);
        socket.on('error', () => {}).on('close', () => sockets.delete(socket));
      });
  let server: ReturnType<typeof createServer> | undefined = made();
  const port = await listening(server);

  function reset(): void {
    for (const socket of sockets) socket.resetAndDestroy();
  }
  function away(): void {
    server?.close();
    server = undefined;
    reset();
  }
  async function back(): Promise<void> {
    if (server !== undefined) return;
    server = made();
    await listening(server, port);
  }
  function strikes(): Fault | undefined {
    if (trouble === undefined || asked.length < trouble.at) return undefined;
    if (struckMs !== undefined && !trouble.lasting) return undefined;
    struckMs ??= performance.now();
    if (trouble.fault.kind !== 'refuse') return trouble.fault;
    away();
    if (!trouble.lasting) setTimeout(() => void back(), awayMs);
    return { kind: 'reset-before' };
  }
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    requests: () => asked.length,
    asked: () => asked,
    struckMs: () => struckMs,
    async arm(next) {
      trouble = next;
      struckMs = undefined;
    },
    async heal() {
      trouble = undefined;
      await back();
    },
    async close() {
      trouble = undefined;
      away();
      upstream.close();
    },
  };
}

async function answer(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  fault: Fault | undefined,
  upstream: Upstream,
  reset: () => void,
): Promise<void> {
  if (fault?.kind === 'reset-before') return reset();
  const body = await bodyOf(stream);
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'answer') {
    stream.respond({ ':status': fault.status, ...fault.headers });
    return void stream.end(fault.body);
  }
  const given = await upstream.call(headers, body);
  if (fault?.kind === 'reset-after') return reset();
  if (fault?.kind === 'slow') await pause(fault.delayMs, undefined, { ref: false });
  if (stream.destroyed) return;
  if (fault?.kind === 'truncate') {
    stream.respond(given.headers);
    stream.write(given.body.subarray(0, given.body.length >> 1), () => setImmediate(reset));
    return;
  }
  if (Object.keys(given.trailers).length === 0) {
    stream.respond(given.headers, { endStream: given.body.length === 0 });
    if (given.body.length > 0) stream.end(given.body);
    return;
  }
  stream.on('wantTrailers', () => stream.sendTrailers(given.trailers));
  stream.respond(given.headers, { waitForTrailers: true });
  stream.end(given.body);
}

async function bodyOf(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

type Upstream = { call(headers: IncomingHttpHeaders, body: Buffer): Promise<Answer>; close(): void };

function upstreamOf(target: string): Upstream {
  let session: ClientHttp2Session | undefined;
  const open = (): ClientHttp2Session => {
    if (session === undefined || session.closed || session.destroyed) {
      session = connect(`http://${target}`);
      session.on('error', () => {});
    }
    return session;
  };
  return {
    call: (headers, body) =>
      new Promise((resolve, reject) => {
        const { ':authority': _authority, ':scheme': _scheme, host: _host, ...rest } = headers;
        const request = open().request(rest);
        const answer = { headers: {}, trailers: {} } as {
          headers: IncomingHttpHeaders;
          trailers: IncomingHttpHeaders;
        };
        const chunks: Buffer[] = [];
        request.on('response', (given) => {
          answer.headers = given;
        });
        request.on('trailers', (given) => {
          answer.trailers = given;
        });
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('end', () => resolve({ ...answer, body: Buffer.concat(chunks) }));
        request.on('error', reject);
        request.end(body);
      }),
    close: () => session?.destroy(),
  };
}
