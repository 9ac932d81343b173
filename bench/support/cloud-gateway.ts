import { parseArgs } from 'node:util';
import { bigqueryHandler } from '../../functions/http/bigquery/handler.ts';
import { createServer, drain } from '../../functions/http/server.ts';
import { sealLog } from '../../functions/pipeline/seal-log.ts';
import { listening, openCloudPorts } from './cloud-ports.ts';

/*
 * A gateway in front of BigQuery as a process of its own: `node bench/support/cloud-gateway.ts --state DIR --policies DIR
 * --bigquery URL`. Prints its address and a token.
 */
const { values: flags } = parseArgs({
  options: {
    state: { type: 'string', default: '' },
    policies: { type: 'string', default: '' },
    bigquery: { type: 'string', default: '' },
  },
});
const complain = (error: unknown): void => {
  process.stderr.write(
    `gateway: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
};
const { ports, issuer, close } = await openCloudPorts({
  stateDir: flags.state,
  policiesDir: flags.policies,
  bigqueryUrl: flags.bigquery,
  complain,
});
const server = createServer(bigqueryHandler(ports, { onError: complain }), { onError: complain });
const url = await listening(server);
const token = await issuer.mint({ subject: 'bench', groups: ['analysts'], ttlMs: 12 * 3_600_000 });
process.stdout.write(`${JSON.stringify({ url, token })}\n`);

const seals = setInterval(() => void sealLog(ports).catch(complain), 2000);
process.once('SIGTERM', async () => {
  clearInterval(seals);
  await drain(server, 2000);
  await close();
  process.exit(0);
});
