// Runs a folder of real BigQuery clients (its run.sh) against a gateway that this script starts, approves what they wait for,
// and ends with the run's exit code. `node test/interop/rig.ts DIR [clients...]`; README.md says what DIR must hold.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { call, root, startGateway } from '../support/gateway.ts';

/** How long a query is left waiting before the approver of the rig approves it, milliseconds. */
const holdMs = 12_000;
const lookMs = 500;

/** What the clients ask so that the policy in `policies/` holds, keeps and denies it. */
export const questions = {
  HOLD_SQL: 'SELECT n FROM shop.events_20240101 ORDER BY n',
  CANCEL_SQL: 'SELECT n FROM shop.events_20240102 ORDER BY n',
  DENY_SQL: "SELECT id FROM shop.customers WHERE ssn = '123-45-6789'",
  DENY_TEXT: 'do not search for people by their ssn',
} as const;

/** A gateway as the rig sees it: where it is, what it calls the project, and who asks and who approves there. */
export type RigGateway = {
  readonly url: string;
  readonly approvalsUrl: string;
  readonly project: string;
  agentToken(): Promise<string>;
  approverToken(): Promise<string>;
};

/** What the rig's clients talk to, until it is stopped. */
export type Rig = { readonly gateway: RigGateway; stop(): Promise<void> };

/** A gateway on the rig's data under the rig's policy, with somebody who approves what has waited long enough. */
export async function startRig(rigDir: string): Promise<Rig> {
  const gateway = await startGateway({
    data: join(rigDir, 'data', 'files'),
    policies: join(root, 'test', 'interop', 'policies'),
  });
  const { url } = gateway;
  const rigGateway = {
    ...{ url, approvalsUrl: url, project: 'local' },
    agentToken: async () => gateway.token('robot', 'analysts', '--ttl', '8h'),
    approverToken: async () => gateway.token('ada', 'approvers', '--ttl', '8h'),
  };
  const approving = await approveWhatWaits(rigGateway);
  return {
    gateway: rigGateway,
    stop: async () => {
      await approving.stop();
      await gateway.stop();
    },
  };
}

/** Somebody who approves what has waited long enough, until told to stop. */
export async function approveWhatWaits(gateway: RigGateway): Promise<{ stop(): Promise<void> }> {
  const approver = await gateway.approverToken();
  const since = new Map<string, number>();
  let ended = false;
  const look = async (): Promise<void> => {
    const { body } = await call(gateway.approvalsUrl, approver, 'GET', '/approvals/v1/holds');
    for (const { id, digest } of (body.holds ?? []) as readonly { id: string; digest: string }[]) {
      const first = since.get(id) ?? Date.now();
      since.set(id, first);
      if (Date.now() - first < holdMs) continue;
      await call(gateway.approvalsUrl, approver, 'POST', `/approvals/v1/holds/${id}/approve`, {
        reason: 'waited as long as the rig wants',
        digest,
      });
    }
  };
  const loop = (async () => {
    while (!ended) {
      await look();
      await new Promise((next) => setTimeout(next, lookMs));
    }
  })();
  return {
    stop: () => {
      ended = true;
      return loop;
    },
  };
}

/** Runs the clients; resolves with run.sh's exit code. */
export async function runClients(
  rigDir: string,
  gateway: RigGateway,
  clients: readonly string[],
  env: Readonly<Record<string, string>> = {},
  print: (text: string) => void = (text) => process.stdout.write(text),
): Promise<number> {
  const args = [join(rigDir, 'run.sh'), gateway.url, await gateway.agentToken(), gateway.project, ...clients];
  const child = spawn('bash', args, {
    env: { BASELINE: 'none', CORPUS: '0', BAD_TOKEN: 'wrong', ...questions, ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => print(chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => print(chunk.toString()));
  return new Promise((done) => child.once('close', (code) => done(code ?? 1)));
}

/** The folder of the rig and the clients that the command line names; ends with a usage message where there is none. */
export function rigArguments(script: string): {
  readonly rigDir: string;
  readonly clients: readonly string[];
} {
  const [dir, ...clients] = process.argv.slice(2);
  if (dir === undefined || !existsSync(join(dir, 'run.sh'))) {
    process.stderr.write(
      `usage: node test/interop/${script}.ts DIR [raw python node bq]   (DIR holds run.sh)\n`,
    );
    process.exit(2);
  }
  return { rigDir: resolve(dir), clients };
}

async function main(): Promise<void> {
  const { rigDir, clients } = rigArguments('rig');
  const rig = await startRig(rigDir);
  const code = await runClients(rigDir, rig.gateway, clients).finally(() => rig.stop());
  process.exit(code);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
