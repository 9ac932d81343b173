import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { directoryAuditStore } from './adapters/audit-store/directory.ts';
import { systemClock } from './adapters/clock/system.ts';
import { type DevIssuer, devAudience, openDevIssuer } from './adapters/identity/dev-issuer.ts';
import { oidcIdentity } from './adapters/identity/oidc.ts';
import { openLocalKeys } from './adapters/keys/local.ts';
import { consoleNotifier } from './adapters/notifier/console.ts';
import { readPolicies } from './adapters/policy/directory.ts';
import { inProcessQueue } from './adapters/queue/in-process.ts';
import { openSqliteStateStore } from './adapters/state-store/sqlite.ts';
import { openDuckdbWarehouse } from './adapters/warehouse/duckdb/open.ts';
import type { Config } from './config.ts';
import { SluiceError } from './core/errors.ts';
import type { PolicyBundle } from './core/policy/bundle.ts';
import { loadBundle, problemText } from './core/policy/load.ts';
import { approvalsHandler } from './http/approvals/handler.ts';
import { bigqueryHandler } from './http/bigquery/handler.ts';
import { oidcHandler } from './http/oidc/handler.ts';
import { firstOf } from './http/router.ts';
import { createServer, drain, type Handler } from './http/server.ts';
import { notifyHeld } from './pipeline/hold-query.ts';
import { markProcess } from './pipeline/mark-process.ts';
import { resumeQuery } from './pipeline/resume-query.ts';
import { sealLog } from './pipeline/seal-log.ts';
import { sweep } from './pipeline/sweep.ts';
import type { Message, Ports } from './ports/index.ts';

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
  let handler: Handler = notReady;
  const server = createServer((req, res) => handler(req, res), { onError: (error) => complain(error) });
  const url = await listen(server, config);
  try {
    const issuer = await openDevIssuer(config.stateDir, url);
    const { ports, closePorts } = await openPorts(config, url, issuer, policy, print);
    handler = routes(ports, issuer, url);
    const loops = [every(config.sealMs, () => seal(ports)), every(config.sweepMs, () => sweep(ports))];
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
        await closePorts();
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
    handler: (message) => onMessage(ports, message),
    onError: (_message, error) => complain(error),
  });
  const ports: Ports = {
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
  const closePorts = async (): Promise<void> => {
    await warehouse.close();
    await state.close();
  };
  return { ports, closePorts };
}

/** Seals what was recorded; a quiet log says every minute that it is alive. */
async function seal(ports: Ports): Promise<void> {
  const { refused } = await sealLog(ports, { heartbeatMs: 60_000 });
  for (const { name, problem } of refused)
    complain(`the log leaves out ${name}: ${problem}; run sluice audit verify`);
}

/** What the queue's messages cause; each may come twice or late. */
async function onMessage(ports: Ports, { type, queryId }: Message): Promise<void> {
  const query = await ports.state.get(queryId);
  if (query === undefined) return;
  if (type === 'held') await notifyHeld(ports, query);
  if (type === 'approved') await resumeQuery(ports, query);
}

function routes(ports: Ports, issuer: DevIssuer, url: string): Handler {
  const bigquery = bigqueryHandler(ports);
  const signIn = {
    authorizationEndpoint: () => `${ports.publicUrl()}/oidc/authorize`,
    tokenEndpoint: () => `${url}/oidc/token`,
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

function loadPolicy(folder: string, print: (line: string) => void): PolicyBundle {
  const loaded = loadBundle(readPolicies(folder));
  if (loaded.ok) {
    for (const warning of loaded.warnings) print(`policy: ${warning}`);
    return loaded.bundle;
  }
  const [first, ...rest] = loaded.errors.map(problemText);
  const more = rest.length > 0 ? ` (and ${rest.length} more; \`sluice policy test\` shows all)` : '';
  throw new SluiceError('invalid', `the policy does not load: ${first}${more}`);
}

/** One gateway a state folder: the file names the process that has it, and a dead one's is taken over. */
function lockState(stateDir: string): () => void {
  const path = join(stateDir, 'lock');
  try {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    for (let attempt = 0; attempt < 2; attempt++) {
      if (take(path)) return () => rmSync(path, { force: true });
      const pid = Number(readFileSync(path, 'utf8'));
      if (pid !== process.pid && isAlive(pid)) {
        throw new SluiceError(
          'invalid',
          `another gateway (process ${pid}) uses ${stateDir}; stop it, or name another --state`,
        );
      }
      rmSync(path, { force: true });
    }
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    throw new SluiceError(
      'invalid',
      `the state folder ${stateDir} cannot be written; name another with --state`,
      { cause },
    );
  }
  throw new SluiceError('invalid', `${path} cannot be taken; delete it if no gateway runs`);
}

function take(path: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

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
function every(pauseMs: number, work: () => Promise<unknown>): () => Promise<void> {
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

/** For the operator, on stderr: one line, no data of queries. */
function complain(error: unknown): void {
  const text = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
  process.stderr.write(`sluice: ${error instanceof SluiceError ? `${error.code}: ` : ''}${text}\n`);
  if (process.env.SLUICE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
}
