import { type BucketMetadata, lock, newBucket, patch, retentionRefuses, shown } from './bucket-rules.ts';
import { forward } from './faults.ts';
import { type Reply, type Seen, type StandIn, serve } from './serve.ts';

export type BucketLock = StandIn & {
  makeBucket(name: string, given?: Record<string, unknown>): Promise<void>;
};

/**
 * Stands in front of a storage server that knows no bucket lock (fake-gcs-server) and adds it: the buckets' metadata are
 * kept here, deletions and replacements of retained objects are refused here, all else passes.
 */
export async function bucketLock(target: string): Promise<BucketLock> {
  const upstream = new URL(target);
  const buckets = new Map<string, BucketMetadata>();
  const standIn = await serve((seen) => route(buckets, upstream, seen));
  return {
    ...standIn,
    async makeBucket(name, given) {
      const body = Buffer.from(JSON.stringify({ name }));
      const headers = { 'content-type': 'application/json' };
      const made = await forward(
        { method: 'POST', path: '/storage/v1/b?project=p', headers, body },
        upstream,
      );
      if (made.status !== 200) throw new Error(`the bucket was not made: ${made.status} ${made.body}`);
      buckets.set(name, newBucket(name, given));
    },
  };
}

async function route(buckets: Map<string, BucketMetadata>, upstream: URL, seen: Seen): Promise<Reply> {
  const { pathname, searchParams: query } = new URL(seen.path, upstream);
  const [, , encoded, rest = ''] = /^(\/upload)?\/storage\/v1\/b\/([^/]+)(\/.*)?$/.exec(pathname) ?? [];
  const bucket = encoded === undefined ? undefined : buckets.get(decodeURIComponent(encoded));
  if (bucket === undefined) return forward(seen, upstream);
  if (rest === '/lockRetentionPolicy') return lock(bucket, query.get('ifMetagenerationMatch'));
  if (rest === '' && seen.method === 'PATCH')
    return (
      patch(bucket, JSON.parse(seen.body.toString()) as Record<string, unknown>) ?? {
        status: 200,
        body: shown(bucket),
      }
    );
  if (rest === '' && seen.method === 'GET') return { status: 200, body: shown(bucket) };
  const object = replaced(seen, rest, query);
  const refused = object === undefined ? undefined : await retained(bucket, upstream, object, query);
  return refused ?? forward(seen, upstream);
}

/** The object that this request would delete or replace. */
function replaced(seen: Seen, rest: string, query: URLSearchParams): string | undefined {
  const one = /^\/o\/([^/]+)$/.exec(rest)?.[1];
  if (seen.method === 'DELETE' && one !== undefined) return decodeURIComponent(one);
  return seen.method === 'POST' && rest === '/o' ? (query.get('name') ?? undefined) : undefined;
}

async function retained(
  bucket: BucketMetadata,
  upstream: URL,
  object: string,
  query: URLSearchParams,
): Promise<Reply | undefined> {
  // A precondition that does not hold is told first, by the server behind.
  if (query.get('ifGenerationMatch') === '0') return undefined;
  const path = `/storage/v1/b/${bucket.name}/o/${encodeURIComponent(object)}`;
  const found = await forward({ method: 'GET', path, headers: {}, body: Buffer.alloc(0) }, upstream);
  if (found.status !== 200) return undefined;
  const { timeCreated } = JSON.parse(found.body.toString()) as { timeCreated: string };
  return retentionRefuses(bucket, object, Date.parse(timeCreated), Date.now());
}
