import type { Server } from 'node:http';
import { functionNames, isFunctionName } from '../config/function-names.ts';
import type { Env } from '../config/variables.ts';
import { createServer } from '../http/server.ts';
import { hostCloudFunction } from './host-cloud.ts';
import { liveAndDie } from './life.ts';

/**
 * Serves one function on `PORT` (8080) of `HOST` (all addresses, as a container must) until the process is told to end.
 * A name that is no function's, or a port that is taken, ends the process with 1 and one line.
 */
export async function serveFunction(name: string | undefined, env: Env): Promise<void> {
  if (!isFunctionName(name)) return fail(`name one of the functions: ${functionNames.join(', ')}`);
  const port = Number(env.PORT ?? '8080');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) return fail('PORT must be a port number');
  const { host, report } = hostCloudFunction(name, env);
  const server = createServer(host.handler);
  host.serve(server);
  liveAndDie(host, report);
  const problem = await listen(server, port, env.HOST);
  if (problem !== undefined) fail(`port ${port} cannot be used (${problem})`);
}

function listen(server: Server, port: number, address: string | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    if (address === undefined) server.listen(port, () => resolve(undefined));
    else server.listen(port, address, () => resolve(undefined));
  });
}

function fail(problem: string): never {
  process.stderr.write(`sluice: ${problem}\n`);
  process.exit(1);
}
