import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { crc32c } from '../../../functions/core/crc32c.ts';
import { googleError, type Reply, type Seen, type StandIn, serve } from './serve.ts';

type Version = {
  readonly number: number;
  state: 'ENABLED' | 'DISABLED' | 'DESTROYED';
  readonly createdMs: number;
  readonly privateKey?: KeyObject;
  readonly secret?: Buffer;
};
type Key = {
  readonly name: string;
  readonly purpose: 'sign' | 'encrypt';
  readonly versions: Version[];
  primary: number;
};

export type KmsStandIn = StandIn & {
  /** Makes a key with one version; `name` is `projects/.../cryptoKeys/KEY`. */
  makeKey(name: string, purpose: 'sign' | 'encrypt'): void;
  /** Adds a version and gives its number; it becomes the primary one. */
  rotate(name: string): number;
  setState(name: string, version: number, state: Version['state']): void;
};

/**
 * Cloud KMS, REST v1, as far as signing with Ed25519 and wrapping with AES-256-GCM need it, with every CRC32C field. The keys
 * never leave it but as public keys.
 */
export async function startKmsStandIn(): Promise<KmsStandIn> {
  const keys = new Map<string, Key>();
  const standIn = await serve((seen) => route(keys, seen));
  const addVersion = (key: Key): number => {
    const number = key.versions.length + 1;
    const made = key.purpose === 'sign' ? generateKeyPairSync('ed25519') : undefined;
    key.versions.push({
      ...{ number, state: 'ENABLED', createdMs: Date.now() },
      ...(made === undefined ? { secret: randomBytes(32) } : { privateKey: made.privateKey }),
    });
    key.primary = number;
    return number;
  };
  const keyOf = (name: string): Key => {
    const found = keys.get(name);
    if (found === undefined) throw new Error(`there is no key ${name}`);
    return found;
  };
  return {
    ...standIn,
    makeKey: (name, purpose) => {
      const key: Key = { name, purpose, versions: [], primary: 0 };
      keys.set(name, key);
      addVersion(key);
    },
    rotate: (name) => addVersion(keyOf(name)),
    setState: (name, version, state) => {
      (keyOf(name).versions[version - 1] as Version).state = state;
    },
  };
}

const refused = (code: number, status: string, message: string): Reply => ({
  status: code,
  body: googleError(code, status, message),
});
const notFound = (name: string): Reply => refused(404, 'NOT_FOUND', `${name} not found.`);
const mismatch = (field: string): Reply =>
  refused(
    400,
    'INVALID_ARGUMENT',
    `The checksum in field ${field} did not match the data in field ${field.replace(/_crc32c$/, '')}.`,
  );

function route(keys: Map<string, Key>, seen: Seen): Reply {
  const { pathname, searchParams: query } = new URL(seen.path, 'http://kms');
  const match =
    /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/:]+)(?:\/cryptoKeyVersions(?:\/(\d+))?)?(\/publicKey)?(?::(\w+))?$/.exec(
      decodeURIComponent(pathname),
    );
  if (match === null) return notFound(pathname);
  const [, name = '', number, publicKey, verb] = match;
  const key = keys.get(name);
  if (key === undefined) return notFound(`CryptoKey ${name}`);
  const version = key.versions[Number(number ?? key.primary) - 1];
  const body = seen.body.length === 0 ? {} : (JSON.parse(seen.body.toString()) as Record<string, string>);
  if (version === undefined) return notFound(`CryptoKeyVersion ${name}/cryptoKeyVersions/${number}`);
  if (
    verb === undefined &&
    publicKey === undefined &&
    number === undefined &&
    /cryptoKeyVersions$/.test(pathname)
  )
    return listVersions(key, query);
  if (verb === undefined && publicKey === undefined)
    return {
      status: 200,
      body: number === undefined ? { name, primary: shown(key, version) } : shown(key, version),
    };
  if (verb === 'decrypt') return decrypt(key, body);
  if (version.state !== 'ENABLED') {
    return refused(
      400,
      'FAILED_PRECONDITION',
      `${name}/cryptoKeyVersions/${version.number} is not enabled, current state is: ${version.state}.`,
    );
  }
  if (publicKey !== undefined) return showPublicKey(key, version);
  if (verb === 'asymmetricSign') return asymmetricSign(key, version, body);
  return verb === 'encrypt' ? encrypt(key, version, body) : notFound(pathname);
}

const nameOf = (key: Key, version: Version): string => `${key.name}/cryptoKeyVersions/${version.number}`;
const algorithmOf = (key: Key): string =>
  key.purpose === 'sign' ? 'EC_SIGN_ED25519' : 'GOOGLE_SYMMETRIC_ENCRYPTION';
const shown = (key: Key, version: Version): object => ({
  name: nameOf(key, version),
  state: version.state,
  protectionLevel: 'SOFTWARE',
  algorithm: algorithmOf(key),
  createTime: new Date(version.createdMs).toISOString(),
});

