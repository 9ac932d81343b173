import { crc32c } from '../../../functions/core/crc32c.ts';
import { googleError, type Reply, type Seen, type StandIn, serve } from './serve.ts';

type Version = {
  readonly number: number;
  readonly payload: Buffer;
  readonly createdMs: number;
  state: State;
};
type State = 'ENABLED' | 'DISABLED' | 'DESTROYED';

export type SecretManagerStandIn = StandIn & {
  /** Adds a version to `projects/P/secrets/S`, which is made on first use, and gives its number. */
  add(secret: string, payload: Uint8Array | string, createdMs?: number): number;
  setState(secret: string, version: number, state: State): void;
};

/** Secret Manager, REST v1: versions are listed (newest first), accessed with their CRC32C, added, disabled and destroyed. */
export async function startSecretManagerStandIn(): Promise<SecretManagerStandIn> {
  const secrets = new Map<string, Version[]>();
  const add: SecretManagerStandIn['add'] = (secret, payload, createdMs = Date.now()) => {
    const versions = secrets.get(secret) ?? [];
    secrets.set(secret, versions);
    return versions.push({
      number: versions.length + 1,
      payload: typeof payload === 'string' ? Buffer.from(payload) : Buffer.from(payload),
      createdMs,
      state: 'ENABLED',
    });
  };
  const standIn = await serve((seen) => route(secrets, add, seen));
  return {
    ...standIn,
    add,
    setState: (secret, version, state) => {
      (secrets.get(secret)?.[version - 1] as Version).state = state;
    },
  };
}

const refused = (code: number, status: string, message: string): Reply => ({
  status: code,
  body: googleError(code, status, message),
});

function route(secrets: Map<string, Version[]>, add: SecretManagerStandIn['add'], seen: Seen): Reply {
  const { pathname, searchParams: query } = new URL(seen.path, 'http://secretmanager');
  const match = /^\/v1\/(projects\/[^/]+\/secrets\/[^/:]+)(\/versions)?(?:\/(\d+|latest))?(?::(\w+))?$/.exec(
    decodeURIComponent(pathname),
  );
  const [, secret = '', below, number, verb] = match ?? [];
  const versions = secrets.get(secret);
  if (verb === 'addVersion') {
    const { payload } = JSON.parse(seen.body.toString()) as { payload: { data: string } };
    const made = add(secret, Buffer.from(payload.data, 'base64'));
    return { status: 200, body: shown(secret, secrets.get(secret)?.[made - 1] as Version) };
  }
  if (match === null || versions === undefined)
    return refused(404, 'NOT_FOUND', `Secret [${secret}] not found or has no versions.`);
  if (below !== undefined && number === undefined) return list(secret, versions, query);
  const version = number === 'latest' ? versions.at(-1) : versions[Number(number) - 1];
  if (version === undefined)
    return refused(404, 'NOT_FOUND', `Secret Version [${secret}/versions/${number}] not found.`);
  if (verb === undefined) return { status: 200, body: shown(secret, version) };
  if (verb === 'access') return access(secret, version);
  version.state = verb === 'enable' ? 'ENABLED' : verb === 'disable' ? 'DISABLED' : 'DESTROYED';
  return { status: 200, body: shown(secret, version) };
}

const shown = (secret: string, version: Version): object => ({
  name: `${secret}/versions/${version.number}`,
  createTime: new Date(version.createdMs).toISOString(),
  state: version.state,
  replicationStatus: { automatic: {} },
  etag: `"${version.number}"`,
});

function list(secret: string, versions: readonly Version[], query: URLSearchParams): Reply {
  const all = [...versions].reverse();
  const wanted = /state\s*[:=]\s*ENABLED/i.test(query.get('filter') ?? '')
    ? all.filter(({ state }) => state === 'ENABLED')
    : all;
  const from = Number(query.get('pageToken') || 0);
  const to = from + Number(query.get('pageSize') || 25_000);
  return {
    status: 200,
    body: {
      versions: wanted.slice(from, to).map((version) => shown(secret, version)),
      ...(to < wanted.length ? { nextPageToken: String(to) } : {}),
      totalSize: wanted.length,
    },
  };
}

function access(secret: string, version: Version): Reply {
  const name = `${secret}/versions/${version.number}`;
  if (version.state !== 'ENABLED') {
    return refused(400, 'FAILED_PRECONDITION', `Secret Version [${name}] is in ${version.state} state.`);
  }
  const payload = { data: version.payload.toString('base64'), dataCrc32c: String(crc32c(version.payload)) };
  return { status: 200, body: { name, payload } };
}
