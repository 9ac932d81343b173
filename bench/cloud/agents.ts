import { Agent } from 'node:http';
import { benchPolicies, startPair, type Way } from '../support/cloud-pair.ts';
import { residentMb } from '../support/memory.ts';
import { readRaw } from '../support/raw-reader.ts';
import { round, slope } from '../support/stats.ts';
import { asker, smallQueries } from './small.ts';

export type AgentsResult = {
  readonly agents: number;
  readonly minutes: number;
  readonly queries: number;
  readonly errors: readonly string[];
  readonly errorCount: number;
  /** Resident memory of the gateway: before, at intervals, at its peak. */
  readonly idleMb: number;
  readonly residentMb: readonly number[];
  readonly peakMb: number;
  /** Growth over the second half, megabytes a minute. */
  readonly growthMbPerMinute: number;
};

/** What one load is put on, and whose memory is looked at. */
export type Target = { readonly way: Way; readonly pid: number };

/** Of twenty queries of an agent one reads a result of several pages. */
const largeEvery = 20;

export async function agentsOnGateway(agents: number, minutes: number): Promise<AgentsResult> {
  const pair = await startPair({ resultMb: 12, policiesDir: benchPolicies });
  try {
    await pair.settings({ executionMs: 50, roundTripMs: 2 });
    return await agentsOn({ way: pair.sluice, pid: pair.gatewayPid }, agents, minutes);
  } finally {
    await pair.stop();
  }
}

/** Agents who ask one query after the other, most of them small, now and then a large one. */
export async function agentsOn({ way, pid }: Target, agents: number, minutes: number): Promise<AgentsResult> {
  const idleMb = residentMb(pid)?.now ?? Number.NaN;
  const endMs = performance.now() + minutes * 60_000;
  const errors = new Map<string, number>();
  const samples: { x: number; y: number }[] = [];
  const startMs = performance.now();
  const sample = setInterval(
    () => {
      const now = residentMb(pid)?.now;
      if (now !== undefined) samples.push({ x: (performance.now() - startMs) / 60_000, y: now });
    },
    Math.max(1000, (minutes * 60_000) / 60),
  );
  let queries = 0;
  const one = async (number: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const askers = Object.values(smallQueries).map((sql) => asker(way, sql));
    for (let n = number; performance.now() < endMs; n++) {
      try {
        if (n % largeEvery === 0) await readRaw(agent, way, 'SELECT * FROM big.facts');
        else await askers[n % askers.length]?.ask();
        queries += 1;
      } catch (error) {
        const text = String(error).slice(0, 200);
        errors.set(text, (errors.get(text) ?? 0) + 1);
      }
    }
    for (const each of askers) each.close();
    agent.destroy();
  };
  await Promise.all(Array.from({ length: agents }, (_, number) => one(number)));
  clearInterval(sample);
  const half = samples.slice(Math.floor(samples.length / 2));
  const step = Math.max(1, Math.floor(samples.length / 10));
  return {
    agents,
    minutes,
    queries,
    errors: [...errors.keys()].slice(0, 5),
    errorCount: [...errors.values()].reduce((sum, count) => sum + count, 0),
    idleMb: round(idleMb, 0),
    residentMb: samples.filter((_, at) => at % step === 0).map(({ y }) => round(y, 0)),
    peakMb: round(residentMb(pid)?.peak ?? Number.NaN, 0),
    growthMbPerMinute: round(slope(half), 1),
  };
}
