import { createServer, type Server } from 'node:http';
import type { Emulator } from './program.ts';

export type SharedName = 'firestore' | 'pubsub';

/** The environment variable by which the files of a test run find the one that starts emulators for all of them. */
const variable = 'SLUICE_TEST_EMULATORS';

type Place = { readonly host: string; readonly pid: number; readonly startedInMs: number };

/** The emulator that all files of this run share, started on first need; undefined when this file runs alone. */
export async function sharedEmulator(name: SharedName): Promise<Emulator | undefined> {
  const broker = process.env[variable];
  if (broker === undefined || broker === '') return undefined;
  const reply = await fetch(`${broker}/${name}`, { method: 'POST' });
  const body = await reply.text();
  if (!reply.ok) throw new Error(body);
  const { host, pid, startedInMs } = JSON.parse(body) as Place;
  const mine = async (): Promise<never> => {
    throw new Error(`the ${name} emulator is shared by this run: start it with { own: true }`);
  };
  return {
    ...{ host, pid, startedInMs, url: `http://${host}` },
    // the run stops it
    stop: async () => undefined,
    kill: mine,
    restart: mine,
  };
}

/** Starts emulators for the files of a run, each once; `close` stops what was started. */
export async function openBroker(
  start: Readonly<Record<SharedName, () => Promise<Emulator>>>,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const started = new Map<SharedName, Promise<Emulator>>();
  const server: Server = createServer((request, response) => {
    const name = request.url?.slice(1);
    if (name !== 'firestore' && name !== 'pubsub') {
      response.writeHead(404).end(`no emulator is called ${name}`);
      return;
    }
    const emulator = started.get(name) ?? start[name]();
    started.set(name, emulator);
    emulator.then(
      ({ host, pid, startedInMs }) => response.end(JSON.stringify({ host, pid, startedInMs })),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the broker has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      const all = await Promise.allSettled(started.values());
      await Promise.all(all.map((one) => (one.status === 'fulfilled' ? one.value.stop() : undefined)));
    },
  };
}

export const brokerVariable = variable;
