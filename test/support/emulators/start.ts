import { type Found, findBigquery, findFirestore, findJava, findPubsub, findStorage } from './find.ts';
import { freePort } from './port.ts';
import { answers, type Emulator, startProgram } from './program.ts';
import { sharedEmulator } from './shared.ts';

export type { Emulator } from './program.ts';

/** `own`: one that no other test file uses, for tests that kill or restart it. */
export type StartOptions = { readonly own?: boolean };

function path(found: Found): string {
  if (!found.ok) throw new Error(found.reason);
  return found.path;
}

/** A small heap and a quick start: these servers hold little and live for seconds. */
const javaFlags = [
  '-Xmx384m',
  '-Xss512k',
  '-XX:+UseSerialGC',
  '-XX:TieredStopAtLevel=1',
  '-Duser.language=en',
];

/** Google's Firestore emulator; shared by the files of a test run unless `own`. It forgets everything when it stops. */
export async function startFirestore({ own = false }: StartOptions = {}): Promise<Emulator> {
  if (!own) {
    const shared = await sharedEmulator('firestore');
    if (shared) return shared;
  }
  const main = 'com.google.cloud.datastore.emulator.firestore.CloudFirestore';
  return startProgram({
    name: 'the Firestore emulator',
    command: path(findJava()),
    args: (port) => [
      ...javaFlags,
      ...['-cp', path(findFirestore()), main, 'start', '--host=127.0.0.1', `--port=${port}`],
    ],
    ready: (url) => answers(`${url}/v1/projects/ready/databases/(default)/documents/is/it`, 404),
  });
}

/** Google's Pub/Sub emulator; shared by the files of a test run unless `own`. It forgets everything when it stops. */
export async function startPubsub({ own = false }: StartOptions = {}): Promise<Emulator> {
  if (!own) {
    const shared = await sharedEmulator('pubsub');
    if (shared) return shared;
  }
  return startProgram({
    name: 'the Pub/Sub emulator',
    command: path(findJava()),
    args: (port) => [...javaFlags, '-jar', path(findPubsub()), '--host=127.0.0.1', `--port=${port}`],
    ready: (url) => answers(`${url}/v1/projects/ready/topics`, 200),
  });
}

export type BigqueryOptions = {
  readonly project: string;
  /** made at the start */
  readonly dataset?: string;
};

/** goccy/bigquery-emulator; never shared: its catalog is one for all projects and slows down with each job. */
export async function startBigquery({ project, dataset }: BigqueryOptions): Promise<Emulator> {
  return startProgram({
    name: 'bigquery-emulator',
    command: path(findBigquery()),
    args: async (port) => [
      `--project=${project}`,
      ...(dataset === undefined ? [] : [`--dataset=${dataset}`]),
      ...['--host=127.0.0.1', `--port=${port}`, `--grpc-port=${await freePort()}`, '--log-level=error'],
    ],
    // exports and loads would reach for the real Cloud Storage
    env: { STORAGE_EMULATOR_HOST: '127.0.0.1:9' },
    ready: (url) => answers(`${url}/bigquery/v2/projects/${project}/datasets`, 200),
  });
}

/** fake-gcs-server, in memory. */
export async function startStorage(): Promise<Emulator> {
  return startProgram({
    name: 'fake-gcs-server',
    command: path(findStorage()),
    args: (port) => [
      ...['-scheme', 'http', '-host', '127.0.0.1', '-port', String(port), '-backend', 'memory'],
      ...[
        '-external-url',
        `http://127.0.0.1:${port}`,
        '-public-host',
        `127.0.0.1:${port}`,
        '-log-level',
        'warn',
      ],
    ],
    ready: (url) => answers(`${url}/storage/v1/b?project=ready`, 200),
  });
}
