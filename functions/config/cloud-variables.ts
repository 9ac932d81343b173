import { address, like, listOf, type Variable, whole } from './variables.ts';

const projectId = like(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, 'the id of a Google Cloud project');
const serviceAccount = like(
  /^[a-z0-9][a-z0-9.-]{0,62}@[a-z0-9][a-z0-9.-]{1,120}\.gserviceaccount\.com$/,
  'the e-mail address of a service account',
);
const bucket = like(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/, 'the name of a bucket, without gs://');
const location = like(/^[A-Za-z][A-Za-z0-9-]{1,40}$/, 'a BigQuery location such as US or europe-west1');
const cryptoKey = like(
  /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/,
  'the whole name of a Cloud KMS key',
);
const cryptoKeyVersion = like(
  /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+\/cryptoKeyVersions\/\d+$/,
  'the whole name of one version of a Cloud KMS key',
);
const secret = like(/^projects\/[^/]+\/secrets\/[A-Za-z0-9_-]+$/, 'the whole name of a secret');
const path = like(/^.+$/, 'a path');

const variable = <T, const F extends string | undefined>(
  what: string,
  unit: string,
  example: string,
  parse: Variable<T>['parse'],
  fallback?: F,
): Variable<T> & (F extends string ? { readonly fallback: F } : unknown) =>
  ({ what, unit, example, parse, ...(fallback === undefined ? {} : { fallback }) }) as Variable<T> &
    (F extends string ? { readonly fallback: F } : unknown);

/** What every function needs. docs/CONFIG.md shows the same; a test compares them. */
export const commonVariables = {
  SLUICE_PROJECT: variable(
    'the Google Cloud project of Firestore, Pub/Sub and the secrets',
    'name',
    'acme-sluice',
    projectId,
  ),
  SLUICE_BIGQUERY_PROJECTS: variable(
    'projects that jobs may run in and whose tables are served; the first is the usual one',
    'names, with commas',
    'acme-data,acme-lab',
    listOf(projectId),
    '',
  ),
  SLUICE_BIGQUERY_LOCATIONS: variable(
    'where jobs may run; the first is used when a client names none',
    'names, with commas',
    'EU,US',
    listOf(location),
    'US',
  ),
  SLUICE_AUDIT_BUCKET: variable(
    'the bucket of the log, with a locked retention policy',
    'name',
    'acme-sluice-audit',
    bucket,
  ),
  SLUICE_DERIVED_BUCKET: variable(
    'the ordinary bucket of wrapped data keys and of what can be made again',
    'name',
    'acme-sluice-derived',
    bucket,
  ),
  SLUICE_AUDIT_RETENTION_DAYS: variable(
    'the shortest locked retention of the log that is accepted at start',
    'days',
    '365',
    whole(1, 36_500),
    '365',
  ),
  SLUICE_FIRESTORE_DATABASE: variable(
    'the Firestore database of the state',
    'name',
    'sluice',
    like(/^(\(default\)|[a-z][a-z0-9-]{2,61}[a-z0-9])$/, 'the name of a Firestore database, or (default)'),
    '(default)',
  ),
  SLUICE_TOPIC: variable(
    'the Pub/Sub topic of what happens to queries',
    'name',
    'sluice-queries',
    like(/^[A-Za-z][A-Za-z0-9._~+%-]{2,254}$/, 'the name of a Pub/Sub topic, without projects/'),
    'sluice-queries',
  ),
  SLUICE_KMS_LOG_KEY: variable(
    'the key version (EC_SIGN_ED25519) that signs the log; its public key is the log',
    'resource name',
    'projects/acme-sluice/locations/eu/keyRings/sluice/cryptoKeys/log/cryptoKeyVersions/1',
    cryptoKeyVersion,
  ),
  SLUICE_KMS_LINK_KEY: variable(
    'the key (EC_SIGN_ED25519) that signs links to approvals; its newest enabled version signs',
    'resource name',
    'projects/acme-sluice/locations/eu/keyRings/sluice/cryptoKeys/link',
    cryptoKey,
  ),
  SLUICE_KMS_ENCRYPTION_KEY: variable(
    'the symmetric key that wraps the data keys of records',
    'resource name',
    'projects/acme-sluice/locations/eu/keyRings/sluice/cryptoKeys/records',
    cryptoKey,
  ),
  SLUICE_HMAC_SECRET: variable(
    'the secret that ids, sessions and masks are derived from, at least 32 bytes',
    'resource name',
    'projects/acme-sluice/secrets/sluice-hmac',
    secret,
  ),
  SLUICE_LOG_NAME: variable(
    "the log's name in its checkpoints, a host and a path that are yours for good",
    'name',
    'sluice.acme.example/audit',
    like(/^[A-Za-z0-9][A-Za-z0-9._/-]{2,120}$/, 'a name without spaces or plus signs'),
  ),
  SLUICE_PUBLIC_URL: variable(
    'where approvers reach the approvals function',
    'URL',
    'https://approvals.sluice.acme.example',
    address,
  ),
  SLUICE_IDENTITIES: variable(
    'the file of trusted issuers, groups and execution identities',
    'path',
    '/etc/sluice/identities.yaml',
    path,
  ),
  SLUICE_POLICIES: variable('the folder of policies', 'path', '/etc/sluice/policies', path, ''),
  SLUICE_MAX_REQUESTS: variable(
    'requests at once that one instance takes; further ones are refused with 429',
    'requests',
    '80',
    whole(1, 1000),
    '80',
  ),
  SLUICE_IN_FLIGHT_MB: variable(
    'what bodies and result pages on their way may take together; what is over waits, then is refused with 429',
    'MiB',
    '96',
    whole(16, 8192),
    '96',
  ),
  SLUICE_DEADLINE_SECONDS: variable(
    "after this a request is answered with what there is; keep it below the service's own timeout",
    'seconds',
    '55',
    whole(5, 3500),
    '',
  ),
  SLUICE_BIGQUERY_ENDPOINT: variable(
    'another address of BigQuery',
    'URL',
    'https://bigquery.example',
    address,
    '',
  ),
  SLUICE_STORAGE_ENDPOINT: variable(
    'another address of Cloud Storage',
    'URL',
    'https://storage.example',
    address,
    '',
  ),
  SLUICE_KMS_ENDPOINT: variable('another address of Cloud KMS', 'URL', 'https://kms.example', address, ''),
  SLUICE_SECRETS_ENDPOINT: variable(
    'another address of Secret Manager',
    'URL',
    'https://secrets.example',
    address,
    '',
  ),
  SLUICE_IAM_ENDPOINT: variable(
    'another address of the IAM credentials service, which lends the execution identities',
    'URL',
    'https://iam.example',
    address,
    '',
  ),
} as const;

