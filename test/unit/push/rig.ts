import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type Handler } from '../../../functions/http/server.ts';

export type Reply = {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
};
export type Ask = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
  /** Sent in chunks, without a length. */
  readonly chunked?: boolean;
  /** Announces the body and sends nothing of it. */
  readonly silent?: boolean;
};

/** A handler behind our own HTTP server on a free port. */
export async function serve(
  handler: Handler,
): Promise<{ ask(options?: Ask): Promise<Reply>; stop(): Promise<void> }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ask: (options = {}) => send(port, options),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function send(port: number, ask: Ask): Promise<Reply> {
  const { method = 'POST', headers = { authorization: 'Bearer good' }, body = '', chunked, silent } = ask;
  return new Promise((resolve, reject) => {
    const length =
      chunked || method === 'GET' ? {} : { 'content-length': silent ? 1000 : Buffer.byteLength(body) };
    const sending = request(
      { port, host: '127.0.0.1', method, headers: { ...headers, ...length } },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('end', () => {
          resolve({
            status: res.statusCode ?? 0,
            body: Buffer.concat(chunks).toString(),
            headers: res.headers,
          });
          if (silent) sending.destroy();
        });
      },
    );
    sending.on('error', reject);
    if (silent) sending.flushHeaders();
    else if (chunked) {
      for (let at = 0; at < body.length; at += 4096) sending.write(body.slice(at, at + 4096));
      sending.end();
    } else sending.end(body);
  });
}
