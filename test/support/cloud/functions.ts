import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { FunctionName } from '../../../functions/config/function-names.ts';
import { startMetadata } from './metadata.ts';
import type { TestProvider } from './provider.ts';
import { auditBucket, derivedBucket, ring, type Services, topic } from './services.ts';

export const apiAudience = 'https://api.sluice.test';
export const pushAudience = 'https://resume.sluice.test';
export const sweepAudience = 'https://sweep.sluice.test';

const accountOf = (name: string, project: string): string => `${name}@${project}.iam.gserviceaccount.com`;
export const pushAccount = (project: string): string => accountOf('sluice-push', project);
export const schedulerAccount = (project: string): string => accountOf('sluice-scheduler', project);
/** Who the queries of a group run as. */
export const executionAccount = (group: string, project: string): string =>
  accountOf(`sluice-${group}`, project);

/** A part that the functions send requests to. */
export const upstreams = [
  ...(['bigquery', 'storage', 'kms', 'secrets', 'iam', 'firestore', 'pubsub', 'metadata'] as const),
  ...(['google-keys', 'identity-provider'] as const),
] as const;
export type Upstream = (typeof upstreams)[number];
/** Puts something in front of a part: from its address to the one that the functions are told, both with or without `http://`. */
export type Front = (name: Upstream, address: string) => Promise<string>;
const nothing: Front = async (_name, address) => address;

export type EnvOptions = {
  readonly services: Services;
  readonly provider: TestProvider;
  readonly googleKeysUrl: string;
  readonly publicUrl: string;
  readonly policies?: string;
  readonly executionGroups?: readonly string[];
  readonly front?: Front;
};

export type Environments = Readonly<Record<FunctionName, Record<string, string>>> & { stop(): Promise<void> };

/** The environment of each function, as `infra/` makes it: its own service account, the same settings. */
export async function environments(options: EnvOptions): Promise<Environments> {
  const { services, publicUrl, policies, front = nothing } = options;
  const { project, iam } = services;
  const folder = mkdtempSync(join(tmpdir(), 'sluice-cloud-'));
  const identities = join(folder, 'identities.yaml');
  writeFileSync(identities, identitiesText(options));
  services.secrets.add(`projects/${project}/secrets/sluice-sign-in`, options.provider.clientSecret);
  const common = {
    METADATA_SERVER_DETECTION: 'assume-present',
    K_SERVICE: 'sluice',
    SLUICE_PROJECT: project,
    SLUICE_AUDIT_BUCKET: auditBucket,
    SLUICE_DERIVED_BUCKET: derivedBucket,
    SLUICE_TOPIC: topic,
    SLUICE_KMS_LOG_KEY: `${ring(project)}/log/cryptoKeyVersions/1`,
    SLUICE_KMS_LINK_KEY: `${ring(project)}/link`,
    SLUICE_KMS_ENCRYPTION_KEY: `${ring(project)}/records`,
    SLUICE_HMAC_SECRET: `projects/${project}/secrets/sluice-hmac`,
    SLUICE_LOG_NAME: 'sluice.test/audit',
    SLUICE_PUBLIC_URL: publicUrl,
    SLUICE_IDENTITIES: identities,
    SLUICE_BIGQUERY_ENDPOINT: await front('bigquery', services.bigquery.url),
    SLUICE_STORAGE_ENDPOINT: await front('storage', services.storage.url),
    SLUICE_KMS_ENDPOINT: await front('kms', services.kms.url),
    SLUICE_SECRETS_ENDPOINT: await front('secrets', services.secrets.url),
    SLUICE_IAM_ENDPOINT: await front('iam', services.iam.url),
    FIRESTORE_EMULATOR_HOST: await front('firestore', services.firestore.host),
    PUBSUB_EMULATOR_HOST: await front('pubsub', services.pubsub.host),
    SLUICE_GOOGLE_KEYS_URL: await front('google-keys', options.googleKeysUrl),
    ...(policies === undefined ? {} : { SLUICE_POLICIES: policies }),
  };
  const stops: (() => Promise<void>)[] = [];
  const own = async (
    name: FunctionName,
    more: Record<string, string> = {},
  ): Promise<Record<string, string>> => {
    const account = accountOf(`sluice-${name}`, project);
    for (const group of options.executionGroups ?? ['analysts'])
      if (name !== 'approvals') iam.allow(account, executionAccount(group, project));
    const metadata = await startMetadata(iam, account, project);
    stops.push(metadata.close);
    return { ...common, GCE_METADATA_HOST: await front('metadata', `127.0.0.1:${metadata.port}`), ...more };
  };
  return {
    api: await own('api'),
    approvals: await own('approvals'),
    resume: await own('resume', {
      SLUICE_PUSH_AUDIENCE: pushAudience,
      SLUICE_PUSH_SERVICE_ACCOUNT: pushAccount(project),
    }),
    sweep: await own('sweep', {
      SLUICE_SWEEP_AUDIENCE: sweepAudience,
      SLUICE_SCHEDULER_SERVICE_ACCOUNT: schedulerAccount(project),
    }),
    async stop() {
      for (const stop of stops) await stop();
    },
  };
}

/** Agents with groups of their own from one audience, people who sign in with another. */
function identitiesText({
  services: { project },
  provider,
  executionGroups = ['analysts'],
}: EnvOptions): string {
  const issuer = { issuer: provider.issuer, algorithms: ['ES256'], groupsClaim: 'groups' };
  const file = {
    issuers: [
      { ...issuer, audience: apiAudience, jwks: provider.jwksUrl, principals: 'agents' },
      { ...issuer, audience: publicAudience, jwks: provider.jwksUrl, principals: 'people' },
    ],
    groups: [
      {
        group: 'analysts',
        members: [{ issuer: provider.issuer, subject: 'listed-robot' }],
      },
    ],
    executionIdentities: executionGroups.map((group) => ({
      group,
      serviceAccount: executionAccount(group, project),
    })),
    signIn: {
      kind: 'oidc',
      issuer: { ...issuer, principals: 'people' },
      clientId: provider.clientId,
      clientSecret: `projects/${project}/secrets/sluice-sign-in`,
    },
  };
  return stringify(file, { aliasDuplicateObjects: false });
}

/** The audience of people's tokens for the approvals' API. */
export const publicAudience = 'https://approvals.sluice.test';
