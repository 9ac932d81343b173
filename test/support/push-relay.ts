import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type PushRelay = {
  /** The push endpoint to give to the emulator's subscription. */
  readonly url: string;
  /** Statuses that the target answered, in order. */
  readonly statuses: readonly number[];
  stop(): Promise<void>;
};

/**
 * Stands between the Pub/Sub emulator, which sends no token with its pushes, and a handler that wants one: passes each push on
 * with the token that the real service would send, and the answer back.
 */
export async function startPushRelay(options: {
  /** Where pushes go, asked anew for each: a restarted server may have moved. */
  readonly target: () => string;
  readonly token: () => Promise<string>;
}): Promise<PushRelay> {
  const statuses: number[] = [];
  const server = createServer(async (req, res) => {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of req) chunks.push(chunk as Buffer);
      const headers = {
        'content-type': 'application/json',
        authorization: `Bearer ${await options.token()}`,
      };
      const reply = await fetch(options.target(), { method: 'POST', headers, body: Buffer.concat(chunks) });
      await reply.arrayBuffer();
      statuses.push(reply.status);
      res.writeHead(reply.status).end();
    } catch {
      // Nobody there: what the service would make of a refused connection.
      res.writeHead(502).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    statuses,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
