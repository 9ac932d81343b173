import { request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { systemClock } from '../../functions/adapters/clock/system.ts';
import { inProcessQueue } from '../../functions/adapters/queue/in-process.ts';
import { openSqliteStateStore } from '../../functions/adapters/state-store/sqlite.ts';
import type { PolicyBundle } from '../../functions/core/policy/bundle.ts';
import type { Decision } from '../../functions/core/policy/decision.ts';
import type { Caller } from '../../functions/core/query/principal.ts';
import { bigqueryHandler } from '../../functions/http/bigquery/handler.ts';
import { createServer, drain } from '../../functions/http/server.ts';
import type { Ports } from '../../functions/ports/index.ts';
import { memoryKeys } from './audit-log.ts';
import { type FixedAnswer, type FixedTable, fixedWarehouse } from './fixed-warehouse.ts';
import { type MemoryAuditStore, memoryAuditStore } from './memory-audit-store.ts';

const limits = { maximumBytesBilled: 1_000_000, timeoutMs: 60_000 };
const holdFromBytes = 1000;

/** Reads are permitted except in `hr`, held from 1,000 bytes; everything else is denied. Nothing is masked. */
export const testPolicy: PolicyBundle = {
  identity: { version: 'test', hash: 'sha256:test' },
  decide: (input) => ({
    decision: decide(
      input.statements.map(({ kind }) => kind),
      input.estimate.bytes,
    ),
    trace: [],
  }),
  mayRead: (_principal, _project, dataset) => dataset !== 'hr',
  maskingFor: () => ({ columns: [] }),
  classify: () => [],
};

function decide(kinds: readonly string[], bytes: number): Decision {
  if (kinds.some((kind) => kind !== 'SELECT'))
    return { outcome: 'deny', rules: [], message: 'Only SELECT is permitted.' };
  if (bytes < holdFromBytes) return { outcome: 'permit', rules: [], limits };
  const hold = { approverGroups: ['approvers'], quorum: 1, holdMs: 3_600_000, reason: 'expensive' };
  return { outcome: 'hold', rules: [], limits, hold };
}

/** The caller behind the token `token-NAME`. */
export const callerNamed = (name: string): Caller => ({
  principal: { issuer: 'https://issuer.test', subject: name, kind: 'agent', groups: ['analysts'] },
  session: `s_${name}`,
  tokenExpiresMs: Date.now() + 3_600_000,
});

export type TestReply = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape
  readonly json: any;
};

export type TestCall = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: Uint8Array;
  readonly token?: string | null;
};

export type TestGateway = {
  readonly ports: Ports;
  readonly audit: MemoryAuditStore;
  readonly server: Server;
  readonly url: string;
  /** Broken promises so far: a test that expects none can look here. */
  readonly faults: readonly unknown[];
  readonly sent: readonly import('../../functions/ports/index.ts').JobSpec[];
  call(path: string, call?: TestCall): Promise<TestReply>;
  close(): Promise<void>;
};

/** The BigQuery front door over the real pipeline, with every adapter in memory and a fixed warehouse. */
export async function openTestGateway(
  tables: readonly FixedTable[],
  answers: readonly FixedAnswer[],
  change: Partial<Ports> = {},
): Promise<TestGateway> {
  const { warehouse, specs } = fixedWarehouse(tables, answers);
  const audit = memoryAuditStore();
  const ports: Ports = {
    clock: systemClock,
    warehouse,
    state: openSqliteStateStore(':memory:'),
    queue: inProcessQueue({ handler: async () => {}, onError: () => {} }),
    audit,
    keys: memoryKeys(),
    identity: {
      verify: async (token) =>
        token.startsWith('token-')
          ? { ok: true, caller: callerNamed(token.slice('token-'.length)) }
          : { ok: false, reason: 'The token is not one of this issuer. Get a new one.' },
    },
    notifier: { held: async () => {} },
    executionIdentity: () => 'embedded',
    policy: () => testPolicy,
    publicUrl: () => 'http://gateway.test',
    ...change,
  };
  const faults: unknown[] = [];
  const server = createServer(bigqueryHandler(ports, { onError: (error) => faults.push(error) }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return {
    ports,
    audit,
    server,
    url: `http://127.0.0.1:${port}`,
    faults,
    sent: specs,
    call: (path, call = {}) => send(port, path, call),
    close: async () => {
      await drain(server, 1000);
      await ports.queue.close();
      await ports.state.close();
    },
  };
}

function send(port: number, path: string, call: TestCall): Promise<TestReply> {
  const body = call.raw ?? (call.body === undefined ? undefined : Buffer.from(JSON.stringify(call.body)));
  const token = call.token === undefined ? 'token-ada' : call.token;
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(body.length) }),
    ...call.headers,
  };
  return new Promise((resolve, reject) => {
    const req = httpRequest({
      port,
      host: '127.0.0.1',
      path,
      method: call.method ?? (body ? 'POST' : 'GET'),
      headers,
    });
    req.on('error', reject);
    req.on('response', (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('error', reject);
      res.on('end', () => {
        const received = Buffer.concat(chunks);
        const bytes = res.headers['content-encoding'] === 'gzip' ? gunzipSync(received) : received;
        const json = bytes.length === 0 ? undefined : JSON.parse(bytes.toString('utf8'));
        resolve({ status: res.statusCode ?? 0, headers: res.headers, bytes, json });
      });
    });
    req.end(body);
  });
}
