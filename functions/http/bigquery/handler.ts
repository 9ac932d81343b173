import type { IncomingMessage, ServerResponse } from 'node:http';
import { bigQueryError, type Refusal, SluiceError } from '../../core/errors.ts';
import type { Caller } from '../../core/query/principal.ts';
import { deliver } from '../../pipeline/deliver.ts';
import type { Ports } from '../../ports/index.ts';
import { hasCurrent, type Reply, sendJson } from '../reply.ts';
import { bearerToken, type Checked, readJsonObject, statedPurpose } from '../request.ts';
import { parseTarget, type Target } from '../router.ts';
import type { Handler, StoppableRequest } from '../server.ts';
import type { Answer, Call } from './call.ts';
import * as datasets from './datasets.ts';
import { discoveryDocument } from './discovery.ts';
import * as jobList from './job-list.ts';
import * as jobs from './jobs.ts';
import { type Route, route, type ServedId } from './methods.ts';
import * as queries from './queries.ts';
import { carriesCredential, QueryString } from './query-string.ts';
import * as tableData from './table-data.ts';
import * as tables from './tables.ts';

const answers: Readonly<Record<ServedId, (call: Call) => Promise<Answer>>> = {
  'projects.list': datasets.listProjects,
  'datasets.list': datasets.list,
  'datasets.get': datasets.get,
  'tables.list': tables.list,
  'tables.get': tables.get,
  'tabledata.list': tableData.list,
  'jobs.insert': jobs.insert,
  'jobs.query': queries.query,
  'jobs.get': jobs.get,
  'jobs.list': jobList.list,
  'jobs.cancel': jobs.cancel,
  'jobs.getQueryResults': queries.getQueryResults,
};

export type BigqueryOptions = {
  /** Told of every broken promise; the client gets only a code and the request id. Without it the server is told. */
  readonly onError?: (error: unknown, requestId: string) => void;
};

/** One request on its way: who calls is known once the token is verified. */
type Visit = {
  readonly ports: Ports;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly options: BigqueryOptions;
  readonly what: { readonly method: string; readonly path: string };
  caller: Caller | undefined;
};

/**
 * BigQuery's REST API v2 over the pipeline: every answer, refusals too, is recorded before it is sent. It takes every path
 * that no other front door took. https://cloud.google.com/bigquery/docs/reference/rest
 */
export function bigqueryHandler(ports: Ports, options: BigqueryOptions = {}): Handler {
  return async (req, res) => {
    const path = (req.url ?? '/').split('?', 1)[0] ?? '/';
    const what = { method: req.method ?? 'GET', path: path.slice(0, 2000) };
    const visit: Visit = { ports, req, res, options, what, caller: undefined };
    try {
      await send(visit, await visited(visit));
    } catch (error) {
      await sendBroken(visit, error);
    }
  };
}

type Outcome = {
  readonly answer: Answer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly httpStatus?: number;
};

const refused = (refusal: Refusal, headers?: Readonly<Record<string, string>>): Outcome => ({
  answer: { kind: 'refused', refusal },
  ...(headers === undefined ? {} : { headers }),
});

/** What the request is answered with: path, credential, method, body, in this order. */
async function visited(visit: Visit): Promise<Outcome> {
  const { req } = visit;
  const target = parseTarget(req.url ?? '/');
  if (typeof target === 'string') return refused({ code: 'invalid', message: `Bad request: ${target}` });
  const found = route(req.method ?? 'GET', target.segments);
  if (req.method === 'OPTIONS')
    return { answer: { kind: 'resource', value: {} }, httpStatus: 204, headers: { allow: allowed(found) } };
  if (carriesCredential(target.query)) {
    const message = 'Send the token in the Authorization header, never in the URL: URLs end up in logs.';
    return refused({ code: 'invalid', message, location: 'access_token' });
  }
  if (found.kind === 'discovery')
    return { answer: { kind: 'resource', value: discoveryDocument(originOf(req)) } };
  const identified = await identify(visit);
  if (found.kind === 'unknown') return refused(unknownPath(visit.what));
  if (!identified.ok)
    return refused(identified.refusal, {
      'www-authenticate': 'Bearer realm="sluice", error="invalid_token"',
    });
  visit.caller = identified.value;
  if (found.kind === 'wrong-verb') {
    const message = `${visit.what.method} is not a method of this path. Use ${allowed(found)}.`;
    return refused({ code: 'method_not_allowed', message }, { allow: allowed(found) });
  }
  return callMethod(visit, identified.value, target, found);
}

function allowed(found: Route): string {
  switch (found.kind) {
    case 'method':
      return found.method.verb === 'GET' ? 'GET, HEAD, OPTIONS' : `${found.method.verb}, OPTIONS`;
    case 'wrong-verb':
      return [...found.allowed, 'OPTIONS'].join(', ');
    case 'discovery':
      return 'GET, HEAD, OPTIONS';
    case 'unknown':
      return 'OPTIONS';
  }
}

function unknownPath({ method, path }: Visit['what']): Refusal {
  const hint = path.startsWith('/google.')
    ? 'The BigQuery Storage API (gRPC) is not served: read rows through the REST API (Python: create_bqstorage_client=False).'
    : 'The BigQuery REST API v2 is served below /bigquery/v2/; its discovery document is at /$discovery/rest?version=v2.';
  return { code: 'not_found', message: `Not found: ${method} ${path.slice(0, 300)}. ${hint}` };
}

