import http from 'node:http';
import https from 'node:https';

export type Exchange = {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  /** From the first byte sent to the last received. */
  readonly timeoutMs: number;
  /** A longer body ends the exchange. */
  readonly limitBytes: number;
  /** How large it will probably be. */
  readonly expectedBytes?: number;
  readonly signal?: AbortSignal;
};

export type Reply = {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
};

/** No whole answer came. Whether the request was carried out is not known. */
export class ExchangeFailure extends Error {
  override readonly name = 'ExchangeFailure';
  readonly kind: 'network' | 'timeout' | 'aborted' | 'too_large';
  constructor(kind: ExchangeFailure['kind'], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

/** One request and its answer at a time over connections that are kept. */
export type Connections = {
  exchange(exchange: Exchange): Promise<Reply>;
  close(): void;
};

/**
 * Connections of node:http with a limit on time and size for every exchange. A redirect is an answer like any other: a
 * request carries a credential and the query, so nothing but the configured endpoint gets it.
 */
export function keepConnections(maxSockets = 256): Connections {
  const agents = {
    'http:': new http.Agent({ keepAlive: true, maxSockets }),
    'https:': new https.Agent({ keepAlive: true, maxSockets }),
  };
  return {
    exchange: (exchange) => send(exchange, agents),
    close: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

/** Most answers are no larger. */
const SMALL_BYTES = 16_384;

/** The pieces of an answer are copied into one place as they come: kept until its end, they would take as much again. */
function grown(buffer: Buffer, least: number): Buffer<ArrayBuffer> {
  const larger = Buffer.allocUnsafeSlow(Math.max(least, Math.ceil(buffer.length * 1.5)));
  buffer.copy(larger);
  return larger;
}

function send(
  { method, url, headers, body, timeoutMs, limitBytes, expectedBytes, signal }: Exchange,
  agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent },
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(new ExchangeFailure('aborted', 'nobody waits for the answer'));
    const client = url.protocol === 'http:' ? http : https;
    const agent = url.protocol === 'http:' ? agents['http:'] : agents['https:'];
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    const request = client.request(url, { method, agent, headers: { ...headers, ...length } });
    const end = (failure?: ExchangeFailure): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      if (failure === undefined) return;
      reject(failure);
      request.destroy();
    };
    const abort = (): void => end(new ExchangeFailure('aborted', 'nobody waits for the answer'));
    const timer = setTimeout(
      () => end(new ExchangeFailure('timeout', `no answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    const broken = (cause: unknown): void =>
      end(new ExchangeFailure('network', 'the connection failed', { cause }));
    signal?.addEventListener('abort', abort, { once: true });
    request.on('error', broken);
    request.on('response', (response) => {
      const length = Number(response.headers['content-length'] ?? expectedBytes ?? 0);
      let whole = Buffer.allocUnsafeSlow(Math.min(Math.max(length, SMALL_BYTES), limitBytes));
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        if (bytes + chunk.length > limitBytes)
          return end(new ExchangeFailure('too_large', `the answer exceeds ${limitBytes} bytes`));
        if (bytes + chunk.length > whole.length) whole = grown(whole, bytes + chunk.length);
        bytes += chunk.copy(whole, bytes);
      });
      response.on('error', broken);
      response.on('end', () => {
        if (!response.complete) return broken(new Error('the answer broke off'));
        end();
        const body = whole.subarray(0, bytes);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    request.end(body);
  });
}
