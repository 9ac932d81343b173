import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** One request as it arrived: tests look for credentials in all of them. */
export type Seen = {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};
export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string | object;
};
export type StandIn = {
  readonly url: string;
  readonly port: number;
  readonly seen: readonly Seen[];
  close(): Promise<void>;
};

/** A plain HTTP server on a free port of this machine that keeps what it was asked. */
export async function serve(answer: (seen: Seen) => Reply | Promise<Reply>): Promise<StandIn> {
  const seen: Seen[] = [];
  const server = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
    void readAll(request).then(
      async (body) => {
        const one = {
          method: request.method ?? '',
          path: request.url ?? '/',
          headers: headersOf(request),
          body,
        };
        seen.push(one);
        send(response, await Promise.resolve(answer(one)).catch(broken));
      },
      () => response.destroy(),
    );
  });
  const port = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export async function listening(server: import('node:net').Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port');
  return address.port;
}

export function headersOf(message: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
}

export async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, reply: Reply): void {
  const { body = '' } = reply;
  const plain = typeof body === 'string' || Buffer.isBuffer(body);
  const bytes = plain ? Buffer.from(body) : Buffer.from(`${JSON.stringify(body)}\n`);
  const { 'transfer-encoding': _framing, connection: _connection, ...headers } = reply.headers ?? {};
  response.writeHead(reply.status, {
    ...(plain ? {} : { 'content-type': 'application/json; charset=UTF-8' }),
    ...headers,
    ...(reply.status === 204 ? {} : { 'content-length': bytes.length }),
  });
  response.end(reply.status === 204 ? undefined : bytes);
}

const broken = (error: unknown): Reply => ({
  status: 500,
  body: googleError(500, 'INTERNAL', String(error)),
});

/** The error body of Google's newer APIs (KMS, Secret Manager, IAM credentials). */
export const googleError = (code: number, status: string, message: string): object => ({
  error: { code, message, status },
});

/** The error body of the JSON APIs of Cloud Storage and BigQuery. */
export const jsonApiError = (code: number, reason: string, message: string): object => ({
  error: { code, message, errors: [{ message, domain: 'global', reason }] },
});

/** Waits until it is so, however busy the machine is. */
export async function until(holds: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> {
  const endMs = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error(`it was not so within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
