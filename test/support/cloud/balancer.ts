import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One address in front of several: each connection goes to the next that takes it, as a platform's front end does. */
export type Balancer = { readonly port: number; readonly url: string; stop(): Promise<void> };

/** `targets` are asked anew for each connection: `http://127.0.0.1:PORT` of those that live. */
export async function startBalancer(targets: () => readonly string[], port = 0): Promise<Balancer> {
  const open = new Set<Socket>();
  let turn = 0;
  const server = createServer((client) => {
    open.add(client);
    client.on('close', () => open.delete(client));
    client.on('error', () => client.destroy());
    const all = targets();
    turn += 1;
    attempt(client, [...all.slice(turn % all.length), ...all.slice(0, turn % all.length)]);
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', () => done()));
  const address = server.address() as AddressInfo;
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function attempt(client: Socket, [first, ...rest]: readonly string[]): void {
  if (first === undefined || client.destroyed) {
    client.destroy();
    return;
  }
  const target = connect(Number(new URL(first).port), '127.0.0.1');
  target.once('connect', () => {
    target.removeAllListeners('error');
    target.on('error', () => client.destroy());
    client.on('close', () => target.destroy());
    target.on('close', () => client.destroy());
    client.pipe(target).pipe(client);
  });
  target.once('error', () => attempt(client, rest));
}
