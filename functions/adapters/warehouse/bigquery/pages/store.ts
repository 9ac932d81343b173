import type { ScannedRows } from './scan.ts';

/** Rows of one result in one form, from row `from` on. */
export type Chunk = { readonly from: number; readonly rows: ScannedRows };

type Kept = { readonly chunk: Chunk; readonly key: string; readonly untilMs: number };

export type StoreOptions = { readonly limitBytes: number; readonly keepMs: number };

const MOST_WEIGHED = 4096;

/**
 * Rows that have come but were not asked for yet: the first ones, which come with the news that a job is finished, and what
 * is left of a page that was longer than asked for. A few seconds, and never more than `limitBytes` of them.
 */
export class ChunkStore {
  readonly #options: StoreOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #rowBytes = new Map<string, number>();
  #bytes = 0;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  put(key: string, chunk: Chunk): void {
    const { limitBytes, keepMs } = this.#options;
    const size = sizeOf(chunk);
    if (chunk.rows.count === 0) return;
    this.#weigh(key, chunk.rows.bytes.length / chunk.rows.count);
    if (size > limitBytes) return;
    const place = `${key} ${chunk.from}`;
    this.#remove(place);
    this.#kept.set(place, { chunk, key, untilMs: Date.now() + keepMs });
    this.#bytes += size;
    this.#expire();
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= limitBytes) break;
      this.#remove(oldest);
    }
  }

  /** A chunk that holds row `at`. */
  find(key: string, at: number): Chunk | undefined {
    this.#expire();
    for (const kept of this.#kept.values()) {
      const { chunk } = kept;
      if (kept.key === key && at >= chunk.from && at < chunk.from + chunk.rows.count) return chunk;
    }
    return undefined;
  }

  /** What a row of this result weighs, by the last rows that came. */
  rowBytes(key: string): number | undefined {
    return this.#rowBytes.get(key);
  }

  #weigh(key: string, bytes: number): void {
    this.#rowBytes.delete(key);
    this.#rowBytes.set(key, bytes);
    if (this.#rowBytes.size > MOST_WEIGHED)
      this.#rowBytes.delete(this.#rowBytes.keys().next().value as string);
  }

  /** Whoever read the last row of a chunk is not expected back. */
  drop(key: string, chunk: Chunk): void {
    this.#remove(`${key} ${chunk.from}`);
  }

  clear(): void {
    this.#kept.clear();
    this.#bytes = 0;
  }

  get bytes(): number {
    return this.#bytes;
  }

  #remove(place: string): void {
    const kept = this.#kept.get(place);
    if (kept === undefined) return;
    this.#kept.delete(place);
    this.#bytes -= sizeOf(kept.chunk);
  }

  /** The oldest come first, and all live equally long. */
  #expire(): void {
    const now = Date.now();
    for (const [place, kept] of this.#kept) {
      if (kept.untilMs > now) return;
      this.#remove(place);
    }
  }
}

const sizeOf = ({ rows }: Chunk): number => rows.bytes.buffer.byteLength + rows.ends.byteLength;
