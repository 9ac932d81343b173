import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers a service of the platform: a status, and for whoever reads its log one short object. Never a detail of a query. */
export function answer(req: IncomingMessage, res: ServerResponse, status: number, body?: object): void {
  if (res.headersSent || res.destroyed) return;
  const text = body === undefined ? '' : `${JSON.stringify(body)}\n`;
  // What has not been read of a refused request is not waited for.
  const unread = !req.complete && (req as { rawBody?: unknown }).rawBody === undefined;
  res.writeHead(status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json; charset=UTF-8', 'content-length': Buffer.byteLength(text) }),
    ...(status === 405 ? { allow: 'POST' } : {}),
    ...(status === 503 ? { 'retry-after': '1' } : {}),
    ...(unread ? { connection: 'close' } : {}),
  });
  res.end(text);
  if (unread) req.resume();
}

export const refusal = (status: number, message: string): { status: number; body: object } => ({
  status,
  body: { error: { code: status, message } },
});
