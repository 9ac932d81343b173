import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Recorder } from './recorders.ts';

/** In front of an HTTP/1.1 server: adds these headers, asked anew for each request, and passes everything on. */
export async function plantHttp(
  target: string,
  more: () => Readonly<Record<string, string>>,
): Promise<Recorder> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url: path = '/' } = incoming;
    const headers = { ...incoming.headers, ...more() };
    const upstream = ask({ hostname, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(outgoing);
    });
    upstream.on('error', () => outgoing.destroy());
    outgoing.on('close', () => upstream.destroy());
    incoming.pipe(upstream);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}
