import { createHash, randomUUID } from 'node:crypto';
import { crc32cBase64 } from '../../../functions/core/crc32c.ts';
import {
  type BucketMetadata,
  lock,
  newBucket,
  patch,
  preconditionFailed,
  retentionRefuses,
  shown,
} from './bucket-rules.ts';
import { jsonApiError, type Reply, type Seen, type StandIn, serve } from './serve.ts';

type Stored = {
  readonly name: string;
  readonly generation: string;
  readonly bytes: Buffer;
  readonly createdMs: number;
  readonly metadata: Record<string, unknown>;
};
type Bucket = {
  readonly url: () => string;
  readonly facts: BucketMetadata;
  readonly objects: Map<string, Stored>;
};
type Upload = {
  readonly bucket: string;
  readonly query: URLSearchParams;
  readonly metadata: Record<string, unknown>;
  bytes: Buffer;
};
type World = {
  readonly buckets: Map<string, Bucket>;
  readonly uploads: Map<string, Upload>;
  readonly nowMs: () => number;
  generations: bigint;
};

export type StorageStandIn = StandIn & {
  makeBucket(name: string, given?: Record<string, unknown>): void;
  /** Changes stored bytes under the service's feet. */
  readonly damage: (bucket: string, object: string, bytes: Buffer) => void;
};

/**
 * Cloud Storage's JSON API as far as Google's client and `gcloud storage` use it: buckets with retention policies that can be
 * locked, multipart and resumable uploads, generation preconditions, checksums, listing in byte order with pages.
 */
export async function startStorageStandIn(
  options: { readonly nowMs?: () => number } = {},
): Promise<StorageStandIn> {
  const world: World = {
    buckets: new Map(),
    uploads: new Map(),
    nowMs: options.nowMs ?? Date.now,
    generations: 1_700_000_000_000_000n,
  };
  const url = (): string => standIn.url;
  const standIn: StandIn = await serve((seen) => route(world, seen, url));
  return {
    ...standIn,
    makeBucket: (name, given) => {
      world.buckets.set(name, { url, facts: newBucket(name, given), objects: new Map() });
    },
    damage: (bucket, object, bytes) => {
      const found = world.buckets.get(bucket)?.objects.get(object);
      if (found !== undefined) world.buckets.get(bucket)?.objects.set(object, { ...found, bytes });
    },
  };
}

const notFound = (message: string): Reply => ({ status: 404, body: jsonApiError(404, 'notFound', message) });
const noBucket = notFound('The specified bucket does not exist.');
const invalid = (message: string): Reply => ({ status: 400, body: jsonApiError(400, 'invalid', message) });

function route(world: World, seen: Seen, url: () => string): Reply {
  const { pathname, searchParams: query } = new URL(seen.path, 'http://storage');
  const upload = /^\/(?:resumable\/)?upload\/storage\/v1\/b\/([^/]+)\/o$/.exec(pathname);
  if (upload !== null) return uploads(world, decodeURIComponent(upload[1] as string), query, seen, url);
  const [, bucket, rest] = /^(?:\/download)?\/storage\/v1\/b(?:\/([^/]+))?(\/.*)?$/.exec(pathname) ?? [];
  if (!/^(?:\/download)?\/storage\/v1\/b/.test(pathname)) return notFound('Not Found');
  if (bucket === undefined) return createBucket(world, seen, url);
  const found = world.buckets.get(decodeURIComponent(bucket));
  if (found === undefined) return noBucket;
  if (rest === undefined) return ofBucket(world, found, seen, query);
  if (rest === '/lockRetentionPolicy') return lock(found.facts, query.get('ifMetagenerationMatch'));
  if (rest === '/storageLayout')
    return {
      status: 200,
      body: {
        kind: 'storage#storageLayout',
        bucket: found.facts.name,
        location: 'US',
        locationType: 'multi-region',
      },
    };
  if (rest === '/o')
    return seen.method === 'GET' ? listObjects(found, query) : invalid('Use the upload address.');
  const object = /^\/o\/([^/]+)$/.exec(rest)?.[1];
  return object === undefined
    ? notFound('Not Found')
    : ofObject(world, found, decodeURIComponent(object), seen, query);
}

function createBucket(world: World, seen: Seen, url: () => string): Reply {
  const given = JSON.parse(seen.body.toString() || '{}') as { name?: string };
  if (seen.method !== 'POST')
    return {
      status: 200,
      body: { kind: 'storage#buckets', items: [...world.buckets.values()].map(({ facts }) => shown(facts)) },
    };
  if (given.name === undefined) return invalid('Required');
  if (world.buckets.has(given.name))
    return {
      status: 409,
      body: jsonApiError(
        409,
        'conflict',
        'Your previous request to create the named bucket succeeded and you already own it.',
      ),
    };
  world.buckets.set(given.name, { url, facts: newBucket(given.name, given), objects: new Map() });
  return { status: 200, body: shown((world.buckets.get(given.name) as Bucket).facts) };
}

