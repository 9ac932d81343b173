import { setTimeout as pause } from 'node:timers/promises';
import type { CollectionReference, Firestore } from '@google-cloud/firestore';
import type { GoogleAuth } from 'google-auth-library';
import { partsCollection, queriesCollection } from './indexes.ts';

type Library = typeof import('@google-cloud/firestore');

/** The library, loaded, and the two collections that this store has. */
export type Client = {
  readonly library: Library;
  readonly firestore: Firestore;
  readonly queries: CollectionReference;
  readonly parts: CollectionReference;
};

export type ClientOptions = {
  readonly project: string;
  readonly database: string;
  readonly collectionPrefix: string;
  readonly host?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The longest that the library itself waits for one answer. */
  readonly attemptMs: number;
};

/** Calls that the library would repeat by itself, unseen: this store repeats, so that its deadline holds. */
const methods = ['Commit', 'BatchGetDocuments', 'RunQuery', 'RunAggregationQuery'];

/** What a shutdown waits for calls that nobody waits for any more. */
const closeMs = 1000;

/**
 * Loads the library (50 MB, a quarter of a second) at the first use and not before. gRPC always: its HTTP fallback fails in
 * this version. `open` are the calls under way: the library must not be closed under them.
 */
export function lazyClient(
  options: ClientOptions,
  open: ReadonlySet<Promise<unknown>> = new Set(),
): { open(): Promise<Client>; close(): Promise<void> } {
  let opened: Promise<Client> | undefined;
  return {
    open() {
      opened ??= load(options).catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return opened;
    },
    async close() {
      const client = await opened?.catch(() => undefined);
      const closed = Promise.all(open).then(() => client?.firestore.terminate());
      const enough = new AbortController();
      const patience = pause(closeMs, undefined, { signal: enough.signal }).catch(() => {});
      await Promise.race([closed, patience]);
      enough.abort();
    },
  };
}

/**
 * After an outage the channel tries again every two seconds at least (its own pause grows to two minutes), and a connection
 * whose other end is gone is noticed.
 */
const grpcOptions = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 2000,
  'grpc.keepalive_time_ms': 30_000,
  'grpc.keepalive_timeout_ms': 10_000,
};

/**
 * A commit is repeated by the library for ten minutes, whoever has stopped waiting, and no setting ends that: so the options
 * that it makes for each call are made without. A test sees it, should a later version make them elsewhere.
 */
function withoutRepeatedCommits(firestore: Firestore): void {
  const inside = firestore as unknown as {
    createCallOptions(method: string, ...more: unknown[]): Record<string, unknown>;
  };
  const made = inside.createCallOptions.bind(firestore);
  inside.createCallOptions = (method, ...more) =>
    method === 'commit' ? { ...made(method), retry: null } : made(method, ...more);
}

/** Where a credential is missing, the library ends the process: so it is found before the library asks for it. */
async function credential(): Promise<GoogleAuth> {
  const { GoogleAuth } = await import('google-auth-library');
  const auth = new GoogleAuth({ scopes: ['https://www.googleapis.com/auth/cloud-platform'] });
  await auth.getClient();
  return auth;
}

/** The library's own way to an emulator: no credential is asked for there. */
const emulated = (host: string | undefined): boolean =>
  host !== undefined || (process.env.FIRESTORE_EMULATOR_HOST ?? '') !== '';

async function load({
  project,
  database,
  collectionPrefix,
  host,
  settings,
  attemptMs,
}: ClientOptions): Promise<Client> {
  const given = settings?.auth !== undefined || settings?.authClient !== undefined || emulated(host);
  const [library, auth] = await Promise.all([
    import('@google-cloud/firestore'),
    given ? undefined : credential(),
  ]);
  const once = { timeout_millis: attemptMs, retry_codes_name: 'none', retry_params_name: 'default' };
  const clientConfig = {
    interfaces: {
      'google.firestore.v1.Firestore': {
        retry_codes: { none: [] },
        methods: Object.fromEntries(methods.map((method) => [method, once])),
      },
    },
  };
  const firestore = new library.Firestore({
    clientConfig,
    grpcOptions,
    // Else each stream that breaks is begun again twice, unseen, long after anybody waits for it.
    gaxServerStreamingRetries: true,
    ...(auth === undefined ? {} : { auth }),
    ...settings,
    projectId: project,
    databaseId: database,
    preferRest: false,
    ...(host === undefined ? {} : { host, ssl: false }),
  });
  withoutRepeatedCommits(firestore);
  return {
    library,
    firestore,
    queries: firestore.collection(`${collectionPrefix}${queriesCollection}`),
    parts: firestore.collection(`${collectionPrefix}${partsCollection}`),
  };
}
