import type { SecretManagerServiceClient } from '@google-cloud/secret-manager';
import type { AuthClient, GoogleAuth } from 'google-auth-library';
import { crc32c } from '../../core/crc32c.ts';
import { SluiceError } from '../../core/errors.ts';
import {
  bytesOf,
  int64,
  isTransientRpc,
  oneLine,
  rpcCode,
  rpcCodes,
  rpcEndpoint,
} from '../../core/google-rpc.ts';
import { type RetryWorld, retrying } from '../../core/retry.ts';
import type { SecretVersion, SecretVersions } from '../../ports/secrets.ts';

export type VersionsClient = Pick<SecretManagerServiceClient, 'listSecretVersions' | 'accessSecretVersion'>;
type Listed = { readonly id: string; readonly number: number; readonly createdMs: number };

/** The oldest and the newest ones are used; those between them are read only as long as they are few. */
const newestKept = 7;

/** REST and not gRPC: these calls are rare, and it saves the connection, its keep-alive and 30 MB. */
export async function openClient(options: {
  readonly auth?: AuthClient | GoogleAuth;
  readonly apiEndpoint?: string;
}): Promise<VersionsClient> {
  const { SecretManagerServiceClient } = await import('@google-cloud/secret-manager');
  return new SecretManagerServiceClient({
    ...rpcEndpoint(options.apiEndpoint),
    ...(options.auth === undefined ? {} : authOption(options.auth)),
    fallback: true,
  });
}

const authOption = (auth: AuthClient | GoogleAuth): object =>
  'getClient' in auth ? { auth } : { authClient: auth };

/** The enabled versions of a secret, oldest first. Payloads that are known already are not fetched again. */
export async function loadVersions(
  client: VersionsClient,
  world: RetryWorld,
  deadlineMs: number,
  name: string,
  known: readonly SecretVersion[],
): Promise<SecretVersions> {
  const transient = (error: unknown): boolean =>
    error instanceof Damaged || isTransientRpc(error) || rpcCode(error) === rpcCodes.failedPrecondition;
  const plan = { deadlineMs, tryMs: Math.ceil(deadlineMs * 0.6), firstPauseMs: 100, transient };
  try {
    return await retrying(world, plan, async ({ signal }) => {
      const listed = chosen(await listEnabled(client, name, plan.tryMs, signal));
      const loaded = await Promise.all(
        listed.map((one) => known.find(({ id }) => id === one.id) ?? access(client, one, plan.tryMs, signal)),
      );
      const [oldest, ...rest] = loaded;
      if (oldest === undefined) throw noVersion(name);
      return [oldest, ...rest] as const;
    });
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    throw new SluiceError(
      'sink_unavailable',
      `the secret ${name} cannot be read: ${oneLine(cause)}${remedy(cause, name)}`,
      { cause },
    );
  }
}

class Damaged extends Error {
  override readonly name = 'Damaged';
}

/** Looks like the service's own answer for a secret that is not there: to whoever needs a value it is the same. */
function noVersion(name: string): SluiceError {
  const cause = Object.assign(new Error('no enabled version'), { code: rpcCodes.notFound });
  return new SluiceError(
    'sink_unavailable',
    `the secret ${name} has no enabled version: run gcloud secrets versions add ${shortName(name)} --data-file=FILE`,
    { cause },
  );
}

const shortName = (name: string): string => name.split('/').at(-1) ?? name;

function remedy(error: unknown, name: string): string {
  if (rpcCode(error) === rpcCodes.notFound) return `; run gcloud secrets create ${shortName(name)}`;
  if (rpcCode(error) !== rpcCodes.permissionDenied) return '';
  return `; give this service account roles/secretmanager.secretAccessor and roles/secretmanager.viewer on it`;
}

const chosen = (listed: readonly Listed[]): readonly Listed[] =>
  listed.length <= newestKept + 1 ? listed : [listed[0] as Listed, ...listed.slice(-newestKept)];

async function listEnabled(
  client: VersionsClient,
  name: string,
  timeout: number,
  signal: AbortSignal,
): Promise<readonly Listed[]> {
  const listed: Listed[] = [];
  let pageToken: string | undefined;
  do {
    const request = {
      parent: name,
      filter: 'state:ENABLED',
      pageSize: 100,
      ...(pageToken === undefined ? {} : { pageToken }),
    };
    const [, , answer] = await client.listSecretVersions(request, {
      timeout,
      signal,
      retry: null,
      autoPaginate: false,
    });
    if (answer === null || answer === undefined || int64(answer.totalSize) === undefined)
      throw new Damaged('no list of versions');
    for (const version of answer.versions ?? []) {
      const number = Number(/\/versions\/([0-9]{1,15})$/.exec(version.name ?? '')?.[1]);
      const createdMs = (int64(version.createTime?.seconds) ?? Number.NaN) * 1000;
      if (!Number.isSafeInteger(number) || !Number.isSafeInteger(createdMs))
        throw new Damaged('a version without name or time');
      if (version.state === 'ENABLED' || version.state === 1)
        listed.push({ id: `${name}/versions/${number}`, number, createdMs });
    }
    pageToken = answer.nextPageToken ? answer.nextPageToken : undefined;
  } while (pageToken !== undefined);
  return listed.sort((a, b) => a.number - b.number);
}

/** A payload without its checksum, or with another one, is no payload. */
async function access(
  client: VersionsClient,
  { id, createdMs }: Listed,
  timeout: number,
  signal: AbortSignal,
): Promise<SecretVersion> {
  const [answer] = await client.accessSecretVersion({ name: id }, { timeout, signal, retry: null });
  const bytes = bytesOf(answer.payload?.data);
  if (bytes === undefined || bytes.length === 0) throw new Damaged('an answer without a payload');
  if (int64(answer.payload?.dataCrc32c) !== crc32c(bytes))
    throw new Damaged('the payload does not have its checksum');
  if (!String(answer.name).endsWith(id.slice(id.indexOf('/secrets/'))))
    throw new Damaged('the payload of another version');
  return { id, bytes, createdMs };
}
