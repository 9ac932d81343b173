import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync, gzipSync } from 'node:zlib';
import { BigqueryError, errorBody } from './errors.ts';

/** A request as the proxy reads it. */
export type Exchange = {
  readonly method: string;
  /** the path without `/bigquery/v2` */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly ifNoneMatch: string | undefined;
  /** as it was sent */
  readonly raw: Buffer;
  readonly contentType: string | undefined;
  /** path and query as they were sent */
  readonly target: string;
  json<T>(): T;
};

export type Answer = {
  readonly status: number;
  readonly body?: object;
  /** instead of `body`: handed on as it is */
  readonly raw?: { readonly bytes: Buffer; readonly contentType: string };
};

export async function readExchange(request: IncomingMessage): Promise<Exchange> {
  const sent = await buffer(request);
  const raw = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
  const url = new URL(request.url ?? '/', 'http://proxy');
  return {
    method: request.method ?? 'GET',
    path: decodeURI(url.pathname).replace(/^\/bigquery\/v2(?=\/)/, ''),
    query: url.searchParams,
    authorization: request.headers.authorization,
    ifNoneMatch: request.headers['if-none-match'],
    raw,
    contentType: request.headers['content-type'],
    target: request.url ?? '/',
    json<T>(): T {
      if (raw.length === 0) return {} as T;
      try {
        return JSON.parse(raw.toString()) as T;
      } catch {
        throw new BigqueryError(400, 'parseError', 'Invalid JSON payload received.');
      }
    },
  };
}

const smallestGzip = 1_000;

export function writeAnswer(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (answer.raw !== undefined) {
    response.writeHead(answer.status, { 'content-type': answer.raw.contentType }).end(answer.raw.bytes);
    return;
  }
  if (answer.body === undefined) {
    response.writeHead(answer.status).end();
    return;
  }
  const text = Buffer.from(JSON.stringify(answer.body));
  const headers = { 'content-type': 'application/json; charset=UTF-8', vary: 'Accept-Encoding' };
  const zip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? '')) && text.length > smallestGzip;
  const bytes = zip ? gzipSync(text, { level: 1 }) : text;
  response.writeHead(answer.status, {
    ...headers,
    ...(zip ? { 'content-encoding': 'gzip' } : {}),
    'content-length': bytes.length,
  });
  response.end(bytes);
}

export function failure(error: unknown): Answer {
  if (error instanceof BigqueryError)
    return { status: error.status, body: errorBody(error.status, error.proto) };
  const message = `The backend gave no answer: ${(error as Error).message}`;
  return { status: 503, body: errorBody(503, { reason: 'backendError', message }) };
}
