import assert from 'node:assert/strict';
import { pathOf } from '../../support/emulators/requires.ts';
import { startBigquery } from '../../support/emulators/start.ts';
import {
  type ProxyOptions,
  type RepairingProxy,
  startRepairingProxy,
} from '../../support/repairing-proxy/proxy.ts';

/** An answer's body: asked for by paths (`get('status.state')`), so that each test says what it looks at. */
export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
  get(path: string): unknown;
};

export type Rig = {
  readonly proxy: RepairingProxy;
  readonly emulatorUrl: string;
  call(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Reply>;
  /** jobs.query that must succeed */
  query(sql: string, more?: object): Promise<Reply>;
  /** jobs.insert of a query */
  insert(jobId: string, sql: string, configuration?: object, query?: object): Promise<Reply>;
  /** jobs.get until it is DONE */
  finished(jobId: string): Promise<Reply>;
  stop(): Promise<void>;
};

export function pick(value: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, name) => (at as Record<string, unknown> | undefined)?.[name], value);
}

/** A proxy with an emulator of its own, project `p`, data set `d`. */
export async function startRig(options: Partial<ProxyOptions> = {}): Promise<Rig> {
  const emulator = await startBigquery({ project: 'p', dataset: 'd' });
  const proxy = await startRepairingProxy({
    emulatorUrl: emulator.url,
    oracle: pathOf('googlesql'),
    ...options,
  });
  const call: Rig['call'] = async (method, path, body, headers = {}) => {
    const reply = await fetch(`${proxy.url}/bigquery/v2/projects/p${path}`, {
      method,
      headers: { authorization: 'Bearer ada', 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    const parsed: unknown = text === '' ? {} : JSON.parse(text);
    return { status: reply.status, headers: reply.headers, body: parsed, get: (at) => pick(parsed, at) };
  };
  const rig: Rig = {
    proxy,
    emulatorUrl: emulator.url,
    call,
    async query(sql, more = {}) {
      const reply = await call('POST', '/queries', { query: sql, useLegacySql: false, ...more });
      assert.equal(reply.status, 200, JSON.stringify(reply.body));
      return reply;
    },
    insert: (jobId, sql, configuration = {}, query = {}) =>
      call('POST', '/jobs', {
        jobReference: { projectId: 'p', jobId },
        configuration: { ...configuration, query: { query: sql, useLegacySql: false, ...query } },
      }),
    async finished(jobId) {
      await call('GET', `/queries/${jobId}?maxResults=0`);
      return call('GET', `/jobs/${jobId}`);
    },
    async stop() {
      await proxy.stop();
      await emulator.stop();
    },
  };
  return rig;
}

/** The values of a result's rows. */
export const values = (reply: Reply): unknown =>
  ((reply.get('rows') ?? []) as readonly { f: readonly { v: unknown }[] }[]).map((row) =>
    row.f.map(({ v }) => v),
  );

/** Name and type of each column of a result. */
export const columns = (reply: Reply, at = 'schema.fields'): string[] =>
  ((reply.get(at) ?? []) as readonly { name: string; type: string; mode: string }[]).map(
    ({ name, type, mode }) => `${name} ${type}${mode === 'REPEATED' ? ' REPEATED' : ''}`,
  );
