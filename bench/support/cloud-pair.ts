import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../functions/config/embedded.ts';
import type { Settings } from './canned-jobs.ts';
import { project } from './canned-tables.ts';
import { startProgram } from './processes.ts';

/** One of two ways to the same BigQuery server. */
export type Way = { readonly url: string; readonly token: string; readonly project: string };

export type CloudPair = {
  readonly direct: Way;
  readonly sluice: Way;
  readonly gatewayPid: number;
  readonly serverPid: number;
  /** Changes the server's latencies; what is not named becomes 0. */
  settings(changed: Partial<Settings>): Promise<void>;
  stop(): Promise<void>;
};

export const shippedPolicies = join(root, 'policies');
export const benchPolicies = join(root, 'bench', 'policies');

/** Settings of a process that make memory that is let go of go back to the system soon. */
export const memorySettings = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '131072' };

/** A canned BigQuery server, and a gateway in front of it: two processes. */
export async function startPair(options: {
  readonly resultMb: number;
  readonly policiesDir: string;
}): Promise<CloudPair> {
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  mkdirSync(join(scratch, 'state'));
  const server = await startProgram('bench/support/canned-bigquery.ts', [
    '--result-mb',
    String(options.resultMb),
  ]);
  const gateway = await startProgram(
    'bench/support/cloud-gateway.ts',
    ['--state', join(scratch, 'state'), '--policies', options.policiesDir, '--bigquery', server.line],
    memorySettings,
    ['--max-semi-space-size=2'],
  );
  const { url, token } = JSON.parse(gateway.line) as { url: string; token: string };
  return {
    direct: { url: server.line, token: 'direct', project },
    sluice: { url, token, project },
    gatewayPid: gateway.pid,
    serverPid: server.pid,
    settings: (changed) => changeSettings(server.line, changed),
    stop: async () => {
      await gateway.stop();
      await server.stop();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

export async function changeSettings(url: string, changed: Partial<Settings>): Promise<void> {
  const all: Settings = { roundTripMs: 0, executionMs: 0, dryRunMs: 0, pageMs: 0, ...changed };
  const answer = await fetch(`${url}/canned/settings`, { method: 'POST', body: JSON.stringify(all) });
  if (!answer.ok) throw new Error(`the canned server answers ${answer.status}`);
}
