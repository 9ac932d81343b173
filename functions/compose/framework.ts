import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import { parseArgs } from 'node:util';
import { type FunctionName, isFunctionName } from '../config/function-names.ts';
import type { Env } from '../config/variables.ts';

/** Published by Node when a server is about to listen: https://nodejs.org/api/diagnostics_channel.html#net */
const channel = 'tracing:net.server.listen:asyncStart';

/** Which function the functions framework was told to serve, by its flag or its variable. */
export function targetOf(argv: readonly string[], env: Env): FunctionName | undefined {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    options: { target: { type: 'string' } },
  });
  const target = values.target ?? env.FUNCTION_TARGET;
  return isFunctionName(target) ? target : undefined;
}

/**
 * Hands over the server that the framework is about to open, before it has taken a request. The framework reads and parses
 * bodies of up to 1 GB before it calls anybody, answers with stack traces, and drops requests on SIGTERM; behind our own
 * front none of that happens. It knows no address to listen on; `host` is one. `then` runs once it listens and has bound its
 * own signal handlers.
 */
export function onServer(host: string | undefined, take: (server: Server) => void, then: () => void): void {
  // What of the framework still speaks then is quiet.
  process.env.NODE_ENV = 'production';
  const taken = (message: unknown): void => {
    unsubscribe(channel, taken);
    const { server, options } = message as { readonly server: Server; readonly options: { host?: string } };
    if (host !== undefined) options.host = host;
    server.once('listening', () => setImmediate(then));
    take(server);
  };
  subscribe(channel, taken);
}
