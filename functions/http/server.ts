import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { bigQueryError, type ErrorCode } from '../core/errors.ts';

/** One request to one answer. It also runs under Google's functions-framework, which calls it with the same two. */
export type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>;

/** A request of a server that can say that it is about to stop: whatever waits should answer then. */
export type StoppableRequest = IncomingMessage & { stopping?: AbortSignal };

const stopping = new WeakMap<Server, AbortController>();

export type ServerOptions = {
  readonly headersTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
  /** Longer than the idle time of load balancers in front (60 s), so that the server never closes first. */
  readonly keepAliveTimeoutMs?: number;
  readonly maxHeaderBytes?: number;
  /** Told of what no handler answered for. */
  readonly onError?: (error: unknown) => void;
};

/** An HTTP server with strict parsing and bounded patience. Slow or malformed requests end in an error and a closed connection. */
export function createServer(handler: Handler, options: ServerOptions = {}): Server {
  const server = createHttpServer({
    connectionsCheckingInterval: 2_000,
    insecureHTTPParser: false,
    requireHostHeader: true,
    joinDuplicateHeaders: false,
  });
  takeServer(server, handler, options);
  return server;
}

/**
 * Makes a server that somebody else created (a framework that calls us) one of ours, before it takes its first request: the
 * same limits, and nobody else sees requests any more.
 */
export function takeServer(server: Server, handler: Handler, options: ServerOptions = {}): void {
  const stop = new AbortController();
  const limits = {
    headersTimeout: options.headersTimeoutMs ?? 15_000,
    requestTimeout: options.requestTimeoutMs ?? 60_000,
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 75_000,
    // Read by the server for every connection; it can only be given to the constructor otherwise.
    maxHeaderSize: options.maxHeaderBytes ?? 32 * 1024,
  };
  Object.assign(server, limits);
  for (const event of ['request', 'clientError', 'checkContinue', 'checkExpectation', 'upgrade', 'connect'])
    server.removeAllListeners(event);
  server.on('request', (req: StoppableRequest, res) => {
    req.stopping = stop.signal;
    handler(req, res).catch((error: unknown) => {
      options.onError?.(error);
      lastResort(res);
    });
  });
  stopping.set(server, stop);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => answerMalformed(error, socket));
}

/** A handler that throws has answered before, or else the client still gets an error in the usual shape and no detail. */
function lastResort(res: ServerResponse): void {
  if (res.writableEnded) return;
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const { httpStatus, body } = bigQueryError({ code: 'internal', message: 'An internal error occurred.' });
  res.writeHead(httpStatus, { 'content-type': 'application/json; charset=UTF-8', connection: 'close' });
  res.end(JSON.stringify(body));
}

function answerMalformed(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const [status, code, message] = malformed(error.code);
  const text = JSON.stringify(bigQueryError({ code, message }).body);
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=UTF-8\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}

function malformed(code: string | undefined): readonly [string, ErrorCode, string] {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return ['431 Request Header Fields Too Large', 'too_large', 'The request headers are too large.'];
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return ['408 Request Timeout', 'timeout', 'The request took too long to arrive.'];
  }
  return ['400 Bad Request', 'invalid', 'The request is not valid HTTP/1.1.'];
}

/**
 * Takes no new connection, has waiting requests answer at once, lets requests under way finish for at most `ms`, then cuts what is left. Resolves when all
 * connections are closed.
 */
export async function drain(server: Server, ms: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  stopping.get(server)?.abort('the server stops');
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), ms);
  // A kept-alive connection becomes idle after its answer: close it then.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await closed;
  clearTimeout(cut);
  clearInterval(sweep);
}
