import type { FunctionName } from '../../../functions/config/function-names.ts';
import { functionNames } from '../../../functions/config/function-names.ts';
import { type FunctionProcess, startFunction } from '../framework-process.ts';
import { type GoogleIssuer, startGoogleIssuer } from '../google-issuer.ts';
import type { PushRelay } from '../push-relay.ts';
import { type Balancer, startBalancer } from './balancer.ts';
import { type CloudData, smallShop } from './data.ts';
import {
  apiAudience,
  environments,
  type Front,
  publicAudience,
  pushAccount,
  pushAudience,
  schedulerAccount,
  sweepAudience,
} from './functions.ts';
import { copyLog } from './log-copy.ts';
import { startTestProvider, type TestProvider } from './provider.ts';
import { startQueue } from './queue.ts';
import { type Services, type ServicesOptions, startServices } from './services.ts';

export { cloudNeeds } from './services.ts';

export type CloudOptions = {
  /** Processes of each function; 1 unless it says more. */
  readonly instances?: number;
  /** A folder of policies; the shipped ones without it. */
  readonly policies?: string;
  readonly data?: CloudData;
  readonly runtime?: 'framework' | 'container';
  /** More for the environment of every function, or of one. */
  readonly env?: Readonly<Record<string, string>>;
  readonly envOf?: Readonly<Partial<Record<FunctionName, Readonly<Record<string, string>>>>>;
  /** Groups that have an execution identity; `analysts` unless it says others. */
  readonly executionGroups?: readonly string[];
  /** Stands in front of every part that the functions send to. */
  readonly front?: Front;
  /** Calls the sweep so often, as the scheduler does; otherwise only `sweep()` does. */
  readonly sweepEveryMs?: number;
} & Pick<ServicesOptions, 'own' | 'delayMs'>;

/** Sluice on Google Cloud, on this machine: four functions in processes of their own in front of every service. */
export type Cloud = {
  readonly project: string;
  readonly services: Services;
  readonly provider: TestProvider;
  readonly google: GoogleIssuer;
  readonly relay: PushRelay;
  /** Every instance of the api, and one address in front of all of them. */
  readonly apiUrls: readonly string[];
  readonly apiUrl: string;
  readonly approvalsUrl: string;
  /** A token for the api: an agent of these groups. */
  token(
    subject: string,
    groups: readonly string[],
    claims?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  /** A token for the approvals' API: a person of these groups. */
  personToken(subject: string, groups: readonly string[]): Promise<string>;
  /** The scheduler's call of one instance of the sweep; gives what it did. */
  sweep(instance?: number): Promise<Readonly<Record<string, unknown>>>;
  process(name: FunctionName, instance?: number): FunctionProcess;
  /** Ends an instance as a power cut would. */
  kill(name: FunctionName, instance?: number): Promise<void>;
  /** Starts an instance again, where it was. */
  restart(name: FunctionName, instance?: number): Promise<void>;
  /** What a function finds in its environment. */
  env(name: FunctionName): Readonly<Record<string, string>>;
  /** A copy of the log with its public key, for `sluice audit verify --state`. */
  copyLog(): Promise<string>;
  /** Everything that the functions have printed. */
  output(): string;
  stop(): Promise<void>;
};

export async function startCloud(options: CloudOptions = {}): Promise<Cloud> {
  const { instances = 1, data = smallShop, executionGroups, policies, own, delayMs, front } = options;
  const [services, provider, google] = await Promise.all([
    startServices({
      data,
      ...(own === undefined ? {} : { own }),
      ...(delayMs === undefined ? {} : { delayMs }),
    }),
    startTestProvider(front === undefined ? {} : { front: (url) => front('identity-provider', url) }),
    startGoogleIssuer(),
  ]);
  const { project } = services;
  const fleet = new Map<FunctionName, FunctionProcess[]>(functionNames.map((name) => [name, []]));
  const urlsOf = (name: FunctionName): readonly string[] => (fleet.get(name) ?? []).map(({ url }) => url);
  const [api, approvals, resume] = await Promise.all([
    startBalancer(() => urlsOf('api')),
    startBalancer(() => urlsOf('approvals')),
    startBalancer(() => urlsOf('resume')),
  ]);
  const env = await environments({
    services,
    provider,
    googleKeysUrl: google.jwksUrl,
    publicUrl: approvals.url,
    ...(policies === undefined ? {} : { policies }),
    ...(executionGroups === undefined ? {} : { executionGroups }),
    ...(front === undefined ? {} : { front }),
  });
  const launch = (name: FunctionName, port?: number): Promise<FunctionProcess> =>
    startFunction({
      target: name,
      runtime: options.runtime ?? 'framework',
      ready: '/readyz',
      env: { ...env[name], HOST: '127.0.0.1', ...options.env, ...options.envOf?.[name] },
      ...(port === undefined ? {} : { port }),
    });
  const relay = await startQueue({
    pubsubUrl: services.pubsub.url,
    project,
    target: () => `${resume.url}/`,
    token: () => google.token(pushAudience, pushAccount(project)),
  });
  const stop = async (): Promise<void> => {
    await Promise.all([...fleet.values()].flat().map((one) => one.end('SIGTERM')));
    await stopAll([relay, api, approvals, resume, env, provider, google, services]);
  };
  try {
    await inPairs(
      functionNames.flatMap((name) => Array.from({ length: instances }, () => name)),
      async (name) => void fleet.get(name)?.push(await launch(name)),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  const at = (name: FunctionName, instance = 0): FunctionProcess => {
    const found = fleet.get(name)?.[instance];
    if (found === undefined) throw new Error(`there is no instance ${instance} of ${name}`);
    return found;
  };
  const sweep = async (instance = 0): Promise<Record<string, unknown>> => {
    const token = await google.token(sweepAudience, schedulerAccount(project));
    const answer = await fetch(at('sweep', instance).url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the sweep answers ${answer.status}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  const scheduler = schedule(options.sweepEveryMs, () => sweep());
  return {
    ...{ project, services, provider, google, relay, sweep },
    apiUrls: urlsOf('api'),
    apiUrl: api.url,
    approvalsUrl: approvals.url,
    token: (sub, groups, claims = {}) => provider.token(apiAudience, { sub, groups: [...groups], ...claims }),
    personToken: (sub, groups) => provider.token(publicAudience, { sub, groups: [...groups] }),
    process: at,
    kill: async (name, instance) => void (await at(name, instance).end('SIGKILL')),
    async restart(name, instance = 0) {
      const { url } = at(name, instance);
      const again = await launch(name, Number(new URL(url).port));
      fleet.get(name)?.splice(instance, 1, again);
    },
    env: (name) => env[name],
    copyLog: () => copyLog(services),
    output: () =>
      functionNames.flatMap((name) => (fleet.get(name) ?? []).map((one) => one.output())).join(''),
    async stop() {
      await scheduler();
      await stop();
    },
  };
}

/** Two at a time: loading so much at once takes longer on two cores than one after the other. */
async function inPairs<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += 2) {
    const done = await Promise.allSettled(items.slice(at, at + 2).map(work));
    const failed = done.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}

/** Repeats a call with a pause until the returned function is called, which waits for the last one. */
function schedule(everyMs: number | undefined, work: () => Promise<unknown>): () => Promise<void> {
  if (everyMs === undefined) return async () => {};
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(async () => void (await work().catch(() => undefined)));
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await running;
  };
}

async function stopAll(parts: readonly (Balancer | { stop(): Promise<unknown> })[]): Promise<void> {
  for (const part of parts) await part.stop();
}
