import { type Bytes, equalBytes, partsOf } from '../core/audit/bytes.ts';
import { type Packed, pack } from '../core/audit/content.ts';
import type { Refusal } from '../core/errors.ts';
import type { Caller } from '../core/query/principal.ts';
import type { Query } from '../core/query/query.ts';
import type { PageRequest, Ports, ResultPage } from '../ports/index.ts';
import type { Delivered } from './contracts.ts';
import { deliver } from './deliver.ts';
import { pageAhead } from './page-ahead.ts';

export type ReadResult =
  | { readonly ok: true; readonly delivered: Delivered }
  | { readonly ok: false; readonly refusal: Refusal };

/**
 * One page of a finished query: fetched, rendered as the whole answer, recorded, and only then given back. `what` says
 * which request asked for it.
 */
export async function readResults(
  ports: Ports,
  caller: Caller,
  query: Query,
  page: PageRequest,
  what: { readonly method: string; readonly path: string },
  render: (page: ResultPage) => Bytes,
): Promise<ReadResult> {
  if (query.state !== 'done') {
    const error: Refusal = query.error ?? {
      code: 'invalid',
      message: `The query is ${query.state}; it has no rows yet.`,
    };
    return { ok: false, refusal: error };
  }
  const prepare = async (ahead: ResultPage): Promise<Prepared> => {
    const parts = partsOf(render(ahead));
    return { parts, packed: await pack(parts) };
  };
  const { page: fetched, prepared } = await pageAhead(ports, query, page, prepare);
  const parts = partsOf(render(fetched));
  const packed = prepared !== undefined && areTheSame(prepared.parts, parts) ? prepared.packed : undefined;
  const rows = { startIndex: page.startIndex, rows: fetched.rows, totalRows: fetched.totalRows };
  const meta = { ...what, httpStatus: 200, jobId: query.jobId, queryId: query.id, rows };
  return { ok: true, delivered: await deliver(ports, caller, meta, parts, packed) };
}

/** An answer that was made before anybody asked for it. */
type Prepared = { readonly parts: readonly Uint8Array[]; readonly packed: Packed };

/** Whether these are the same bytes. Rows are the same where they lie at the same place; the rest is short. */
const areTheSame = (a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean =>
  a.length === b.length && a.every((part, at) => part === b[at] || equalBytes(part, b[at] as Uint8Array));
