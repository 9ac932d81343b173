import { type Client, openClient, parsed } from '../support/client.ts';
import { type CloudPair, shippedPolicies, startPair, type Way } from '../support/cloud-pair.ts';
import { percentile, round } from '../support/stats.ts';

export const smallQueries = {
  constant: 'SELECT 1 AS one',
  'masked aggregate':
    'SELECT country, COUNT(*) AS n, MIN(email) AS first FROM shop.customers GROUP BY country',
} as const;

export type SmallCloudResult = {
  readonly query: string;
  readonly executionMs: number;
  readonly roundTripMs: number;
  readonly direct: Latency;
  readonly sluice: Latency;
  readonly ratioP50: number;
  readonly ratioP99: number;
  /** Median of the gateway less that of the direct connection. */
  readonly addedMs: number;
};
type Latency = { readonly p50Ms: number; readonly p99Ms: number };

const warmUps = 20;

/** Latency of small queries through the gateway and directly, in turns, at several speeds of the warehouse. */
export async function smallCloud(rounds: number): Promise<readonly SmallCloudResult[]> {
  const pair = await startPair({ resultMb: 1, policiesDir: shippedPolicies });
  const results: SmallCloudResult[] = [];
  try {
    for (const [query, sql] of Object.entries(smallQueries)) {
      for (const [executionMs, roundTripMs] of [
        [0, 0],
        [50, 0],
        [300, 0],
        [300, 10],
      ] as const) {
        results.push({ query, ...(await compared(pair, sql, executionMs, roundTripMs, rounds)) });
      }
    }
  } finally {
    await pair.stop();
  }
  return results;
}

async function compared(
  pair: CloudPair,
  sql: string,
  executionMs: number,
  roundTripMs: number,
  rounds: number,
): Promise<Omit<SmallCloudResult, 'query'>> {
  await pair.settings({ executionMs, roundTripMs });
  const [direct, sluice] = [asker(pair.direct, sql), asker(pair.sluice, sql)];
  const times: { direct: number[]; sluice: number[] } = { direct: [], sluice: [] };
  // Slower rounds are fewer: their spread is small beside them.
  const count = executionMs === 0 ? rounds : Math.max(30, Math.round(rounds / (executionMs / 25)));
  for (let n = 0; n < warmUps + count; n++) {
    const [own, through] = [await direct.ask(), await sluice.ask()];
    if (n < warmUps) continue;
    times.direct.push(own);
    times.sluice.push(through);
  }
  direct.close();
  sluice.close();
  const at = (values: readonly number[]): Latency => ({
    p50Ms: round(percentile(values, 0.5)),
    p99Ms: round(percentile(values, 0.99)),
  });
  const [own, through] = [at(times.direct), at(times.sluice)];
  return {
    executionMs,
    roundTripMs,
    direct: own,
    sluice: through,
    ratioP50: round(through.p50Ms / own.p50Ms),
    ratioP99: round(through.p99Ms / own.p99Ms),
    addedMs: round(through.p50Ms - own.p50Ms),
  };
}

/** Asks one query again and again over one connection; milliseconds until its rows are there. */
export function asker(way: Way, sql: string): { ask(): Promise<number>; close(): void } {
  const client: Client = openClient(way.url, way.token);
  const path = `/bigquery/v2/projects/${way.project}/queries`;
  return {
    ask: async () => {
      const answer = await client.send('POST', path, { query: sql, useLegacySql: false, timeoutMs: 20_000 });
      if (parsed(answer).jobComplete !== true) throw new Error('the query did not end');
      return answer.ms;
    },
    close: () => client.close(),
  };
}
