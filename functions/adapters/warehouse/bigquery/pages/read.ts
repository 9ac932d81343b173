import { SluiceError } from '../../../../core/errors.ts';
import type { FieldSchema, Schema } from '../../../../core/query/schema.ts';
import type { JobRef, PageRequest, ResultPage } from '../../../../ports/warehouse.ts';
import type { WantedRows } from './fetch.ts';
import type { Chunk, ChunkStore } from './store.ts';

/** Fetches rows from `from` on: as many as BigQuery gives in one answer, at most `rows`. */
export type FetchRows = (ref: JobRef, wanted: WantedRows) => Promise<Chunk>;

export type Pages = {
  /** One page of a result whose schema and size are known. */
  read(ref: JobRef, result: Result, request: PageRequest): Promise<ResultPage>;
  /** Rows that came with something else. */
  keep(ref: JobRef, schema: Schema, chunk: Chunk): void;
  close(): void;
};

export type Result = { readonly schema: Schema; readonly totalRows: number };

/** What one answer should weigh: large enough to hide the way, small enough to have several. BigQuery ends it at 10 MB. */
const CHUNK_BYTES = 4_200_000;
const CHUNK_ROWS = 100_000;
/** Answers that are on their way before they are asked for: of one result, and of all. */
const AHEAD = 2;
const MOST_AHEAD = 8;
/** The form in which the first rows come, before anybody has asked: what the official clients ask for. */
export const expectedTimestamps = 'INT64';

const open = Buffer.from('[');
const comma = Buffer.from(',');
const close = Buffer.from(']');

/**
 * Pages as bytes. A page is cut where a row ends, and what is left of an answer waits in `store` for the next page; while
 * one page is on its way to a client that reads on, the next answer is fetched.
 */
export function openPages(fetchRows: FetchRows, store: ChunkStore): Pages {
  const coming = new Map<string, Promise<Chunk>>();

  const wantedOf = ({ key, timestamps }: Reader, from: number, rows: number): WantedRows => {
    const weight = store.rowBytes(key);
    const expected = weight === undefined ? {} : { expectedBytes: Math.ceil(rows * weight * 1.05) + 4096 };
    return { from, rows, timestamps, ...expected };
  };

  const chunkAt = async (reader: Reader, at: number, rows: number): Promise<Chunk> => {
    const ahead = coming.get(`${reader.key} ${at}`);
    const chunk = await (ahead?.catch(() => undefined) ?? undefined);
    return chunk ?? checked(reader, at, await fetchRows(reader.ref, wantedOf(reader, at, rows)));
  };

  const readAhead = (reader: Reader, at: number, rows: number): void => {
    const place = `${reader.key} ${at}`;
    if (at >= reader.totalRows || coming.size >= MOST_AHEAD || coming.has(place)) return;
    if (store.find(reader.key, at)) return;
    const fetched = fetchRows(reader.ref, wantedOf(reader, at, rows)).then((chunk) => {
      store.put(reader.key, checked(reader, at, chunk));
      return chunk;
    });
    coming.set(place, fetched);
    // Whoever needs these rows asks again and hears of the failure.
    fetched.catch(() => undefined).finally(() => coming.delete(place));
  };

  /** Rows that make an answer of the right weight, judged by those before. */
  const rowsOf = (reader: Reader): number => {
    const weight = store.rowBytes(reader.key);
    if (weight === undefined) return CHUNK_ROWS;
    return Math.min(CHUNK_ROWS, Math.max(1, Math.ceil(CHUNK_BYTES / weight)));
  };

  const read: Pages['read'] = async (ref, result, request) => {
    const reader = readerOf(ref, result, request);
    const start = Math.max(0, Math.trunc(request.startIndex));
    const most = Math.min(Math.max(0, Math.trunc(request.maximumRows)), result.totalRows - start);
    const pieces: Buffer[] = [];
    let bytes = 2;
    let at = start;
    let end = start;
    let fetched = false;
    let full = false;
    while (at - start < most && !full) {
      let chunk = store.find(reader.key, at);
      if (chunk === undefined) {
        if (fetched) break;
        // Who has begun to read on is given more than one page's rows; nobody else is.
        const wanted = start === 0 ? most - (at - start) : CHUNK_ROWS;
        chunk = await chunkAt(reader, at, Math.min(wanted, rowsOf(reader)));
        store.put(reader.key, chunk);
        fetched = true;
      }
      const cut = cutRows(chunk, at, most - (at - start), request.maximumBytes - bytes, at === start);
      if (cut.rows === 0) break;
      pieces.push(pieces.length === 0 ? open : comma, cut.bytes);
      bytes += cut.bytes.length + 1;
      at += cut.rows;
      full = cut.full;
      end = chunk.from + chunk.rows.count;
      if (at === end) store.drop(reader.key, chunk);
    }
    const rows = at - start;
    const more = rows > 0 && at < result.totalRows;
    if (more && (start > 0 || full)) {
      const step = rowsOf(reader);
      for (let i = 0; i < AHEAD; i++) readAhead(reader, end + i * step, step);
    }
    const rowsJson = rows === 0 ? Buffer.from('[]') : Buffer.concat([...pieces, close]);
    return { rowsJson, rows, totalRows: result.totalRows, ...(more ? { nextIndex: at } : {}) };
  };

  return {
    read,
    keep: (ref, schema, chunk) => store.put(keyOf(ref, schema, expectedTimestamps), chunk),
    close: () => store.clear(),
  };
}

