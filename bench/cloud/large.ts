import { Agent } from 'node:http';
import { benchPolicies, startPair, type Way } from '../support/cloud-pair.ts';
import { cpuMs, residentMb } from '../support/memory.ts';
import { startProgram } from '../support/processes.ts';
import { readRaw } from '../support/raw-reader.ts';
import { percentile, round } from '../support/stats.ts';

const sql = 'SELECT * FROM big.facts';

export type LargeCloudResult = {
  readonly client: string;
  readonly pageMs: number;
  readonly megabytes: number;
  readonly pairs: number;
  /** Medians over the pairs. `ratio`: of each pair, gateway's throughput by direct. */
  readonly directMbS: number;
  readonly sluiceMbS: number;
  readonly ratio: number;
  /** Processor time of the gateway for each 100 MB. */
  readonly gatewayCpuMsPer100Mb: number;
  readonly memoryMb: { readonly idle: number; readonly peak: number; readonly after: number };
};

export type LargeCloudOptions = { readonly resultMb: number; readonly pairs: number };
type Read = (way: Way) => Promise<{ readonly ms: number }>;

/** A large result, read through the gateway and directly in turns, in three situations. */
export async function largeCloud(options: LargeCloudOptions): Promise<readonly LargeCloudResult[]> {
  const agent = new Agent({ keepAlive: true });
  const raw: Read = (way) => readRaw(agent, way, sql);
  const results = [
    await measured('raw, bytes thrown away', raw, 0, options),
    await measured('raw, a page takes the warehouse 200 ms', raw, 200, options),
    await measured("Google's client for Node, every row", nodeClient, 0, options),
  ];
  agent.destroy();
  return results;
}

async function nodeClient(way: Way): Promise<{ ms: number }> {
  const program = await startProgram('bench/support/node-client.ts', [way.url, way.token, way.project, sql]);
  return JSON.parse(program.line) as { ms: number };
}

async function measured(
  client: string,
  read: Read,
  pageMs: number,
  { resultMb, pairs }: LargeCloudOptions,
): Promise<LargeCloudResult> {
  const pair = await startPair({ resultMb, policiesDir: benchPolicies });
  try {
    await pair.settings({ pageMs });
    const idle = residentMb(pair.gatewayPid)?.now ?? Number.NaN;
    const [direct, sluice, ratios]: [number[], number[], number[]] = [[], [], []];
    let cpu = 0;
    for (let n = 0; n < pairs; n++) {
      const own = await read(pair.direct);
      const before = cpuMs(pair.gatewayPid);
      const through = await read(pair.sluice);
      cpu += cpuMs(pair.gatewayPid) - before;
      direct.push(resultMb / (own.ms / 1000));
      sluice.push(resultMb / (through.ms / 1000));
      ratios.push(own.ms / through.ms);
    }
    const memory = residentMb(pair.gatewayPid);
    return {
      client,
      pageMs,
      megabytes: resultMb,
      pairs,
      directMbS: round(percentile(direct, 0.5), 0),
      sluiceMbS: round(percentile(sluice, 0.5), 0),
      ratio: round(percentile(ratios, 0.5)),
      gatewayCpuMsPer100Mb: round(cpu / pairs / (resultMb / 100), 0),
      memoryMb: {
        idle: round(idle, 0),
        peak: round(memory?.peak ?? Number.NaN, 0),
        after: round(memory?.now ?? Number.NaN, 0),
      },
    };
  } finally {
    await pair.stop();
  }
}
