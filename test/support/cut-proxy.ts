import { createServer, connect as dial, type Server, type Socket } from 'node:net';

/**
 * What lies between a client and its server: `pass` everything; `refuse` connections; `hang`: take what comes and pass
 * nothing; `cut`: pass what the client sends, keep the answers back, and reset the connection a moment later, so that what
 * was asked happens and nobody hears of it.
 */
export type CutMode = 'pass' | 'refuse' | 'hang' | 'cut';

export type CutProxy = {
  readonly host: string;
  /** Of connections there are and of those to come. */
  set(mode: CutMode): void;
  /** How many connections were reset with an answer kept back. */
  readonly cuts: () => number;
  stop(): Promise<void>;
};

/** A TCP proxy to `host:port` that loses what a test wants lost. */
export async function startCutProxy(target: string): Promise<CutProxy> {
  const [host = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  let mode: CutMode = 'pass';
  let cuts = 0;
  const server: Server = createServer((client) => {
    if (mode === 'refuse') {
      client.resetAndDestroy();
      return;
    }
    const upstream = dial(Number(port), host);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (mode !== 'hang') upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      if (mode === 'pass') client.write(chunk);
      if (mode !== 'cut' || client.destroyed) return;
      cuts += 1;
      setTimeout(() => client.resetAndDestroy(), 100);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return {
    host: `127.0.0.1:${address.port}`,
    set(next) {
      mode = next;
      if (next === 'refuse') for (const socket of sockets) socket.destroy();
    },
    cuts: () => cuts,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
