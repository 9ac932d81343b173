import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import {
  type ClientHttp2Session,
  connect,
  constants,
  createServer as createHttp2Server,
  type IncomingHttpHeaders as Http2Headers,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Server } from 'node:net';
import type { SentLog } from './sent.ts';

/** A server that passes everything on to another one and writes down what was asked. */
export type Recorder = {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  stop(): Promise<void>;
};

const flat = (headers: IncomingHttpHeaders | Http2Headers): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]));

async function listening(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** In front of an HTTP/1.1 server (`http://127.0.0.1:PORT`). */
export async function recordHttp(to: string, target: string, log: SentLog): Promise<Recorder> {
  const { hostname, port } = new URL(target);
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    const { method = 'GET', url = '/', headers } = req;
    const upstream = httpRequest({ hostname, port, method, path: url, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(res);
    });
    upstream.on('error', () => res.destroy());
    res.on('close', () => upstream.destroy());
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('close', () =>
      log.add({ to, method, path: url, headers: flat(headers), body: Buffer.concat(chunks) }),
    );
    req.pipe(upstream);
  });
  const host = await listening(server);
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { host, stop };
}

/** In front of a gRPC server without TLS (`127.0.0.1:PORT`), as Google's emulators are. */
export async function recordGrpc(to: string, target: string, log: SentLog): Promise<Recorder> {
  const server = createHttp2Server();
  const sessions = new Set<ClientHttp2Session>();
  server.on('session', (session) => {
    const upstream = connect(`http://${target}`);
    sessions.add(upstream);
    upstream.on('error', () => session.destroy());
    upstream.on('close', () => session.destroy());
    session.on('error', () => upstream.destroy());
    session.on('close', () => upstream.destroy());
    session.on('stream', (stream: ServerHttp2Stream, headers: Http2Headers) => {
      pass(to, stream, headers, upstream, log);
    });
  });
  const host = await listening(server);
  const stop = async (): Promise<void> => {
    for (const session of sessions) session.destroy();
    await new Promise((done) => server.close(done));
  };
  return { host, stop };
}

function pass(
  to: string,
  stream: ServerHttp2Stream,
  headers: Http2Headers,
  upstream: ClientHttp2Session,
  log: SentLog,
): void {
  const chunks: Buffer[] = [];
  const request = upstream.request(headers);
  let trailers: Http2Headers = {};
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.pipe(request);
  request.on('trailers', (said) => {
    trailers = said;
  });
  request.on('response', (said, flags) => {
    if (stream.destroyed) return;
    // gRPC answers an error with one block of headers that ends the stream: there is nothing to wait for.
    const ends = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    stream.respond(said, { waitForTrailers: !ends, endStream: ends });
    if (!ends) request.pipe(stream);
  });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.on('error', () => request.close(constants.NGHTTP2_CANCEL));
  request.on('error', () => stream.close(constants.NGHTTP2_CANCEL));
  stream.on('close', () => {
    request.close();
    const [method, path] = [String(headers[':method']), String(headers[':path'])];
    log.add({ to, method, path, headers: flat(headers), body: Buffer.concat(chunks) });
  });
}
