import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { KeyManagementServiceClient } from '@google-cloud/kms';
import type { AuthClient, GoogleAuth } from 'google-auth-library';
import { crc32c } from '../../../core/crc32c.ts';
import { SluiceError } from '../../../core/errors.ts';
import {
  bytesOf,
  int64,
  isTransientRpc,
  oneLine,
  rpcCode,
  rpcCodes,
  rpcEndpoint,
} from '../../../core/google-rpc.ts';
import { type RetryWorld, retrying } from '../../../core/retry.ts';

export type PublicKey = {
  /** 32 bytes. */
  readonly raw: Uint8Array;
  readonly object: KeyObject;
};
export type KeyVersion = { readonly name: string; readonly number: number; readonly createdMs: number };

/** The calls of Cloud KMS that are needed, each checked in both directions. All throw SluiceError `sink_unavailable`. */
export type Kms = {
  /** Ed25519 over the bytes (at most 64 KiB), which verifies with `publicKey`. */
  sign(version: string, bytes: Uint8Array, publicKey: PublicKey): Promise<Uint8Array>;
  publicKey(version: string): Promise<PublicKey>;
  version(name: string): Promise<KeyVersion>;
  /** Oldest first. */
  enabledVersions(key: string): Promise<readonly KeyVersion[]>;
  encrypt(key: string, plaintext: Uint8Array, context: Uint8Array): Promise<Uint8Array>;
  decrypt(key: string, ciphertext: Uint8Array, context: Uint8Array): Promise<Uint8Array>;
};
export type KmsOptions = {
  readonly world: RetryWorld;
  readonly deadlineMs: number;
  readonly auth?: AuthClient | GoogleAuth;
  readonly apiEndpoint?: string;
};

type CallOptions = { readonly timeout: number; readonly signal: AbortSignal; readonly retry: null };
type Client = Pick<
  KeyManagementServiceClient,
  'asymmetricSign' | 'getPublicKey' | 'getCryptoKeyVersion' | 'listCryptoKeyVersions' | 'encrypt' | 'decrypt'
>;
type Guarded = <T>(what: string, work: (client: Client, options: CallOptions) => Promise<T>) => Promise<T>;

/** An answer that was damaged on the way, or is not about what was asked. */
class Damaged extends Error {
  override readonly name = 'Damaged';
}

const damagedWhere = (wrong: boolean, what: string): void => {
  if (wrong) throw new Damaged(what);
};
const checksum = (bytes: Uint8Array): { value: number } => ({ value: crc32c(bytes) });

/** Checksums travel with every request and answer, as https://cloud.google.com/kms/docs/data-integrity-guidelines asks. */
export function openKms(options: KmsOptions): Kms {
  const guarded = guard(options);
  return {
    sign: (version, bytes, key) =>
      guarded(`sign with ${version}`, async (client, call) => {
        const request = { name: version, data: bytes, dataCrc32c: checksum(bytes) };
        const [answer] = await client.asymmetricSign(request, call);
        const signature = bytesOf(answer.signature) ?? Buffer.alloc(0);
        damagedWhere(answer.name !== version, 'the signature is of another key');
        damagedWhere(answer.verifiedDataCrc32c !== true, 'the data arrived without its checksum');
        damagedWhere(
          int64(answer.signatureCrc32c) !== crc32c(signature),
          'the signature does not have its checksum',
        );
        damagedWhere(
          signature.length !== 64 || !verify(null, bytes, key.object, signature),
          'the signature does not verify',
        );
        return signature;
      }),
    publicKey: (version) =>
      guarded(`get the public key of ${version}`, (client, call) => publicKey(client, call, version)),
    version: (name) =>
      guarded(`look at ${name}`, async (client, call) => {
        const [answer] = await client.getCryptoKeyVersion({ name }, call);
        damagedWhere(answer.name !== name, 'the answer is about another key');
        return versionOf(answer);
      }),
    enabledVersions: (key) =>
      guarded(`list the versions of ${key}`, (client, call) => enabledVersions(client, call, key)),
    ...wrapping(guarded),
  };
}

