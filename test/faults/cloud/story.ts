import { Client, type Exchange, isPassing, rest } from './client.ts';
import { apiAudience, type Instance, peopleAudience, serviceAccount, serviceAudience } from './instance.ts';
import type { World } from './world.ts';

/** The gateway as its users reach it. */
export type Gateway = {
  readonly front: Instance;
  readonly back: Instance;
  readonly sweepUrl: string;
};
/** What came of a query: its rows, or how the agent was told that there are none. */
export type Outcome = { readonly jobId: string; readonly rows?: string; readonly failed?: string };
export type Told = {
  readonly exchanges: readonly Exchange[];
  readonly outcomes: readonly Outcome[];
  /** Where the story did not come to its end. */
  readonly stuck?: string;
};

export const permitted = 'SELECT id, email FROM shop.orders';
export const costly = 'SELECT COUNT(*) AS n FROM shop.orders LIMIT 1';
export const neverApproved = 'SELECT COUNT(*) AS n FROM shop.orders LIMIT 2';

/** A user who has waited so long for something gives up, and the case has failed. */
const patienceMs = 40_000;
/** So long nothing moves before time is made to pass: what waits for the sweep waits for minutes. */
const stillMs = 2_500;
const stepMs = 61_000;
const mostOffsetMs = 13 * 60_000;
/** The platform delivers an approval sooner than the scheduler comes round. */
const pushMs = 1_200;

class Stuck extends Error {}

/** The agent, the approver and the scheduler: each repeats what failed, as its kind of client does. */
export class Story {
  readonly exchanges: Exchange[] = [];
  readonly outcomes: Outcome[] = [];
  readonly #world: World;
  readonly #agent: Client;
  readonly #person: Client;
  readonly #scheduler: Client;
  readonly #path: string;
  readonly #endMs = performance.now() + patienceMs;
  #movedMs = performance.now();

  static async begin(world: World, { front, sweepUrl }: Gateway): Promise<Story> {
    const { provider, google } = world.site;
    const [agent, person, service] = await Promise.all([
      provider.token(apiAudience, { sub: 'robot', groups: ['analysts'] }, 7200),
      provider.token(peopleAudience, { sub: 'ada', groups: ['approvers'] }, 7200),
      google.token(serviceAudience, serviceAccount),
    ]);
    return new Story(world, [front.urls.api, front.urls.approvals, sweepUrl], [agent, person, service]);
  }

  constructor(
    world: World,
    urls: readonly [string, string, string],
    tokens: readonly [string, string, string],
  ) {
    this.#world = world;
    this.#path = `/bigquery/v2/projects/${world.project}`;
    this.#agent = new Client(urls[0], 'agent', tokens[0], this.exchanges);
    this.#person = new Client(urls[1], 'person', tokens[1], this.exchanges);
    this.#scheduler = new Client(urls[2], 'scheduler', tokens[2], this.exchanges);
  }

  /** Everything that is promised happens here once: permitted, held, approved, resumed, repeated, swept and sealed. */
  async tell(): Promise<Told> {
    try {
      await this.rowsOf('job-a', permitted);
      await this.insert('job-c', neverApproved);
      await this.rowsOf('job-b', costly, pushMs);
      await this.insert('job-a', permitted);
      await this.query('request-1');
      await this.query('request-1');
      await this.sweepOnce();
      return { exchanges: this.exchanges, outcomes: this.outcomes };
    } catch (error) {
      if (!(error instanceof Stuck)) throw error;
      return { exchanges: this.exchanges, outcomes: this.outcomes, stuck: error.message };
    }
  }

  /**
   * After the trouble: the service answers a new query, every open query is swept until it has ended or waits for a person,
   * and the log is sealed. Gives what could not be done.
   */
  async end(): Promise<string | undefined> {
    try {
      await this.rowsOf('job-z', permitted);
      for (const offsetMs of [this.#world.offsetMs + stepMs, mostOffsetMs]) {
        this.#world.offsetMs = offsetMs;
        await this.sweepOnce();
      }
      // What the last sweep recorded of queries is sealed by the next.
      await this.sweepOnce();
      return undefined;
    } catch (error) {
      if (!(error instanceof Stuck)) throw error;
      return error.message;
    }
  }

  /** jobs.insert under the client's own id, until the job is known. */
  async insert(jobId: string, sql: string): Promise<void> {
    const body = {
      jobReference: { projectId: this.#world.project, jobId },
      configuration: { query: { query: sql, useLegacySql: false } },
    };
    for (;;) {
      const answer = await this.#agent.send('POST', `${this.#path}/jobs`, body);
      if (answer.status === 200 || answer.status === 409) return this.#moved();
      await this.#again(`insert ${jobId}`, answer);
    }
  }

  /** A job's rows, page by page; where it is told to, the agent submits the query again under another id. */
  async rowsOf(jobId: string, sql: string, alone = 0): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const name = attempt === 1 ? jobId : `${jobId}-${attempt}`;
      await this.insert(name, sql);
      if (sql === costly) await this.approve(name, sql);
      const outcome = await this.#read(name, sql, alone);
      this.outcomes.push(outcome);
      if (outcome.rows !== undefined || attempt === 3) return;
    }
  }