async function identify(visit: Visit): Promise<Checked<Caller>> {
  const token = bearerToken(visit.req);
  if (!token.ok) return token;
  const verified = await visit.ports.identity.verify(token.value);
  if (!verified.ok) {
    return {
      ok: false,
      refusal: { code: 'unauthenticated', message: verified.reason, location: 'Authorization' },
    };
  }
  visit.caller = verified.caller;
  return { ok: true, value: verified.caller };
}

/** Where the client reached us; a proxy in front may say that it was by TLS. Only discovery and links use it. */
function originOf(req: IncomingMessage): string {
  const host = req.headers.host ?? '';
  const name = /^[A-Za-z0-9._:[\]-]{1,255}$/.test(host) ? host : 'localhost';
  const secure = req.headers['x-forwarded-proto'] === 'https' || 'encrypted' in req.socket;
  return `${secure ? 'https' : 'http'}://${name}`;
}

async function callMethod(
  visit: Visit,
  caller: Caller,
  target: Target,
  { method, params }: Extract<Route, { readonly kind: 'method' }>,
): Promise<Outcome> {
  const { req } = visit;
  if (method.use.kind === 'refused') {
    return refused({
      code: method.use.code,
      message: `bigquery.${method.id} is not accepted by this gateway. ${method.use.advice}`,
    });
  }
  const query = new QueryString(target.query, method);
  if (query.problems.first !== undefined) return refused(query.problems.first);
  const purpose = statedPurpose(req);
  if (!purpose.ok) return refused(purpose.refusal);
  const body = method.verb === 'GET' ? ({ ok: true, value: new Map() } as const) : await readJsonObject(req);
  if (!body.ok) return refused(body.refusal);
  const call: Call = {
    ports: visit.ports,
    caller,
    params,
    query,
    body: body.value,
    purpose: purpose.value,
    what: visit.what,
    origin: originOf(req),
    signal: waitSignal(visit),
  };
  return { answer: await answers[method.use.id](call) };
}

/** Aborts as soon as nobody waits for the answer any more. */
function waitSignal({ req, res }: Visit): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort('the client has gone');
  });
  const { stopping } = req as StoppableRequest;
  return stopping === undefined ? gone.signal : AbortSignal.any([gone.signal, stopping]);
}

/** Records what goes out, then sends exactly that. */
async function send(visit: Visit, { answer, headers = {}, httpStatus = 200 }: Outcome): Promise<void> {
  const { req, res } = visit;
  switch (answer.kind) {
    case 'delivered':
      return sendJson(req, res, { httpStatus: 200, headers, ...answer.delivered });
    case 'refused': {
      const error = bigQueryError(answer.refusal);
      return recordAndSend(visit, error.httpStatus, error.body, { headers });
    }
    case 'resource': {
      const etag =
        'etag' in answer.value && typeof answer.value.etag === 'string' ? { etag: answer.value.etag } : {};
      const current = etag.etag !== undefined && req.method === 'GET' && hasCurrent(req, etag.etag);
      const status = current ? 304 : httpStatus;
      return recordAndSend(visit, status, answer.value, { headers, ...etag }, answer.jobId);
    }
  }
}

async function recordAndSend(
  visit: Visit,
  httpStatus: number,
  value: object,
  rest: Pick<Reply, 'headers' | 'etag'>,
  jobId?: string,
): Promise<void> {
  const bodiless = httpStatus === 204 || httpStatus === 304;
  const bytes = Buffer.from(bodiless ? '' : JSON.stringify(value), 'utf8');
  const what = { ...visit.what, httpStatus, ...(jobId === undefined ? {} : { jobId }) };
  const delivered = await deliver(visit.ports, visit.caller, what, bytes);
  await sendJson(visit.req, visit.res, { httpStatus, ...rest, ...delivered });
}

/** A promise broke on the way. The client gets a code and no detail; without a record it gets not even a request id of one. */
async function sendBroken(visit: Visit, error: unknown): Promise<void> {
  const code = error instanceof SluiceError ? error.code : 'internal';
  const { httpStatus, body } = bigQueryError({ code, message: brokenMessage(code) });
  const bytes = Buffer.from(JSON.stringify(body), 'utf8');
  const delivered = await deliver(visit.ports, visit.caller, { ...visit.what, httpStatus }, bytes).catch(
    () => ({
      bytes,
      requestId: 'unrecorded',
    }),
  );
  const headers: Record<string, string> =
    httpStatus === 503 || httpStatus === 429 ? { 'retry-after': '1' } : {};
  await sendJson(visit.req, visit.res, { httpStatus, headers, ...delivered });
  if (visit.options.onError === undefined) throw error;
  visit.options.onError(error, delivered.requestId);
}

function brokenMessage(code: SluiceError['code']): string {
  if (code === 'sink_unavailable')
    return 'The audit log cannot be reached, so nothing is answered. Try again later.';
  if (code === 'state_unavailable') return 'The state store cannot be reached. Try again later.';
  if (code === 'warehouse_unavailable') return 'The warehouse cannot be reached. Try again later.';
  if (code === 'overloaded')
    return 'The gateway has more under way than it takes at once. Try again in a moment.';
  return 'An internal error occurred. Quote the x-sluice-request-id of this answer to the operator.';
}
