import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { project } from '../support/canned-tables.ts';
import { changeSettings } from '../support/cloud-pair.ts';
import { startProgram } from '../support/processes.ts';
import { percentile, round } from '../support/stats.ts';
import { smallQueries } from './small.ts';

export type BqResult =
  | { readonly skipped: string }
  | {
      readonly runs: number;
      readonly p50Seconds: number;
      readonly worstSeconds: number;
      /** Largest resident memory of one process and its children, megabytes. */
      readonly residentMb: number;
    };

/** The way of those who start one `bq` for each query: against the same server, without a gateway. */
export async function bqPerQuery(runs: number): Promise<BqResult> {
  if (spawnSync('bq', ['version'], { timeout: 60_000 }).status !== 0)
    return { skipped: 'there is no bq on this machine (Google Cloud SDK)' };
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  writeFileSync(join(scratch, 'bigqueryrc'), '');
  const server = await startProgram('bench/support/canned-bigquery.ts', ['--result-mb', '1']);
  try {
    await changeSettings(server.line, {});
    const seconds: number[] = [];
    let peakMb = 0;
    for (let n = 0; n < runs; n++) {
      const run = await once(server.line, scratch);
      seconds.push(run.seconds);
      peakMb = Math.max(peakMb, run.peakMb);
    }
    return {
      runs,
      p50Seconds: round(percentile(seconds, 0.5)),
      worstSeconds: round(Math.max(...seconds)),
      residentMb: round(peakMb, 0),
    };
  } finally {
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function once(url: string, scratch: string): Promise<{ seconds: number; peakMb: number }> {
  const startMs = performance.now();
  const child = spawn(
    'bq',
    [
      `--bigqueryrc=${join(scratch, 'bigqueryrc')}`,
      `--api=${url}`,
      `--project_id=${project}`,
      '--oauth_access_token=bench',
      '--format=json',
      'query',
      '--use_legacy_sql=false',
      smallQueries.constant,
    ],
    {
      env: { ...process.env, CLOUDSDK_CONFIG: scratch, CLOUDSDK_CORE_DISABLE_PROMPTS: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  let peakMb = 0;
  const watch = setInterval(() => {
    peakMb = Math.max(peakMb, familyMb(child.pid as number));
  }, 20);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(watch);
  if (code !== 0 || !text.includes('"one"')) throw new Error(`bq: ${text.slice(0, 1000)}`);
  return { seconds: (performance.now() - startMs) / 1000, peakMb };
}

/** Resident memory of a process and all that it has started. */
function familyMb(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const own = (Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024) / 1e6;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    const pids = children === '' ? [] : children.split(' ').map(Number);
    return pids.reduce((sum, child) => sum + familyMb(child), own);
  } catch {
    return 0;
  }
}