  async #read(jobId: string, sql: string, alone: number): Promise<Outcome> {
    const rows: unknown[] = [];
    const beganMs = performance.now();
    let pageToken = '';
    for (;;) {
      const page = pageToken === '' ? '' : `&pageToken=${pageToken}`;
      const path = `${this.#path}/queries/${jobId}?timeoutMs=300&maxResults=2${page}`;
      const answer = await this.#agent.send('GET', path);
      if (answer.status === 200 && answer.json.jobComplete === true) {
        this.#moved();
        for (const row of answer.json.rows ?? []) rows.push(row.f.map(({ v }) => v));
        pageToken = answer.json.pageToken ?? '';
        if (pageToken === '') return { jobId, rows: JSON.stringify(rows) };
      } else if (answer.status === 200) {
        if (performance.now() - beganMs > alone) await this.#scheduled();
        await this.#again(`rows of ${jobId}`, answer);
      } else if (answer.status === 404) {
        await this.insert(jobId, sql);
      } else if (isPassing(answer)) {
        await this.#again(`rows of ${jobId}`, answer);
      } else return { jobId, failed: await this.#errorOf(jobId, answer) };
    }
  }

  /** The error of a job that ended badly, as `jobs.get` tells it. */
  async #errorOf(jobId: string, told: Exchange): Promise<string> {
    for (;;) {
      const answer = await this.#agent.send('GET', `${this.#path}/jobs/${jobId}`);
      if (answer.status === 200) {
        const { state, errorResult } = answer.json.status ?? { state: '?' };
        return `${told.status} ${state}: ${errorResult?.message ?? told.text}`;
      }
      await this.#again(`error of ${jobId}`, answer);
    }
  }

  /** A person finds what waits and approves it; somebody whose answer was lost looks whether it counted. */
  async approve(jobId: string, sql: string): Promise<void> {
    const wanted = sql.slice(sql.indexOf('LIMIT'));
    let seen: string | undefined;
    for (;;) {
      const list = await this.#person.send('GET', '/approvals/v1/holds');
      const hold = list.json.holds?.find((each) => each.sql.includes(wanted));
      if (hold === undefined) {
        if (list.status === 200 && (await this.#isOver(jobId, seen))) return;
        await this.#again(`hold of ${jobId}`, list);
        continue;
      }
      seen = hold.id;
      const given = { reason: 'it is needed', digest: hold.digest };
      const answer = await this.#person.send('POST', `/approvals/v1/holds/${hold.id}/approve`, given);
      if (answer.status === 200) return this.#moved();
      await this.#again(`approval of ${jobId}`, answer);
    }
  }

  /** Whether nothing is left to approve: it was approved, or the query ended before it was held. */
  async #isOver(jobId: string, seen: string | undefined): Promise<boolean> {
    if (seen !== undefined) {
      const hold = await this.#person.send('GET', `/approvals/v1/holds/${seen}`);
      if (hold.status !== 404) return hold.status === 200 && hold.json.state !== 'held';
    }
    // The agent polls meanwhile; where its job is not known any more, it submits it again.
    const job = await this.#agent.send('GET', `${this.#path}/jobs/${jobId}`);
    if (job.status === 404) await this.insert(jobId, costly);
    return job.status === 200 && job.json.status?.state === 'DONE';
  }

  /** jobs.query with a request id: repeated, it is the same job. */
  async query(requestId: string): Promise<void> {
    const body = { query: permitted, useLegacySql: false, timeoutMs: 600, requestId };
    for (;;) {
      const answer = await this.#agent.send('POST', `${this.#path}/queries`, body);
      if (answer.status === 200 && answer.json.jobComplete === true) {
        const rows = (answer.json.rows ?? []).map((row) => row.f.map(({ v }) => v));
        this.outcomes.push({ jobId: requestId, rows: JSON.stringify(rows) });
        return this.#moved();
      }
      if (answer.status !== 200 && !isPassing(answer)) {
        this.outcomes.push({ jobId: requestId, failed: `${answer.status}: ${answer.text}` });
        return;
      }
      if (answer.status === 200) await this.#scheduled();
      await this.#again('query', answer);
    }
  }

  /** The scheduler's call, repeated until all was looked at and everything that was recorded is sealed. */
  async sweepOnce(): Promise<void> {
    for (;;) {
      const answer = await this.#scheduler.send('POST', '/', undefined, 3_000);
      if (answer.status === 200 && answer.json.refused?.length === 0 && answer.json.failed !== true)
        return this.#moved();
      await this.#again('sweep', answer);
    }
  }

  /** The scheduler comes round. */
  async #scheduled(): Promise<void> {
    await this.#scheduler.send('POST', '/', undefined, 3_000);
  }

  #moved(): void {
    this.#movedMs = performance.now();
  }

  /** A pause before the next try. What has not moved for long waits for the clock. */
  async #again(what: string, last: Exchange): Promise<void> {
    const nowMs = performance.now();
    if (nowMs > this.#endMs)
      throw new Stuck(`${what}: ${last.what} is answered ${last.status} ${last.text.slice(0, 300)}`);
    if (nowMs - this.#movedMs > stillMs && this.#world.offsetMs < mostOffsetMs) {
      this.#world.offsetMs += stepMs;
      this.#moved();
      await this.#scheduled();
    }
    await rest();
  }
}
