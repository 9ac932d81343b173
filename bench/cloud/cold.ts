import { type FunctionName, functionNames } from '../../functions/config/function-names.ts';
import { type Cloud, cloudNeeds, startCloud } from '../../test/support/cloud/start.ts';
import { project } from '../support/canned-tables.ts';
import { benchPolicies, changeSettings, memorySettings } from '../support/cloud-pair.ts';
import { residentMb } from '../support/memory.ts';
import { startProgram } from '../support/processes.ts';
import { percentile, round } from '../support/stats.ts';
import { type AgentsResult, agentsOn } from './agents.ts';
import { asker, smallQueries } from './small.ts';

export type ColdResult =
  | { readonly skipped: string }
  | {
      readonly function: FunctionName;
      readonly runtime: 'framework' | 'container';
      readonly starts: number;
      /** From starting the process until it says that it is ready, every service behind it asked; milliseconds. */
      readonly readyMs: number;
      /** From starting the process to the end of its first real answer: a query, or what the function is for. */
      readonly firstAnswerMs: number;
      readonly idleMb: number;
    }
  | ({ readonly function: 'api'; readonly runtime: 'container' } & AgentsResult);

const starts = 3;

/**
 * The four functions as processes of their own in front of the emulators of Firestore, Pub/Sub and Cloud Storage and the
 * stand-ins of KMS and Secret Manager: how soon each answers, what it takes at rest, and agents on the api.
 */
export async function coldStarts(agents: number, minutes: number): Promise<readonly ColdResult[]> {
  const { skip } = cloudNeeds();
  if (skip !== false) return [{ skipped: skip }];
  const server = await startProgram('bench/support/canned-bigquery.ts', ['--result-mb', '12']);
  const results: ColdResult[] = [];
  for (const runtime of ['framework', 'container'] as const) {
    const cloud = await startCloud({
      runtime,
      policies: benchPolicies,
      env: {
        SLUICE_BIGQUERY_ENDPOINT: server.line,
        SLUICE_BIGQUERY_PROJECTS: project,
        ...memorySettings,
        NODE_OPTIONS: '--max-semi-space-size=2',
      },
    });
    try {
      await changeSettings(server.line, {});
      for (const name of functionNames) results.push(await coldStart(cloud, name, runtime));
      if (runtime === 'container') {
        await changeSettings(server.line, { executionMs: 50, roundTripMs: 2 });
        const way = { url: cloud.apiUrls[0] as string, token: await agentToken(cloud), project };
        const load = await agentsOn({ way, pid: cloud.process('api').pid }, agents, minutes);
        results.push({ function: 'api', runtime, ...load });
      }
    } finally {
      await cloud.stop();
    }
  }
  await server.stop();
  return results;
}

const agentToken = (cloud: Cloud): Promise<string> => cloud.token('bench', ['analysts']);

async function coldStart(
  cloud: Cloud,
  name: FunctionName,
  runtime: 'framework' | 'container',
): Promise<ColdResult> {
  const [ready, first]: [number[], number[]] = [[], []];
  for (let n = 0; n < starts; n++) {
    await cloud.kill(name);
    const startMs = performance.now();
    await cloud.restart(name);
    ready.push(performance.now() - startMs);
    await firstAnswer(cloud, name);
    first.push(performance.now() - startMs);
  }
  await new Promise((resolve) => setTimeout(resolve, 2000));
  return {
    function: name,
    runtime,
    starts,
    readyMs: round(percentile(ready, 0.5), 0),
    firstAnswerMs: round(percentile(first, 0.5), 0),
    idleMb: round(residentMb(cloud.process(name).pid)?.now ?? Number.NaN, 0),
  };
}

async function firstAnswer(cloud: Cloud, name: FunctionName): Promise<void> {
  switch (name) {
    case 'api': {
      const way = { url: cloud.process('api').url, token: await agentToken(cloud), project };
      const { ask, close } = asker(way, smallQueries.constant);
      await ask();
      return close();
    }
    case 'approvals':
      return answered(`${cloud.process('approvals').url}/approvals/v1/holds`, {
        authorization: `Bearer ${await cloud.personToken('ada', ['approvers'])}`,
      });
    case 'resume':
      return answered(`${cloud.process('resume').url}/healthz`, {});
    case 'sweep':
      return void (await cloud.sweep());
  }
}

async function answered(url: string, headers: Record<string, string>): Promise<void> {
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${url} answers ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
}
