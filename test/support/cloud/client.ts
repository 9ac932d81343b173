import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../../../functions/config/embedded.ts';
import { call, type Json } from '../gateway.ts';

type Answer = ReturnType<typeof call>;

/** What an agent does with one project of a gateway. */
export type Agent = {
  query(sql: string, more?: Json): Answer;
  insert(jobId: string, sql: string): Answer;
  job(jobId: string): Answer;
  results(jobId: string, timeoutMs?: number): Answer;
};

export function agentOf(url: string, project: string, token: string): Agent {
  const base = `/bigquery/v2/projects/${project}`;
  return {
    query: (sql, more = {}) =>
      call(url, token, 'POST', `${base}/queries`, {
        query: sql,
        useLegacySql: false,
        timeoutMs: 20_000,
        ...more,
      }),
    insert: (jobId, sql) =>
      call(url, token, 'POST', `${base}/jobs`, {
        jobReference: { projectId: project, jobId },
        configuration: { query: { query: sql, useLegacySql: false } },
      }),
    job: (jobId) => call(url, token, 'GET', `${base}/jobs/${jobId}`),
    results: (jobId, timeoutMs = 10_000) =>
      call(url, token, 'GET', `${base}/queries/${jobId}?timeoutMs=${timeoutMs}`),
  };
}

/** A browser without eyes: keeps cookies for one origin, follows redirects, and posts forms as browsers do. */
export type Visitor = {
  get(url: string): Promise<{ readonly status: number; readonly text: string; readonly url: string }>;
  post(
    url: string,
    form: Readonly<Record<string, string>>,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly text: string; readonly url: string }>;
  /** The value of a cookie that it keeps. */
  cookie(name: string): string | undefined;
};

export function visitor(origin: string): Visitor {
  const cookies = new Map<string, string>();
  async function go(url: string, init: RequestInit, hops = 0): ReturnType<Visitor['get']> {
    const own = new URL(url).origin === origin;
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), ...(own && cookie ? { cookie } : {}) };
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of own ? answer.headers.getSetCookie() : []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (/Max-Age=0/.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    const text = await answer.text();
    if (location === null || hops > 8) return { status: answer.status, text, url };
    return go(new URL(location, url).href, {}, hops + 1);
  }
  return {
    cookie: (name) => cookies.get(name),
    get: (url) => go(url, {}),
    post: (url, form, headers = {}) =>
      go(url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin, ...headers },
        body: new URLSearchParams(form).toString(),
      }),
  };
}

/** The hidden fields of the page's forms. */
export const fieldsOf = (page: string): Record<string, string> =>
  Object.fromEntries(
    [...page.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  );

export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs `sluice ARGS`. Not synchronously: what it talks to may live in this process. */
export function runSluice(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const child = spawn(process.execPath, [join(root, 'bin/sluice.mjs'), ...args], {
    env: { ...process.env, ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return new Promise((done) => child.once('close', (code) => done({ code, stdout, stderr })));
}
