import { randomBytes } from 'node:crypto';
import { type Need, needs, pathOf } from '../emulators/requires.ts';
import {
  type Emulator,
  startBigquery,
  startFirestore,
  startPubsub,
  startStorage,
} from '../emulators/start.ts';
import { type RepairingProxy, startRepairingProxy } from '../repairing-proxy/proxy.ts';
import { type BucketLock, bucketLock } from '../stand-ins/bucket-lock.ts';
import { type IamStandIn, startIamStandIn } from '../stand-ins/iam.ts';
import { type KmsStandIn, startKmsStandIn } from '../stand-ins/kms.ts';
import { lockedBucket } from '../stand-ins/log-bucket.ts';
import { type SecretManagerStandIn, startSecretManagerStandIn } from '../stand-ins/secret-manager.ts';
import { type CloudData, loadData } from './data.ts';

/** What the whole set-up needs of a machine: options for node:test. */
export const cloudNeeds = (...more: readonly Need[]): { readonly skip: string | false } =>
  needs('java', 'firestore', 'pubsub', 'storage', 'bigquery', 'googlesql', ...more);

export const ring = (project: string): string =>
  `projects/${project}/locations/eu/keyRings/sluice/cryptoKeys`;
export const auditBucket = 'sluice-audit';
export const derivedBucket = 'sluice-derived';
export const topic = 'sluice-queries';

/** Every service behind the gateway, empty but for the data. */
export type Services = {
  readonly project: string;
  readonly firestore: Emulator;
  readonly pubsub: Emulator;
  readonly bigqueryEmulator: Emulator;
  readonly bigquery: RepairingProxy;
  readonly storage: BucketLock;
  readonly kms: KmsStandIn;
  readonly secrets: SecretManagerStandIn;
  readonly iam: IamStandIn;
  stop(): Promise<void>;
};

export type ServicesOptions = {
  readonly data: CloudData;
  /** Emulators that no other test uses, for tests that restart them. */
  readonly own?: boolean;
  readonly delayMs?: (sql: string) => number;
};

export async function startServices({ data, own = false, delayMs }: ServicesOptions): Promise<Services> {
  const project = `sluice-${randomBytes(5).toString('hex')}`;
  const stops: (() => Promise<unknown>)[] = [];
  const kept = async <T>(starting: Promise<T>, stop: (started: T) => Promise<unknown>): Promise<T> => {
    const started = await starting;
    stops.push(() => stop(started));
    return started;
  };
  const stopping = { stop: (one: { stop(): Promise<unknown> }) => one.stop() };
  const closing = (one: { close(): Promise<void> }) => one.close();
  const [firestore, pubsub, bigqueryEmulator, storageEmulator, kms, secrets, iam] = await Promise.all([
    kept(startFirestore({ own }), stopping.stop),
    kept(startPubsub({ own }), stopping.stop),
    kept(startBigquery({ project }), stopping.stop),
    kept(startStorage(), stopping.stop),
    kept(startKmsStandIn(), closing),
    kept(startSecretManagerStandIn(), closing),
    kept(startIamStandIn(), closing),
  ]);
  const storage = await kept(bucketLock(storageEmulator.url), closing);
  await storage.makeBucket(auditBucket, lockedBucket);
  await storage.makeBucket(derivedBucket, { iamConfiguration: lockedBucket.iamConfiguration });
  const bigquery = await kept(
    startRepairingProxy({
      emulatorUrl: bigqueryEmulator.url,
      oracle: pathOf('googlesql'),
      checkToken: (authorization) => ownerOf(iam, authorization),
      ...(delayMs === undefined ? {} : { delayMs }),
    }),
    stopping.stop,
  );
  makeKeys(project, kms, secrets);
  const loader = iam.tokenFor(`loader@${project}.iam.gserviceaccount.com`);
  await loadData(bigquery.url, project, data, `Bearer ${loader}`);
  return {
    ...{ project, firestore, pubsub, bigqueryEmulator, bigquery, storage, kms, secrets, iam },
    async stop() {
      for (const stop of stops.reverse()) await stop();
    },
  };
}

function makeKeys(project: string, kms: KmsStandIn, secrets: SecretManagerStandIn): void {
  kms.makeKey(`${ring(project)}/log`, 'sign');
  kms.makeKey(`${ring(project)}/link`, 'sign');
  kms.makeKey(`${ring(project)}/records`, 'encrypt');
  secrets.add(`projects/${project}/secrets/sluice-hmac`, randomBytes(32).toString('base64'));
}

/** Whose token it is: one that the stand-in gave, or one that a service account signed for itself. */
function ownerOf(iam: IamStandIn, authorization: string | undefined): string | undefined {
  const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '';
  const given = iam.ownerOf(token)?.email;
  if (given !== undefined) return given;
  try {
    const { iss } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      iss?: unknown;
    };
    return typeof iss === 'string' && iss.endsWith('.gserviceaccount.com') ? iss : undefined;
  } catch {
    return undefined;
  }
}
