import { type Caller, recordedPrincipal } from '../core/query/principal.ts';
import type { Ports } from '../ports/index.ts';
import type { Delivered } from './contracts.ts';
import { record } from './record.ts';

/** What an answer belongs to: the request line (no query string values that could be secret) and the status it goes out with. */
export type Delivery = {
  readonly method: string;
  readonly path: string;
  readonly httpStatus: number;
  readonly jobId?: string;
  readonly queryId?: string;
  readonly rows?: { readonly startIndex: number; readonly rows: number; readonly totalRows: number };
};

/**
 * Records the exact bytes of an answer, durably, and only then hands them back to be sent (P2). Without a caller the
 * request was not authenticated; refusing it is recorded all the same.
 */
export async function deliver(
  ports: Ports,
  caller: Caller | undefined,
  what: Delivery,
  bytes: Uint8Array,
): Promise<Delivered> {
  const timeMs = ports.clock.nowMs();
  const requestId = `r_${ports.clock.randomHex(8)}`;
  const day = new Date(timeMs).toISOString().slice(0, 10);
  const principal = caller?.principal;
  await record(ports, {
    kind: 'delivery',
    name: `d/${day}/${timeMs}-${requestId}`,
    timeMs,
    ...(caller === undefined ? {} : { session: caller.session }),
    ...(principal === undefined ? {} : { principal: recordedPrincipal(principal) }),
    clear: {
      requestId,
      method: what.method,
      path: what.path,
      httpStatus: what.httpStatus,
      jobId: what.jobId,
      queryId: what.queryId,
      bytes: bytes.length,
      ...(what.rows === undefined ? {} : { ...what.rows }),
    },
    content: bytes,
  });
  return { bytes, requestId };
}
