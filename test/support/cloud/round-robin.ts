import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Balancer } from './balancer.ts';

/**
 * One address in front of several HTTP servers: each request goes to the next one, also those of one connection. So no two
 * requests of a client meet the same instance, as it may be on a platform without session affinity.
 */
export async function startRoundRobin(targets: readonly string[]): Promise<Balancer> {
  let turn = 0;
  const server = createServer((incoming, outgoing) => {
    const { hostname, port } = new URL(targets[turn % targets.length] ?? '');
    turn += 1;
    const { method = 'GET', url: path = '/', headers } = incoming;
    const upstream = ask({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  });
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ port, url: `http://127.0.0.1:${port}` },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
