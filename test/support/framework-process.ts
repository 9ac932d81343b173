import { type ChildProcess, spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { root } from '../../functions/config/embedded.ts';

/** A function in a process of its own. */
export type FunctionProcess = {
  readonly url: string;
  readonly pid: number;
  output(): string;
  /** Sends a signal; resolves with the exit code once the process has ended. */
  end(signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): Promise<number | null>;
  readonly ended: Promise<number | null>;
};

export type FunctionStart = {
  readonly target: string;
  /** What the framework loads; the project itself without it. */
  readonly source?: string;
  /** `framework`: as Cloud Run functions start it; `container`: bin/function.mjs. */
  readonly runtime?: 'framework' | 'container';
  readonly env?: Readonly<Record<string, string>>;
  readonly port?: number;
  /** Asked until it answers 200. */
  readonly ready?: string;
};

/** No metadata server is looked for, and nothing is compiled twice. */
const usual = {
  HOST: '127.0.0.1',
  METADATA_SERVER_DETECTION: 'none',
  NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/sluice'),
};
const framework = join(root, 'node_modules/@google-cloud/functions-framework/build/src/main.js');

/** What a test that ends in the middle has left. */
const children = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => done());
  });
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done) => server.close(() => done()));
  return port;
}

/** Starts a function and waits until it answers; one that ends before rejects with what it said. */
export async function startFunction(start: FunctionStart): Promise<FunctionProcess> {
  const port = start.port ?? (await freePort());
  const args =
    start.runtime === 'container'
      ? [join(root, 'bin/function.mjs'), start.target]
      : [framework, `--target=${start.target}`, `--source=${start.source ?? root}`];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...usual, ...start.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  children.add(child);
  child.once('exit', () => children.delete(child));
  const url = `http://127.0.0.1:${port}`;
  await answering(child, `${url}${start.ready ?? '/healthz'}`, () => text);
  for (const handle of [child, child.stdout, child.stderr] as { unref(): void }[]) handle.unref();
  return {
    url,
    pid: child.pid ?? 0,
    output: () => text,
    ended,
    end: (signal) => {
      child.ref();
      child.kill(signal);
      return ended;
    },
  };
}

async function answering(child: ChildProcess, url: string, output: () => string): Promise<void> {
  const deadlineMs = Date.now() + 120_000;
  let last = 'nothing';
  while (child.exitCode === null && Date.now() < deadlineMs) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    if (answer?.status === 200) return;
    last = answer === undefined ? 'nothing' : `${answer.status} ${await answer.text()}`;
    await new Promise((done) => setTimeout(done, 50));
  }
  child.kill('SIGKILL');
  throw new Error(`${url} answered ${last}; the process said: ${output().slice(0, 3000)}`);
}
