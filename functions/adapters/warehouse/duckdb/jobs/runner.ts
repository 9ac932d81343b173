import { mkdirSync } from 'node:fs';
import type { DuckDBConnection, DuckDBResult, DuckDBVarCharVector } from '@duckdb/node-api';
import { type Refusal, SluiceError } from '../../../../core/errors.ts';
import type { Schema } from '../../../../core/query/schema.ts';
import type { JobFacts } from '../../../../ports/warehouse.ts';
import { END_OF_ROWS } from '../encode.ts';
import { executionError } from './execution-error.ts';
import { cleanJobs, type FinishedFacts, type Footer, ResultWriter, readFooter } from './result-file.ts';

/** What a job will run: one SELECT whose only column is a result row as JSON, or why there is none. */
export type JobPlan =
  | {
      readonly ok: true;
      readonly statementType: string;
      readonly schema: Schema;
      readonly referencedTables: readonly string[];
      readonly bytesProcessed: number;
      readonly bytesBilled: number;
      readonly sql: string;
    }
  | { readonly ok: false; readonly error: Refusal };

export type JobOrder = {
  readonly id: string;
  readonly timeoutMs: number;
  readonly plan: () => Promise<JobPlan>;
};

type Running = {
  readonly done: Promise<FinishedFacts>;
  stop: Refusal | undefined;
  connection: DuckDBConnection | undefined;
};

type RunnerOptions = {
  readonly dir: string;
  readonly connect: () => Promise<DuckDBConnection>;
  /** Jobs that run at once; others wait their turn in the order they came. */
  readonly concurrency: number;
  readonly keepMs: number;
};

const CANCELLED: Refusal = {
  code: 'stopped',
  message: 'Job execution was cancelled: User requested cancellation',
};
const CLOSING: Refusal = { code: 'stopped', message: 'The warehouse is closing' };
const CLEAN_EVERY_MS = 3_600_000;
/** An interrupt that comes before DuckDB has begun is lost, so it is repeated until the query has ended. */
const INTERRUPT_EVERY_MS = 25;
const FOOTERS_KEPT = 256;
/** So much may the process grow while a job runs: DuckDB's limit does not count the values that it is just computing. */
const GROWTH_BYTES = 1_500_000_000;
const TOO_LARGE: Refusal = {
  code: 'invalid_query',
  message:
    'Resources exceeded during query execution: it needs more memory than allowed; read fewer rows or columns',
};

