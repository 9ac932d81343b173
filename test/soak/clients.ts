import { type Answer, api, type Client, openClient } from '../../bench/support/client.ts';

/** One answer: what was asked, how long it took, and what was wrong with it. */
export type Finding = { readonly kind: string; readonly ms: number; readonly problem?: string };

export type ClientTask = {
  readonly url: string;
  readonly token: string;
  /** A token of somebody who decides. */
  readonly approver: string;
  readonly number: number;
  /** On the clock of `performance.now()`. */
  readonly untilMs: number;
  readonly found: (finding: Finding) => void;
};

type Step = (at: Turn) => Promise<void>;
type Turn = { readonly client: Client; readonly task: ClientTask; readonly turn: number };

/** One client: asks, reads, polls and is refused in turn until the time is over. */
export async function runClient(task: ClientTask): Promise<void> {
  const client = openClient(task.url, task.token);
  try {
    for (let turn = task.number; performance.now() < task.untilMs; turn++) {
      await (steps[turn % steps.length] as Step)({ client, task, turn });
    }
  } finally {
    client.close();
  }
}

async function ask(
  { client, task }: Turn,
  kind: string,
  method: 'GET' | 'POST',
  path: string,
  body: unknown,
  wanted: (answer: Answer, text: string) => boolean,
): Promise<string> {
  try {
    const answer = await client.send(method, path, body);
    const text = answer.bytes.toString('utf8');
    const wrong = wanted(answer, text) ? {} : { problem: `${answer.status} ${text.slice(0, 200)}` };
    task.found({ kind, ms: answer.ms, ...wrong });
    return text;
  } catch (error) {
    task.found({ kind, ms: 0, problem: String(error) });
    return '{}';
  }
}

const post = (at: Turn, kind: string, sql: string, wanted: (answer: Answer, text: string) => boolean) =>
  ask(at, kind, 'POST', `${api}/queries`, { query: sql, useLegacySql: false, timeoutMs: 20_000 }, wanted);

const rows = (answer: Answer, text: string): boolean =>
  answer.status === 200 && text.includes('"jobComplete":true') && text.includes('"rows":[');

const constant: Step = async (at) => {
  await post(
    at,
    'constant',
    `SELECT ${at.turn} AS n`,
    (answer, text) => rows(answer, text) && text.includes(`"${at.turn}"`),
  );
};
const aggregate: Step = async (at) => {
  await post(
    at,
    'aggregate',
    'SELECT country, COUNT(*) AS n, MIN(email) AS e FROM shop.customers GROUP BY country',
    rows,
  );
};
const masked: Step = async (at) => {
  await post(
    at,
    'masked rows',
    `SELECT * FROM shop.customers WHERE id > ${at.turn % 900} ORDER BY id LIMIT 50`,
    rows,
  );
};
const denied: Step = async (at) => {
  await post(at, 'denied', 'DROP TABLE shop.customers', (answer) => answer.status === 403);
};
const misspelt: Step = async (at) => {
  await post(at, 'syntax error', 'SELECT FROM WHERE', (answer) => answer.status === 400);
};
const browse: Step = async (at) => {
  await ask(
    at,
    'list tables',
    'GET',
    `${api}/datasets/shop/tables`,
    undefined,
    (answer) => answer.status === 200,
  );
};
const list: Step = async (at) => {
  await ask(
    at,
    'list jobs',
    'GET',
    `${api}/jobs?maxResults=20`,
    undefined,
    (answer) => answer.status === 200,
  );
};

/** A job as the official clients run it: insert, then ask until it is done, then its rows. */
const job: Step = async (at) => {
  const sql = 'SELECT status, COUNT(*) AS n FROM shop.orders GROUP BY status';
  const body = { configuration: { query: { query: sql, useLegacySql: false } } };
  const id = jobIdOf(
    await ask(at, 'insert job', 'POST', `${api}/jobs`, body, (answer) => answer.status === 200),
  );
  await ask(at, 'get job', 'GET', `${api}/jobs/${id}`, undefined, (answer) => answer.status === 200);
  await ask(at, 'read job', 'GET', `${api}/queries/${id}?timeoutMs=20000`, undefined, rows);
};

/** A product of three tables waits for a person; it is looked at a few times and then cancelled. */
const held: Step = async (at) => {
  const sql = `SELECT COUNT(*) + ${at.turn} AS n FROM shop.products a, shop.products b, shop.products c`;
  const body = { configuration: { query: { query: sql, useLegacySql: false } } };
  const pending = (answer: Answer, text: string): boolean =>
    answer.status === 200 && text.includes('"PENDING"');
  const id = jobIdOf(await ask(at, 'hold', 'POST', `${api}/jobs`, body, pending));
  await ask(at, 'poll held', 'GET', `${api}/jobs/${id}`, undefined, pending);
  await ask(
    at,
    'wait held',
    'GET',
    `${api}/queries/${id}?timeoutMs=300`,
    undefined,
    (answer, text) => answer.status === 200 && text.includes('"jobComplete":false'),
  );
  await ask(at, 'cancel held', 'POST', `${api}/jobs/${id}/cancel`, {}, (answer) => answer.status === 200);
};

const steps: readonly Step[] = [
  constant,
  aggregate,
  job,
  masked,
  denied,
  constant,
  aggregate,
  misspelt,
  browse,
  held,
  masked,
  list,
];

function jobIdOf(text: string): string {
  const job = JSON.parse(text) as { readonly jobReference?: { readonly jobId?: string } };
  return job.jobReference?.jobId ?? 'none';
}
