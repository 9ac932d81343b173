import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isConnectionError, transientStatus } from '../../../core/retry.ts';

/** Who asks: a client of google-auth-library, or anything that gives the headers of a request. */
export type RequestHeaders = { getRequestHeaders(url: string): Promise<Headers> };
export type Answer = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};
export type Call = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below the endpoint: `/storage/v1/b/...`. */
  readonly path: string;
  readonly contentType?: string;
  /** Sent one after the other, so that megabytes are not copied once more. */
  readonly body?: readonly Uint8Array[];
  readonly signal: AbortSignal;
};
export type ObjectHttp = (call: Call) => Promise<Answer>;

/** An answer that is none of those expected. `message` has no line break and nothing of the request's content. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
  readonly transient: boolean;
  readonly status: number;
  constructor(message: string, about: { readonly status: number; readonly transient: boolean }) {
    super(message);
    this.status = about.status;
    this.transient = about.transient;
  }
}

const largestAnswerBytes = 512 * 1024 * 1024;
const idleMs = 30_000;
const sockets = {
  keepAlive: true,
  maxSockets: 256,
  maxFreeSockets: 64,
  scheduling: 'lifo',
  timeout: idleMs,
} as const;

/**
 * One request to Cloud Storage's JSON API on a kept connection. A record is written before every effect, so this is the way
 * of the bytes; Google's client costs ten times the processor time for it, cannot be aborted, and deletes an object
 * whose checksum it doubts. Rejects where no whole answer came.
 */
export function objectHttp(endpoint: string, auth: RequestHeaders): ObjectHttp {
  const base = new URL(endpoint);
  const secure = base.protocol === 'https:';
  const agent = secure ? new HttpsAgent(sockets) : new HttpAgent(sockets);
  return async (call) => {
    const url = new URL(call.path, base);
    const headers: Record<string, string> = {};
    for (const [name, value] of await auth.getRequestHeaders(url.href)) headers[name] = value;
    if (call.contentType !== undefined) headers['content-type'] = call.contentType;
    if (call.method !== 'GET') headers['content-length'] = String(lengthOf(call.body ?? []));
    return new Promise<Answer>((resolve, reject) => {
      if (call.signal.aborted) return reject(call.signal.reason);
      const options = { agent, method: call.method, headers, signal: call.signal };
      const request = (secure ? httpsRequest : httpRequest)(url, options);
      request.on('response', (response) => collect(response).then(resolve, reject));
      request.on('error', reject);
      for (const part of call.body ?? []) request.write(part);
      request.end();
    });
  };
}

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);

async function collect(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > largestAnswerBytes)
      throw new TypeError(`the answer has more than ${largestAnswerBytes} bytes`);
  }
  if (!response.complete) throw Object.assign(new Error('premature close'), { code: 'ECONNRESET' });
  const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length);
  return { status: response.statusCode ?? 0, headers: response.headers, body };
}

/** The error that an answer stands for, with the reason and message of the service where it gave them. */
export function unexpected(answer: Answer): UnexpectedAnswer {
  const said = (jsonOf(answer.body) as { error?: { message?: unknown; errors?: { reason?: unknown }[] } })
    ?.error;
  const reason = String(said?.errors?.[0]?.reason ?? '');
  const message = String(said?.message ?? '')
    .replace(/\s+/g, ' ')
    .slice(0, 300);
  const text = [`HTTP ${answer.status}`, reason, message].filter((part) => part !== '').join(' ');
  // Google says why it refuses; another's page on the way says nothing of what would be answered.
  const notGoogle = said === undefined && answer.status >= 300;
  const damagedOnTheWay = answer.status === 400 && /crc32c|md5|checksum/i.test(message);
  return new UnexpectedAnswer(text, {
    status: answer.status,
    transient: transientStatus(answer.status) || damagedOnTheWay || notGoogle,
  });
}

export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Whether the same call may succeed a moment later. */
export const isTransient = (error: unknown): boolean =>
  error instanceof UnexpectedAnswer ? error.transient : isConnectionError(error);
