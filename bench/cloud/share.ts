import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Caller } from '../../functions/core/query/principal.ts';
import { evaluate } from '../../functions/pipeline/evaluate.ts';
import { receive } from '../../functions/pipeline/receive.ts';
import type { DryRun, JobSpec, Ports } from '../../functions/ports/index.ts';
import { project } from '../support/canned-tables.ts';
import { shippedPolicies } from '../support/cloud-pair.ts';
import { openCloudPorts } from '../support/cloud-ports.ts';
import { startProgram } from '../support/processes.ts';
import { percentile, round } from '../support/stats.ts';
import { smallQueries } from './small.ts';

export type ShareResult = {
  readonly query: string;
  /** What deciding takes, the dry run answering at once and no record awaited; milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
};

const [warmUps, rounds] = [200, 600];
const caller: Caller = {
  principal: { issuer: 'https://bench.invalid', subject: 'bench', kind: 'agent', groups: ['analysts'] },
  session: 's_bench',
  tokenExpiresMs: Number.MAX_SAFE_INTEGER,
};

/** The decision's own share of a small query: understand, mask, print, understand again, ask the policy. */
export async function share(): Promise<readonly ShareResult[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const server = await startProgram('bench/support/canned-bigquery.ts', ['--result-mb', '1']);
  const { ports, close } = await openCloudPorts({
    stateDir: join(scratch, 'state'),
    policiesDir: shippedPolicies,
    bigqueryUrl: server.line,
    complain: () => {},
  });
  const results: ShareResult[] = [];
  for (const [query, sql] of Object.entries(smallQueries)) {
    const times = await decided(knowingDryRuns(ports), sql);
    results.push({
      query,
      p50Ms: round(percentile(times, 0.5), 3),
      p99Ms: round(percentile(times, 0.99), 3),
    });
  }
  await close();
  await server.stop();
  rmSync(scratch, { recursive: true, force: true });
  return results;
}

async function decided(ports: Ports, sql: string): Promise<readonly number[]> {
  const request = { sql, parameters: [], labels: {} };
  const query = await receive(ports, { caller, project, door: 'jobs.query', request });
  const times: number[] = [];
  for (let n = 0; n < warmUps + rounds; n++) {
    const startMs = performance.now();
    const evaluated = await evaluate(ports, query);
    if (!evaluated.ok) throw new Error(evaluated.refusal.message);
    if (n >= warmUps) times.push(performance.now() - startMs);
  }
  return times;
}

/** The same ports, whose warehouse gives again the dry run that it gave of a text. */
function knowingDryRuns(ports: Ports): Ports {
  const known = new Map<string, DryRun>();
  const dryRun = async (spec: JobSpec): Promise<DryRun> => {
    const found = known.get(spec.sql) ?? (await ports.warehouse.dryRun(spec));
    known.set(spec.sql, found);
    return found;
  };
  return { ...ports, warehouse: { ...ports.warehouse, dryRun } };
}
