import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Bytes, lengthOf, partsOf } from '../core/audit/bytes.ts';
import { isWorthCompressing, sendCompressed, watchPlain } from './compress.ts';
import { endUnread, isUnread } from './unread.ts';

export type Reply = {
  readonly httpStatus: number;
  /** Already recorded: compression happens after. */
  readonly bytes: Bytes;
  readonly requestId: string;
  readonly etag?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** Whether the client takes gzip: named or `*`, with a weight above 0. */
function takesGzip(req: IncomingMessage): boolean {
  const offers = String(req.headers['accept-encoding'] ?? '').split(',');
  const weights = new Map(
    offers.map((offer) => {
      const [name = '', ...parameters] = offer
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return [name, weight === undefined ? 1 : Number(weight.slice(2))] as const;
    }),
  );
  return (weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*') ?? 0) > 0;
}

/** Sends a JSON answer: status, security headers, length, and gzip where it is accepted and worth it. */
export async function sendJson(req: IncomingMessage, res: ServerResponse, reply: Reply): Promise<void> {
  if (res.destroyed || res.headersSent) return;
  const bodiless = reply.httpStatus === 204 || reply.httpStatus === 304;
  const parts = bodiless ? [] : partsOf(reply.bytes);
  const unread = isUnread(req);
  const length = lengthOf(parts);
  const zip = !unread && takesGzip(req) && isWorthCompressing(res, length);
  for (const [name, value] of Object.entries({ ...securityHeaders, ...reply.headers }))
    res.setHeader(name, value);
  res.setHeader('vary', 'Accept-Encoding, Authorization');
  res.setHeader('x-sluice-request-id', reply.requestId);
  if (reply.etag !== undefined) res.setHeader('etag', `"${reply.etag}"`);
  if (zip) res.setHeader('content-encoding', 'gzip');
  if (!bodiless) {
    res.setHeader('content-type', 'application/json; charset=UTF-8');
    if (!zip) res.setHeader('content-length', length);
  }
  if (unread) res.setHeader('connection', 'close');
  res.writeHead(reply.httpStatus);
  if (zip) return sendCompressed(res, parts);
  watchPlain(res, length);
  res.cork();
  for (const part of parts) res.write(part);
  if (unread) endUnread(req, res);
  else res.end();
  res.uncork();
}

/** Whether the client has this state already: `If-None-Match` names its etag. */
export function hasCurrent(req: IncomingMessage, etag: string): boolean {
  const header = req.headers['if-none-match'];
  if (header === undefined) return false;
  return header.split(',').some((part) => {
    const tag = part.trim().replace(/^W\//, '');
    return tag === '*' || tag === `"${etag}"` || tag === etag;
  });
}
