import type { Server } from 'node:http';
import {
  openKeyObjects,
  openStorageAuditStore,
} from '../../../functions/adapters/audit-store/cloud-storage/open.ts';
import { systemClock } from '../../../functions/adapters/clock/system.ts';
import { googleServiceIdentity } from '../../../functions/adapters/identity/google-service.ts';
import { oidcIdentity } from '../../../functions/adapters/identity/oidc.ts';
import { openCloudKeys } from '../../../functions/adapters/keys/cloud/open.ts';
import { openPubsubQueue } from '../../../functions/adapters/queue/pubsub/open.ts';
import { openSecretManager } from '../../../functions/adapters/secrets/secret-manager.ts';
import { openFirestoreStateStore } from '../../../functions/adapters/state-store/firestore/open.ts';
import { googleCredentials } from '../../../functions/adapters/warehouse/bigquery/credentials.ts';
import { openBigQueryWarehouse } from '../../../functions/adapters/warehouse/bigquery/open.ts';
import { boundedWarehouse } from '../../../functions/compose/bounded-warehouse.ts';
import { SluiceError } from '../../../functions/core/errors.ts';
import { approvalsApi } from '../../../functions/http/approvals/api.ts';
import { bigqueryHandler } from '../../../functions/http/bigquery/handler.ts';
import { openFront } from '../../../functions/http/front.ts';
import { pushHandler } from '../../../functions/http/push/push.ts';
import { taskHandler } from '../../../functions/http/push/task.ts';
import { createServer, type Handler } from '../../../functions/http/server.ts';
import { handleMessage } from '../../../functions/pipeline/handle-message.ts';
import { markProcess } from '../../../functions/pipeline/mark-process.ts';
import { sealLog } from '../../../functions/pipeline/seal-log.ts';
import { sweep } from '../../../functions/pipeline/sweep.ts';
import type { Clock, Ports } from '../../../functions/ports/index.ts';
import { fixedToken } from '../../support/stand-ins/credentials.ts';
import { listening } from '../../support/stand-ins/serve.ts';
import { bundle } from './policy.ts';
import { auditBucket, derivedBucket, keyNames, topic, type World } from './world.ts';

export const apiAudience = 'https://api.sluice.test';
export const peopleAudience = 'https://approvals.sluice.test';
export const serviceAudience = 'https://service.sluice.test';
export const serviceAccount = 'platform@faults.iam.gserviceaccount.com';

/**
 * The patience of a gateway under test: what is seconds in production, cut in proportion, so that a case is over in a
 * second. Checks are the same.
 */
export const patience = {
  /** After this a front stops waiting, and after the grace it answers whatever there is. */
  frontMs: 1500,
  graceMs: 400,
  /** One call of log, keys or secrets, with its tries. */
  callMs: 600,
  stateMs: 700,
  queueMs: 400,
  warehouse: { attemptMs: 400, deadlineMs: 800, attempts: 4, firstPauseMs: 20 },
  /** The pipeline's own pauses and deadlines are divided by it: a record gives up after 5 s. */
  hurry: 6,
} as const;

/** One process of the gateway: two functions over ports of its own, opened again where that failed. */
export type Instance = {
  readonly urls: Readonly<Record<FunctionName, string>>;
  /** Errors that an operator would read of. */
  readonly told: readonly unknown[];
  close(): Promise<void>;
};
export type FunctionName = 'api' | 'approvals' | 'resume' | 'sweep';

/** Serves the functions before anything is open; requests wait, or are told that it is not ready. */
export async function openInstance(world: World, functions: readonly FunctionName[]): Promise<Instance> {
  const told: unknown[] = [];
  const tell = (error: unknown): void => void told.push(error);
  const opening = opener(() => openPorts(world), tell);
  const servers: Server[] = [];
  const urls: Partial<Record<FunctionName, string>> = {};
  for (const name of functions) {
    let made: Handler | undefined;
    const front = openFront({
      ...{ maximumRequests: 80, inFlightBytes: 96 * 1024 * 1024 },
      ...{ deadlineMs: patience.frontMs, graceMs: patience.graceMs, onError: tell },
      open: async () => (made ??= handlerOf(name, world, (await opening.get()).ports, tell)),
      readiness: async () => ({}),
    });
    const server = createServer(front.handler, { onError: tell });
    servers.push(server);
    urls[name] = `http://127.0.0.1:${await listening(server)}`;
  }
  opening.get().catch(() => {});
  return {
    urls: urls as Record<FunctionName, string>,
    told,
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
      await opening.close();
    },
  };
}

