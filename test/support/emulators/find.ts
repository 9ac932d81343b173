import { accessSync, constants, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { inSdk, sdkRoots } from './cloud-sdk.ts';

/** Where a part lies that a machine may or may not have; `reason` says what is missing and how to get it. */
export type Found =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly reason: string };

const missing = (reason: string): Found => ({ ok: false, reason });

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** A program on PATH, links followed. */
export function onPath(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && executable(path)) return realpathSync(path);
  }
  return undefined;
}

export function findProgram(name: string): Found {
  const path = onPath(name);
  return path === undefined ? missing(`${name} is not installed`) : { ok: true, path };
}

export function findJava(): Found {
  const home = process.env.JAVA_HOME;
  const named = home ? join(home, 'bin', 'java') : undefined;
  const path = named !== undefined && executable(named) ? named : onPath('java');
  return path === undefined
    ? missing('java is not installed (the emulators of Google Cloud SDK need a JRE, 11 or newer)')
    : { ok: true, path };
}

function findJar(name: string, folder: string, pattern: RegExp): Found {
  const java = findJava();
  if (!java.ok) return java;
  const roots = sdkRoots(onPath('gcloud'));
  for (const root of roots) {
    const jar = inSdk(root, folder, pattern);
    if (jar !== undefined) return { ok: true, path: jar };
  }
  const install = `install it with \`gcloud components install ${name}\``;
  return missing(
    roots.length === 0
      ? `no Google Cloud SDK is installed (or named by CLOUDSDK_ROOT_DIR), so there is no ${name}; then ${install}`
      : `the Google Cloud SDK has no ${name}; ${install} or the package google-cloud-cli-${name.replace('cloud-', '')}`,
  );
}

/** The jar of Google's Firestore emulator. */
export const findFirestore = (): Found =>
  findJar('cloud-firestore-emulator', 'cloud-firestore-emulator', /^cloud-firestore-emulator.*\.jar$/);

/** The jar of Google's Pub/Sub emulator. */
export const findPubsub = (): Found =>
  findJar('pubsub-emulator', 'pubsub-emulator', /^cloud-pubsub-emulator.*\.jar$/);

const cacheRoot = (): string => process.env.XDG_CACHE_HOME || join(homedir(), '.cache');

/** The newest program `<prefix>*` of a folder of the cache. */
function inCache(folder: string, prefix: string): string | undefined {
  const at = join(cacheRoot(), folder);
  if (!existsSync(at)) return undefined;
  return readdirSync(at)
    .filter((name) => name.startsWith(prefix) && executable(join(at, name)))
    .map((name) => join(at, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

type Built = {
  readonly name: string;
  readonly variables: readonly string[];
  readonly folder: string;
  readonly prefix: string;
  readonly get: string;
};

function findBuilt({ name, variables, folder, prefix, get }: Built): Found {
  for (const variable of variables) {
    const named = process.env[variable];
    if (named === undefined || named === '') continue;
    return executable(named) ? { ok: true, path: named } : missing(`${variable} names no program: ${named}`);
  }
  const path = onPath(name) ?? inCache(folder, prefix);
  if (path !== undefined) return { ok: true, path };
  return missing(`${name} is neither on PATH nor named by ${variables[0]}; ${get}`);
}

export const findBigquery = (): Found =>
  findBuilt({
    name: 'bigquery-emulator',
    variables: ['SLUICE_BIGQUERY_EMULATOR'],
    folder: 'emulators',
    prefix: 'bigquery-emulator-',
    get: 'build it with `go install github.com/goccy/bigquery-emulator/cmd/bigquery-emulator@v0.8.1` (docs/TESTING.md)',
  });

export const findStorage = (): Found =>
  findBuilt({
    name: 'fake-gcs-server',
    variables: ['SLUICE_GCS_EMULATOR'],
    folder: 'emulators',
    prefix: 'fake-gcs-server-',
    get: 'build it with `go install github.com/fsouza/fake-gcs-server@v1.54.0` (docs/TESTING.md)',
  });

/** Google's own GoogleSQL analyzer behind JSON lines. */
export const findGooglesql = (): Found =>
  findBuilt({
    name: 'googlesql-oracle',
    variables: ['SLUICE_GOOGLESQL', 'SLUICE_ORACLE'],
    folder: '.',
    prefix: 'googlesql-oracle-',
    get: 'see docs/TESTING.md for what it is',
  });
