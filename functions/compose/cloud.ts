import {
  type KeyObjects,
  openKeyObjects,
  openStorageAuditStore,
} from '../adapters/audit-store/cloud-storage/open.ts';
import { systemClock } from '../adapters/clock/system.ts';
import { bucketDerivedStore } from '../adapters/derived-store/bucket.ts';
import { oidcIdentity } from '../adapters/identity/oidc.ts';
import { openCloudKeys } from '../adapters/keys/cloud/open.ts';
import { openPubsubQueue } from '../adapters/queue/pubsub/open.ts';
import { openSecretManager } from '../adapters/secrets/secret-manager.ts';
import { openFirestoreStateStore } from '../adapters/state-store/firestore/open.ts';
import { withTelemetry } from '../adapters/telemetry/observed-ports.ts';
import { googleCredentials } from '../adapters/warehouse/bigquery/credentials.ts';
import { openBigQueryWarehouse } from '../adapters/warehouse/bigquery/open.ts';
import type { CloudConfig } from '../config/cloud.ts';
import { executionIdentityOf } from '../config/execution-identity.ts';
import { SluiceError } from '../core/errors.ts';
import type { QueryId } from '../core/query/query.ts';
import { type Readiness, readinessOf } from '../http/health.ts';
import type { DerivedStore, Ports, Secrets } from '../ports/index.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { boundedWarehouse } from './bounded-warehouse.ts';
import { openNotifier } from './notifier.ts';
import { loadPolicy } from './policy.ts';

export type CloudPorts = {
  readonly ports: Ports;
  /** What can be made again from the log. */
  readonly derived: DerivedStore;
  readonly secrets: Secrets;
  /** Ages of keys and secrets that people rotate. */
  ages(): readonly { readonly name: string; readonly createdMs: number }[];
  readonly readiness: () => Promise<Readiness>;
  close(): Promise<void>;
};

const dayMs = 86_400_000;
/**
 * One call for keys and secrets with all its tries: long enough for a cold start on a busy machine, where loading the
 * libraries counts. A record waits for its keys 5 s at most, whatever stands here.
 */
const keysDeadlineMs = 10_000;
/** What is wrong with a bucket stays wrong; what only took too long in a cold start is asked again. */
const checkAttempts = 3;
const checkPauseMs = 500;
const nobody = 'sluice_readiness' as QueryId;

/**
 * Every port on Google Cloud, checked: both buckets and the clock, keys, secrets and policy. Throws SluiceError with the
 * reasons where something is missing or must not be used: nothing is served then. Firestore, Pub/Sub and BigQuery are
 * connected at their first use.
 */
export async function openCloudPorts(config: CloudConfig, telemetry: Telemetry): Promise<CloudPorts> {
  const policy = loadPolicy(config.policiesDir, (detail) =>
    telemetry.log({ severity: 'WARNING', event: 'policy', detail }),
  );
  const secrets = openSecretManager({
    project: config.SLUICE_PROJECT,
    clock: systemClock,
    deadlineMs: keysDeadlineMs,
    ...endpoint(config.SLUICE_SECRETS_ENDPOINT),
  });
  const objects = await openKeyObjects({
    bucket: config.SLUICE_DERIVED_BUCKET,
    clock: systemClock,
    ...endpoint(config.SLUICE_STORAGE_ENDPOINT),
  });
  const [audit, keys, warehouse] = await Promise.all([
    openAudit(config),
    openKeys(config, objects, secrets),
    openWarehouse(config),
    refuseUnfit('data keys', objects),
  ]);
  const state = openFirestoreStateStore({
    project: config.SLUICE_PROJECT,
    database: config.SLUICE_FIRESTORE_DATABASE,
    onFault: (message) => telemetry.fault(new SluiceError('internal', message)),
  });
  const queue = openPubsubQueue({ project: config.SLUICE_PROJECT, topic: config.SLUICE_TOPIC });
  const { issuers, groups, executionIdentities } = config.identities;
  const opened: Ports = {
    clock: systemClock,
    keys,
    audit,
    state,
    queue,
    warehouse: boundedWarehouse(warehouse),
    notifier: openNotifier(config, secrets),
    identity: oidcIdentity(issuers, keys, systemClock, groups),
    executionIdentity: (principal) => executionIdentityOf(executionIdentities, principal),
    policy: () => policy,
    publicUrl: () => config.SLUICE_PUBLIC_URL,
  };
  const ports = withTelemetry(opened, telemetry);
  return {
    ports,
    derived: bucketDerivedStore(objects),
    secrets,
    ages: () => [...keys.ages(), ...secrets.ages()],
    readiness: readiness(ports, telemetry),
    async close() {
      await queue.close();
      await Promise.all([warehouse.close(), state.close()]);
    },
  };
}

