import { shippedPolicies, startPair, type Way } from '../support/cloud-pair.ts';
import { cpuMs } from '../support/memory.ts';
import { percentile, round } from '../support/stats.ts';
import { asker, smallQueries } from './small.ts';

export type SaturationResult = {
  readonly way: 'direct' | 'sluice';
  readonly clients: number;
  readonly queriesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Queries for each second of the gateway's processor time: what one core does. */
  readonly queriesPerCoreSecond?: number;
};

/** As many small queries as go through, `clients` at a time. */
export async function saturation(clients: number, seconds: number): Promise<readonly SaturationResult[]> {
  const pair = await startPair({ resultMb: 1, policiesDir: shippedPolicies });
  try {
    await pair.settings({});
    await load(pair.sluice, clients, 2);
    const direct = await load(pair.direct, clients, Math.min(seconds, 5));
    const before = cpuMs(pair.gatewayPid);
    const sluice = await load(pair.sluice, clients, seconds);
    const usedSeconds = (cpuMs(pair.gatewayPid) - before) / 1000;
    return [
      { way: 'direct', ...direct },
      { way: 'sluice', ...sluice, queriesPerCoreSecond: round(sluice.queries / usedSeconds, 0) },
    ].map(({ queries: _queries, ...result }) => result as SaturationResult);
  } finally {
    await pair.stop();
  }
}

async function load(way: Way, clients: number, seconds: number) {
  const times: number[] = [];
  const startMs = performance.now();
  const work = Array.from({ length: clients }, async () => {
    const { ask, close } = asker(way, smallQueries.constant);
    while (performance.now() - startMs < seconds * 1000) times.push(await ask());
    close();
  });
  await Promise.all(work);
  const elapsedSeconds = (performance.now() - startMs) / 1000;
  return {
    clients,
    queries: times.length,
    queriesPerSecond: round(times.length / elapsedSeconds, 0),
    p50Ms: round(percentile(times, 0.5)),
    p99Ms: round(percentile(times, 0.99)),
  };
}