export class JobRunner {
  readonly #options: RunnerOptions;
  readonly #running = new Map<string, Running>();
  readonly #footers = new Map<string, Footer>();
  readonly #idle: DuckDBConnection[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #cleaner: NodeJS.Timeout;
  #free: number;
  #attempts = 0;
  #closing = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    this.#free = options.concurrency;
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
    this.#cleaner = setInterval(() => void this.clean().catch(() => undefined), CLEAN_EVERY_MS).unref();
  }

  async clean(): Promise<void> {
    await cleanJobs(this.#options.dir, Date.now() - this.#options.keepMs, new Set(this.#running.keys()));
    this.#footers.clear();
  }

  async insert(order: JobOrder): Promise<'started' | 'duplicate'> {
    if (this.#running.has(order.id) || (await this.footer(order.id))) return 'duplicate';
    // Another insert of the same id may have started while the folder was read.
    if (this.#running.has(order.id)) return 'duplicate';
    const { promise, resolve, reject } = Promise.withResolvers<FinishedFacts>();
    promise.catch(() => undefined);
    const running: Running = { done: promise, stop: undefined, connection: undefined };
    this.#running.set(order.id, running);
    void this.#run(order, running).then(resolve, reject);
    return 'started';
  }

  async footer(id: string): Promise<Footer | undefined> {
    const kept = this.#footers.get(id);
    if (kept) return kept;
    const footer = await readFooter(this.#options.dir, id);
    if (footer) this.#keep(id, footer);
    return footer;
  }

  #keep(id: string, footer: Footer): void {
    if (this.#footers.size >= FOOTERS_KEPT) this.#footers.delete(this.#footers.keys().next().value as string);
    this.#footers.set(id, footer);
  }

  async job(id: string): Promise<JobFacts | undefined> {
    if (this.#running.has(id)) return { state: 'running' };
    return (await this.footer(id))?.facts;
  }

  async wait(id: string, waitMs: number, signal?: AbortSignal): Promise<JobFacts | undefined> {
    const running = this.#running.get(id);
    if (running === undefined) return this.job(id);
    if (signal?.aborted) return { state: 'running' };
    const { promise: ended, resolve: end } = Promise.withResolvers<void>();
    const timer = setTimeout(end, waitMs);
    signal?.addEventListener('abort', () => end(), { once: true });
    try {
      return (await Promise.race([running.done, ended])) ?? (await this.job(id));
    } catch (cause) {
      throw new SluiceError('warehouse_unavailable', `job ${id} ended without a record of it`, { cause });
    } finally {
      clearTimeout(timer);
      end();
    }
  }

  /** Asks a running job to stop; a finished or unknown one is left as it is. */
  cancel(id: string): void {
    const running = this.#running.get(id);
    if (running) this.#stop(running, CANCELLED);
  }

  #stop(running: Running, why: Refusal): void {
    running.stop ??= why;
    running.connection?.interrupt();
  }

  /** Stops what runs without recording an end: as after a crash, such a job is unknown at the next start. */
  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#cleaner);
    for (const running of this.#running.values()) this.#stop(running, CLOSING);
    for (const next of this.#waiting.splice(0)) next();
    await Promise.allSettled([...this.#running.values()].map((running) => running.done));
    for (const connection of this.#idle.splice(0)) connection.closeSync();
  }

  async #run(order: JobOrder, running: Running): Promise<FinishedFacts> {
    const writer = new ResultWriter(this.#options.dir, order.id, String(++this.#attempts));
    const startMs = Date.now();
    const timer = setTimeout(
      () => this.#stop(running, timedOut(order.timeoutMs)),
      Math.min(order.timeoutMs, 2 ** 31 - 1),
    );
    try {
      await this.#turn();
      let facts: FinishedFacts;
      try {
        facts = await this.#execute(order, running, writer, startMs);
      } finally {
        this.#next();
      }
      if (this.#closing && running.stop === CLOSING)
        throw new Error('the warehouse closed while the job ran');
      return await this.#record(order.id, facts, writer);
    } finally {
      clearTimeout(timer);
      await writer.discard();
      this.#running.delete(order.id);
    }
  }

  async #record(id: string, facts: FinishedFacts, writer: ResultWriter): Promise<FinishedFacts> {
    let written = writer;
    if (facts.state === 'failed' && writer.rows > 0) {
      await writer.discard();
      written = new ResultWriter(this.#options.dir, id, String(++this.#attempts));
    }
    const footer = (await written.finish(facts)) ?? (await readFooter(this.#options.dir, id));
    if (footer === undefined) throw new Error(`the job file of ${id} vanished`);
    this.#keep(id, footer);
    return footer.facts;
  }

  async #execute(
    order: JobOrder,
    running: Running,
    writer: ResultWriter,
    startMs: number,
  ): Promise<FinishedFacts> {
    let outcome: { totalBytesProcessed: number; totalBytesBilled: number } | undefined;
    try {
      if (running.stop) return stopped(running.stop);
      const plan = await order.plan();
      if (!plan.ok) return { state: 'failed', error: plan.error, detail: plan.error.message };
      outcome = { totalBytesProcessed: plan.bytesProcessed, totalBytesBilled: plan.bytesBilled };
      await this.#stream(plan.sql, running, writer);
      if (running.stop) return stopped(running.stop);
      return {
        state: 'done',
        statementType: plan.statementType,
        schema: plan.schema,
        referencedTables: plan.referencedTables,
        referencedRoutines: [],
        outcome: { ...outcome, totalRows: writer.rows, cacheHit: false, startMs, endMs: Date.now() },
      };
    } catch (cause) {
      if (running.stop) return stopped(running.stop);
      const detail = cause instanceof Error ? cause.message : String(cause);
      const facts = { state: 'failed', error: executionError(detail), detail } as const;
      return outcome
        ? { ...facts, outcome: { ...outcome, totalRows: 0, cacheHit: false, startMs, endMs: Date.now() } }
        : facts;
    }
  }

  /** Pulls rows chunk by chunk: DuckDB computes no further than a small buffer ahead. */
  async #stream(sql: string, running: Running, writer: ResultWriter): Promise<void> {
    const connection = this.#idle.pop() ?? (await this.#options.connect());
    running.connection = connection;
    const mostBytes = process.memoryUsage.rss() + GROWTH_BYTES;
    const insist = setInterval(() => {
      if (process.memoryUsage.rss() > mostBytes) this.#stop(running, TOO_LARGE);
      if (running.stop) connection.interrupt();
    }, INTERRUPT_EVERY_MS);
    let whole = false;
    try {
      whole = await copyRows(await connection.stream(sql), writer, () => running.stop !== undefined);
      if (!whole && running.stop === undefined) await failAgain(connection, sql);
    } finally {
      clearInterval(insist);
      running.connection = undefined;
      if (whole && !this.#closing) this.#idle.push(connection);
      else connection.closeSync();
    }
  }

  async #turn(): Promise<void> {
    if (this.#free > 0) {
      this.#free--;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #next(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#free++;
  }
}

const timedOut = (timeoutMs: number): Refusal => ({
  code: 'timeout',
  message: `Operation timed out after ${timeoutMs / 1000} seconds; ask for less or a longer timeout`,
});

const stopped = (why: Refusal): FinishedFacts => ({ state: 'failed', error: why, detail: why.message });

/** Whether all rows were copied: the stream ended with END_OF_ROWS. */
async function copyRows(result: DuckDBResult, writer: ResultWriter, stop: () => boolean): Promise<boolean> {
  let ended = false;
  while (!stop()) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return ended;
    const rows = chunk.getColumnVector(0) as DuckDBVarCharVector;
    for (let i = 0; i < chunk.rowCount; i++) {
      const row = rows.getItem(i) as string;
      if (ended) throw new Error('rows after the end of rows');
      if (row === END_OF_ROWS) ended = true;
      else writer.add(row);
    }
    await writer.drain();
  }
  return false;
}

/** A stream that broke off does not say why; the same rows counted do. */
async function failAgain(connection: DuckDBConnection, sql: string): Promise<never> {
  await connection.run(`SELECT sum(strlen(row)) FROM (${sql}) AS again(row)`);
  throw new Error('Out of Memory Error: the stream of rows broke off');
}
