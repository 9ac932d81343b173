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

const CHUNK_ROWS = 100_000;
/** Rows are asked for by what those before weighed; so much of a page is left for heavier ones. */
const PAGE_SHARE = 0.96;
/** The form in which the first rows come, before anybody has asked: what the official clients ask for. */
export const expectedTimestamps = 'INT64';

const open = Buffer.from('[');
const comma = Buffer.from(',');
const close = Buffer.from(']');

/**
 * Pages as bytes. As many rows are asked for as make one page, so that it is passed on where it lies; a longer answer is cut
 * where a row ends, and what is left waits in `store` for the next page.
 */
export function openPages(fetchRows: FetchRows, store: ChunkStore): Pages {
  const fetchAt = async (reader: Reader, from: number, most: number, leftBytes: number): Promise<Chunk> => {
    const { ref, key, timestamps } = reader;
    const weight = store.rowBytes(key);
    if (weight === undefined)
      return checked(
        reader,
        from,
        await fetchRows(ref, { from, rows: Math.min(most, CHUNK_ROWS), timestamps }),
      );
    const fitting = Math.max(1, Math.floor((leftBytes * PAGE_SHARE) / weight));
    const rows = Math.min(most, fitting, CHUNK_ROWS);
    const expectedBytes = Math.ceil(rows * weight * 1.05) + 4096;
    return checked(reader, from, await fetchRows(ref, { from, rows, timestamps, expectedBytes }));
  };

  const read: Pages['read'] = async (ref, result, request) => {
    const reader = readerOf(ref, result, request);
    const start = Math.max(0, Math.trunc(request.startIndex));
    const most = Math.min(Math.max(0, Math.trunc(request.maximumRows)), result.totalRows - start);
    const pieces: Buffer[] = [];
    let bytes = 2;
    let at = start;
    let fetched = false;
    let full = false;
    let whole: Buffer | undefined;
    while (at - start < most && !full) {
      let chunk = store.find(reader.key, at);
      if (chunk === undefined) {
        if (fetched) break;
        chunk = await fetchAt(reader, at, most - (at - start), request.maximumBytes - bytes);
        store.put(reader.key, chunk);
        fetched = true;
      }
      const cut = cutRows(chunk, at, most - (at - start), request.maximumBytes - bytes, at === start);
      if (cut.rows === 0) break;
      whole = cut.rows === chunk.rows.count && at === start ? chunk.rows.array : undefined;
      pieces.push(pieces.length === 0 ? open : comma, cut.bytes);
      bytes += cut.bytes.length + 1;
      at += cut.rows;
      full = cut.full;
      if (at === chunk.from + chunk.rows.count) store.drop(reader.key, chunk);
    }
    const rows = at - start;
    const more = rows > 0 && at < result.totalRows;
    const rowsJson = rows === 0 ? Buffer.from('[]') : (whole ?? Buffer.concat([...pieces, close]));
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

const readerOf = (ref: JobRef, { schema, totalRows }: Result, request: PageRequest): Reader => ({
  ref,
  key: keyOf(ref, schema, request.timestamps),
  timestamps: request.timestamps,
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
