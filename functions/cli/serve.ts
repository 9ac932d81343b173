import { Command } from 'commander';
import { type Gateway, openGateway } from '../compose.ts';
import { readConfig, type ServeFlags } from '../config.ts';
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
    .option('--json', 'print the start-up facts as one line of JSON')
    .addHelpText(
      'after',
      `
Examples:
  $ npm start
  $ npm start -- --port 9090 --data ./my-data --policies ./my-policies`,
    )
    .action(async (flags: ServeFlags & { json?: boolean }) => {
      const gateway = await openGateway(readConfig(flags, process.env), { print: (line) => print(line) });
      const token = await gateway.issuer.mint({
        subject: 'robot',
        groups: ['analysts'],
        kind: 'agent',
        ttlMs: shownTokenMs,
      });
      if (flags.json) printJson({ url: gateway.url, token, password: gateway.issuer.password });
      else greet(gateway, token);
      await stopped();
      await gateway.close(drainMs);
      process.exit(0);
    });
}

function greet(gateway: Gateway, token: string): void {
  const { url } = gateway;
  print(`Sluice listens on ${url}

Ask as an agent (a token of "robot" in group analysts, valid for an hour):
  bq --api=${url} --project_id=local --oauth_access_token=${token} query --use_legacy_sql=false 'SELECT country, COUNT(*) AS customers FROM shop.customers GROUP BY country ORDER BY customers DESC'

  curl -s -X POST ${url}/bigquery/v2/projects/local/queries -H 'authorization: Bearer ${token}' -H 'content-type: application/json' -d '{"query":"SELECT name, email, country FROM shop.customers LIMIT 3","useLegacySql":false}'

Decide what is held: ${url}/approvals  (password ${gateway.issuer.password}, group approvers)
Stop with Ctrl-C.`);
}

/** Resolves on the first SIGINT or SIGTERM; a second one ends the process at once. */
const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    let asked = false;
    const stop = (): void => {
      if (asked) process.exit(1);
      asked = true;
      resolve();
    };
    process.on('SIGINT', stop);
    process.on('SIGTERM', stop);
  });