function wrapping(guarded: Guarded): Pick<Kms, 'encrypt' | 'decrypt'> {
  return {
    encrypt: (key, plaintext, context) =>
      guarded(`wrap with ${key}`, async (client, call) => {
        const [answer] = await client.encrypt(
          {
            name: key,
            plaintext,
            plaintextCrc32c: checksum(plaintext),
            additionalAuthenticatedData: context,
            additionalAuthenticatedDataCrc32c: checksum(context),
          },
          call,
        );
        const ciphertext = bytesOf(answer.ciphertext) ?? Buffer.alloc(0);
        damagedWhere(!String(answer.name).startsWith(`${key}/`), 'the answer is of another key');
        damagedWhere(answer.verifiedPlaintextCrc32c !== true, 'the key arrived without its checksum');
        damagedWhere(
          answer.verifiedAdditionalAuthenticatedDataCrc32c !== true,
          'the id arrived without its checksum',
        );
        damagedWhere(
          ciphertext.length === 0 || int64(answer.ciphertextCrc32c) !== crc32c(ciphertext),
          'the answer does not have its checksum',
        );
        return ciphertext;
      }),
    decrypt: (key, ciphertext, context) =>
      guarded(`unwrap with ${key}`, async (client, call) => {
        const [answer] = await client.decrypt(
          {
            name: key,
            ciphertext,
            ciphertextCrc32c: checksum(ciphertext),
            additionalAuthenticatedData: context,
            additionalAuthenticatedDataCrc32c: checksum(context),
          },
          call,
        );
        const plaintext = bytesOf(answer.plaintext) ?? Buffer.alloc(0);
        damagedWhere(
          plaintext.length === 0 || int64(answer.plaintextCrc32c) !== crc32c(plaintext),
          'the answer does not have its checksum',
        );
        return plaintext;
      }),
  };
}

async function publicKey(client: Client, call: CallOptions, version: string): Promise<PublicKey> {
  const [answer] = await client.getPublicKey({ name: version }, call);
  const pem = String(answer.pem);
  damagedWhere(answer.name !== version, 'the public key is of another key');
  damagedWhere(
    int64(answer.pemCrc32c) !== crc32c(Buffer.from(pem)),
    'the public key does not have its checksum',
  );
  const object = createPublicKey(pem);
  if (object.asymmetricKeyType !== 'ed25519')
    throw new SluiceError(
      'sink_unavailable',
      `${version} is not of the algorithm EC_SIGN_ED25519: make a key that is`,
    );
  return { object, raw: object.export({ format: 'der', type: 'spki' }).subarray(-32) };
}

async function enabledVersions(
  client: Client,
  call: CallOptions,
  key: string,
): Promise<readonly KeyVersion[]> {
  const found: KeyVersion[] = [];
  let pageToken: string | undefined;
  do {
    const request = {
      parent: key,
      filter: 'state=ENABLED',
      pageSize: 100,
      ...(pageToken === undefined ? {} : { pageToken }),
    };
    const [, , answer] = await client.listCryptoKeyVersions(request, { ...call, autoPaginate: false });
    for (const version of answer?.cryptoKeyVersions ?? []) {
      if (version.state === 'ENABLED' || version.state === 1) found.push(versionOf(version));
    }
    pageToken = answer?.nextPageToken ? answer.nextPageToken : undefined;
  } while (pageToken !== undefined);
  return found.sort((a, b) => a.number - b.number);
}

function versionOf(said: { name?: string | null; createTime?: { seconds?: unknown } | null }): KeyVersion {
  const name = String(said.name);
  const number = Number(/\/cryptoKeyVersions\/([0-9]{1,9})$/.exec(name)?.[1]);
  const createdMs = (int64(said.createTime?.seconds) ?? Number.NaN) * 1000;
  damagedWhere(
    !Number.isSafeInteger(number) || !Number.isSafeInteger(createdMs),
    'a version without name or time',
  );
  return { name, number, createdMs };
}

function guard({ world, deadlineMs, auth, apiEndpoint }: KmsOptions): Guarded {
  const transient = (error: unknown): boolean => error instanceof Damaged || isTransientRpc(error);
  const plan = { deadlineMs, tryMs: Math.ceil(deadlineMs * 0.6), firstPauseMs: 100, transient };
  let client: Promise<Client> | undefined;
  return async (what, work) => {
    try {
      return await retrying(world, plan, async ({ signal }) => {
        client ??= openClient(auth, apiEndpoint);
        return work(await client, { timeout: plan.tryMs, signal, retry: null });
      });
    } catch (cause) {
      if (cause instanceof SluiceError) throw cause;
      const text = `could not ${what}: ${oneLine(cause)}${remedy(cause)}`;
      throw new SluiceError('sink_unavailable', text, { cause });
    }
  };
}

/** REST and not gRPC: these calls are rare, and it saves the connection, its keep-alive and 30 MB. */
async function openClient(
  auth: AuthClient | GoogleAuth | undefined,
  apiEndpoint: string | undefined,
): Promise<Client> {
  const { KeyManagementServiceClient } = await import('@google-cloud/kms');
  const from = auth === undefined ? {} : 'getClient' in auth ? { auth } : { authClient: auth };
  return new KeyManagementServiceClient({ ...rpcEndpoint(apiEndpoint), ...(from as object), fallback: true });
}

function remedy(error: unknown): string {
  switch (rpcCode(error)) {
    case rpcCodes.notFound:
      return '; make it (infra/ does) or correct its name';
    case rpcCodes.permissionDenied:
      return '; give this service account roles/cloudkms.signer, roles/cloudkms.publicKeyViewer and roles/cloudkms.viewer on signing keys, roles/cloudkms.cryptoKeyEncrypterDecrypter on the wrapping key';
    case rpcCodes.failedPrecondition:
      return '; run gcloud kms keys versions enable';
    default:
      return '';
  }
}
