import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { repository } from './modules.ts';

const functions = join(repository, 'functions');

/** Where the work of each function begins: all that it may do is reachable from there. */
const entries = {
  api: ['http/bigquery/handler.ts'],
  approvals: ['http/approvals/handler.ts'],
  resume: ['pipeline/handle-message.ts'],
  sweep: ['pipeline/sweep.ts', 'pipeline/seal-log.ts', 'pipeline/derive-headers.ts'],
} as const;
export type FunctionName = keyof typeof entries;
export const functionNames = Object.keys(entries) as readonly FunctionName[];
/** What each of them does when it starts, ends and is asked whether it is ready. */
const everywhere = ['pipeline/mark-process.ts', 'compose/cloud.ts#readiness'];

/**
 * `audit.create`, `warehouse.insert`, ...: the methods of ports that a function can call. It follows names from declaration to
 * declaration, so what stands in the same file and is not used does not count.
 */
export function portCallsOf(name: FunctionName): ReadonlySet<string> {
  const seen = new Set<string>();
  const calls = new Set<string>();
  const waiting = [...entries[name], ...everywhere].flatMap((entry) => {
    const [path = '', only] = entry.split('#');
    const file = join(functions, path);
    const names = [...sourceOf(file).declarations.keys()];
    return (only === undefined ? names : [only]).map((each) => ({ file, name: each }));
  });
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const key = `${at.file}#${at.name}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const source = sourceOf(at.file);
    const body = source.declarations.get(at.name);
    if (body === undefined) continue;
    for (const match of body.matchAll(/\bports\.(warehouse|state|queue|audit|keys|derived)\.(\w+)\(/g))
      calls.add(`${match[1]}.${match[2]}`);
    for (const [word] of body.matchAll(/[A-Za-z_]\w*/g)) {
      if (source.declarations.has(word)) waiting.push({ file: at.file, name: word });
      const imported = source.imports.get(word);
      if (imported !== undefined) waiting.push(imported);
    }
    for (const [, space = '', word = ''] of body.matchAll(/\b(\w+)\.(\w+)/g)) {
      const file = source.namespaces.get(space);
      if (file !== undefined) waiting.push({ file, name: word });
    }
    for (const match of body.matchAll(/\bimport\(\s*'(\.[^']+)'\s*\)/g)) {
      const file = resolve(dirname(at.file), match[1] ?? '');
      waiting.push(...[...sourceOf(file).declarations.keys()].map((each) => ({ file, name: each })));
    }
  }
  return calls;
}

type Source = {
  /** Text of each top-level declaration, by its name. */
  readonly declarations: ReadonlyMap<string, string>;
  /** What each imported name is called where it is declared. */
  readonly imports: ReadonlyMap<string, { readonly file: string; readonly name: string }>;
  /** Files by the name that `import * as` gives them. */
  readonly namespaces: ReadonlyMap<string, string>;
};
const known = new Map<string, Source>();

function sourceOf(file: string): Source {
  const found = known.get(file) ?? readSource(file);
  known.set(file, found);
  return found;
}

const declaration = /^(?:export )?(?:async )?(?:function\*?|const|class|let) +(\w+)/gm;

function readSource(file: string): Source {
  if (!existsSync(file)) return { declarations: new Map(), imports: new Map(), namespaces: new Map() };
  const text = readFileSync(file, 'utf8');
  const starts = [...text.matchAll(declaration)];
  const declarations = new Map(
    starts.map(
      (match, index) => [match[1] ?? '', text.slice(match.index, starts[index + 1]?.index)] as const,
    ),
  );
  const imports = new Map<string, { readonly file: string; readonly name: string }>();
  for (const match of text.matchAll(/^(?:import|export)\s+\{([^}]*)\}\s+from\s+'(\.[^']+)'/gm)) {
    const from = resolve(dirname(file), match[2] ?? '');
    for (const each of (match[1] ?? '').split(',')) {
      const [, name, own] = /^\s*(\w+)(?:\s+as\s+(\w+))?\s*$/.exec(each) ?? [];
      if (name !== undefined) imports.set(own ?? name, { file: from, name });
    }
  }
  const namespaces = new Map(
    [...text.matchAll(/^import \* as (\w+) from '(\.[^']+)'/gm)].map(
      (match) => [match[1] ?? '', resolve(dirname(file), match[2] ?? '')] as const,
    ),
  );
  return { declarations, imports, namespaces };
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
  'audit.check': need('audit bucket', 'storage.buckets.get'),
  'audit.read': need('audit bucket', 'storage.objects.get'),
  'audit.list': need('audit bucket', 'storage.objects.list'),
  'derived.create': need('derived bucket', 'storage.objects.create', 'storage.objects.get'),
  'derived.read': need('derived bucket', 'storage.objects.get'),
  'derived.list': need('derived bucket', 'storage.objects.list'),
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
  resume: need('webhook secret', 'secretmanager.versions.access', 'secretmanager.versions.list'),
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
