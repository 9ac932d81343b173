// Runs a folder of real BigQuery clients (its run.sh) against the functions on Google Cloud's parts, two instances of each with
// INSTANCES=2. `node test/interop/cloud.ts DIR [clients...]`; README.md says what DIR must hold.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { apiAudience, publicAudience } from '../support/cloud/functions.ts';
import { startRoundRobin } from '../support/cloud/round-robin.ts';
import { type Cloud, startCloud } from '../support/cloud/start.ts';
import { call, root } from '../support/gateway.ts';
import { approveWhatWaits, type Rig, rigArguments, runClients } from './rig.ts';

const tokenSeconds = 8 * 3600;
const sweepEveryMs = 10_000;

/** The cloud set-up with the rig's data behind it, and the way to that data without the gateway. */
export type CloudRig = Rig & { readonly cloud: Cloud; readonly backend: Backend };

/** BigQuery itself, as the gateway sees it. */
export type Backend = { readonly url: string; readonly project: string; readonly token: string };

/**
 * The functions on the rig's data under the rig's policy, with a scheduler that calls every sweep at once and somebody who
 * approves what has waited long enough. Of several instances each answers every n-th request, whoever asks.
 */
export async function startCloudRig(rigDir: string, instances = 1): Promise<CloudRig> {
  const cloud = await startCloud({
    data: {},
    policies: join(root, 'test', 'interop', 'policies'),
    instances,
  });
  const { project, provider, services } = cloud;
  const backend = {
    ...{ url: services.bigquery.url, project },
    token: services.iam.tokenFor(`loader@${project}.iam.gserviceaccount.com`),
  };
  try {
    await seed(backend, readFileSync(join(rigDir, 'data', 'seed.sql'), 'utf8'));
  } catch (error) {
    await cloud.stop();
    throw error;
  }
  const front = await startRoundRobin(cloud.apiUrls);
  const gateway = {
    ...{ url: front.url, approvalsUrl: cloud.approvalsUrl, project },
    agentToken: () => provider.token(apiAudience, { sub: 'robot', groups: ['analysts'] }, tokenSeconds),
    approverToken: () => provider.token(publicAudience, { sub: 'ada', groups: ['approvers'] }, tokenSeconds),
  };
  const approving = await approveWhatWaits(gateway);
  const sweeping = sweepAll(cloud, instances);
  return {
    ...{ cloud, backend, gateway },
    stop: async () => {
      await approving.stop();
      await sweeping.stop();
      await front.stop();
      await cloud.stop();
    },
  };
}

/** Calls the sweep of every instance at the same moment, again and again. */
function sweepAll(cloud: Cloud, instances: number): { stop(): Promise<void> } {
  const all = Array.from({ length: instances }, (_, instance) => instance);
  let running: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(() => Promise.allSettled(all.map((instance) => cloud.sweep(instance))));
  }, sweepEveryMs);
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
    },
  };
}

/** Makes the data set `shop` and runs the statements of a script in it, one after the other. */
async function seed({ url, project, token }: Backend, script: string): Promise<void> {
  const base = `/bigquery/v2/projects/${project}`;
  const send = async (path: string, body: object): Promise<void> => {
    const answer = await call(url, token, 'POST', `${base}${path}`, body);
    if (answer.status !== 200) throw new Error(`seeding: ${JSON.stringify(body)}: ${answer.text}`);
  };
  await send('/datasets', { datasetReference: { projectId: project, datasetId: 'shop' }, location: 'US' });
  const statements = script.replace(/^--.*$/gm, '').split(/;\s*\n/);
  for (const query of statements.map((text) => text.trim()).filter((text) => text !== ''))
    await send('/queries', { query, useLegacySql: false, timeoutMs: 60_000 });
}

async function main(): Promise<void> {
  const { rigDir, clients } = rigArguments('cloud');
  const rig = await startCloudRig(rigDir, Number(process.env.INSTANCES ?? '1'));
  const code = await runClients(rigDir, rig.gateway, clients).finally(() => rig.stop());
  if (process.env.SLUICE_RIG_OUTPUT !== undefined) process.stdout.write(rig.cloud.output());
  process.exit(code);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();
