import { join, relative } from 'node:path';
import { Command } from 'commander';
import { type Gateway, openGateway } from '../compose/embedded.ts';
import { type Config, readConfig, root, type ServeFlags } from '../config/embedded.ts';
import { print, printJson } from './output.ts';

/** How long a stopping gateway waits for requests that are under way, milliseconds. */
const drainMs = 8_000;
/** How long the pasted token of the start-up message is valid, milliseconds. */
const shownTokenMs = 3_600_000;

/** `sluice serve` (and `npm start`): the whole gateway in one process. */
export function serveCommand(): Command {
  return new Command('serve')
    .description('run the gateway on this machine, with everything embedded')
    .option('--host <address>', 'address to listen on (127.0.0.1)')
    .option('--port <n>', 'port to listen on, 0 = any free one (8080)')
    .option('--data <dir>', 'folder of Parquet, CSV and JSON files (the sample data)')
    .option('--state <dir>', 'folder for keys, state and log (.sluice)')
    .option('--policies <dir>', 'folder of policies (policies)')
    .option('--json', 'print the start-up facts as JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ npm start
  $ npm start -- --port 0 --state /tmp/try
  $ npm start -- --port 9090 --data ./my-data --policies ./my-policies`,
    )
    .action(async (flags: ServeFlags & { json?: boolean }) => {
      const config = readConfig(flags, process.env);
      const stop = stopped();
      // Queries and copies of tables lie in the state folder, which may have been made open to others.
      process.umask(0o077);
      const starting = openGateway(config, { print: (line) => print(line) });
      const gateway = await Promise.race([starting, stop]);
      // Nothing waits for an answer yet, and what is half made on disk is made whole by the next start, as after a crash.
      if (gateway === undefined) process.exit(0);
      const token = await gateway.issuer.mint({
        subject: 'robot',
        groups: ['analysts'],
        kind: 'agent',
        ttlMs: shownTokenMs,
      });
      if (flags.json) printJson({ url: gateway.url, token, password: gateway.issuer.password });
      else greet(gateway, token, config);
      await stop;
      await gateway.close(drainMs);
      process.exit(0);
    });
}

/** The address, two commands to paste, and where to decide: all that somebody needs who sees Sluice for the first time. */
function greet(gateway: Gateway, token: string, config: Config): void {
  const { url, issuer } = gateway;
  const sample = config.dataDir === join(root, 'sample', 'data');
  const question = sample
    ? 'SELECT country, COUNT(*) AS customers FROM shop.customers GROUP BY country ORDER BY customers DESC LIMIT 3'
    : 'SELECT 1 AS x';
  const masked = sample ? 'SELECT id, name, email, country FROM shop.customers LIMIT 3' : question;
  print(`
Sluice listens on ${url}
  data   ${sample ? 'the sample (shop, web, public, hr)' : config.dataDir}
  state  ${shortPath(config.stateDir)}

Ask with bq, as agent "robot" of group analysts (the token is good for an hour):

  bq --api=${url} --project_id=local --oauth_access_token=${token} query --use_legacy_sql=false '${question}'

Ask with curl:

  curl -s -X POST ${url}/bigquery/v2/projects/local/queries -H 'authorization: Bearer ${token}' -H 'content-type: application/json' -d '{"query":"${masked}","useLegacySql":false}'

Decide what is held: ${url}/approvals
  sign in with any name, group approvers, password ${issuer.password}

README.md has a tour of five minutes. Ctrl-C stops.
`);
}

/** A folder below this one by its name here. */
function shortPath(path: string): string {
  const here = relative(process.cwd(), path);
  return here.startsWith('..') ? path : here || '.';
}

/** A terminal signals every process of a command, and npm or an older Node in front passes the same signal on. */
const sameSignalMs = 1000;

/** Resolves on the first SIGINT or SIGTERM; another one, after a moment, ends the process at once. */
const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    let askedMs: number | undefined;
    const stop = (): void => {
      if (askedMs !== undefined && Date.now() - askedMs > sameSignalMs) process.exit(1);
      askedMs ??= Date.now();
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
