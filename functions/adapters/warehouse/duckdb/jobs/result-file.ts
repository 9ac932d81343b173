import { type FileHandle, link, open, readdir, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { JobFacts } from '../../../../ports/warehouse.ts';
import { usedUp } from './let-go.ts';

/*
 * A finished job is one file: blocks of result rows, then a footer with the job's facts and the blocks' places. It is
 * written under another name, synced and linked to its own, so a job is either unknown or finished whole, whatever
 * crashes. Rows lie as BigQuery's JSON, each followed by `,\n` (no JSON text has a bare line feed inside), so a page is
 * a slice of bytes.
 */

export type FinishedFacts = Exclude<JobFacts, { state: 'running' }>;

type Block = {
  readonly firstRow: number;
  readonly rows: number;
  readonly offset: number;
  readonly storedBytes: number;
  readonly rawBytes: number;
  readonly compressed: boolean;
};
export type Footer = {
  readonly facts: FinishedFacts;
  readonly rows: number;
  readonly blocks: readonly Block[];
};

const BLOCK_BYTES = 1 << 20;
const FIRST_BYTES = 8 << 10;
const COMMA = 44;
const LINE_FEED = 10;
/** Below this a block is stored as it is. */
const COMPRESS_BYTES = 64 << 10;
const TRAILER_BYTES = 24;
const MARK = 'SLUICEJOB1';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);
/** One piece of output for each block, where the default would be dozens to be joined. */
const packing = { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: BLOCK_BYTES / 2 };
const unpacking = (rawBytes: number) => ({ chunkSize: rawBytes + 64 });

const jobPath = (dir: string, id: string): string => {
  if (!/^[A-Za-z0-9_-]{1,200}$/.test(id)) throw new TypeError('a job id has only letters, digits, _ and -');
  return join(dir, `${id}.job`);
};

/** Collects rows and keeps at most one block of them in memory. */
export class ResultWriter {
  readonly #dir: string;
  readonly #id: string;
  readonly #part: string;
  readonly #blocks: Block[] = [];
  /** One block, filled in place: rows become no other garbage than their own text. */
  #block: Buffer = Buffer.allocUnsafe(FIRST_BYTES);
  #blockBytes = 0;
  #blockRows = 0;
  #rows = 0;
  #offset = 0;
  #file: FileHandle | undefined;

  constructor(dir: string, id: string, attempt: string) {
    this.#dir = dir;
    this.#id = id;
    this.#part = join(dir, `${id}.${attempt}.part`);
    jobPath(dir, id);
  }

  get rows(): number {
    return this.#rows;
  }

