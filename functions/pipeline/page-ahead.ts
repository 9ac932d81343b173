import type { JobRef, PageRequest, Ports, ResultPage } from '../ports/index.ts';

/** Pages that were asked for before a client did, of all queries together. */
const aheadLimitBytes = 32 * 1024 * 1024;
/** Smaller pages are there soon when they are asked for. */
const worthwhileBytes = 64 * 1024;
/** A page that nobody came for by then is let go of: the client has stopped, or reads elsewhere. */
const keepMs = 10_000;

type Ahead = {
  readonly page: Promise<ResultPage>;
  /** As large as the page before it, until it is known better. */
  readonly bytes: number;
  readonly kept: AbortController;
};

type PagePorts = Pick<Ports, 'warehouse' | 'clock'>;
type Memory = { readonly pages: Map<string, Ahead>; bytes: number };

const memories = new WeakMap<object, Memory>();

function memoryOf({ warehouse }: PagePorts): Memory {
  const known = memories.get(warehouse) ?? { pages: new Map<string, Ahead>(), bytes: 0 };
  memories.set(warehouse, known);
  return known;
}

/**
 * One page of a finished job. While it is recorded and sent the next one is fetched, if the client seems to read on and
 * there is room; it stays here for 10 s at most. What was fetched ahead is used once, for the same job and request only; a
 * page that could not be fetched ahead is simply fetched when it is asked for.
 */
export async function pageAhead(ports: PagePorts, job: JobRef, request: PageRequest): Promise<ResultPage> {
  const memory = memoryOf(ports);
  const found = (await taken(memory, keyOf(job, request))) ?? (await ports.warehouse.page(job, request));
  const next = following(request, found);
  if (next !== undefined) begin(ports, memory, job, next, found.rowsJson.length);
  return found;
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

async function taken(memory: Memory, key: string): Promise<ResultPage | undefined> {
  const found = memory.pages.get(key);
  if (found === undefined) return undefined;
  letGo(memory, key, found);
  return found.page.catch(() => undefined);
}

function letGo(memory: Memory, key: string, ahead: Ahead): void {
  if (memory.pages.get(key) !== ahead) return;
  memory.pages.delete(key);
  memory.bytes -= ahead.bytes;
  ahead.kept.abort();
}

function begin(ports: PagePorts, memory: Memory, job: JobRef, next: PageRequest, bytes: number): void {
  const key = keyOf(job, next);
  if (memory.pages.has(key) || memory.bytes + bytes > aheadLimitBytes) return;
  const kept = new AbortController();
  const ahead: Ahead = { page: ports.warehouse.page(job, next), bytes, kept };
  memory.pages.set(key, ahead);
  memory.bytes += bytes;
  ahead.page.catch(() => letGo(memory, key, ahead));
  void ports.clock.sleep(keepMs, kept.signal).then(() => letGo(memory, key, ahead));
}
