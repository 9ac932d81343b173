import type { JobRef, PageRequest, Ports, ResultPage } from '../ports/index.ts';

/** Pages of one result that are asked for before its client does: so many are on their way at once. */
const aheadPages = 3;
/** Their bytes, of all results together. */
const aheadLimitBytes = 32 * 1024 * 1024;
/** Rows are not all alike: a page that is asked for ahead has so much fewer than the one before, so as to end where it should. */
const aheadShare = 0.97;
/** Smaller pages are there soon when they are asked for. */
const worthwhileBytes = 64 * 1024;
/** A page that nobody came for by then is let go of: the client has stopped, or reads elsewhere. */
const keepMs = 10_000;

type Ahead<T> = {
  readonly reader: string;
  readonly startIndex: number;
  readonly page: Promise<ResultPage>;
  readonly prepared: Promise<T>;
  /** As large as the page before it. */
  readonly bytes: number;
  /** Rows that it was asked for. */
  readonly rows: number;
  readonly kept: AbortController;
};

type PagePorts = Pick<Ports, 'warehouse' | 'clock'>;
type Memory = { readonly pages: Map<string, Ahead<unknown>>; bytes: number };

const memories = new WeakMap<object, Memory>();

function memoryOf({ warehouse }: PagePorts): Memory {
  const known = memories.get(warehouse) ?? { pages: new Map<string, Ahead<unknown>>(), bytes: 0 };
  memories.set(warehouse, known);
  return known;
}

/**
 * One page of a finished job. While it is recorded and sent the next ones are fetched and prepared, if the client seems to
 * read on and there is room; they stay here for 10 s at most. What was fetched ahead is used once, for the same job and
 * request only; what could not be fetched or prepared ahead simply is when it is asked for. `prepare` must always make the
 * same kind of thing.
 */
export async function pageAhead<T>(
  ports: PagePorts,
  job: JobRef,
  request: PageRequest,
  prepare: (page: ResultPage) => Promise<T>,
): Promise<{ readonly page: ResultPage; readonly prepared?: T }> {
  const memory = memoryOf(ports);
  const ahead = taken(memory, keyOf(job, request, request.startIndex));
  const found = await ahead?.page.catch(() => undefined);
  const page = found ?? (await ports.warehouse.page(job, request));
  const step = stepOf(request, page, ahead?.rows);
  if (step !== undefined) readOn({ ports, memory, job, request, prepare }, page, step);
  const prepared = found === undefined ? undefined : await ahead?.prepared.catch(() => undefined);
  return prepared === undefined ? { page } : { page, prepared: prepared as T };
}

/** Everything that pages of one reading have in common. */
const readerOf = (job: JobRef, request: PageRequest): string =>
  JSON.stringify([
    job.project,
    job.location,
    job.executionIdentity,
    job.id,
    request.maximumRows,
    request.maximumBytes,
    request.timestamps,
  ]);

const keyOf = (job: JobRef, request: PageRequest, startIndex: number): string =>
  `${readerOf(job, request)} ${startIndex}`;

/**
 * How many rows a page has for a client that reads them all. One that asked for a few rows at the beginning has what it
 * wanted.
 */
function stepOf(request: PageRequest, page: ResultPage, askedRows: number | undefined): number | undefined {
  if (page.nextIndex === undefined || page.rowsJson.length < worthwhileBytes) return undefined;
  const isFull = page.rows === request.maximumRows;
  if (isFull && request.startIndex === 0) return undefined;
  return isFull || page.rows === askedRows ? page.rows : Math.max(1, Math.floor(page.rows * aheadShare));
}

type Reading<T> = {
  readonly ports: PagePorts;
  readonly memory: Memory;
  readonly job: JobRef;
  readonly request: PageRequest;
  readonly prepare: (page: ResultPage) => Promise<T>;
};

/** Has the pages after this one fetched side by side; what was fetched for places where none begins is let go of. */
function readOn<T>(reading: Reading<T>, page: ResultPage, step: number): void {
  const { memory, job, request } = reading;
  const from = page.nextIndex as number;
  const reader = readerOf(job, request);
  for (const [key, ahead] of memory.pages) {
    const offset = ahead.startIndex - from;
    const isStray = offset > 0 && offset < aheadPages * step && offset % step !== 0;
    if (ahead.reader === reader && isStray) letGo(memory, key, ahead);
  }
  const end = Math.min(from + aheadPages * step, page.totalRows);
  for (let start = from; start < end; start += step) begin(reading, start, step, page.rowsJson.length);
}

function taken(memory: Memory, key: string): Ahead<unknown> | undefined {
  const found = memory.pages.get(key);
  if (found !== undefined) letGo(memory, key, found);
  return found;
}

function letGo(memory: Memory, key: string, ahead: Ahead<unknown>): void {
  if (memory.pages.get(key) !== ahead) return;
  memory.pages.delete(key);
  memory.bytes -= ahead.bytes;
  ahead.kept.abort();
}

function begin<T>(reading: Reading<T>, startIndex: number, rows: number, bytes: number): void {
  const { ports, memory, job, request, prepare } = reading;
  const key = keyOf(job, request, startIndex);
  if (memory.pages.has(key) || memory.bytes + bytes > aheadLimitBytes) return;
  const page = ports.warehouse.page(job, { ...request, startIndex, maximumRows: rows });
  const kept = new AbortController();
  const reader = readerOf(job, request);
  const ahead: Ahead<T> = { reader, startIndex, page, prepared: page.then(prepare), bytes, rows, kept };
  memory.pages.set(key, ahead);
  memory.bytes += bytes;
  page.catch(() => letGo(memory, key, ahead));
  ahead.prepared.catch(() => {});
  void ports.clock.sleep(keepMs, kept.signal).then(() => letGo(memory, key, ahead));
}
