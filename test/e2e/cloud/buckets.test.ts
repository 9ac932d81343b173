import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { noTelemetry } from '../../../functions/adapters/telemetry/none.ts';
import { type CloudPorts, openCloudPorts } from '../../../functions/compose/cloud.ts';
import { readCloudConfig } from '../../../functions/config/cloud.ts';
import { startMetadata } from '../../support/cloud/metadata.ts';
import { ring } from '../../support/cloud/services.ts';
import { startIamStandIn } from '../../support/stand-ins/iam.ts';
import { startKmsStandIn } from '../../support/stand-ins/kms.ts';
import { lockedBucket } from '../../support/stand-ins/log-bucket.ts';
import { startSecretManagerStandIn } from '../../support/stand-ins/secret-manager.ts';
import { startStorageStandIn } from '../../support/stand-ins/storage.ts';

const project = 'acme-sluice';
const account = `sluice-sweep@${project}.iam.gserviceaccount.com`;
const closing: (() => Promise<unknown>)[] = [];
let env: Record<string, string>;
let makeBucket: (name: string, given: Record<string, unknown>) => void;

before(async () => {
  const [storage, kms, secrets, iam] = await Promise.all([
    startStorageStandIn(),
    startKmsStandIn(),
    startSecretManagerStandIn(),
    startIamStandIn(),
  ]);
  const metadata = await startMetadata(iam, account, project);
  closing.push(metadata.close, ...[storage, kms, secrets, iam].map((one) => () => one.close()));
  kms.makeKey(`${ring(project)}/log`, 'sign');
  kms.makeKey(`${ring(project)}/link`, 'sign');
  kms.makeKey(`${ring(project)}/records`, 'encrypt');
  secrets.add(`projects/${project}/secrets/sluice-hmac`, randomBytes(32).toString('base64'));
  makeBucket = (name, given) => storage.makeBucket(name, given);
  const identities = join(mkdtempSync(join(tmpdir(), 'sluice-buckets-')), 'identities.yaml');
  writeFileSync(
    identities,
    'issuers:\n  - preset: google\n    audience: https://sluice.test\nsignIn: { kind: iap, audience: /projects/1/x }\n',
  );
  process.env.METADATA_SERVER_DETECTION = 'assume-present';
  process.env.GCE_METADATA_HOST = `127.0.0.1:${metadata.port}`;
  env = {
    SLUICE_PROJECT: project,
    SLUICE_TOPIC: 'queries',
    SLUICE_KMS_LOG_KEY: `${ring(project)}/log/cryptoKeyVersions/1`,
    SLUICE_KMS_LINK_KEY: `${ring(project)}/link`,
    SLUICE_KMS_ENCRYPTION_KEY: `${ring(project)}/records`,
    SLUICE_HMAC_SECRET: `projects/${project}/secrets/sluice-hmac`,
    SLUICE_LOG_NAME: 'sluice.test/audit',
    SLUICE_PUBLIC_URL: 'https://approvals.sluice.test',
    SLUICE_IDENTITIES: identities,
    SLUICE_STORAGE_ENDPOINT: storage.url,
    SLUICE_KMS_ENDPOINT: kms.url,
    SLUICE_SECRETS_ENDPOINT: secrets.url,
    SLUICE_SWEEP_AUDIENCE: 'https://sweep.test',
    SLUICE_SCHEDULER_SERVICE_ACCOUNT: account,
  };
});
after(async () => {
  for (const close of closing.reverse()) await close();
});

const plain = { iamConfiguration: lockedBucket.iamConfiguration };
const unfit: readonly (readonly [string, Record<string, unknown>, Record<string, unknown>, RegExp])[] = [
  [
    'a log whose retention is not locked',
    { ...lockedBucket, retentionPolicy: { ...lockedBucket.retentionPolicy, isLocked: false } },
    plain,
    /^the log must not be kept there: the retention policy of gs:\/\/log\S* is not locked: run gcloud /,
  ],
  [
    'a derived bucket that keeps what is deleted',
    lockedBucket,
    { ...plain, softDeletePolicy: { retentionDurationSeconds: '604800' } },
    /^data keys must not be kept there: gs:\/\/derived\S* keeps deleted keys recoverable: run gcloud /,
  ],
  [
    'a derived bucket with two faults',
    lockedBucket,
    { versioning: { enabled: true }, iamConfiguration: { uniformBucketLevelAccess: { enabled: true } } },
    /could be made public[^\n]*\ndata keys must not be kept there: gs:\/\/derived\S* keeps old versions/,
  ],
];

/** Opens every port; a machine that is too busy for a deadline says nothing about buckets, so that is tried again. */
async function open(log: string, derived: string, tries = 3): Promise<CloudPorts> {
  const names = { SLUICE_AUDIT_BUCKET: log, SLUICE_DERIVED_BUCKET: derived };
  try {
    return await openCloudPorts(readCloudConfig('sweep', { ...env, ...names }), noTelemetry);
  } catch (error) {
    if (tries > 1 && /no answer within/.test(String(error))) return open(log, derived, tries - 1);
    throw error;
  }
}

for (const [at, [what, log, derived, wanted]] of unfit.entries())
  test(`no function starts on ${what}`, async () => {
    makeBucket(`log${at}`, log);
    makeBucket(`derived${at}`, derived);
    await assert.rejects(open(`log${at}`, `derived${at}`), { code: 'sink_unavailable', message: wanted });
  });

test('and it starts on those of infra/', async () => {
  makeBucket('log', lockedBucket);
  makeBucket('derived', plain);
  const cloud = await open('log', 'derived');
  await cloud.close();
});