const endpoint = (url: string | undefined): { readonly apiEndpoint?: string } =>
  url === undefined ? {} : { apiEndpoint: url };

/** The log, refused where a record could be lost, changed or misdated there. */
async function openAudit(config: CloudConfig): ReturnType<typeof openStorageAuditStore> {
  const audit = await openStorageAuditStore({
    bucket: config.SLUICE_AUDIT_BUCKET,
    clock: systemClock,
    minimumRetentionMs: config.SLUICE_AUDIT_RETENTION_DAYS * dayMs,
    ...endpoint(config.SLUICE_STORAGE_ENDPOINT),
  });
  await refuseUnfit('the log', audit);
  return audit;
}

/** Throws with the reasons where a bucket must not hold what it is meant for. */
async function refuseUnfit(what: string, bucket: { check(): Promise<readonly string[]> }): Promise<void> {
  let reasons = await bucket.check();
  for (let attempt = 1; reasons.length > 0 && attempt < checkAttempts; attempt++) {
    await systemClock.sleep(checkPauseMs);
    reasons = await bucket.check();
  }
  if (reasons.length > 0) {
    throw new SluiceError(
      'sink_unavailable',
      reasons.map((reason) => `${what} must not be kept there: ${reason}`).join('\n'),
    );
  }
}

function openKeys(
  config: CloudConfig,
  objects: KeyObjects,
  secrets: Secrets,
): ReturnType<typeof openCloudKeys> {
  return openCloudKeys({
    logName: config.SLUICE_LOG_NAME,
    logKeyVersion: config.SLUICE_KMS_LOG_KEY,
    linkKey: config.SLUICE_KMS_LINK_KEY,
    wrappingKey: config.SLUICE_KMS_ENCRYPTION_KEY,
    hmacSecret: config.SLUICE_HMAC_SECRET,
    objects,
    secrets,
    clock: systemClock,
    deadlineMs: keysDeadlineMs,
    ...endpoint(config.SLUICE_KMS_ENDPOINT),
  });
}

function openWarehouse(config: CloudConfig): ReturnType<typeof openBigQueryWarehouse> {
  const { SLUICE_IAM_ENDPOINT: iamEndpoint } = config;
  return openBigQueryWarehouse({
    projects: config.bigqueryProjects,
    locations: config.SLUICE_BIGQUERY_LOCATIONS,
    credentials: googleCredentials(iamEndpoint === undefined ? {} : { iamEndpoint }),
    ...endpoint(config.SLUICE_BIGQUERY_ENDPOINT),
  });
}

/** What no function can do without: the log, the state, the keys. What is wrong stands in the operator's log only. */
function readiness(ports: Ports, telemetry: Telemetry): () => Promise<Readiness> {
  const told = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      telemetry.fault(error);
      throw error;
    });
  return readinessOf({
    sink: async () => {
      const [reason] = await told(ports.audit.check());
      if (reason === undefined) return undefined;
      telemetry.fault(new SluiceError('sink_unavailable', `the log must not be used: ${reason}`));
      return 'it must not be used; the log says why';
    },
    state: async () => {
      await told(ports.state.get(nobody));
      return undefined;
    },
    keys: async () => {
      const nowMs = ports.clock.nowMs();
      await told(Promise.all([ports.keys.recordSigner(nowMs), ports.keys.dataKey(nowMs)]));
      return undefined;
    },
  });
}