/** What only the function `resume` needs. */
export const resumeVariables = {
  SLUICE_PUSH_AUDIENCE: variable(
    "the audience of the push subscription's tokens",
    'URL',
    'https://resume.sluice.acme.example',
    address,
  ),
  SLUICE_WEBHOOK_SECRET: variable(
    'the secret that holds the address of a webhook (Google Chat, Slack) which is told of held queries',
    'resource name',
    'projects/acme-sluice/secrets/sluice-webhook',
    secret,
    '',
  ),
  SLUICE_PUSH_SERVICE_ACCOUNT: variable(
    'the service account that the push subscription calls as',
    'e-mail',
    'sluice-push@acme-sluice.iam.gserviceaccount.com',
    serviceAccount,
  ),
} as const;

/** What only the function `sweep` needs. */
export const sweepVariables = {
  SLUICE_SWEEP_AUDIENCE: variable(
    "the audience of the scheduler's tokens",
    'URL',
    'https://sweep.sluice.acme.example',
    address,
  ),
  SLUICE_SCHEDULER_SERVICE_ACCOUNT: variable(
    'the service account that the scheduler calls as',
    'e-mail',
    'sluice-scheduler@acme-sluice.iam.gserviceaccount.com',
    serviceAccount,
  ),
} as const;

/** What `resume` and `sweep` may need: whose tokens Google's services send. */
export const googleVariables = {
  SLUICE_GOOGLE_KEYS_URL: variable(
    "where Google publishes the keys of its services' tokens",
    'URL',
    'https://www.googleapis.com/oauth2/v3/certs',
    address,
    'https://www.googleapis.com/oauth2/v3/certs',
  ),
} as const;
