import { randomBytes } from 'node:crypto';
import {
  openKeyObjects,
  openStorageAuditStore,
} from '../../../functions/adapters/audit-store/cloud-storage/open.ts';
import { systemClock } from '../../../functions/adapters/clock/system.ts';
import { type CloudKeys, openCloudKeys } from '../../../functions/adapters/keys/cloud/open.ts';
import { openSecretManager } from '../../../functions/adapters/secrets/secret-manager.ts';
import type { AuditStore } from '../../../functions/ports/index.ts';
import { makeTopic } from '../../support/cloud/queue.ts';
import { ring } from '../../support/cloud/services.ts';
import type { Emulator } from '../../support/emulators/start.ts';
import { fixedToken } from '../../support/stand-ins/credentials.ts';
import { lockedBucket } from '../../support/stand-ins/log-bucket.ts';
import { startStorageStandIn } from '../../support/stand-ins/storage.ts';
import { type BigQueryStandIn, startBigQueryStandIn } from './bigquery.ts';
import { type Gate, httpGate } from './gate.ts';
import { grpcGate } from './grpc-gate.ts';
import type { Site } from './site.ts';

/** The ways on which something can go wrong: from the gateway to each part, and from the platform to the gateway. */
export const gatewayPairs = [
  ...(['bigquery', 'firestore', 'audit bucket', 'derived bucket'] as const),
  ...(['kms', 'secret manager', 'iam', 'pub/sub'] as const),
] as const;
export const pairs = [...gatewayPairs, 'pub/sub to resume', 'scheduler to sweep'] as const;
export type Pair = (typeof pairs)[number];

/** One gateway's surroundings: parts of its own or a corner of shared ones, each behind a gate. */
export type World = {
  readonly project: string;
  readonly site: Site;
  readonly gates: Readonly<Record<(typeof gatewayPairs)[number], Gate>>;
  readonly warehouse: BigQueryStandIn;
  readonly executionIdentity: string;
  /** How much time was made to pass, milliseconds. */
  offsetMs: number;
  /** What the gateway's clock is off by, milliseconds. */
  skewMs: number;
  /** The log and its keys, past the gates. */
  readonly witness: { readonly audit: AuditStore; readonly keys: CloudKeys };
  /** When an object of the log was made, by the clock that the warehouse's jobs have too. */
  createdMs(objectName: string): Promise<number>;
  makeTopic(pushEndpoint: string): Promise<void>;
  close(): Promise<void>;
};

export const auditBucket = 'audit';
export const derivedBucket = 'derived';
export const topic = 'sluice-queries';
export const logName = 'sluice.test/faults';
const retentionMs = 86_400_000;

export async function openWorld(site: Site): Promise<World> {
  const project = `w-${randomBytes(6).toString('hex')}`;
  const executionIdentity = `runner@${project}.iam.gserviceaccount.com`;
  site.iam.allow(site.account, executionIdentity);
  // No two things happen at the same millisecond, so that of two one is always the earlier.
  let lastMs = 0;
  const nextMs = (): number => {
    lastMs = Math.max(lastMs + 1, Date.now());
    return lastMs;
  };
  const storage = await startStorageStandIn({ nowMs: nextMs });
  storage.makeBucket(auditBucket, lockedBucket);
  storage.makeBucket(derivedBucket, { iamConfiguration: lockedBucket.iamConfiguration });
  const warehouse = await startBigQueryStandIn({
    ...{ project, nextMs, executionIdentity },
    ownerOf: (token) => site.iam.ownerOf(token)?.email,
  });
  const gates = {
    bigquery: await httpGate(warehouse.url),
    firestore: await grpcGate(site.firestore.host),
    'audit bucket': await httpGate(storage.url),
    'derived bucket': await httpGate(storage.url),
    kms: await httpGate(site.kms.url),
    'secret manager': await httpGate(site.secrets.url),
    iam: await httpGate(site.iam.url),
    'pub/sub': await grpcGate(site.pubsub.host),
  };
  const witness = {
    audit: await openStorageAuditStore({
      ...{ bucket: auditBucket, clock: systemClock, minimumRetentionMs: retentionMs },
      ...{ auth: fixedToken(), apiEndpoint: storage.url, deadlineMs: 20_000 },
    }),
    keys: await openWitnessKeys(site, storage.url),
  };
  return {
    ...{ project, site, gates, warehouse, executionIdentity, witness, offsetMs: 0, skewMs: 0 },
    async createdMs(objectName) {
      const path = `/storage/v1/b/${auditBucket}/o/${encodeURIComponent(objectName)}`;
      const { timeCreated } = (await (await fetch(`${storage.url}${path}`)).json()) as {
        timeCreated: string;
      };
      return Date.parse(timeCreated);
    },
    makeTopic: (pushEndpoint) => makeTopic({ pubsubUrl: pubsubUrl(site.pubsub), project, pushEndpoint }),
    async close() {
      await Promise.all([...Object.values(gates), storage, warehouse].map((part) => part.close()));
    },
  };
}

const pubsubUrl = ({ url }: Emulator): string => url;

function openWitnessKeys(site: Site, storageUrl: string): Promise<CloudKeys> {
  const patience = { clock: systemClock, auth: fixedToken(), deadlineMs: 20_000 };
  return openKeyObjects({ bucket: derivedBucket, apiEndpoint: storageUrl, ...patience }).then((objects) =>
    openCloudKeys({
      ...keyNames,
      objects,
      secrets: openSecretManager({ apiEndpoint: site.secrets.url, ...patience }),
      apiEndpoint: site.kms.url,
      ...patience,
    }),
  );
}

/** The keys of every world: made once. */
export const keyNames = {
  logName,
  logKeyVersion: `${ring('faults')}/log/cryptoKeyVersions/1`,
  linkKey: `${ring('faults')}/link`,
  wrappingKey: `${ring('faults')}/records`,
  hmacSecret: 'projects/faults/secrets/sluice-hmac',
} as const;
