import type { Query as DocumentQuery } from '@google-cloud/firestore';
import { SluiceError } from '../../../core/errors.ts';
import type { Query } from '../../../core/query/query.ts';
import type { StateStore } from '../../../ports/state-store.ts';
import { type Budget, call } from './calls.ts';
import { type Client, lazyClient } from './client.ts';
import { queryIn, readQuery } from './read.ts';
import { byPrincipal, byState, chargedSince } from './requests.ts';
import { memoryOfSeen } from './seen.ts';
import { createDocument, replaceDocument } from './write.ts';

export type FirestoreOptions = {
  readonly project: string;
  /** Default: `(default)`. */
  readonly database?: string;
  /** In front of the names of both collections. */
  readonly collectionPrefix?: string;
  /** `host:port` of an emulator, without TLS. Elsewhere leave it out. */
  readonly host?: string;
  /** More settings of the library, e.g. `authClient`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The most that one use of the store may take, in ms, repetitions included. Default 8000. */
  readonly deadlineMs?: number;
  /** How many days what has ended stays after its end, where a TTL policy cleans up; at least 32. Default 190. */
  readonly keepDays?: number;
  /** Told, in one line, of a document that a list left out because it is none of this store's. Default: stderr. */
  readonly onFault?: (message: string) => void;
};

/** Of how many documents this process remembers where they stood. */
const mostSeen = 2000;

/**
 * Queries as documents of Firestore in native mode. Nothing is loaded or connected before the first use. One write is one
 * request; reads are strongly consistent.
 */
export function openFirestoreStateStore(options: FirestoreOptions): StateStore {
  const {
    project,
    database = '(default)',
    collectionPrefix = '',
    deadlineMs = 8000,
    keepDays = 190,
  } = options;
  if (!(keepDays >= 32)) {
    throw new SluiceError(
      'invalid',
      `keepDays is ${keepDays}; keep queries at least 32 days, budgets count them`,
    );
  }
  const onFault = options.onFault ?? ((message) => void process.stderr.write(`sluice: ${message}\n`));
  const keepMs = keepDays * 86_400_000;
  const seen = memoryOfSeen(mostSeen);
  const open = new Set<Promise<unknown>>();
  const { host, settings } = options;
  const connection = { project, database, collectionPrefix, attemptMs: deadlineMs };
  const lazy = lazyClient(
    { ...connection, ...(host ? { host } : {}), ...(settings ? { settings } : {}) },
    open,
  );
  const where = `Firestore ${project}/${database}`;
  const begin = async () => {
    const time: Budget = { endsMs: performance.now() + deadlineMs, deadlineMs, database: where, open };
    const client = await call(time, 'start working', () => lazy.open());
    return { client, budget: time, seen, keepMs };
  };

  async function list(request: (client: Client) => DocumentQuery): Promise<readonly Query[]> {
    const reading = await begin();
    const found = await call(reading.budget, 'list queries', () => request(reading.client).get());
    const queries = await Promise.all(
      found.docs.map((snapshot) => queryIn(reading, snapshot).catch((error) => leaveOut(error))),
    );
    return queries.filter((query) => query !== undefined);
  }

  /** One foreign document must not keep the sweep from all others. Asked for by its id, it is an error. */
  function leaveOut(error: unknown): undefined {
    if (!(error instanceof SluiceError) || error.code !== 'internal') throw error;
    onFault(error.message);
  }

  return {
    create: async (query) => createDocument(await begin(), query),
    get: async (id) => readQuery(await begin(), id),
    replace: async (query, expectedVersion) => replaceDocument(await begin(), query, expectedVersion),
    listByPrincipal: async (principal, asked) =>
      asked.states?.length === 0 ? [] : list((client) => byPrincipal(client, principal, asked)),
    listByState: async (states, limit) =>
      states.length === 0 ? [] : list((client) => byState(client, states, limit)),
    async bytesUsedSince(principal, sinceMs) {
      const { client, budget: time } = await begin();
      const answer = await call(time, 'add up a budget', () =>
        chargedSince(client, principal, sinceMs).get(),
      );
      return Number(answer.data().bytes ?? 0);
    },
    close: () => lazy.close(),
  };
}
