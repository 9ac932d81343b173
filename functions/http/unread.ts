import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long a refused request may go on sending its body before its connection is cut. */
const lingerMs = 2000;

/** Whether the client may still be sending a body that nobody reads. Its connection cannot be used again then. */
export const isUnread = (req: IncomingMessage): boolean =>
  !req.complete && (req as { rawBody?: unknown }).rawBody === undefined && expectsBody(req);

const expectsBody = (req: IncomingMessage): boolean =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

/**
 * Ends an answer that is written whole already. A client that still sends would see a reset instead of it, since a
 * connection is closed with the end of an answer: what comes is taken unread, for a moment, and the end waits so long.
 */
export function endUnread(req: IncomingMessage, res: ServerResponse): void {
  const cut = setTimeout(() => res.end(), lingerMs);
  cut.unref();
  req.once('close', () => clearTimeout(cut));
  req.once('end', () => {
    clearTimeout(cut);
    res.end();
  });
  req.resume();
}
