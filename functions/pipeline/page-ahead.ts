import type { JobRef, PageRequest, Ports, ResultPage } from '../ports/index.ts';

/** Pages that were asked for before a client did, of all queries together. */
const aheadLimitBytes = 32 * 1024 * 1024;
/** Smaller pages are there soon when they are asked for. */
const worthwhileBytes = 64 * 1024;
/** A page that nobody came for by then is let go of: the client has stopped, or reads elsewhere. */
const keepMs = 10_000;

type Ahead<T> = {
  readonly page: Promise<ResultPage>;
  readonly prepared: Promise<T>;
  /** As large as the page before it, until it is known better. */
  readonly bytes: number;
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
 * One page of a finished job. While it is recorded and sent the next one is fetched and prepared, if the client seems to
 * read on and there is room; it stays here for 10 s at most. What was fetched ahead is used once, for the same job and
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
  const ahead = taken(memory, keyOf(job, request));
  const found = await ahead?.page.catch(() => undefined);
  const page = found ?? (await ports.warehouse.page(job, request));
  const next = following(request, page);
  if (next !== undefined) begin(ports, memory, job, next, page.rowsJson.length, prepare);
  const prepared = found === undefined ? undefined : await ahead?.prepared.catch(() => undefined);
  return prepared === undefined ? { page } : { page, prepared: prepared as T };
}

const keyOf = (job: JobRef, request: PageRequest): string =>
  JSON.stringify([
    job.project,
    job.location,
    job.executionIdentity,
    job.id,
    request.startIndex,
    request.maximumRows,
    request.maximumBytes,
    request.timestamps,
  ]);

/** What a client that reads all rows asks for next. One that asked for a few rows at the beginning has what it wanted. */
function following(request: PageRequest, { nextIndex, rows, rowsJson }: ResultPage): PageRequest | undefined {
  if (nextIndex === undefined || rowsJson.length < worthwhileBytes) return undefined;
  const readsOn = request.startIndex > 0 || rows < request.maximumRows;
  return readsOn ? { ...request, startIndex: nextIndex } : undefined;
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

function begin<T>(
  ports: PagePorts,
  memory: Memory,
  job: JobRef,
  next: PageRequest,
  bytes: number,
  prepare: (page: ResultPage) => Promise<T>,
): void {
  const key = keyOf(job, next);
  if (memory.pages.has(key) || memory.bytes + bytes > aheadLimitBytes) return;
  const kept = new AbortController();
  const page = ports.warehouse.page(job, next);
  const ahead: Ahead<T> = { page, prepared: page.then(prepare), bytes, kept };
  memory.pages.set(key, ahead);
  memory.bytes += bytes;
  page.catch(() => letGo(memory, key, ahead));
  ahead.prepared.catch(() => {});
  void ports.clock.sleep(keepMs, kept.signal).then(() => letGo(memory, key, ahead));
}