function ofBucket(world: World, { facts, objects }: Bucket, seen: Seen, query: URLSearchParams): Reply {
  const match = query.get('ifMetagenerationMatch');
  if (match !== null && match !== String(facts.metageneration)) return preconditionFailed;
  if (seen.method === 'PATCH' || seen.method === 'PUT') {
    const refused = patch(facts, JSON.parse(seen.body.toString()) as Record<string, unknown>);
    if (refused !== undefined) return refused;
  }
  if (seen.method === 'DELETE') {
    if (objects.size > 0)
      return {
        status: 409,
        body: jsonApiError(409, 'conflict', 'The bucket you tried to delete is not empty.'),
      };
    world.buckets.delete(facts.name);
    return { status: 204 };
  }
  return { status: 200, body: shown(facts) };
}

function listObjects(bucket: Bucket, query: URLSearchParams): Reply {
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? ''];
  const after =
    query.get('pageToken') === null
      ? undefined
      : Buffer.from(query.get('pageToken') as string, 'base64').toString();
  const limit = Math.min(Number(query.get('maxResults') ?? 1000), 1000);
  const all = [...bucket.objects.keys()]
    .filter((name) => name.startsWith(prefix))
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const folded =
    delimiter === '' ? all : all.filter((name) => !name.slice(prefix.length).includes(delimiter));
  const prefixes = new Set(
    all
      .filter((name) => !folded.includes(name))
      .map((name) => prefix + name.slice(prefix.length).split(delimiter)[0] + delimiter),
  );
  const rest = folded.filter(
    (name) => after === undefined || Buffer.compare(Buffer.from(name), Buffer.from(after)) > 0,
  );
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    status: 200,
    body: {
      kind: 'storage#objects',
      ...(page.length === 0
        ? {}
        : { items: page.map((name) => resource(bucket, bucket.objects.get(name) as Stored)) }),
      ...(prefixes.size === 0 ? {} : { prefixes: [...prefixes] }),
      ...(rest.length > limit && last !== undefined
        ? { nextPageToken: Buffer.from(last).toString('base64') }
        : {}),
    },
  };
}

function ofObject(world: World, bucket: Bucket, name: string, seen: Seen, query: URLSearchParams): Reply {
  const stored = bucket.objects.get(name);
  const missing = notFound(`No such object: ${bucket.facts.name}/${name}`);
  if (stored === undefined)
    return query.get('alt') === 'media'
      ? { status: 404, body: `No such object: ${bucket.facts.name}/${name}` }
      : missing;
  const wanted = query.get('generation');
  if (wanted !== null && wanted !== stored.generation) return missing;
  if (fails(query, stored)) return preconditionFailed;
  switch (seen.method) {
    case 'DELETE': {
      const refused = retentionRefuses(bucket.facts, name, stored.createdMs, world.nowMs());
      if (refused !== undefined) return refused;
      bucket.objects.delete(name);
      return { status: 204 };
    }
    case 'PATCH':
      Object.assign(stored.metadata, JSON.parse(seen.body.toString()));
      return { status: 200, body: resource(bucket, stored) };
    default:
      return query.get('alt') === 'media'
        ? media(stored, seen)
        : { status: 200, body: resource(bucket, stored) };
  }
}

function media(stored: Stored, seen: Seen): Reply {
  const range = /^bytes=(\d+)-(\d*)$/.exec(seen.headers.range ?? '');
  const from = Number(range?.[1] ?? 0);
  const to = range?.[2] ? Number(range[2]) + 1 : stored.bytes.length;
  const hashes = `crc32c=${stored.metadata.crc32c},md5=${stored.metadata.md5Hash}`;
  return {
    status: range === null ? 200 : 206,
    headers: {
      'content-type': String(stored.metadata.contentType ?? 'application/octet-stream'),
      'x-goog-generation': stored.generation,
      'x-goog-metageneration': '1',
      'x-goog-hash': hashes,
      'x-goog-stored-content-encoding': 'identity',
      'x-goog-stored-content-length': String(stored.bytes.length),
      ...(range === null ? {} : { 'content-range': `bytes ${from}-${to - 1}/${stored.bytes.length}` }),
    },
    body: stored.bytes.subarray(from, to),
  };
}

const fails = (query: URLSearchParams, stored: Stored | undefined): boolean => {
  const match = query.get('ifGenerationMatch');
  const none = query.get('ifGenerationNotMatch');
  const generation = stored?.generation ?? '0';
  return (match !== null && match !== generation) || (none !== null && none === generation);
};

