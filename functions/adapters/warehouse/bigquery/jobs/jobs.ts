import { SluiceError } from '../../../../core/errors.ts';
import type { JobFacts, JobRef, JobSpec, PageRequest, ResultPage } from '../../../../ports/warehouse.ts';
import { askResult, type ResultAnswer } from '../pages/fetch.ts';
import { expectedTimestamps, type Pages } from '../pages/read.ts';
import { type Api, sleep, unavailable } from '../rest/api.ts';
import type { ApiError } from '../rest/api-error.ts';
import { ExchangeFailure } from '../rest/exchange.ts';
import { type Fields, object, objectFrom, objects, required, text } from '../rest/json.ts';
import { MalformedAnswer } from '../rest/malformed.ts';
import { Bounded } from './bounded.ts';
import { insertBody } from './configuration.ts';
import { doneFacts, type Finished, type JobState, jobStateFrom, notOurs } from './facts.ts';
import { executionError } from './safe-error.ts';

export type JobsOptions = {
  readonly api: Api;
  readonly pages: Pages;
  /** Names that are tables; of the views among them only what they are made of counts. */
  readonly baseTables: (names: readonly string[]) => Promise<readonly string[]>;
  /** Looks at tables again because a job that read them has ended. */
  readonly refresh: (names: readonly string[], sinceMs: number) => void;
  /** One long poll, milliseconds. */
  readonly pollMs: number;
  readonly signal: AbortSignal;
};

/** Rows that come with the news that a job is finished: with a small result, its only page. */
const FIRST_ROWS = 1000;
const INSERT_PATIENCE = { attemptMs: 30_000, deadlineMs: 75_000 } as const;
/** A server that answers a long poll at once is not asked in a hurry. */
const SHORTEST_POLL_MS = 100;
const MOST_FACTS = 4096;

type Polled = Finished | 'running' | undefined;

/** The jobs of BigQuery that Sluice starts and watches. */
export class Jobs {
  readonly #options: JobsOptions;
  /** Facts of finished jobs: they never change. */
  readonly #finished = new Bounded<Finished>(MOST_FACTS);
  /** What was refused outright, so that there is no job to ask about. */
  readonly #refused = new Bounded<Finished>(MOST_FACTS);
  readonly #doneAtOnce = new Bounded<Extract<JobState, { state: 'done' }>>(MOST_FACTS);
  /** When this process first knew that a job has ended. */
  readonly #ended = new Bounded<number>(MOST_FACTS);
  readonly #expected = new Bounded<readonly string[]>(MOST_FACTS);
  readonly #polls = new Map<string, Promise<Polled>>();

  constructor(options: JobsOptions) {
    this.#options = options;
  }

