import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { repository } from './modules.ts';

const functions = join(repository, 'functions');

/** Where the work of each function begins: all that it may do is reachable from there. */
const entries = {
  api: ['http/bigquery/handler.ts'],
  approvals: ['http/approvals/handler.ts'],
  resume: ['pipeline/resume-query.ts'],
  sweep: ['pipeline/sweep.ts', 'pipeline/seal-log.ts'],
} as const;
export type FunctionName = keyof typeof entries;
export const functionNames = Object.keys(entries) as readonly FunctionName[];

/** `audit.create`, `warehouse.insert`, ...: the methods of ports that a function can call, by following its imports. */
export function portCallsOf(name: FunctionName): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = entries[name].map((path) => join(functions, path));
  const calls = new Set<string>();
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const text = readFileSync(path, 'utf8');
    for (const match of text.matchAll(/\bports\.(warehouse|state|queue|audit|keys)\.(\w+)\(/g))
      calls.add(`${match[1]}.${match[2]}`);
    waiting.push(...importsOf(path, text));
  }
  return calls;
}

function importsOf(path: string, text: string): string[] {
  const found: string[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s)?([^'";]*?)\bfrom\s+'(\.[^']+)'/gm)) {
    const names = /\{([^}]*)\}/
      .exec(match[2] ?? '')?.[1]
      ?.split(',')
      .map((each) => each.trim())
      .filter((each) => each !== '');
    const onlyTypes = match[1] !== undefined || names?.every((each) => each.startsWith('type ')) === true;
    if (!onlyTypes) found.push(resolve(dirname(path), match[3] ?? ''));
  }
  for (const match of text.matchAll(/\bimport\(\s*'(\.[^']+)'\s*\)/g))
    found.push(resolve(dirname(path), match[1] ?? ''));
  return found.filter((each) => existsSync(each));
}

/** A permission on one of the resources of infra/privileges.json. */
export type Need = { readonly resource: string; readonly permission: string };
const need = (resource: string, ...permissions: readonly string[]): readonly Need[] =>
  permissions.map((permission) => ({ resource, permission }));

const runsAs = need('execution accounts', 'iam.serviceAccounts.getAccessToken');
const describes = need(
  'datasets',
  'bigquery.datasets.get',
  'bigquery.tables.get',
  'bigquery.tables.list',
  'bigquery.routines.get',
);
const documents = 'state database';

/** What a port's method needs once it is an adapter of Google's that answers it. */
export const needsOf: Readonly<Record<string, readonly Need[]>> = {
  'audit.create': need('audit bucket', 'storage.objects.create', 'storage.objects.get'),
  'audit.read': need('audit bucket', 'storage.objects.get'),
  'audit.list': need('audit bucket', 'storage.objects.list'),
  'keys.sign': need('log key', 'cloudkms.cryptoKeyVersions.useToSign'),
  'keys.recordSigner': need('log key', 'cloudkms.cryptoKeyVersions.useToSign'),
  'keys.signLink': need('link key', 'cloudkms.cryptoKeyVersions.useToSign'),
  'keys.verifyLink': need('link key', 'cloudkms.cryptoKeyVersions.viewPublicKey'),
  'keys.dataKey': [
    ...need('records key', 'cloudkms.cryptoKeyVersions.useToEncrypt'),
    ...need('derived bucket', 'storage.objects.create'),
  ],
  'keys.unwrap': [
    ...need('records key', 'cloudkms.cryptoKeyVersions.useToDecrypt'),
    ...need('derived bucket', 'storage.objects.get'),
  ],
  'keys.hmac': need('HMAC secret', 'secretmanager.versions.access', 'secretmanager.versions.list'),
  'state.create': need(documents, 'datastore.entities.create'),
  'state.get': need(documents, 'datastore.entities.get'),
  'state.replace': need(documents, 'datastore.entities.update', 'datastore.entities.get'),
  'state.listByPrincipal': need(documents, 'datastore.entities.list'),
  'state.listByState': need(documents, 'datastore.entities.list'),
  'state.bytesUsedSince': need(documents, 'datastore.entities.list'),
  'queue.publish': need('topic', 'pubsub.topics.publish'),
  'warehouse.projects': [],
  'warehouse.datasets': describes,
  'warehouse.dataset': describes,
  'warehouse.tables': describes,
  'warehouse.table': describes,
  'warehouse.describe': describes,
  'warehouse.dryRun': runsAs,
  'warehouse.insert': runsAs,
  'warehouse.job': runsAs,
  'warehouse.wait': runsAs,
  'warehouse.cancel': runsAs,
  'warehouse.page': runsAs,
};

/** What every function needs to be ready: the checks at start, the keys that it opens, the file of identities. */
export const needsAtStart: readonly Need[] = [
  ...need('audit bucket', 'storage.buckets.get'),
  ...need('derived bucket', 'storage.buckets.get'),
  ...need('log key', 'cloudkms.cryptoKeyVersions.viewPublicKey', 'cloudkms.cryptoKeyVersions.get'),
  ...need('link key', 'cloudkms.cryptoKeyVersions.viewPublicKey', 'cloudkms.cryptoKeyVersions.list'),
  ...need('HMAC secret', 'secretmanager.versions.access', 'secretmanager.versions.list'),
  ...need('identities secret', 'secretmanager.versions.access'),
];

/** What one function needs beyond its ports. */
export const needsBeyond: Readonly<Record<FunctionName, readonly Need[]>> = {
  api: [],
  approvals: need('sign-in secret', 'secretmanager.versions.access', 'secretmanager.versions.list'),
  resume: [],
  sweep: [],
};

/** Permissions of Google's predefined roles that are used here: https://cloud.google.com/iam/docs/roles-permissions */
export const permissionsOf: Readonly<Record<string, readonly string[]>> = {
  'roles/storage.objectCreator': ['storage.objects.create'],
  'roles/storage.objectViewer': ['storage.objects.get', 'storage.objects.list'],
  'roles/storage.legacyBucketReader': ['storage.buckets.get', 'storage.objects.list'],
  'roles/cloudkms.signer': ['cloudkms.cryptoKeyVersions.useToSign'],
  'roles/cloudkms.publicKeyViewer': ['cloudkms.cryptoKeyVersions.viewPublicKey'],
  'roles/cloudkms.viewer': [
    'cloudkms.cryptoKeyVersions.list',
    'cloudkms.cryptoKeyVersions.get',
    'cloudkms.cryptoKeys.get',
  ],
  'roles/cloudkms.cryptoKeyEncrypterDecrypter': [
    'cloudkms.cryptoKeyVersions.useToEncrypt',
    'cloudkms.cryptoKeyVersions.useToDecrypt',
  ],
  'roles/secretmanager.secretAccessor': ['secretmanager.versions.access'],
  'roles/secretmanager.viewer': [
    'secretmanager.secrets.get',
    'secretmanager.versions.get',
    'secretmanager.versions.list',
  ],
  'roles/datastore.user': [
    'datastore.entities.create',
    'datastore.entities.delete',
    'datastore.entities.get',
    'datastore.entities.list',
    'datastore.entities.update',
  ],
  'roles/pubsub.publisher': ['pubsub.topics.publish'],
  'roles/bigquery.metadataViewer': [
    'bigquery.datasets.get',
    'bigquery.routines.get',
    'bigquery.routines.list',
    'bigquery.tables.get',
    'bigquery.tables.list',
  ],
  'roles/iam.serviceAccountTokenCreator': ['iam.serviceAccounts.getAccessToken'],
};

/** Words of Google's APIs that stand for a right, and the only folder of functions/ where they may stand. */
export const callsByFolder: readonly {
  readonly call: RegExp;
  readonly folder: string;
  readonly permission: string;
}[] = [
  {
    call: /asymmetricSign/i,
    folder: 'adapters/keys/cloud',
    permission: 'cloudkms.cryptoKeyVersions.useToSign',
  },
  {
    call: /getPublicKey\(/,
    folder: 'adapters/keys/cloud',
    permission: 'cloudkms.cryptoKeyVersions.viewPublicKey',
  },
  {
    call: /getCryptoKeyVersion\b/,
    folder: 'adapters/keys/cloud',
    permission: 'cloudkms.cryptoKeyVersions.get',
  },
  {
    call: /listCryptoKeyVersions/,
    folder: 'adapters/keys/cloud',
    permission: 'cloudkms.cryptoKeyVersions.list',
  },
  { call: /accessSecretVersion/, folder: 'adapters/secrets', permission: 'secretmanager.versions.access' },
  { call: /listSecretVersions/, folder: 'adapters/secrets', permission: 'secretmanager.versions.list' },
  {
    call: /\bImpersonated\b|generateAccessToken/,
    folder: 'adapters/warehouse/bigquery',
    permission: 'iam.serviceAccounts.getAccessToken',
  },
  { call: /publishMessage/, folder: 'adapters/queue/pubsub', permission: 'pubsub.topics.publish' },
  { call: /uploadType=/, folder: 'adapters/audit-store/cloud-storage', permission: 'storage.objects.create' },
  {
    call: /\/storage\/v1\/b\//,
    folder: 'adapters/audit-store/cloud-storage',
    permission: 'storage.objects.get',
  },
  {
    call: /from '@google-cloud\/firestore'|import\('@google-cloud\/firestore'\)/,
    folder: 'adapters/state-store/firestore',
    permission: 'datastore.entities.get',
  },
];

/** Files of functions/ whose code (comments left out) holds a word of the list, outside of its folder. */
export function strayCalls(): readonly string[] {
  return sources(functions).flatMap((path) => {
    const name = relative(functions, path);
    const code = readFileSync(path, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
    return callsByFolder
      .filter(({ call, folder }) => call.test(code) && !name.startsWith(`${folder}/`))
      .map(({ permission }) => `${name} needs ${permission}`);
  });
}

/** Which of the calls are made at all. */
export const callsMade = (): ReadonlySet<string> =>
  new Set(
    callsByFolder
      .filter(({ call, folder }) =>
        sources(join(functions, folder)).some((path) => call.test(readFileSync(path, 'utf8'))),
      )
      .map(({ permission }) => permission),
  );

function sources(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : path.endsWith('.ts') ? [path] : [];
  });
}