function uploads(
  world: World,
  bucketName: string,
  query: URLSearchParams,
  seen: Seen,
  url: () => string,
): Reply {
  if (!world.buckets.has(bucketName)) return noBucket;
  const session = query.get('upload_id');
  if (session !== null) return resume(world, session, seen);
  switch (query.get('uploadType')) {
    case 'media':
      return write(world, {
        bucket: bucketName,
        query,
        metadata: { contentType: seen.headers['content-type'] },
        bytes: seen.body,
      });
    case 'multipart': {
      const parts = multipart(seen);
      return parts === undefined
        ? invalid('Invalid multipart request')
        : write(world, { bucket: bucketName, query, ...parts });
    }
    case 'resumable': {
      const id = randomUUID();
      const metadata = JSON.parse(seen.body.toString() || '{}') as Record<string, unknown>;
      world.uploads.set(id, { bucket: bucketName, query, metadata, bytes: Buffer.alloc(0) });
      const location = `${url()}/upload/storage/v1/b/${bucketName}/o?uploadType=resumable&upload_id=${id}`;
      return { status: 200, headers: { location, 'x-guploader-uploadid': id } };
    }
    default:
      return invalid('Bad uploadType');
  }
}

function resume(world: World, id: string, seen: Seen): Reply {
  const upload = world.uploads.get(id);
  if (upload === undefined) return notFound('No such upload');
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(seen.headers['content-range'] ?? '');
  if (range === null || range[1] !== undefined)
    upload.bytes = Buffer.concat([upload.bytes.subarray(0, Number(range?.[1] ?? 0)), seen.body]);
  const total = range === null ? upload.bytes.length : Number(range[2]);
  if (upload.bytes.length !== total) {
    const headers: Record<string, string> =
      upload.bytes.length === 0 ? {} : { range: `bytes=0-${upload.bytes.length - 1}` };
    return { status: 308, headers };
  }
  world.uploads.delete(id);
  return write(world, upload);
}

function multipart(seen: Seen): { metadata: Record<string, unknown>; bytes: Buffer } | undefined {
  const boundary = /boundary=(?:"([^"]+)"|'([^']+)'|([^;\s]+))/.exec(seen.headers['content-type'] ?? '');
  const mark = Buffer.from(`--${boundary?.[1] ?? boundary?.[2] ?? boundary?.[3]}`);
  const second = seen.body.indexOf(mark, mark.length);
  const end = seen.body.lastIndexOf(mark);
  if (boundary === null || second < 0 || end <= second) return undefined;
  const content = (from: number, to: number): Buffer => {
    const [crlf, lf] = [seen.body.indexOf('\r\n\r\n', from), seen.body.indexOf('\n\n', from)];
    const windows = crlf >= 0 && crlf < to && (lf < 0 || crlf < lf);
    const newline = seen.body[to - 2] === 13 ? 2 : 1;
    return seen.body.subarray(windows ? crlf + 4 : lf + 2, to - newline);
  };
  const metadata = JSON.parse(content(0, second).toString() || '{}') as Record<string, unknown>;
  return { metadata, bytes: Buffer.from(content(second, end)) };
}

function write(world: World, upload: Upload): Reply {
  const bucket = world.buckets.get(upload.bucket) as Bucket;
  const name = upload.query.get('name') ?? String(upload.metadata.name);
  const old = bucket.objects.get(name);
  if (fails(upload.query, old)) return preconditionFailed;
  const nowMs = world.nowMs();
  const refused = old === undefined ? undefined : retentionRefuses(bucket.facts, name, old.createdMs, nowMs);
  if (refused !== undefined) return refused;
  const crc32c = crc32cBase64(upload.bytes);
  const md5Hash = createHash('md5').update(upload.bytes).digest('base64');
  const { crc32c: givenCrc = crc32c, md5Hash: givenMd5 = md5Hash } = upload.metadata;
  if (givenCrc !== crc32c)
    return invalid(`Provided CRC32C "${givenCrc}" doesn't match calculated CRC32C "${crc32c}".`);
  if (givenMd5 !== md5Hash)
    return invalid(`Provided MD5 hash "${givenMd5}" doesn't match calculated MD5 hash "${md5Hash}".`);
  world.generations += 1n;
  const stored: Stored = {
    name,
    generation: String(world.generations),
    bytes: upload.bytes,
    createdMs: nowMs,
    metadata: { ...upload.metadata, crc32c, md5Hash },
  };
  bucket.objects.set(name, stored);
  return { status: 200, body: resource(bucket, stored) };
}

function resource({ url, facts }: Bucket, stored: Stored): object {
  const created = new Date(stored.createdMs).toISOString();
  const untilMs = stored.createdMs + Number(facts.retentionPolicy?.retentionPeriod) * 1000;
  return {
    storageClass: 'STANDARD',
    contentType: 'application/octet-stream',
    ...stored.metadata,
    kind: 'storage#object',
    id: `${facts.name}/${stored.name}/${stored.generation}`,
    name: stored.name,
    bucket: facts.name,
    generation: stored.generation,
    metageneration: '1',
    size: String(stored.bytes.length),
    mediaLink: `${url()}/download/storage/v1/b/${facts.name}/o/${encodeURIComponent(stored.name)}?generation=${stored.generation}&alt=media`,
    etag: stored.generation,
    timeCreated: created,
    updated: created,
    ...(facts.retentionPolicy === undefined
      ? {}
      : { retentionExpirationTime: new Date(untilMs).toISOString() }),
  };
}
