import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { openBackend } from './backend.ts';
import { newDefinitions } from './definitions.ts';
import { BigqueryError, errorBody, repairError } from './errors.ts';
import { type Answer, type Exchange, failure, readExchange, writeAnswer } from './exchange.ts';
import { newJobs } from './jobs.ts';
import { keyOf } from './places.ts';
import { openReferee } from './referee.ts';
import { answerOf } from './routes.ts';
import type { Runner } from './run-job.ts';
import type { Service } from './service.ts';
import type { TableReference } from './wire.ts';

export type ProxyOptions = {
  /** `http://127.0.0.1:PORT` of bigquery-emulator */
  readonly emulatorUrl: string;
  /** the GoogleSQL oracle's program (`findGooglesql`) */
  readonly oracle: string;
  /** where data sets and jobs are that name no place; `US` */
  readonly location?: string;
  /** The identity behind an Authorization header; undefined is answered 401. Without it everybody is one user. */
  readonly checkToken?: (authorization: string | undefined) => string | undefined;
  /** May this identity do this (a path without `/bigquery/v2`)? Otherwise 403. */
  readonly allow?: (email: string, method: string, path: string) => boolean;
  /** Milliseconds that a query takes before the emulator sees it. */
  readonly delayMs?: (sql: string) => number;
  /** Bytes that a table holds: then so many are processed by whatever reads it. */
  readonly sizeOf?: (table: TableReference) => number | undefined;
};

/** A request as it came in, for tests that look at what was asked. */
export type SeenRequest = {
  readonly method: string;
  /** path and query as they were sent */
  readonly target: string;
  readonly authorization: string | undefined;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  readonly email: string | undefined;
  status: number;
};

export type RepairingProxy = {
  readonly url: string;
  readonly requests: SeenRequest[];
  stop(): Promise<void>;
};

const everybody = 'somebody@example.com';

/** BigQuery's REST API on 127.0.0.1 in front of bigquery-emulator; README.md says what it repairs. */
export async function startRepairingProxy(options: ProxyOptions): Promise<RepairingProxy> {
  const referee = openReferee(options.oracle);
  const requests: SeenRequest[] = [];
  let url = '';
  const service = newService(options, referee, () => url);
  const server = createServer((request, response) => {
    void serve(options, service, requests, request, response);
  });
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await service.runner.queue;
      await referee.close();
    },
  };
}

function newService(
  { emulatorUrl, location = 'US', delayMs = () => 0, sizeOf }: ProxyOptions,
  referee: ReturnType<typeof openReferee>,
  url: () => string,
): Service {
  const changedMs = new Map<string, number>();
  const changed = (table: TableReference): void => {
    // later than before, whatever the clock says: etags depend on it
    changedMs.set(keyOf(table), Math.max(Date.now(), (changedMs.get(keyOf(table)) ?? 0) + 1));
  };
  const world = {
    ...{ backend: openBackend(emulatorUrl), referee, definitions: newDefinitions() },
    ...(sizeOf === undefined ? {} : { sizeOf }),
  };
  const runner: Runner = { world, delayMs, changed, queue: Promise.resolve() };
  return {
    ...{ runner, url, location, changedMs, tableChanged: changed },
    jobs: newJobs(),
    requestIds: new Map(),
    datasetLocations: new Map(),
  };
}

async function serve(
  options: ProxyOptions,
  service: Service,
  requests: SeenRequest[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const exchange = await readExchange(request);
    const email = identify(options, exchange);
    const seen: SeenRequest = {
      ...{ method: exchange.method, target: exchange.target, authorization: exchange.authorization },
      ...{ headers: request.headers, body: exchange.raw.toString(), email, status: 0 },
    };
    requests.push(seen);
    const answer = await answerTo(options, service, exchange, email).catch(failure);
    seen.status = answer.status;
    writeAnswer(request, response, answer);
  } catch (error) {
    if (!response.headersSent) writeAnswer(request, response, failure(error));
    response.destroy();
  }
}

const isDiscovery = (path: string): boolean => /^\/(\$discovery|discovery)\//.test(path);

const identify = ({ checkToken }: ProxyOptions, { authorization }: Exchange): string | undefined =>
  checkToken === undefined ? everybody : checkToken(authorization);

async function answerTo(
  { allow }: ProxyOptions,
  service: Service,
  exchange: Exchange,
  email: string | undefined,
): Promise<Answer> {
  if (isDiscovery(exchange.path)) return handOn(service, exchange);
  if (email === undefined) {
    const message = 'Request had invalid authentication credentials. Expected OAuth 2 access token.';
    throw new BigqueryError(401, 'authError', message);
  }
  if (allow?.(email, exchange.method, exchange.path) === false) {
    throw new BigqueryError(403, 'accessDenied', `Access Denied: ${exchange.path}: ${email} may not do this`);
  }
  return (await answerOf(service, { exchange, email })) ?? handOn(service, exchange);
}

/** The emulator's own answer, with the reason of an error repaired. */
async function handOn(service: Service, exchange: Exchange): Promise<Answer> {
  const { method, raw, contentType, target } = exchange;
  const reply = await fetch(service.runner.world.backend.url + target, {
    method,
    headers: { ...(contentType === undefined ? {} : { 'content-type': contentType }) },
    ...(method === 'GET' || method === 'HEAD' ? {} : { body: new Uint8Array(raw) }),
  });
  const bytes = Buffer.from(await reply.arrayBuffer());
  if (reply.status < 400) {
    return {
      status: reply.status,
      raw: { bytes, contentType: reply.headers.get('content-type') ?? 'application/json' },
    };
  }
  const project = /\/projects\/([^/]+)/.exec(exchange.path)?.[1] ?? '';
  const repaired = repairError(reply.status, errorText(bytes), project);
  return { status: repaired.status, body: errorBody(repaired.status, repaired.proto) };
}

function errorText(bytes: Buffer): string {
  try {
    return String((JSON.parse(bytes.toString()) as { error?: { message?: string } }).error?.message ?? bytes);
  } catch {
    return bytes.toString().slice(0, 500);
  }
}
