import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { headersOf, listening, readAll, type Seen } from './serve.ts';

/**
 * What goes wrong between two parts. `reset-before`: the connection breaks before the request arrives; `reset-after`: after
 * the server has done its work, before its answer arrives; `truncate`: within the answer. `answer` and `alter` need HTTP.
 */
export type Fault =
  | { readonly kind: 'refuse' | 'hang' | 'reset-before' | 'reset-after' | 'truncate' }
  | { readonly kind: 'slow'; readonly delayMs: number }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'alter'; readonly change: (answer: Altered) => Altered };
/** `turns`: the first request that is hit gets the first of them, and so on; the last one stays. */
export type Faults = Fault | { readonly kind: 'turns'; readonly faults: readonly Fault[] };
export type Altered = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};
/** `times`: how many requests (TCP: connections) it hits, then all is well again. `when`: only these requests (HTTP). */
export type FaultScope = { readonly times?: number; readonly when?: (seen: Seen) => boolean };

export type FaultProxy = {
  readonly url: string;
  /** `host:port`, for clients that take no URL. */
  readonly host: string;
  readonly port: number;
  /** Every request that came to the proxy (HTTP), with its headers and body. */
  readonly seen: readonly Seen[];
  /** How often the present fault has struck. */
  readonly struck: () => number;
  set(fault: Faults | 'none', scope?: FaultScope): Promise<void>;
  close(): Promise<void>;
};

type Switch = { fault: Faults | 'none'; scope: FaultScope; struck: number };

/**
 * Stands in front of a server and breaks what passes, on command. `http` (the default) sees single requests; `tcp` sees
 * bytes, and serves for gRPC and whatever else. `target` is `http://host:port` or `host:port`.
 */
export async function faultProxy(options: {
  readonly target: string;
  readonly protocol?: 'http' | 'tcp';
}): Promise<FaultProxy> {
  const target = new URL(options.target.includes('://') ? options.target : `http://${options.target}`);
  const state: Switch = { fault: 'none', scope: {}, struck: 0 };
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  const make = (): Server =>
    options.protocol === 'tcp'
      ? createTcpServer((socket) => passBytes(socket, target, state, sockets))
      : createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
          void passRequest(request, response, target, state, seen).catch(() => response.destroy());
        });
  const started = (): Server => make().on('connection', (socket: Socket) => remember(sockets, socket));
  let server: Server | undefined = started();
  const port = await listening(server);
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      for (const socket of sockets) socket.destroy();
      if (server === undefined) return resolve();
      server.close(() => resolve());
      server = undefined;
    });
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    port,
    seen,
    struck: () => state.struck,
    async set(fault, scope = {}) {
      Object.assign(state, { fault, scope, struck: 0 });
      if (fault !== 'none' && fault.kind === 'refuse') return stop();
      if (server !== undefined) return;
      server = started();
      await listening(server, port);
    },
    close: stop,
  };
}

function remember(sockets: Set<Socket>, socket: Socket): void {
  sockets.add(socket);
  socket.on('error', () => {});
  socket.on('close', () => sockets.delete(socket));
}

/** The fault that hits this request, counted. */
function strikes(state: Switch, seen?: Seen): Fault | undefined {
  if (state.fault === 'none') return undefined;
  if (seen !== undefined && state.scope.when !== undefined && !state.scope.when(seen)) return undefined;
  if (state.scope.times !== undefined && state.struck >= state.scope.times) return undefined;
  state.struck++;
  if (state.fault.kind !== 'turns') return state.fault;
  return state.fault.faults[Math.min(state.struck, state.fault.faults.length) - 1];
}

async function passRequest(
  request: IncomingMessage,
  response: ServerResponse,
  target: URL,
  state: Switch,
  seen: Seen[],
): Promise<void> {
  const body = await readAll(request);
  const one: Seen = {
    method: request.method ?? '',
    path: request.url ?? '/',
    headers: headersOf(request),
    body,
  };
  seen.push(one);
  const fault = strikes(state, one);
  if (fault?.kind === 'reset-before' || fault?.kind === 'refuse')
    return void request.socket.resetAndDestroy();
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'answer') {
    return void response.writeHead(fault.status, { ...fault.headers }).end(fault.body);
  }
  const answer = await forward(one, target);
  if (fault?.kind === 'reset-after') return void request.socket.resetAndDestroy();
  if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.delayMs).unref());
  const sent = fault?.kind === 'alter' ? fault.change(answer) : answer;
  const { 'transfer-encoding': _framing, connection: _connection, ...headers } = sent.headers;
  if (fault?.kind === 'truncate') {
    response.writeHead(sent.status, { ...headers, 'content-length': Math.max(1, sent.body.length) });
    response.write(sent.body.subarray(0, sent.body.length >> 1), () => request.socket.resetAndDestroy());
    return;
  }
  response.writeHead(
    sent.status,
    sent.status === 204 ? headers : { ...headers, 'content-length': sent.body.length },
  );
  response.end(one.method === 'HEAD' || sent.status === 204 ? undefined : sent.body);
}

/** Passes a request on as it is and gives the whole answer. */
export function forward(seen: Seen, target: URL): Promise<Altered> {
  return new Promise((resolve, reject) => {
    const { 'transfer-encoding': _framing, ...headers } = seen.headers;
    const options = {
      host: target.hostname,
      port: target.port,
      method: seen.method,
      path: seen.path,
      headers: { ...headers, host: target.host, 'content-length': String(seen.body.length) },
    };
    const request = httpRequest(options, (response) => {
      readAll(response).then(
        (body) => resolve({ status: response.statusCode ?? 502, headers: headersOf(response), body }),
        reject,
      );
    });
    request.on('error', reject);
    request.end(seen.body);
  });
}

/** A connection is hit when it opens; resets wait for the first bytes of the side that they follow. */
function passBytes(socket: Socket, target: URL, state: Switch, sockets: Set<Socket>): void {
  const fault = strikes(state);
  if (fault?.kind === 'hang') return void socket.resume();
  if (fault?.kind === 'reset-before') return void socket.once('data', () => socket.resetAndDestroy());
  const upstream = connect(Number(target.port), target.hostname);
  remember(sockets, upstream);
  socket.pipe(upstream);
  socket.on('close', () => upstream.destroy());
  let sent = Promise.resolve();
  upstream.on('close', () => void sent.then(() => socket.end()));
  upstream.on('data', (chunk: Buffer) => {
    switch (fault?.kind) {
      case 'reset-after':
        return void socket.resetAndDestroy();
      case 'truncate':
        return void socket.write(chunk.subarray(0, chunk.length >> 1), () => socket.resetAndDestroy());
      case 'slow':
        sent = sent
          .then(() => new Promise<void>((resolve) => setTimeout(resolve, fault.delayMs).unref()))
          .then(() => void socket.write(chunk));
        return;
      default:
        if (!socket.write(chunk)) {
          upstream.pause();
          socket.once('drain', () => upstream.resume());
        }
    }
  });
}
