import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createPrivateKey, type JsonWebKeyInput, randomUUID, sign } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(fileURLToPath(import.meta.url), '..', '..', '..');
const main = join(root, 'bin', 'sluice.mjs');

/** A gateway in a process of its own, as `npm start` runs it. */
export type GatewayProcess = {
  readonly url: string;
  readonly state: string;
  readonly password: string;
  readonly pid: number;
  /** Everything that it has printed. */
  output(): string;
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Ends the process as a power cut would. */
  kill(): Promise<void>;
  /** What `sluice token --as AS --groups GROUPS MORE...` prints, without the half second that a process takes. */
  token(as: string, groups: string, ...more: string[]): string;
  /** Runs `sluice ARGS` against this gateway. */
  sluice(
    token: string,
    ...args: string[]
  ): { readonly code: number | null; readonly stdout: string; readonly stderr: string };
};

export type GatewayOptions = {
  readonly state?: string;
  readonly data?: string;
  readonly policies?: string;
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
};

export const newState = (): string => mkdtempSync(join(tmpdir(), 'sluice-e2e-'));

/** Starts a gateway and waits until it says that it is ready; a gateway that does not start rejects with what it said. */
export async function startGateway(options: GatewayOptions = {}): Promise<GatewayProcess> {
  const state = options.state ?? newState();
  const flags = [
    ...['--port', String(options.port ?? 0), '--state', state, '--json'],
    ...(options.data === undefined ? [] : ['--data', options.data]),
    ...(options.policies === undefined ? [] : ['--policies', options.policies]),
  ];
  const child = spawn(process.execPath, [main, 'serve', ...flags], {
    cwd: root,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  const { facts, output } = await ready(child);
  // A test that fails in the middle ends all the same, and its gateway with it.
  for (const handle of [child, child.stdout, child.stderr] as { unref(): void }[]) handle.unref();
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  return {
    url: facts.url,
    password: facts.password,
    state,
    pid: child.pid ?? 0,
    output,
    stop: () => {
      child.ref();
      child.kill('SIGINT');
      return ended;
    },
    kill: async () => {
      child.ref();
      child.kill('SIGKILL');
      await ended;
    },
    token: (as, groups, ...more) => tokenOf(state, as, groups, more),
    sluice: (token, ...args) => {
      const done = spawnSync(process.execPath, [main, ...args], {
        encoding: 'utf8',
        env: { ...process.env, SLUICE_URL: facts.url, SLUICE_TOKEN: token },
      });
      return { code: done.status, stdout: done.stdout, stderr: done.stderr };
    },
  };
}

async function ready(
  child: ChildProcess,
): Promise<{ facts: { url: string; password: string }; output: () => string }> {
  let text = '';
  return new Promise((done, fail) => {
    const look = (chunk: Buffer): void => {
      text += chunk.toString();
      const facts = /\{\n[\s\S]*?\n\}/.exec(text)?.[0];
      if (facts !== undefined)
        done({ facts: JSON.parse(facts) as { url: string; password: string }, output: () => text });
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('exit', (code) => fail(new Error(`the gateway ended with ${code}: ${text}`)));
  });
}

export type Json = { readonly [key: string]: unknown };

/** One call of the gateway's REST API. */
export async function call(
  url: string,
  token: string | undefined,
  method: string,
  path: string,
  body?: unknown,
): Promise<{
  readonly status: number;
  readonly body: Json;
  readonly text: string;
  readonly headers: Headers;
}> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    body: text.startsWith('{') ? (JSON.parse(text) as Json) : {},
    headers: response.headers,
  };
}

const api = '/bigquery/v2/projects/local';

/** jobs.query, waiting at most `timeoutMs`. */
export const query = (url: string, token: string, sql: string, more: Json = {}) =>
  call(url, token, 'POST', `${api}/queries`, { query: sql, useLegacySql: false, timeoutMs: 20_000, ...more });

/** jobs.insert under an id of the client's. */
export const insertJob = (url: string, token: string, jobId: string, sql: string) =>
  call(url, token, 'POST', `${api}/jobs`, {
    jobReference: { projectId: 'local', jobId },
    configuration: { query: { query: sql, useLegacySql: false } },
  });

export const getJob = (url: string, token: string, jobId: string) =>
  call(url, token, 'GET', `${api}/jobs/${jobId}`);

export const results = (url: string, token: string, jobId: string, timeoutMs = 10_000) =>
  call(url, token, 'GET', `${api}/queries/${jobId}?timeoutMs=${timeoutMs}`);

/** The cells of an answer as plain values. */
export function rowsOf(body: Json): unknown[][] {
  type Row = { readonly f: readonly { readonly v: unknown }[] };
  return ((body.rows ?? []) as readonly Row[]).map((row) => row.f.map((cell) => cell.v));
}

/** A token as the command signs it; only the flags that tests use. */
function tokenOf(state: string, as: string, groups: string, flags: readonly string[]): string {
  const flag = (name: string): string | undefined => {
    const at = flags.indexOf(name);
    return at < 0 ? undefined : flags[at + 1];
  };
  const { issuer, key } = JSON.parse(readFileSync(join(state, 'identity', 'issuer.json'), 'utf8')) as {
    issuer: string;
    key: JsonWebKeyInput['key'];
  };
  const [, count = '15', unit = 'm'] = /^(\d+)([smh])$/.exec(flag('--ttl') ?? '15m') ?? [];
  const nowS = Math.floor(Date.now() / 1000);
  const actingFor = flag('--acting-for');
  const kind = flag('--kind');
  const list = groups.split(',').filter((group) => group !== '');
  const claims = {
    iss: issuer,
    sub: actingFor ?? as,
    aud: flag('--audience') ?? 'sluice',
    iat: nowS,
    exp: nowS + Number(count) * ({ s: 1, m: 60, h: 3600 }[unit] ?? 60),
    jti: randomUUID(),
    groups: list,
    ...(actingFor === undefined ? {} : { act: { sub: as, groups: list } }),
    ...(kind === undefined ? {} : { sluice_kind: kind }),
  };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'ES256', typ: 'JWT' })}.${part(claims)}`;
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  const signature = sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}