function handlerOf(name: FunctionName, world: World, ports: Ports, tell: (error: unknown) => void): Handler {
  const clock = { nowMs: () => ports.clock.nowMs() };
  const service = (): { verify: ReturnType<typeof googleServiceIdentity>['verify'] } =>
    googleServiceIdentity(
      { audience: serviceAudience, emails: [serviceAccount], jwksUrl: world.site.google.jwksUrl },
      clock,
    );
  switch (name) {
    case 'api':
      return bigqueryHandler(ports, { onError: tell });
    case 'approvals':
      return approvalsApi(ports);
    case 'resume':
      return pushHandler({
        ...service(),
        ...{ report: tell, deadlineMs: 4_000 },
        onMessage: (message) => handleMessage(ports, message),
      });
    case 'sweep':
      return taskHandler({
        ...service(),
        ...{ report: tell, deadlineMs: 8_000 },
        async run(signal) {
          // As functions/compose/sweep-function.ts does it: a query that cannot be moved keeps nothing from being sealed.
          const swept = await sweep(ports, { signal }).catch((error: unknown) => {
            tell(error);
            return { seen: 0, moved: 0, failed: true };
          });
          const sealed = await sealLog(ports, { heartbeatMs: 60_000, recent: true, full: true, signal });
          return { ...swept, sealed: sealed.sealed, refused: sealed.refused };
        },
      });
  }
}

type Opened = { readonly ports: Ports; close(): Promise<void> };

/** Every port on the parts of a world, checked at start as functions/compose/cloud.ts does. */
async function openPorts(world: World): Promise<Opened> {
  const { gates, site, project } = world;
  const clock: Clock = { ...systemClock, nowMs: () => Date.now() + world.offsetMs + world.skewMs };
  // The bucket's clock stays with the machine's when time is made to pass; one that is off is seen.
  const bucketClock: Clock = { ...systemClock, nowMs: () => Date.now() + world.skewMs };
  const call = { clock, auth: fixedToken(), deadlineMs: patience.callMs };
  const secrets = openSecretManager({ apiEndpoint: gates['secret manager'].url, ...call });
  const storage = async () => {
    const audit = await openStorageAuditStore({
      ...{ bucket: auditBucket, minimumRetentionMs: 86_400_000 },
      ...{ apiEndpoint: gates['audit bucket'].url, ...call, clock: bucketClock },
    });
    const reasons = await audit.check();
    if (reasons.length > 0) throw new SluiceError('sink_unavailable', reasons.join('\n'));
    return audit;
  };
  const wrapped = async () => {
    const objects = await openKeyObjects({
      ...{ bucket: derivedBucket, apiEndpoint: gates['derived bucket'].url, ...call },
    });
    return openCloudKeys({ ...keyNames, objects, secrets, apiEndpoint: gates.kms.url, ...call });
  };
  const credentials = googleCredentials({
    iamEndpoint: gates.iam.url,
    source: fixedToken(site.iam.tokenFor(site.account)),
  });
  const opening = [
    storage(),
    wrapped(),
    openBigQueryWarehouse({
      ...{ projects: [project], locations: ['US'], credentials, apiEndpoint: gates.bigquery.url },
      ...{ patience: patience.warehouse, pollMs: 200 },
    }),
  ] as const;
  const [audit, keys, warehouse] = await Promise.all(opening);
  const state = openFirestoreStateStore({
    ...{ project, host: gates.firestore.host, deadlineMs: patience.stateMs },
    onFault: (message) => {
      throw new Error(message);
    },
  });
  const queue = openPubsubQueue({
    ...{ project, topic, host: gates['pub/sub'].host, deadlineMs: patience.queueMs },
  });
  const pipelineClock: Clock = {
    ...clock,
    sleep: (ms, signal) => clock.sleep(Math.ceil(ms / patience.hurry), signal),
  };
  const ports: Ports = {
    ...{ keys, audit, state, queue },
    clock: pipelineClock,
    warehouse: boundedWarehouse(warehouse),
    notifier: { held: async () => {} },
    identity: oidcIdentity(issuersOf(world), keys, clock),
    executionIdentity: () => world.executionIdentity,
    policy: () => bundle,
    publicUrl: () => 'https://approvals.sluice.test',
  };
  const close = async (): Promise<void> => {
    await queue.close();
    await Promise.all([warehouse.close(), state.close()]);
  };
  await markProcess(ports, 'start').catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { ports, close };
}

function issuersOf({ site: { provider } }: World) {
  const { issuer, jwksUrl } = provider;
  const trusted = { issuer, jwksUrl, algorithms: ['ES256'], groupsClaim: 'groups' } as const;
  return [
    { ...trusted, audience: apiAudience, principals: 'agents' },
    { ...trusted, audience: peopleAudience, principals: 'people' },
  ] as const;
}

/** Between two tries to open. */
const againMs = 50;

/** Opens once; after a failure again, when asked, but not at once: as functions/compose/host.ts does it. */
function opener(open: () => Promise<Opened>, tell: (error: unknown) => void) {
  let current: Promise<Opened> | undefined;
  let notBeforeMs = Number.POSITIVE_INFINITY;
  const get = (): Promise<Opened> => {
    if (current === undefined || performance.now() >= notBeforeMs) {
      notBeforeMs = Number.POSITIVE_INFINITY;
      current = open();
      current.catch((error: unknown) => {
        notBeforeMs = performance.now() + againMs;
        tell(error);
      });
    }
    return current;
  };
  const close = async (): Promise<void> => (await current?.catch(() => undefined))?.close();
  return { get, close };
}
