import { join } from 'node:path';
import { root } from '../functions/config/embedded.ts';
import { startGateway } from '../test/support/gateway.ts';
import { api, openClient, parsed } from './support/client.ts';
import { openDirect } from './support/direct.ts';
import { type Inside, type Spent, watched } from './support/inside.ts';
import { residentMb } from './support/memory.ts';
import { percentile, round } from './support/stats.ts';

const queries = {
  constant: 'SELECT 1 AS one',
  'masked aggregate':
    'SELECT country, COUNT(*) AS n, MIN(email) AS first FROM shop.customers GROUP BY country',
} as const;
const [warmUps, rounds] = [40, 200];

export type SmallResult = {
  readonly query: string;
  readonly sluice: { readonly p50Ms: number; readonly p99Ms: number };
  readonly direct: { readonly p50Ms: number; readonly p99Ms: number };
  readonly ratioP50: number;
  readonly ratioP99: number;
  /** What the gateway waits for within one query, milliseconds of each on average; parts overlap. */
  readonly parts: readonly { readonly part: string; readonly calls: number; readonly ms: number }[];
};

/** Latency of small queries over HTTP against the same DuckDB text in this process. */
export async function small(
  inside: Inside,
  scratch: string,
): Promise<{ readonly results: readonly SmallResult[]; readonly idleMb: number }> {
  const gateway = await startGateway({ state: join(scratch, 'small') });
  const idleMb = round(residentMb(gateway.pid)?.now ?? Number.NaN, 0);
  const client = openClient(gateway.url, gateway.token('bench', 'analysts'));
  const direct = await openDirect(join(root, 'sample', 'data'), join(scratch, 'direct'));
  const results: SmallResult[] = [];
  try {
    for (const [name, sql] of Object.entries(queries)) {
      const text = await direct.textOf(await inside.canonical(sql));
      const body = { query: sql, useLegacySql: false, timeoutMs: 20_000 };
      const through: number[] = [];
      const without: number[] = [];
      // In turns, so that whatever else the machine does slows both.
      for (let i = 0; i < warmUps + rounds; i++) {
        const answer = await client.send('POST', `${api}/queries`, body);
        if (parsed(answer).jobComplete !== true) throw new Error(`${name} did not end`);
        const asked = await direct.run(text);
        if (i < warmUps) continue;
        through.push(answer.ms);
        without.push(asked.ms);
      }
      const at = (values: readonly number[]) => ({
        p50Ms: round(percentile(values, 0.5)),
        p99Ms: round(percentile(values, 0.99)),
      });
      const [sluice, own] = [at(through), at(without)];
      results.push({
        query: name,
        sluice,
        direct: own,
        ratioP50: round(sluice.p50Ms / own.p50Ms, 1),
        ratioP99: round(sluice.p99Ms / own.p99Ms, 1),
        parts: await partsOf(inside, sql),
      });
    }
  } finally {
    client.close();
    direct.close();
    await gateway.stop();
  }
  return { results, idleMb };
}

async function partsOf(inside: Inside, sql: string): Promise<SmallResult['parts']> {
  const spent = new Map<string, Spent>();
  const ports = watched(inside.ports, spent);
  for (let i = 0; i < warmUps; i++) await inside.ask(inside.ports, sql);
  let totalMs = 0;
  for (let i = 0; i < rounds; i++) totalMs += await inside.ask(ports, sql);
  const parts = [...spent].map(([part, { calls, ms }]) => ({
    part,
    calls: round(calls / rounds, 1),
    ms: round(ms / rounds),
  }));
  return [
    { part: 'whole, without HTTP', calls: 1, ms: round(totalMs / rounds) },
    ...parts.filter(({ ms }) => ms >= 0.05).sort((a, b) => b.ms - a.ms),
  ];
}
