import { type Bytes, lengthOf } from '../core/audit/bytes.ts';
import type { Packed } from '../core/audit/content.ts';
import type { AuditEntry } from '../core/audit/entry.ts';
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

/** Anybody can make a gateway refuse: this many refusals of nobody in particular are recorded a minute, the rest are counted. */
const anonymousRecords = 60;
const windowMs = 60_000;

type AnonymousWindow = { startMs: number; recorded: number; counted: number };
const windows = new WeakMap<object, AnonymousWindow>();

function anonymousWindow(ports: Ports, nowMs: number): AnonymousWindow {
  const known = windows.get(ports.audit) ?? { startMs: nowMs, recorded: 0, counted: 0 };
  windows.set(ports.audit, known);
  if (nowMs - known.startMs >= windowMs) Object.assign(known, { startMs: nowMs, recorded: 0 });
  return known;
}

/** How many answers to unauthenticated requests were counted only since this was asked last. */
export function takeAnonymousCount(ports: Ports): number {
  const window = anonymousWindow(ports, ports.clock.nowMs());
  const { counted } = window;
  window.counted = 0;
  return counted;
}

/**
 * Records the exact bytes of an answer, durably, and only then hands them back to be sent (P2). Without a caller the
 * request was not authenticated and learns nothing of anybody's; refusing it is recorded too, but at most 60 times a minute,
 * so that nobody fills the disk from outside: what is over is counted, and the count stands in the next such record
 * (`unrecordedBefore`). `packed`: the same bytes, where they have been packed for the record already.
 */
export async function deliver(
  ports: Ports,
  caller: Caller | undefined,
  what: Delivery,
  bytes: Bytes,
  packed?: Packed,
): Promise<Delivered> {
  if (caller !== undefined) return recordDelivery(ports, caller, what, bytes, 0, packed);
  const window = anonymousWindow(ports, ports.clock.nowMs());
  if (window.recorded >= anonymousRecords) {
    window.counted += 1;
    return { bytes, requestId: 'unrecorded' };
  }
  window.recorded += 1;
  return recordDelivery(ports, undefined, what, bytes, takeAnonymousCount(ports));
}

async function recordDelivery(
  ports: Ports,
  caller: Caller | undefined,
  what: Delivery,
  bytes: Bytes,
  unrecordedBefore: number,
  packed?: Packed,
): Promise<Delivered> {
  const timeMs = ports.clock.nowMs();
  const requestId = `r_${ports.clock.randomHex(8)}`;
  const day = new Date(timeMs).toISOString().slice(0, 10);
  const principal = caller?.principal;
  const entry: AuditEntry = {
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
      bytes: lengthOf(bytes),
      ...(unrecordedBefore === 0 ? {} : { unrecordedBefore }),
      ...(what.rows === undefined ? {} : { ...what.rows }),
    },
    content: bytes,
  };
  await record(ports, entry, packed);
  return { bytes, requestId };
}
