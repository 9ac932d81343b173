import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './port.ts';

/** An emulator that runs. `restart` begins again on the same port, with nothing in memory. */
export type Emulator = {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** of the process that runs now */
  readonly pid: number;
  readonly startedInMs: number;
  stop(): Promise<void>;
  /** SIGKILL, as a crash; then `restart` */
  kill(): Promise<void>;
  restart(): Promise<void>;
};

export type ProgramSpec = {
  readonly name: string;
  readonly command: string;
  readonly args: (port: number) => readonly string[] | Promise<readonly string[]>;
  readonly env?: Readonly<Record<string, string>>;
  /** Asks the server something real; true when it answered. */
  readonly ready: (url: string) => Promise<boolean>;
  readonly startMs?: number;
};

type Running = {
  readonly child: ChildProcess;
  readonly exited: Promise<void>;
  over: boolean;
  output: string;
};

const outputLimit = 8_000;
const lookMs = 40;
const stopMs = 3_000;

/**
 * Ends `pid` when this process is gone, however it went: a shell waits for the end of a pipe that only this process holds.
 * `release` ends the shell and leaves the program alone.
 */
function guard(pid: number): () => void {
  const shell = spawn('sh', ['-c', 'read line || kill -9 "$1" 2>/dev/null', 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  shell.unref();
  shell.stdin.on('error', () => undefined);
  (shell.stdin as { unref?: () => void }).unref?.();
  return () => shell.stdin.end('released\n');
}

function launch(spec: ProgramSpec, args: readonly string[]): Running {
  const child = spawn(spec.command, args, {
    cwd: tmpdir(),
    env: { ...process.env, ...spec.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const release = child.pid === undefined ? () => undefined : guard(child.pid);
  const { promise: exited, resolve } = Promise.withResolvers<void>();
  const running: Running = { child, exited, over: false, output: '' };
  const end = (): void => {
    running.over = true;
    release();
    resolve();
  };
  child.once('exit', end);
  child.once('error', (error) => {
    running.output += error.message;
    end();
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      running.output = (running.output + chunk.toString()).slice(-outputLimit);
    });
    (stream as { unref?: () => void } | null)?.unref?.();
  }
  child.unref();
  return running;
}

async function untilReady(spec: ProgramSpec, running: Running, url: string): Promise<boolean> {
  const deadline = performance.now() + (spec.startMs ?? 60_000);
  while (!running.over && performance.now() < deadline) {
    if (await spec.ready(url).catch(() => false)) return !running.over;
    await pause(lookMs);
  }
  return false;
}

async function end(running: Running, signal: NodeJS.Signals): Promise<void> {
  if (running.over) return;
  running.child.ref();
  running.child.kill(signal);
  const slow = setTimeout(() => running.child.kill('SIGKILL'), stopMs);
  await running.exited;
  clearTimeout(slow);
}

async function begin(spec: ProgramSpec, port: number): Promise<Running> {
  const running = launch(spec, await spec.args(port));
  if (await untilReady(spec, running, `http://127.0.0.1:${port}`)) return running;
  await end(running, 'SIGKILL');
  throw new Error(`${spec.name} did not start on port ${port}:\n${running.output}`);
}

/** Starts a server program on a free port of 127.0.0.1 and waits until it answers; a port that was taken is tried again. */
export async function startProgram(spec: ProgramSpec): Promise<Emulator> {
  const started = performance.now();
  let port = await freePort();
  let running: Running | undefined;
  for (let attempt = 1; running === undefined; attempt++) {
    try {
      running = await begin(spec, port);
    } catch (error) {
      if (attempt === 3 || !/in use|bind/i.test((error as Error).message)) throw error;
      port = await freePort();
    }
  }
  let current = running;
  return {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    startedInMs: Math.round(performance.now() - started),
    get pid() {
      return current.child.pid ?? 0;
    },
    stop: () => end(current, 'SIGTERM'),
    kill: () => end(current, 'SIGKILL'),
    async restart() {
      await end(current, 'SIGKILL');
      current = await begin(spec, port);
    },
  };
}

/** True when a GET of `url` answers with one of these statuses. */
export async function answers(url: string, ...statuses: readonly number[]): Promise<boolean> {
  const reply = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await reply.arrayBuffer();
  return statuses.includes(reply.status);
}