type Reader = {
  readonly ref: JobRef;
  readonly key: string;
  readonly timestamps: PageRequest['timestamps'];
  readonly totalRows: number;
};

const readerOf = (ref: JobRef, { schema, totalRows }: Result, { timestamps }: PageRequest): Reader => ({
  ref,
  key: keyOf(ref, schema, timestamps),
  timestamps,
  totalRows,
});

/** Without a TIMESTAMP in it, a result is the same in every form. */
const keyOf = (ref: JobRef, schema: Schema, timestamps: PageRequest['timestamps']): string =>
  [
    ref.executionIdentity,
    ref.project,
    ref.location,
    ref.id,
    schema.fields.some(holdsTimestamp) ? timestamps : 'any',
  ].join(' ');

const holdsTimestamp = (field: FieldSchema): boolean =>
  field.type === 'TIMESTAMP' ||
  field.rangeElementType?.type.toUpperCase() === 'TIMESTAMP' ||
  (field.fields ?? []).some(holdsTimestamp);

function checked({ totalRows }: Reader, at: number, chunk: Chunk): Chunk {
  const { count } = chunk.rows;
  if (count > 0 && at + count <= totalRows) return chunk;
  throw new SluiceError('warehouse_unavailable', `BigQuery gave ${count} rows from ${at} of ${totalRows}`);
}

/** As many rows from row `at` on as fit; the first row of a page fits whatever its size. */
function cutRows(
  { from, rows }: Chunk,
  at: number,
  most: number,
  leftBytes: number,
  first: boolean,
): { readonly bytes: Buffer; readonly rows: number; readonly full: boolean } {
  const begin = at - from;
  const start = rows.bytes.indexOf(0x7b, begin === 0 ? 0 : (rows.ends[begin - 1] as number));
  const last = Math.min(begin + most, rows.count);
  let [low, high] = [begin, last];
  // The last row that still ends within what is left.
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rows.ends[middle - 1] as number) - start <= leftBytes) low = middle;
    else high = middle - 1;
  }
  const end = low === begin && first ? begin + 1 : low;
  if (end === begin) return { bytes: rows.bytes.subarray(0, 0), rows: 0, full: true };
  return {
    bytes: rows.bytes.subarray(start, rows.ends[end - 1] as number),
    rows: end - begin,
    full: end < last,
  };
}
