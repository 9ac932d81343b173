import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../../core/errors.ts';
import type { DataKey } from '../../ports/keys.ts';
import { codeOf, syncFolder, writeNewFile } from './key-files.ts';

export type DataKeyStore = {
  make(id: string): Promise<DataKey>;
  /** The key, or undefined once it has been destroyed. */
  read(id: string): Promise<Uint8Array | undefined>;
  destroy(id: string): Promise<boolean>;
  isDestroyed(id: string): boolean;
};

const nonceBytes = 12;
const tagBytes = 16;
const cacheLimit = 256;

/** Data keys in files, each wrapped with AES-256-GCM under the key-encryption key and bound to its id. */
export function dataKeyStore(stateDir: string, encryptionKey: Uint8Array): DataKeyStore {
  const folder = join(stateDir, 'keys', 'data');
  const destroyed = new Set<string>();
  const make = async (id: string): Promise<DataKey> => {
    const key = randomBytes(32);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeNewFile(join(folder, id), wrap(encryptionKey, id, key));
    await syncFolder(folder);
    await syncFolder(join(stateDir, 'keys'));
    return { id, key, wrapped: id };
  };
  return { make, isDestroyed: (id) => destroyed.has(id), ...reading(folder, encryptionKey, destroyed) };
}

function reading(folder: string, encryptionKey: Uint8Array, destroyed: Set<string>) {
  const cache = new Map<string, Uint8Array>();
  const read = async (id: string): Promise<Uint8Array | undefined> => {
    if (!isId(id)) return undefined;
    const wrapped = await readIfThere(join(folder, id));
    if (wrapped === undefined) {
      cache.delete(id);
      return undefined;
    }
    const known = cache.get(id);
    if (known !== undefined) return known;
    const key = unwrap(encryptionKey, id, wrapped);
    if (cache.size >= cacheLimit) cache.clear();
    cache.set(id, key);
    return key;
  };
  const destroy = async (id: string): Promise<boolean> => {
    if (!isId(id)) return false;
    cache.delete(id);
    destroyed.add(id);
    try {
      await unlink(join(folder, id));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw new SluiceError('sink_unavailable', `data key ${id} could not be destroyed`, { cause: error });
    }
    await syncFolder(folder);
    return true;
  };
  return { read, destroy };
}

const isId = (id: string): boolean => /^dk_[0-9a-z_]{1,64}$/.test(id);

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw new SluiceError('sink_unavailable', `cannot read data key ${path} (${codeOf(error)})`, {
      cause: error,
    });
  }
}

function wrap(encryptionKey: Uint8Array, id: string, key: Uint8Array): Uint8Array {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', encryptionKey, nonce).setAAD(Buffer.from(id));
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
}

function unwrap(encryptionKey: Uint8Array, id: string, wrapped: Uint8Array): Uint8Array {
  try {
    const nonce = wrapped.subarray(0, nonceBytes);
    const decipher = createDecipheriv('aes-256-gcm', encryptionKey, nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(id)).setAuthTag(wrapped.subarray(wrapped.length - tagBytes));
    const middle = wrapped.subarray(nonceBytes, wrapped.length - tagBytes);
    return Buffer.concat([decipher.update(middle), decipher.final()]);
  } catch (cause) {
    const remedy = 'restore keys/ from a backup of the same time';
    throw new SluiceError(
      'sink_unavailable',
      `data key ${id} does not open with this key-encryption key: ${remedy}`,
      {
        cause,
      },
    );
  }
}
