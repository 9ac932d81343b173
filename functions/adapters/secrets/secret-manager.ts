import type { AuthClient, GoogleAuth } from 'google-auth-library';
import { SluiceError } from '../../core/errors.ts';
import { rpcCode, rpcCodes } from '../../core/google-rpc.ts';
import type { Clock } from '../../ports/clock.ts';
import { newestOf, type Secrets, type SecretVersions } from '../../ports/secrets.ts';
import { loadVersions, openClient, type VersionsClient } from './versions.ts';

export type SecretManagerOptions = {
  /** Where secrets that are named without one lie. */
  readonly project?: string;
  readonly clock: Clock;
  /** Whose rights are used; the credentials of the environment without it. */
  readonly auth?: AuthClient | GoogleAuth;
  /** Where Secret Manager answers: `https://secretmanager.googleapis.com`, or another, for tests `http://host:port`. */
  readonly apiEndpoint?: string;
  /** After so long a read looks for new versions, beside its answer. */
  readonly refreshMs?: number;
  /** A value that could not be looked at for so long is used no more. */
  readonly staleLimitMs?: number;
  /** One look at a secret with all its tries. */
  readonly deadlineMs?: number;
};

type Entry = { readonly versions: SecretVersions; readonly loadedMs: number };
type Memory = {
  readonly entries: Map<string, Entry>;
  readonly loading: Map<string, Promise<Entry>>;
  readonly triedMs: Map<string, number>;
};

/** Between two looks at a secret whose last look failed. */
const retryMs = 10_000;

/**
 * Secrets of Secret Manager, checked with their CRC32C. A value is read from memory; every `refreshMs` (five minutes) a read
 * looks for new versions beside its answer, so rotation needs no restart. While the service is away the last good value
 * serves for `staleLimitMs` (one hour) and then no more. A secret that is gone, or has no enabled version, is refused at once.
 */
export function openSecretManager(options: SecretManagerOptions): Secrets {
  const { clock } = options;
  const refreshMs = options.refreshMs ?? 300_000;
  const staleLimitMs = options.staleLimitMs ?? 3_600_000;
  const memory: Memory = { entries: new Map(), loading: new Map(), triedMs: new Map() };
  let client: Promise<VersionsClient> | undefined;
  const look = (name: string): Promise<Entry> => {
    client ??= openClient(options);
    client.catch(() => {
      client = undefined;
    });
    return lookOnce(memory, client, options, name);
  };
  return {
    async read(given) {
      const name = fullName(given, options.project);
      const entry = memory.entries.get(name);
      const ageMs = entry === undefined ? Number.POSITIVE_INFINITY : Math.abs(clock.nowMs() - entry.loadedMs);
      if (entry === undefined || ageMs >= staleLimitMs) return (await look(name)).versions;
      const restMs = clock.nowMs() - (memory.triedMs.get(name) ?? Number.NEGATIVE_INFINITY);
      if (ageMs >= refreshMs && Math.abs(restMs) >= Math.min(retryMs, refreshMs)) look(name).catch(() => {});
      return entry.versions;
    },
    async refresh() {
      await Promise.all([...memory.entries.keys()].map(look));
    },
    ages: () =>
      [...memory.entries].map(([name, { versions }]) => ({ name, createdMs: newestOf(versions).createdMs })),
  };
}

function fullName(name: string, project: string | undefined): string {
  if (/^projects\/[a-z0-9:.-]{1,100}\/secrets\/[A-Za-z0-9_-]{1,255}$/.test(name)) return name;
  if (project !== undefined && /^[A-Za-z0-9_-]{1,255}$/.test(name))
    return `projects/${project}/secrets/${name}`;
  throw new SluiceError('internal', `"${name}" is not the name of a secret: projects/PROJECT/secrets/NAME`);
}

/** Those who ask at once share one look. */
function lookOnce(
  memory: Memory,
  client: Promise<VersionsClient>,
  options: SecretManagerOptions,
  name: string,
): Promise<Entry> {
  const running = memory.loading.get(name);
  if (running !== undefined) return running;
  memory.triedMs.set(name, options.clock.nowMs());
  const known = memory.entries.get(name)?.versions ?? [];
  const look = client
    .then((opened) => loadVersions(opened, options.clock, options.deadlineMs ?? 4_000, name, known))
    .then((versions) => {
      const entry = { versions, loadedMs: options.clock.nowMs() };
      memory.entries.set(name, entry);
      return entry;
    })
    .catch((error: unknown): never => {
      // The service answered that there is none: that is news, not an outage.
      const cause = error instanceof SluiceError ? error.cause : error;
      if (rpcCode(cause) === rpcCodes.notFound) memory.entries.delete(name);
      throw error;
    })
    .finally(() => memory.loading.delete(name));
  memory.loading.set(name, look);
  return look;
}
