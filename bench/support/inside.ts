import { join } from 'node:path';
import { openGateway } from '../../functions/compose/embedded.ts';
import { readConfig, root } from '../../functions/config/embedded.ts';
import type { Caller } from '../../functions/core/query/principal.ts';
import type { Query } from '../../functions/core/query/query.ts';
import type { Submission } from '../../functions/pipeline/contracts.ts';
import { evaluate } from '../../functions/pipeline/evaluate.ts';
import { awaitQuery } from '../../functions/pipeline/find-query.ts';
import { readResults } from '../../functions/pipeline/read-results.ts';
import { receive } from '../../functions/pipeline/receive.ts';
import { submitQuery } from '../../functions/pipeline/submit-query.ts';
import type { Ports } from '../../functions/ports/index.ts';

/** A gateway in this process over the sample data, to look at the parts of a query's way. */
export type Inside = {
  readonly ports: Ports;
  received(sql: string): Promise<Query>;
  /** The text that runs. Throws where the query is not permitted. */
  canonical(sql: string): Promise<string>;
  /** The whole way of a small query, as jobs.query goes it, without HTTP. Milliseconds. */
  ask(ports: Ports, sql: string): Promise<number>;
  close(): Promise<void>;
};

const caller: Caller = {
  principal: { issuer: 'https://bench.invalid', subject: 'bench', kind: 'agent', groups: ['analysts'] },
  session: 's_bench',
  tokenExpiresMs: Number.MAX_SAFE_INTEGER,
};

const submission = (sql: string): Submission => ({
  caller,
  project: 'local',
  door: 'jobs.query',
  request: { sql, parameters: [], labels: {} },
});

export async function openInside(stateDir: string): Promise<Inside> {
  const config = readConfig({ port: '0', state: stateDir, data: join(root, 'sample', 'data') }, {});
  const gateway = await openGateway(config, { print: () => {} });
  const { ports } = gateway;
  const received = (sql: string): Promise<Query> => receive(ports, submission(sql));
  return {
    ports,
    received,
    canonical: async (sql) => {
      const evaluated = await evaluate(ports, await received(sql));
      if (!evaluated.ok) throw new Error(evaluated.refusal.message);
      return evaluated.evaluation.canonicalSql;
    },
    ask,
    close: () => gateway.close(1000),
  };
}

async function ask(ports: Ports, sql: string): Promise<number> {
  const startMs = performance.now();
  const submitted = await submitQuery(ports, submission(sql));
  if (submitted.kind !== 'query') throw new Error(submitted.refusal.message);
  const { jobId, state } = submitted.query;
  const query = state === 'done' ? submitted.query : await awaitQuery(ports, caller, 'local', jobId, 10_000);
  if (query?.state !== 'done') throw new Error(`the query is ${query?.state}`);
  const page = { startIndex: 0, maximumRows: 1000, maximumBytes: 1e7, timestamps: 'INT64' } as const;
  const what = { method: 'POST', path: '/bench' };
  await readResults(ports, caller, query, page, what, (found) => found.rowsJson);
  return performance.now() - startMs;
}

export type Spent = { calls: number; ms: number };

/** The same ports, noting how long each call of them takes. */
export function watched(ports: Ports, spent: Map<string, Spent>): Ports {
  const watch = <T extends object>(name: string, port: T): T =>
    new Proxy(port, {
      get: (target, member) => {
        const value: unknown = Reflect.get(target, member);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const startMs = performance.now();
          const done = value.apply(target, args) as unknown;
          if (!(done instanceof Promise)) return done;
          const entry = spent.get(`${name}.${String(member)}`) ?? { calls: 0, ms: 0 };
          spent.set(`${name}.${String(member)}`, entry);
          entry.calls += 1;
          return done.finally(() => {
            entry.ms += performance.now() - startMs;
          });
        };
      },
    });
  return {
    ...ports,
    audit: watch('log', ports.audit),
    state: watch('state', ports.state),
    warehouse: watch('warehouse', ports.warehouse),
    keys: watch('keys', ports.keys),
  };
}
