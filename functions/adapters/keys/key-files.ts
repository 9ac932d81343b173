import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  verify,
} from 'node:crypto';
import { access, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { toBase64, toHex } from '../../core/audit/bytes.ts';
import { formatVerifierKey, verifierKey } from '../../core/audit/signed-note.ts';
import { SluiceError } from '../../core/errors.ts';

export type SigningKey = {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicObject: KeyObject;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
};
export type KeyFiles = {
  readonly log: SigningKey;
  readonly link: SigningKey;
  readonly encryptionKey: Uint8Array;
  readonly hmacMaster: Uint8Array;
};

/** Reads the keys of a state folder; makes them all at once where there is no `keys` folder and no log yet. */
export async function openKeyFiles(stateDir: string, logName: string, create: boolean): Promise<KeyFiles> {
  const folder = join(stateDir, 'keys');
  if (!(await exists(folder))) {
    if (await exists(join(stateDir, 'rec', 'q'))) {
      throw fault(
        `${folder} is missing, but there is a log: restore it from a backup or start with a new --state`,
      );
    }
    if (!create)
      throw fault(`there are no keys in ${stateDir}: give the state folder of a gateway with --state`);
    await makeKeys(stateDir, folder);
  }
  const files = await readKeys(folder);
  if (create) await publish(join(stateDir, 'audit.pub'), logName, files.log);
  return files;
}

/** All keys are written aside and named at once, so that a crash or a second process never leaves half of them. */
async function makeKeys(stateDir: string, folder: string): Promise<void> {
  const aside = join(stateDir, `keys.${randomBytes(6).toString('hex')}`);
  await mkdir(join(aside, 'data'), { recursive: true, mode: 0o700 });
  const pem = (): Uint8Array =>
    Buffer.from(generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
  const secret = (): Uint8Array => Buffer.from(`${randomBytes(32).toString('base64')}\n`);
  await writeNewFile(join(aside, 'log.pem'), pem());
  await writeNewFile(join(aside, 'link.pem'), pem());
  await writeNewFile(join(aside, 'encryption.key'), secret());
  await writeNewFile(join(aside, 'hmac.key'), secret());
  await syncFolder(aside);
  try {
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    if (!['ENOTEMPTY', 'EEXIST'].includes(codeOf(error))) throw error;
  }
  await syncFolder(stateDir);
}

async function readKeys(folder: string): Promise<KeyFiles> {
  const { mode } = await stat(folder);
  if ((mode & 0o077) !== 0) throw fault(`${folder} is open to other users: run chmod 700 ${folder}`);
  return {
    log: await readSigningKey(join(folder, 'log.pem')),
    link: await readSigningKey(join(folder, 'link.pem')),
    encryptionKey: await readSecret(join(folder, 'encryption.key')),
    hmacMaster: await readSecret(join(folder, 'hmac.key')),
  };
}

async function readSigningKey(path: string): Promise<SigningKey> {
  const pem = await readKeyFile(path);
  try {
    const privateKey = createPrivateKey(pem);
    if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
    const publicObject = createPublicKey(privateKey);
    const publicKey = publicObject.export({ format: 'der', type: 'spki' }).subarray(-32);
    return { kid: `k_${toHex(publicKey.subarray(0, 8))}`, privateKey, publicObject, publicKey };
  } catch (cause) {
    throw fault(`${path} is not an Ed25519 key: restore it from a backup`, cause);
  }
}

async function readSecret(path: string): Promise<Uint8Array> {
  const text = (await readKeyFile(path)).toString('latin1');
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 32 && `${toBase64(bytes)}\n` === text) return bytes;
  throw fault(`${path} is not a 32-byte key in base64: restore it from a backup`);
}

async function readKeyFile(path: string): Promise<Buffer> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0) throw fault(`${path} is open to other users: run chmod 600 ${path}`);
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof SluiceError) throw cause;
    const what = codeOf(cause) === 'ENOENT' ? 'is missing' : `cannot be read (${codeOf(cause)})`;
    throw fault(`${path} ${what}: restore it from a backup`, cause);
  }
}

/** Writes the public key where an auditor finds it. A file that holds another key is a warning sign, not a thing to mend. */
async function publish(path: string, logName: string, key: SigningKey): Promise<void> {
  const text = `${formatVerifierKey(verifierKey(logName, key.publicKey))}\n`;
  if (!(await exists(path))) {
    await writeNewFile(path, Buffer.from(text), 0o644).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    return;
  }
  if ((await readFile(path, 'utf8')).trim() === text.trim()) return;
  throw fault(
    `${path} is not the public key of this log: restore the keys folder that belongs to it, or remove the file`,
  );
}

export const verifyWith = (key: SigningKey, bytes: Uint8Array, signature: Uint8Array): boolean =>
  signature.length === 64 && verify(null, bytes, key.publicObject, signature);

/** Durable when it resolves; fails where the file exists. */
export async function writeNewFile(path: string, bytes: Uint8Array, mode = 0o600): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

export const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException)?.code ?? 'unknown');

const fault = (message: string, cause?: unknown): SluiceError =>
  new SluiceError('sink_unavailable', message, cause === undefined ? undefined : { cause });