  /** `row` is one row's JSON. Call `drain` now and then: it writes what is full. */
  add(row: string): void {
    const needed = this.#blockBytes + row.length * 3 + 2;
    if (needed > this.#block.length) this.#grow(needed);
    let end = this.#blockBytes + this.#block.write(row, this.#blockBytes);
    this.#block[end++] = COMMA;
    this.#block[end++] = LINE_FEED;
    this.#blockBytes = end;
    this.#blockRows++;
    this.#rows++;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#block.length * 2));
    this.#block.copy(larger, 0, 0, this.#blockBytes);
    this.#block = larger;
  }

  async drain(): Promise<void> {
    if (this.#blockBytes >= BLOCK_BYTES) await this.#writeBlock();
  }

  async #writeBlock(): Promise<void> {
    if (this.#blockRows === 0) return;
    const raw = this.#block.subarray(0, this.#blockBytes);
    const compressed = raw.length >= COMPRESS_BYTES;
    const stored = compressed ? await compress(raw, packing) : raw;
    this.#blocks.push({
      firstRow: this.#rows - this.#blockRows,
      rows: this.#blockRows,
      offset: this.#offset,
      storedBytes: stored.length,
      rawBytes: raw.length,
      compressed,
    });
    await this.#write(stored);
    usedUp(raw.length);
    this.#blockBytes = 0;
    this.#blockRows = 0;
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#file ??= await open(this.#part, 'wx', 0o600);
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, at, bytes.length - at, this.#offset);
      at += bytesWritten;
      this.#offset += bytesWritten;
    }
  }

  /** Makes the job known, durably. Undefined: another attempt was first, and its result stands. */
  async finish(facts: FinishedFacts): Promise<Footer | undefined> {
    await this.#writeBlock();
    const footer: Footer = { facts, rows: this.#rows, blocks: this.#blocks };
    const text = Buffer.from(JSON.stringify(footer));
    const trailer = `${MARK} ${String(text.length).padStart(TRAILER_BYTES - MARK.length - 1, ' ')}`;
    await this.#write(Buffer.concat([text, Buffer.from(trailer)]));
    await this.#file?.sync();
    const closed = this.#file?.close();
    closed?.catch(() => {});
    this.#file = undefined;
    try {
      await link(this.#part, jobPath(this.#dir, this.#id));
      await Promise.all([syncFolder(this.#dir), rm(this.#part, { force: true })]);
      return footer;
    } catch (cause) {
      await rm(this.#part, { force: true });
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
      throw cause;
    } finally {
      await closed;
    }
  }

  async discard(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
    await rm(this.#part, { force: true });
  }
}

async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The footer of a finished job, or undefined when the id is unknown. */
export async function readFooter(dir: string, id: string): Promise<Footer | undefined> {
  let file: FileHandle;
  try {
    file = await open(jobPath(dir, id), 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
  try {
    const { size } = await file.stat();
    const trailer = (await readAt(file, size - TRAILER_BYTES, TRAILER_BYTES)).toString('latin1');
    if (!trailer.startsWith(`${MARK} `)) throw new Error(`the job file of ${id} is damaged`);
    const length = Number(trailer.slice(MARK.length));
    const text = await readAt(file, size - TRAILER_BYTES - length, length);
    return JSON.parse(text.toString('utf8')) as Footer;
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error('the job file is shorter than its footer says');
  return buffer;
}

/** Rows from `startIndex` on: as many as fit in both limits, but at least one. `bytes` holds each with its `,\n`. */
export async function readRows(
  dir: string,
  id: string,
  footer: Footer,
  limits: { readonly startIndex: number; readonly maximumRows: number; readonly maximumBytes: number },
): Promise<{ readonly bytes: readonly Buffer[]; readonly rows: number }> {
  const taken: Buffer[] = [];
  let rows = 0;
  let bytes = 0;
  let row = limits.startIndex;
  const file = await open(jobPath(dir, id), 'r');
  try {
    for (let at = blockOf(footer.blocks, row); at < footer.blocks.length && rows < limits.maximumRows; at++) {
      const block = footer.blocks[at] as Block;
      const raw = await readBlock(file, block);
      const from = skipRows(raw, 0, row - block.firstRow);
      const slice = takeRows(raw, from, block.firstRow + block.rows - row, {
        rows: limits.maximumRows - rows,
        bytes: limits.maximumBytes - bytes,
        atLeastOne: rows === 0,
      });
      if (slice.rows === 0) break;
      taken.push(raw.subarray(from, slice.end));
      rows += slice.rows;
      row += slice.rows;
      bytes += slice.end - from;
      if (row < block.firstRow + block.rows) break;
    }
  } finally {
    await file.close();
  }
  return { bytes: taken, rows };
}

async function readBlock(file: FileHandle, block: Block): Promise<Buffer> {
  const stored = await readAt(file, block.offset, block.storedBytes);
  return block.compressed ? decompress(stored, unpacking(block.rawBytes)) : stored;
}

function blockOf(blocks: readonly Block[], row: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const block = blocks[middle] as Block;
    if (block.firstRow + block.rows <= row) low = middle + 1;
    else high = middle;
  }
  return low;
}

function skipRows(raw: Buffer, from: number, rows: number): number {
  let at = from;
  for (let i = 0; i < rows; i++) at = raw.indexOf(LINE_FEED, at) + 1;
  return at;
}

function takeRows(
  raw: Buffer,
  from: number,
  available: number,
  limit: { readonly rows: number; readonly bytes: number; readonly atLeastOne: boolean },
): { readonly rows: number; readonly end: number } {
  if (available <= limit.rows && raw.length - from <= limit.bytes)
    return { rows: available, end: raw.length };
  let end = from;
  let rows = 0;
  while (rows < available && rows < limit.rows) {
    const next = raw.indexOf(LINE_FEED, end) + 1;
    if (next - from > limit.bytes && !(limit.atLeastOne && rows === 0)) break;
    end = next;
    rows++;
  }
  return { rows, end };
}

/** Removes what unfinished attempts left, and results older than `beforeMs` (milliseconds since the epoch). */
export async function cleanJobs(dir: string, beforeMs: number, running: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(dir)) {
    const path = join(dir, name);
    if (name.endsWith('.part')) {
      if (!running.has(name.slice(0, name.indexOf('.')))) await rm(path, { force: true });
    } else if (name.endsWith('.job') && (await stat(path)).mtimeMs < beforeMs) await unlink(path);
  }
}
