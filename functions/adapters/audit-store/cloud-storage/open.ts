import type { Bucket } from '@google-cloud/storage';
import type { AuthClient, GoogleAuth } from 'google-auth-library';
import { isObjectName } from '../../../core/audit/names.ts';
import { SluiceError } from '../../../core/errors.ts';
import { transientStatus } from '../../../core/retry.ts';
import type { AuditStore } from '../../../ports/audit-store.ts';
import type { Clock } from '../../../ports/clock.ts';
import { type BucketFacts, clockReasons, keyBucketReasons, logBucketReasons } from './check.ts';
import { isTransient, objectHttp, type RequestHeaders, UnexpectedAnswer } from './object-http.ts';
import { type BucketObjects, bucketObjects, guard, why } from './objects.ts';

export type BucketOptions = {
  readonly bucket: string;
  readonly clock: Clock;
  /** Whose rights are used. The credentials of the environment (on Cloud Run: of the service account) without it. */
  readonly auth?: AuthClient | GoogleAuth;
  /** Where Cloud Storage answers, without a path: `https://storage.googleapis.com`, which is also the default. */
  readonly apiEndpoint?: string;
  /** One call with all its tries. A record gives up after 5,000 ms, so this is less. */
  readonly deadlineMs?: number;
};
export type StorageAuditStoreOptions = BucketOptions & {
  /** What the bucket's locked retention policy must promise at least. */
  readonly minimumRetentionMs: number;
};

const googleEndpoint = 'https://storage.googleapis.com';
const defaultDeadlineMs = 4_000;
const pageSize = 1_000;

/**
 * The log in a bucket of Cloud Storage. Objects are created with `ifGenerationMatch=0` and checked with CRC32C on every way;
 * tries are repeated within the deadline and never take another's object for ours (see `createOnce`). `check` wants a
 * locked retention policy, uniform access, public access prevention, no early deletion and a clock within 30 s.
 */
export async function openStorageAuditStore(options: StorageAuditStoreOptions): Promise<AuditStore> {
  const { objects, client } = await open(options);
  return {
    create: async (name, bytes) => {
      if (!isObjectName(name)) throw new SluiceError('internal', `"${name}" cannot be the name of an object`);
      return objects.create(name, bytes);
    },
    read: async (name) => (isObjectName(name) ? objects.read(name) : undefined),
    list: (prefix) => list(options, client, prefix),
    check: async () =>
      reasons(options, client, (facts) =>
        logBucketReasons(options.bucket, facts, options.minimumRetentionMs),
      ),
  };
}

export type KeyObjects = BucketObjects & {
  /** Names below the prefix, in byte order. */
  list(prefix: string): AsyncIterable<string>;
  /** Why this bucket must not hold wrapped data keys. */
  check(): Promise<readonly string[]>;
};

/**
 * Objects of the derived bucket, which may be deleted again: what cloud keys keep their wrapped data keys in, and beside them
 * what can be made again from the log.
 */
export async function openKeyObjects(options: BucketOptions): Promise<KeyObjects> {
  const { objects, client } = await open(options);
  return {
    ...objects,
    list: (prefix) => list(options, client, prefix),
    check: () => reasons(options, client, (facts) => keyBucketReasons(options.bucket, facts)),
  };
}

async function open(
  options: BucketOptions,
): Promise<{ readonly objects: BucketObjects; readonly client: () => Promise<Bucket> }> {
  const endpoint = options.apiEndpoint ?? googleEndpoint;
  // Google's client lets this variable win over what it is told.
  const elsewhere = process.env.STORAGE_EMULATOR_HOST;
  if (elsewhere !== undefined && elsewhere !== endpoint) {
    throw new SluiceError('sink_unavailable', 'STORAGE_EMULATOR_HOST would lead the log elsewhere: unset it');
  }
  const { GoogleAuth } = await import('google-auth-library');
  const auth =
    options.auth ?? new GoogleAuth({ scopes: ['https://www.googleapis.com/auth/devstorage.read_write'] });
  const deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
  const http = objectHttp(endpoint, auth as RequestHeaders);
  const objects = bucketObjects({ bucket: options.bucket, http, world: options.clock, deadlineMs });
  let opened: Promise<Bucket> | undefined;
  return { objects, client: () => (opened ??= openClient(options.bucket, endpoint, auth, deadlineMs)) };
}