  /**
   * Starts the job under its id and no other: after an unknown outcome the same id is tried again, and the answer that it is
   * known means that it runs once. A definite refusal is an outcome of the query, told by `wait` and `job`.
   */
  async insert(spec: JobSpec): Promise<'started' | 'duplicate'> {
    const key = keyOf(spec);
    const answer = await this.#options.api.ask({
      as: spec.executionIdentity,
      method: 'POST',
      path: ['projects', spec.project, 'jobs'],
      body: insertBody(spec),
      patience: INSERT_PATIENCE,
      read: ({ body }) => startedFrom(objectFrom(body), spec),
    });
    if (!answer.ok) {
      if (answer.error.status === 409) return 'duplicate';
      this.#refused.set(key, refusedFacts(answer.error, spec.sql));
      return 'started';
    }
    if (answer.value?.state === 'failed') this.#finished.set(key, answer.value.facts);
    if (answer.value?.state === 'done') this.#doneAtOnce.set(key, answer.value);
    return 'started';
  }

  /** What the job will read. */
  expect(ref: JobRef, tables: readonly string[]): void {
    this.#expected.set(keyOf(ref), tables);
  }

  /** A moment at which the job had ended, by this machine's clock, as early as this process knows one. */
  endedMs(ref: JobRef): number {
    return this.#ended.get(keyOf(ref)) ?? Date.now();
  }

  async job(ref: JobRef): Promise<JobFacts | undefined> {
    const known = this.#finished.get(keyOf(ref));
    if (known) return known;
    const [state, result] = await Promise.all([
      this.#state(ref),
      this.#result(ref, 0).catch((cause: unknown) => ({ failure: cause })),
    ]);
    if (state === undefined) return this.#refused.get(keyOf(ref));
    if (state.state === 'running') return state;
    if (state.state === 'failed') return this.#remember(ref, state.facts);
    if (result !== undefined && 'failure' in result) throw result.failure;
    return result?.complete ? this.#done(ref, state, result) : { state: 'running' };
  }

  /** Waiters of one job share a long poll, which goes on when one of them stops waiting: the next finds it under way. */
  async wait(ref: JobRef, waitMs: number, signal?: AbortSignal): Promise<JobFacts | undefined> {
    const untilMs = Date.now() + waitMs;
    for (;;) {
      const known = this.#finished.get(keyOf(ref));
      if (known) return known;
      const polled = await this.#atMost(this.#poll(ref), untilMs - Date.now(), signal);
      if (polled !== 'running') return polled;
      if (signal?.aborted || this.#options.signal.aborted || Date.now() >= untilMs)
        return { state: 'running' };
    }
  }

  /** Asks for an end; a finished or unknown job is left as it is. */
  async cancel(ref: JobRef): Promise<void> {
    const answer = await this.#options.api.ask({
      as: ref.executionIdentity,
      method: 'POST',
      path: ['projects', ref.project, 'jobs', ref.id, 'cancel'],
      query: { location: ref.location },
      read: () => undefined,
    });
    if (!answer.ok && answer.error.status !== 404)
      throw unavailable(new Error(`${answer.error.status} ${answer.error.reason}`));
  }

  /** Throws SluiceError `not_found` for a job that has no result. */
  async page(ref: JobRef, request: PageRequest): Promise<ResultPage> {
    const facts = await this.job(ref);
    if (facts?.state !== 'done') throw new SluiceError('not_found', `job ${ref.id} has no result to read`);
    const { schema, outcome } = facts;
    return this.#options.pages.read(ref, { schema, totalRows: outcome.totalRows }, request);
  }

  #poll(ref: JobRef): Promise<Polled> {
    const key = keyOf(ref);
    const running = this.#polls.get(key);
    if (running) return running;
    const poll = this.#pollOnce(ref).finally(() => this.#polls.delete(key));
    this.#polls.set(key, poll);
    // A poll that fails after its waiters have left is asked again by the next.
    poll.catch(() => undefined);
    return poll;
  }

  async #pollOnce(ref: JobRef): Promise<Polled> {
    const { pollMs, signal } = this.#options;
    const askedMs = Date.now();
    const result = await this.#result(ref, pollMs).catch((cause: unknown) => this.#endedBy(ref, cause));
    if (result !== undefined && 'state' in result) return result;
    if (result?.complete) {
      this.#noteEnd(ref);
      const state = this.#doneAtOnce.get(keyOf(ref)) ?? (await this.#state(ref));
      if (state?.state === 'done') return this.#done(ref, state, result);
      if (state?.state === 'failed') return this.#remember(ref, state.facts);
    } else if (result === undefined) {
      // An error here is that of the job, or says that there is none.
      const state = await this.#state(ref);
      if (state === undefined) return this.#refused.get(keyOf(ref));
      if (state.state === 'failed') return this.#remember(ref, state.facts);
    }
    await sleep(Math.max(0, Math.min(pollMs, SHORTEST_POLL_MS) - (Date.now() - askedMs)), signal);
    return 'running';
  }

  /** An error of a server that stays may be that of the job: one that ended with it answers so for ever. */
  async #endedBy(ref: JobRef, cause: unknown): Promise<Finished> {
    const state = await this.#state(ref);
    if (state?.state === 'failed') return this.#remember(ref, state.facts);
    throw cause;
  }

  async #atMost(poll: Promise<Polled>, waitMs: number, signal?: AbortSignal): Promise<Polled> {
    if (signal?.aborted) return 'running';
    const over = new AbortController();
    const enough = AbortSignal.any([over.signal, ...(signal ? [signal] : [])]);
    try {
      const late = sleep(Math.max(0, waitMs), enough).then((): Polled => 'running');
      return await Promise.race([poll, late]);
    } finally {
      over.abort();
    }
  }

  /** The beginning of a result, kept for the page that follows; `undefined` where the job's own state says more. */
  async #result(ref: JobRef, waitMs: number): Promise<ResultAnswer | undefined> {
    const { api, pages, signal } = this.#options;
    const timestamps = expectedTimestamps;
    try {
      const answer = await askResult(api, ref, { from: 0, rows: FIRST_ROWS, timestamps, waitMs, signal });
      if (!answer.ok) return undefined;
      if (answer.value.complete) pages.keep(ref, answer.value.schema, answer.value.chunk);
      return answer.value;
    } catch (cause) {
      if (!(cause instanceof ExchangeFailure)) throw cause;
      if (cause.kind !== 'too_large') throw unavailable(cause);
      const empty = await askResult(api, ref, { from: 0, rows: 0, timestamps, waitMs, signal });
      return empty.ok ? empty.value : undefined;
    }
  }

  async #state(ref: JobRef): Promise<JobState | undefined> {
    const answer = await this.#options.api.ask({
      as: ref.executionIdentity,
      method: 'GET',
      path: ['projects', ref.project, 'jobs', ref.id],
      query: { location: ref.location },
      read: ({ body }) => jobStateFrom(objectFrom(body), ref),
    });
    if (answer.ok) return answer.value;
    if (answer.error.status === 404) return undefined;
    if (answer.error.reason === 'accessDenied') return { state: 'failed', facts: notOurs(answer.error) };
    throw unavailable(new Error(`${answer.error.status} ${answer.error.reason}`));
  }

  async #done(
    ref: JobRef,
    state: Extract<JobState, { state: 'done' }>,
    result: ResultAnswer,
  ): Promise<Finished> {
    const children = state.children === 0 ? [] : await this.#children(ref, state.children);
    const facts = doneFacts(state, result, children);
    if (facts.state !== 'done') return this.#remember(ref, facts);
    const referencedTables = await this.#options.baseTables(facts.referencedTables);
    return this.#remember(ref, { ...facts, referencedTables });
  }

  /** The jobs of a script's statements: the script itself does not say what they read. */
  async #children(ref: JobRef, wanted: number): Promise<readonly Fields[]> {
    const found: Fields[] = [];
    let pageToken: string | undefined;
    do {
      const answer = await this.#options.api.ask({
        as: ref.executionIdentity,
        method: 'GET',
        path: ['projects', ref.project, 'jobs'],
        query: { parentJobId: ref.id, projection: 'full', maxResults: '500', pageToken },
        read: ({ body }) => objectFrom(body),
      });
      if (!answer.ok) throw unavailable(new Error(`${answer.error.status} ${answer.error.reason}`));
      found.push(...objects(answer.value, 'jobs'));
      pageToken = text(answer.value, 'nextPageToken');
    } while (pageToken !== undefined && found.length < wanted + 1);
    if (found.length < wanted) throw unavailable(new Error('a script whose statements are not all known'));
    return found;
  }

  #noteEnd(ref: JobRef): void {
    const key = keyOf(ref);
    if (this.#ended.get(key) !== undefined) return;
    const endedMs = Date.now();
    this.#ended.set(key, endedMs);
    this.#options.refresh(this.#expected.get(key) ?? [], endedMs);
  }

  #remember(ref: JobRef, facts: Finished): Finished {
    this.#finished.set(keyOf(ref), facts);
    return facts;
  }
}

const keyOf = (ref: JobRef): string => [ref.executionIdentity, ref.project, ref.location, ref.id].join(' ');

/** What the answer to an insert tells beyond that the job exists. */
function startedFrom(job: Fields, ref: JobRef): JobState | undefined {
  const reference = required(object(job, 'jobReference'), 'jobReference');
  if (text(reference, 'jobId') !== ref.id) throw new MalformedAnswer('the answer is about another job');
  try {
    return jobStateFrom(job, ref);
  } catch (cause) {
    if (cause instanceof MalformedAnswer) return undefined;
    throw cause;
  }
}

const refusedFacts = (error: ApiError, sql: string): Finished => ({
  state: 'failed',
  error: executionError(error, sql),
  detail: `${error.status} ${error.reason}: ${error.message}`,
});
