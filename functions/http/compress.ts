import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import { lengthOf } from '../core/audit/bytes.ts';

/** Below this a compressed answer is hardly smaller and always slower. */
const smallBytes = 4096;
/** From here on compressing takes longer than anything else that is done with an answer. */
const largeBytes = 1024 * 1024;
/** A way on which that many bytes pass in a second is faster than gzip, whatever else the processor does: 80 Mbit/s. */
const fastBytesPerSecond = 10_000_000;
/** Of a compressed answer's time, the part that its client may let the compressor wait and still be the faster one. */
const waitingShare = 0.25;
/** Pieces that go through the compressor at a time: few enough that the main thread is hardly asked, small enough to flow. */
const pieceBytes = 256 * 1024;

/** Connections on which the last large answer went faster than it is compressed. */
const fastWays = new WeakSet<object>();

/**
 * Whether an answer of this length should be compressed for a client that takes it. A large one is not where the last one
 * on this connection showed that its way is faster than the compressor: near the gateway, gzip would be what limits.
 */
export function isWorthCompressing(res: ServerResponse, lengthBytes: number): boolean {
  if (lengthBytes <= smallBytes) return false;
  return lengthBytes < largeBytes || res.socket === null || !fastWays.has(res.socket);
}

/** Watches a large plain answer go: where it takes long, the next one on this connection is compressed again. */
export function watchPlain(res: ServerResponse, lengthBytes: number): void {
  const { socket } = res;
  if (socket === null || lengthBytes < largeBytes) return;
  const startMs = performance.now();
  res.once('finish', () => {
    const seconds = (performance.now() - startMs) / 1000;
    if (lengthBytes / seconds < fastBytesPerSecond) fastWays.delete(socket);
  });
}

/**
 * Compresses while it sends, and ends the answer: the client reads the beginning of a large page before the end of it is
 * compressed. A client that has gone is no fault of ours: what it was to get is in the record.
 */
export async function sendCompressed(res: ServerResponse, parts: readonly Uint8Array[]): Promise<void> {
  const { socket } = res;
  const zip = createGzip({ level: constants.Z_BEST_SPEED, chunkSize: pieceBytes });
  const startMs = performance.now();
  let waitedMs = 0;
  Readable.from(pieces(parts), { objectMode: true, highWaterMark: 2 }).pipe(zip);
  for await (const chunk of zip) {
    if (res.destroyed) return;
    if (res.write(chunk)) continue;
    const fullMs = performance.now();
    await drained(res);
    waitedMs += performance.now() - fullMs;
  }
  res.end();
  const isFast = waitedMs < (performance.now() - startMs) * waitingShare;
  if (isFast && socket !== null && lengthOf(parts) >= largeBytes) fastWays.add(socket);
}

/** Until there is room for more, or the connection has ended. */
const drained = (res: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      res.off('drain', done);
      res.off('close', done);
      resolve();
    };
    res.on('drain', done);
    res.on('close', done);
  });

function* pieces(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += pieceBytes) yield part.subarray(at, at + pieceBytes);
  }
}