function listVersions(key: Key, query: URLSearchParams): Reply {
  const wanted = query.get('filter')?.includes('ENABLED')
    ? key.versions.filter(({ state }) => state === 'ENABLED')
    : key.versions;
  const from = Number(query.get('pageToken') ?? 0);
  const to = from + Math.min(Number(query.get('pageSize') || 100), 100);
  return {
    status: 200,
    body: {
      cryptoKeyVersions: wanted.slice(from, to).map((version) => shown(key, version)),
      ...(to < wanted.length ? { nextPageToken: String(to) } : {}),
      totalSize: wanted.length,
    },
  };
}

function showPublicKey(key: Key, version: Version): Reply {
  if (version.privateKey === undefined)
    return refused(400, 'FAILED_PRECONDITION', 'The key has no public part.');
  const pem = createPublicKey(version.privateKey).export({ format: 'pem', type: 'spki' }).toString();
  const pemCrc32c = String(crc32c(Buffer.from(pem)));
  const about = { name: nameOf(key, version), algorithm: algorithmOf(key), protectionLevel: 'SOFTWARE' };
  return { status: 200, body: { ...about, pem, pemCrc32c } };
}

function asymmetricSign(key: Key, version: Version, body: Record<string, string>): Reply {
  if (version.privateKey === undefined)
    return refused(400, 'INVALID_ARGUMENT', 'The purpose of the key is not ASYMMETRIC_SIGN.');
  if (body.data === undefined)
    return refused(400, 'INVALID_ARGUMENT', 'This algorithm signs data, not a digest.');
  const data = Buffer.from(body.data, 'base64');
  if (body.dataCrc32c !== undefined && body.dataCrc32c !== String(crc32c(data)))
    return mismatch('data_crc32c');
  const signature = sign(null, data, version.privateKey);
  return {
    status: 200,
    body: {
      name: nameOf(key, version),
      signature: signature.toString('base64'),
      signatureCrc32c: String(crc32c(signature)),
      ...(body.dataCrc32c === undefined ? {} : { verifiedDataCrc32c: true }),
      protectionLevel: 'SOFTWARE',
    },
  };
}

function encrypt(key: Key, version: Version, body: Record<string, string>): Reply {
  if (version.secret === undefined)
    return refused(400, 'INVALID_ARGUMENT', 'The purpose of the key is not ENCRYPT_DECRYPT.');
  const plaintext = Buffer.from(body.plaintext ?? '', 'base64');
  const aad = Buffer.from(body.additionalAuthenticatedData ?? '', 'base64');
  if (body.plaintextCrc32c !== undefined && body.plaintextCrc32c !== String(crc32c(plaintext)))
    return mismatch('plaintext_crc32c');
  if (
    body.additionalAuthenticatedDataCrc32c !== undefined &&
    body.additionalAuthenticatedDataCrc32c !== String(crc32c(aad))
  )
    return mismatch('additional_authenticated_data_crc32c');
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', version.secret, nonce).setAAD(aad);
  const number = Buffer.alloc(4);
  number.writeUInt32BE(version.number);
  const ciphertext = Buffer.concat([
    number,
    nonce,
    cipher.update(plaintext),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return {
    status: 200,
    body: {
      name: nameOf(key, version),
      ciphertext: ciphertext.toString('base64'),
      ciphertextCrc32c: String(crc32c(ciphertext)),
      ...(body.plaintextCrc32c === undefined ? {} : { verifiedPlaintextCrc32c: true }),
      ...(body.additionalAuthenticatedDataCrc32c === undefined
        ? {}
        : { verifiedAdditionalAuthenticatedDataCrc32c: true }),
      protectionLevel: 'SOFTWARE',
    },
  };
}

function decrypt(key: Key, body: Record<string, string>): Reply {
  const ciphertext = Buffer.from(body.ciphertext ?? '', 'base64');
  const aad = Buffer.from(body.additionalAuthenticatedData ?? '', 'base64');
  if (body.ciphertextCrc32c !== undefined && body.ciphertextCrc32c !== String(crc32c(ciphertext)))
    return mismatch('ciphertext_crc32c');
  const invalid = refused(400, 'INVALID_ARGUMENT', 'Decryption failed: the ciphertext is invalid.');
  if (ciphertext.length < 32) return invalid;
  const version = key.versions[ciphertext.readUInt32BE() - 1];
  if (version?.secret === undefined) return invalid;
  if (version.state !== 'ENABLED')
    return refused(
      400,
      'FAILED_PRECONDITION',
      `${nameOf(key, version)} is not enabled, current state is: ${version.state}.`,
    );
  try {
    const decipher = createDecipheriv('aes-256-gcm', version.secret, ciphertext.subarray(4, 16)).setAAD(aad);
    decipher.setAuthTag(ciphertext.subarray(-16));
    const plaintext = Buffer.concat([decipher.update(ciphertext.subarray(16, -16)), decipher.final()]);
    const usedPrimary = version.number === key.primary;
    return {
      status: 200,
      body: {
        plaintext: plaintext.toString('base64'),
        plaintextCrc32c: String(crc32c(plaintext)),
        usedPrimary,
        protectionLevel: 'SOFTWARE',
      },
    };
  } catch {
    return invalid;
  }
}
