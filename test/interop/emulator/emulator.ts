import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { FieldSchema } from '../../../functions/core/query/schema.ts';
import type { Reply } from './reply.ts';

/** A bigquery-emulator of ours, on a free port of this machine. */
export type Emulator = { ask(sql: string): Promise<Reply>; close(): Promise<void> };

const project = 'test';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Each remembered query makes the later ones slower: after so many a new one is started. */
const lifeQueries = 300;

type Life = { readonly emulator: Promise<Emulator>; asked: number; open: number };

/** Keeps one running: a query that it never answers ends in an error, and the next is asked of a new one. */
export async function keepEmulator(program: string): Promise<Emulator> {
  const begin = (): Life => ({ emulator: startEmulator(program), asked: 0, open: 0 });
  let current = begin();
  const end = async (life: Life): Promise<void> => (await life.emulator).close();
  const ask = async (sql: string): Promise<Reply> => {
    if (current.asked >= lifeQueries) {
      const old = current;
      current = begin();
      if (old.open === 0) await end(old);
    }
    const life = current;
    life.asked++;
    life.open++;
    const reply = await (await life.emulator).ask(sql);
    life.open--;
    const hangs = reply.kind === 'error' && reply.message.startsWith('no answer');
    // Another query has had it ended: this one is asked again.
    if (hangs && life !== current) return ask(sql);
    if (hangs) current = begin();
    if (hangs || (life !== current && life.open === 0)) await end(life);
    return reply;
  };
  return { ask, close: () => end(current) };
}

/** Starts the program and waits until it answers. */
export async function startEmulator(program: string): Promise<Emulator> {
  const [port, grpc] = [await freePort(), await freePort()];
  const options = ['--host=127.0.0.1', `--port=${port}`, `--grpc-port=${grpc}`, '--log-level=error'];
  const child = spawn(program, [`--project=${project}`, ...options], {
    stdio: 'ignore',
    env: { ...process.env, STORAGE_EMULATOR_HOST: '127.0.0.1:9' },
  });
  const base = `http://127.0.0.1:${port}/bigquery/v2/projects/${project}`;
  await untilUp(`${base}/datasets`, child);
  return { ask: (sql) => ask(base, sql), close: () => stop(child) };
}

async function untilUp(url: string, child: ChildProcess): Promise<void> {
  for (const endMs = Date.now() + 30_000; Date.now() < endMs; ) {
    if (child.exitCode !== null) throw new Error(`bigquery-emulator ended with ${child.exitCode}`);
    try {
      await (await fetch(url)).text();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  throw new Error('bigquery-emulator does not answer');
}

function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  return ended;
}

type Body = {
  readonly error?: { readonly message: string };
  readonly jobReference?: { readonly jobId: string };
  readonly schema?: { readonly fields?: readonly FieldSchema[] };
  readonly rows?: readonly { readonly f: readonly { readonly v: unknown }[] }[];
};

const patienceMs = 10_000;

async function ask(base: string, sql: string): Promise<Reply> {
  const body = JSON.stringify({
    query: sql,
    useLegacySql: false,
    formatOptions: { useInt64Timestamp: true },
  });
  const headers = { 'content-type': 'application/json' };
  let answer: Body;
  try {
    const response = await fetch(`${base}/queries`, {
      method: 'POST',
      headers,
      body,
      signal: AbortSignal.timeout(patienceMs),
    });
    answer = (await response.json()) as Body;
  } catch (error) {
    return { kind: 'error', message: `no answer: ${(error as Error).message}` };
  }
  if (answer.error) return { kind: 'error', message: answer.error.message };
  // Remembered jobs make every later request slower.
  const id = answer.jobReference?.jobId;
  if (id) await fetch(`${base}/jobs/${id}/delete`, { method: 'DELETE' }).catch(() => undefined);
  return { kind: 'rows', fields: answer.schema?.fields ?? [], rows: (answer.rows ?? []).map((r) => r.f) };
}
