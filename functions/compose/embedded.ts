import { rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { directoryAuditStore } from '../adapters/audit-store/directory.ts';
import { systemClock } from '../adapters/clock/system.ts';
import { directoryDerivedStore } from '../adapters/derived-store/directory.ts';
import { type DevIssuer, devAudience, openDevIssuer } from '../adapters/identity/dev-issuer.ts';
import { oidcIdentity } from '../adapters/identity/oidc.ts';
import { openLocalKeys } from '../adapters/keys/local.ts';
import { consoleNotifier } from '../adapters/notifier/console.ts';
import { inProcessQueue } from '../adapters/queue/in-process.ts';
import { openSqliteStateStore } from '../adapters/state-store/sqlite.ts';
import { withTelemetry } from '../adapters/telemetry/observed-ports.ts';
import { openTelemetry } from '../adapters/telemetry/open.ts';
import { openDuckdbWarehouse } from '../adapters/warehouse/duckdb/open.ts';
import type { Config } from '../config/embedded.ts';
import { SluiceError } from '../core/errors.ts';
import type { PolicyBundle } from '../core/policy/bundle.ts';
import { approvalsHandler } from '../http/approvals/handler.ts';
import type { SignIn } from '../http/approvals/session.ts';
import { bigqueryHandler } from '../http/bigquery/handler.ts';
import { observedHandler } from '../http/observed.ts';
import { clientId, oidcHandler } from '../http/oidc/handler.ts';
import { firstOf } from '../http/router.ts';
import { createServer, drain, type Handler } from '../http/server.ts';
import { type DerivePorts, deriveHeaders } from '../pipeline/derive-headers.ts';
import { handleMessage } from '../pipeline/handle-message.ts';
import { keepHeaders } from '../pipeline/log-memory.ts';
import { markProcess } from '../pipeline/mark-process.ts';
import { sealLog } from '../pipeline/seal-log.ts';
import { sweep } from '../pipeline/sweep.ts';
import type { Ports } from '../ports/index.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { loadPolicy } from './policy.ts';
import { lockState } from './state-lock.ts';

/** A running gateway, everything embedded. */
export type Gateway = {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  readonly issuer: DevIssuer;
  readonly ports: Ports;
  /** Lets requests under way finish for at most `drainMs`, seals the log, and lets go of the state folder. */
  close(drainMs: number): Promise<void>;
};

export type GatewayOptions = { readonly print: (line: string) => void };

/**
 * Opens everything that the configuration names and listens. Throws SluiceError with a one-line remedy where something is
 * missing, broken or taken: nothing is served then.
 */
export async function openGateway(config: Config, { print }: GatewayOptions): Promise<Gateway> {
  const release = lockState(config.stateDir);
  try {
    return await open(config, print, release);
  } catch (error) {
    release();
    throw error;
  }
}

async function open(config: Config, print: (line: string) => void, release: () => void): Promise<Gateway> {
  const policy = loadPolicy(config.policiesDir, print);
  const telemetry = await openTelemetry(process.env, { function: 'embedded', clock: systemClock });
  const complain = telemetry.fault;
  let handler: Handler = notReady;
  const server = createServer((req, res) => handler(req, res), { onError: complain });
  const url = await listen(server, config);
  try {
    const issuer = await openDevIssuer(config.stateDir, url);
    const { ports, closePorts } = await openPorts(config, url, issuer, policy, print, telemetry);
    handler = observedHandler(routes(ports, issuer, url), telemetry, 'embedded');
    const logPorts = { ...ports, derived: directoryDerivedStore(join(config.stateDir, 'derived')) };
    keepHeaders(logPorts);
    const loops = [
      every(config.sealMs, () => seal(logPorts, telemetry), complain),
      every(config.sweepMs, () => sweep(ports), complain),
    ];
    await markProcess(ports, 'start');
    await sweep(ports).catch(complain);
    writeFileSync(join(config.stateDir, 'server.json'), `${JSON.stringify({ url, pid: process.pid })}\n`);
    return {
      url,
      issuer,
      ports,
      async close(drainMs) {
        await drain(server, drainMs);
        await Promise.all(loops.map((stop) => stop()));
        await ports.queue.close();
        await markProcess(ports, 'stop');
        await sealLog(ports);
        await writeHeaders(logPorts, telemetry, lastHeadersMs).catch(complain);
        await closePorts();
        await telemetry.close();
        rmSync(join(config.stateDir, 'server.json'), { force: true });
        release();
      },
    };
  } catch (error) {
    server.closeAllConnections();
    server.close();
    throw error;
  }
}

async function openPorts(
  config: Config,
  url: string,
  issuer: DevIssuer,
  policy: PolicyBundle,
  print: (line: string) => void,
  telemetry: Telemetry,
): Promise<{ ports: Ports; closePorts: () => Promise<void> }> {
  const keys = await openLocalKeys(config.stateDir);
  const audit = directoryAuditStore(config.stateDir);
  const faults = await audit.check();
  if (faults[0] !== undefined)
    throw new SluiceError('sink_unavailable', `the log cannot be written: ${faults[0]}`);
  const state = openSqliteStateStore(join(config.stateDir, 'state.sqlite'));
  const warehouse = await openDuckdbWarehouse({
    dataDir: config.dataDir,
    stateDir: config.stateDir,
    project: config.project,
    memoryLimitMb: config.memoryLimitMb,
    threads: config.threads,
  });
  const trusted = {
    issuer: issuer.issuer,
    audience: devAudience,
    jwksUrl: `${url}/oidc/jwks`,
    algorithms: ['ES256'],
    groupsClaim: 'groups',
  } as const;
  const queue = inProcessQueue({
    handler: async (message) => void (await handleMessage(ports, message)),
    onError: (_message, error) => telemetry.fault(error),
  });
  const opened: Ports = {
    clock: systemClock,
    keys,
    audit,
    state,
    warehouse,
    queue,
    identity: oidcIdentity([trusted], keys, systemClock),
    notifier: consoleNotifier(print),
    executionIdentity: () => 'embedded',
    policy: () => policy,
    publicUrl: () => config.publicUrl ?? url,
  };
  const ports = withTelemetry(opened, telemetry);
  const closePorts = async (): Promise<void> => {
    await warehouse.close();
    await state.close();
  };
  return { ports, closePorts };
}

/** What one pass may take for the headers, and what the end of the process waits for them: the next pass or start goes on. */
const headersMs = 5_000;
const lastHeadersMs = 1_000;

/** Seals what was recorded, and writes its headers for SQL; a quiet log says every minute that it is alive. */
async function seal(ports: DerivePorts, telemetry: Telemetry): Promise<void> {
  const { refused } = await sealLog(ports, { heartbeatMs: 60_000 });
  for (const { name, problem } of refused)
    telemetry.log({ severity: 'CRITICAL', event: 'left-out', detail: `${name}: ${problem}` });
  await writeHeaders(ports, telemetry, headersMs);
}

async function writeHeaders(ports: DerivePorts, telemetry: Telemetry, timeMs: number): Promise<void> {
  const { problems } = await deriveHeaders(ports, { signal: AbortSignal.timeout(timeMs) });
  for (const { name, problem } of problems)
    telemetry.fault(new SluiceError('internal', `${name}: ${problem}`));
}

function routes(ports: Ports, issuer: DevIssuer, url: string): Handler {
  const bigquery = bigqueryHandler(ports);
  const signIn: SignIn = {
    kind: 'oidc',
    clientId,
    scope: 'openid',
    identity: ports.identity,
    endpoints: async () => ({
      authorization: `${ports.publicUrl()}/oidc/authorize`,
      token: `${url}/oidc/token`,
      secretIn: 'body',
    }),
  };
  const below = (prefix: string) => (path: string) => path === prefix || path.startsWith(`${prefix}/`);
  return firstOf(
    [
      { takes: (path) => path === '/healthz', handler: healthy },
      { takes: below('/oidc'), handler: oidcHandler(issuer, ports.clock, ports.publicUrl) },
      { takes: below('/approvals'), handler: approvalsHandler(ports, signIn) },
    ],
    bigquery,
  );
}

const healthy: Handler = async (_req, res) => {
  res.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  res.end('{"status":"ok"}\n');
};

const notReady: Handler = async (_req, res) => {
  res.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
  res.end('{"status":"starting"}\n');
};

async function listen(server: Server, { host, port, publicUrl: _ }: Config): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === 'EADDRINUSE'
          ? 'is taken by another program; choose another with --port'
          : `cannot be used (${cause.code})`;
      reject(new SluiceError('invalid', `${host}:${port} ${why}`, { cause }));
    });
    server.listen(port, host, () => resolve());
  });
  const address = server.address() as AddressInfo;
  const name = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${address.port}`;
}

/** Repeats work with a pause in between, never twice at once; the returned function stops it and waits for its end. */
function every(
  pauseMs: number,
  work: () => Promise<unknown>,
  complain: (error: unknown) => void,
): () => Promise<void> {
  const stop = new AbortController();
  const loop = (async () => {
    while (!stop.signal.aborted) {
      await work().catch(complain);
      await systemClock.sleep(pauseMs, stop.signal);
    }
  })();
  return async () => {
    stop.abort();
    await loop;
  };
}