async function openClient(
  bucket: string,
  apiEndpoint: string,
  auth: AuthClient | GoogleAuth,
  timeoutMs: number,
): Promise<Bucket> {
  const { Storage } = await import('@google-cloud/storage');
  const storage = new Storage({
    apiEndpoint,
    authClient: auth,
    useAuthWithCustomEndpoint: true,
    timeout: timeoutMs,
    retryOptions: { autoRetry: false, maxRetries: 0 },
  });
  return storage.bucket(bucket);
}

/** A page at a time. Names that do not come in byte order would make a listing that misses some: that is refused. */
async function* list(
  options: BucketOptions,
  client: () => Promise<Bucket>,
  prefix: string,
): AsyncIterable<string> {
  const guarded = guard({
    ...options,
    world: options.clock,
    deadlineMs: options.deadlineMs ?? defaultDeadlineMs,
  });
  const bucket = await client();
  let before: Buffer = Buffer.alloc(0);
  let pageToken: string | undefined;
  do {
    const page = await guarded(`list ${prefix}`, () => listPage(bucket, prefix, pageToken));
    for (const name of page.names) {
      const bytes = Buffer.from(name);
      if (Buffer.compare(before, bytes) >= 0 || !name.startsWith(prefix)) {
        throw new SluiceError(
          'sink_unavailable',
          `gs://${options.bucket} lists its objects below ${prefix} out of order`,
        );
      }
      before = bytes;
      yield name;
    }
    pageToken = page.next;
  } while (pageToken !== undefined);
}

async function listPage(
  bucket: Bucket,
  prefix: string,
  pageToken: string | undefined,
): Promise<{ readonly names: readonly string[]; readonly next: string | undefined }> {
  const query = {
    prefix,
    autoPaginate: false,
    maxResults: pageSize,
    fields: 'kind,items(name),nextPageToken',
  };
  const [, , answer] = await bucket
    .getFiles(pageToken === undefined ? query : { ...query, pageToken })
    .catch((error: unknown): never => {
      throw understood(error);
    });
  const said = answer as
    | { kind?: unknown; items?: readonly { name?: unknown }[]; nextPageToken?: unknown }
    | undefined;
  if (said?.kind !== 'storage#objects') {
    throw new UnexpectedAnswer('the answer to a listing is not a list', { status: 200, transient: true });
  }
  const names = (said.items ?? []).map((item) => String(item.name));
  return { names, next: said.nextPageToken === undefined ? undefined : String(said.nextPageToken) };
}

async function reasons(
  options: BucketOptions,
  client: () => Promise<Bucket>,
  ofFacts: (facts: BucketFacts) => readonly string[],
): Promise<readonly string[]> {
  const guarded = guard({
    ...options,
    world: options.clock,
    deadlineMs: options.deadlineMs ?? defaultDeadlineMs,
  });
  try {
    const bucket = await client();
    return await guarded('look at the bucket', async () => {
      const sentMs = options.clock.nowMs();
      const [facts, response] = await bucket.getMetadata().catch((error: unknown): never => {
        throw understood(error);
      });
      const nowMs = (sentMs + options.clock.nowMs()) / 2;
      const { headers } = response as { headers?: Record<string, string> | Headers };
      const date = headers instanceof Headers ? headers.get('date') : headers?.date;
      if ((facts as { kind?: unknown } | undefined)?.kind !== 'storage#bucket') {
        throw new UnexpectedAnswer('the answer is not about a bucket', { status: 200, transient: true });
      }
      return [...ofFacts(facts as BucketFacts), ...clockReasons(date ?? undefined, nowMs)];
    });
  } catch (error) {
    const text = error instanceof SluiceError ? error.message : why(error, options.bucket);
    return [`${text}; or make the bucket: see docs/DEPLOY.md`];
  }
}

/** The client's error as one of ours; what is no answer of the service stays as it is. */
function understood(error: unknown): unknown {
  if (error instanceof SyntaxError) {
    return new UnexpectedAnswer('the answer is not JSON', { status: 200, transient: true });
  }
  const { code, errors, message } = error as {
    code?: unknown;
    errors?: { reason?: unknown }[];
    message?: unknown;
  };
  if (typeof code !== 'number' || code < 100 || isTransient(error)) return error;
  const reason = String(errors?.[0]?.reason ?? '');
  const text = `HTTP ${code} ${reason} ${String(message).replace(/\s+/g, ' ').slice(0, 300)}`;
  return new UnexpectedAnswer(text, { status: code, transient: transientStatus(code) || reason === '' });
}
