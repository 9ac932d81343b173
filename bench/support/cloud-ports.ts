import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { directoryAuditStore } from '../../functions/adapters/audit-store/directory.ts';
import { systemClock } from '../../functions/adapters/clock/system.ts';
import { type DevIssuer, devAudience, openDevIssuer } from '../../functions/adapters/identity/dev-issuer.ts';
import { oidcIdentity } from '../../functions/adapters/identity/oidc.ts';
import { openLocalKeys } from '../../functions/adapters/keys/local.ts';
import { inProcessQueue } from '../../functions/adapters/queue/in-process.ts';
import { openSqliteStateStore } from '../../functions/adapters/state-store/sqlite.ts';
import type { BigQueryCredentials } from '../../functions/adapters/warehouse/bigquery/credentials.ts';
import { openBigQueryWarehouse } from '../../functions/adapters/warehouse/bigquery/open.ts';
import { loadPolicy } from '../../functions/compose/policy.ts';
import { createServer } from '../../functions/http/server.ts';
import type { Ports } from '../../functions/ports/index.ts';
import { project } from './canned-tables.ts';

export type CloudPortsOptions = {
  readonly stateDir: string;
  readonly policiesDir: string;
  readonly bigqueryUrl: string;
  readonly complain: (error: unknown) => void;
};

export type CloudPorts = {
  readonly ports: Ports;
  readonly issuer: DevIssuer;
  close(): Promise<void>;
};

/** The BigQuery adapter behind the pipeline with the embedded stores: what a query costs apart from the cloud's services. */
export async function openCloudPorts(options: CloudPortsOptions): Promise<CloudPorts> {
  const { stateDir, policiesDir, bigqueryUrl, complain } = options;
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const keys = await openLocalKeys(stateDir);
  const audit = directoryAuditStore(stateDir);
  await audit.check();
  const issuer = await openDevIssuer(stateDir);
  const policy = loadPolicy(policiesDir, () => {});
  const jwks = createServer(async (_req, res) => {
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end(JSON.stringify(issuer.jwks()));
  });
  const trusted = {
    issuer: issuer.issuer,
    audience: devAudience,
    jwksUrl: `${await listening(jwks)}/jwks`,
    algorithms: ['ES256'],
    groupsClaim: 'groups',
  } as const;
  const client = { getRequestHeaders: async () => new Headers({ authorization: 'Bearer of-the-gateway' }) };
  const credentials: BigQueryCredentials = { metadata: async () => client, as: async () => client };
  const warehouse = await openBigQueryWarehouse({
    projects: [project],
    locations: ['US'],
    credentials,
    apiEndpoint: bigqueryUrl,
  });
  const state = openSqliteStateStore(join(stateDir, 'state.sqlite'));
  const ports: Ports = {
    clock: systemClock,
    keys,
    audit,
    state,
    warehouse,
    queue: inProcessQueue({ handler: async () => {}, onError: (_message, error) => complain(error) }),
    identity: oidcIdentity([trusted], keys, systemClock),
    notifier: { held: async () => {} },
    executionIdentity: () => `bench@${project}.iam.gserviceaccount.com`,
    policy: () => policy,
    publicUrl: () => 'http://127.0.0.1',
  };
  const close = async (): Promise<void> => {
    jwks.closeAllConnections();
    jwks.close();
    await warehouse.close();
    await state.close();
  };
  return { ports, issuer, close };
}

export async function listening(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
