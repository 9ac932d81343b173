import { randomBytes } from 'node:crypto';
import { SluiceError } from '../../../core/errors.ts';
import type { DataKey } from '../../../ports/keys.ts';
import type { Kms } from './kms.ts';

/** Where wrapped data keys lie: objects that are created if their name is free, and can be deleted for ever. */
export type KeyObjects = {
  create(name: string, bytes: Uint8Array): Promise<{ readonly generation: string } | 'exists'>;
  read(name: string): Promise<{ readonly bytes: Uint8Array } | undefined>;
  remove(name: string): Promise<boolean>;
};
export type DataKeys = {
  current(nowMs: number): Promise<DataKey>;
  /** The key, or undefined once it has been destroyed. */
  read(id: string): Promise<Uint8Array | undefined>;
  destroy(id: string): Promise<boolean>;
};
type Made = { readonly hour: number; readonly id: string; readonly key: Promise<DataKey> };

const hourMs = 3_600_000;
/** The next hour's key is made by the first record after 50 minutes, so that nobody waits for it. */
const aheadMs = 600_000;
const cacheLimit = 256;

/**
 * One data key for each hour of this process, wrapped by KMS with its id as the additional data, in `keys/<id>`. Deleting the
 * object erases what was encrypted with it, also for processes that hold the key in memory: they look before they use it.
 */
export function dataKeys(kms: Kms, wrappingKey: string, objects: KeyObjects): DataKeys {
  const destroyed = new Set<string>();
  const make = async (id: string): Promise<DataKey> => {
    const key = randomBytes(32);
    const wrapped = await kms.encrypt(wrappingKey, key, Buffer.from(id));
    if ((await objects.create(objectName(id), wrapped)) === 'exists')
      throw new SluiceError('sink_unavailable', `the data key ${id} exists already`);
    return { id, key, wrapped: id };
  };
  return {
    current: hourly(make, (id) => destroyed.has(id)),
    ...reading(kms, wrappingKey, objects, destroyed),
  };
}

const objectName = (id: string): string => `keys/${id}`;
const isId = (id: string): boolean => /^dk_[0-9a-z_]{1,64}$/.test(id);

function reading(kms: Kms, wrappingKey: string, objects: KeyObjects, destroyed: Set<string>) {
  const cache = new Map<string, Uint8Array>();
  const read = async (id: string): Promise<Uint8Array | undefined> => {
    if (!isId(id)) return undefined;
    const wrapped = await objects.read(objectName(id));
    if (wrapped === undefined) {
      cache.delete(id);
      return undefined;
    }
    const known = cache.get(id);
    if (known !== undefined) return known;
    const key = await kms.decrypt(wrappingKey, wrapped.bytes, Buffer.from(id));
    if (cache.size >= cacheLimit) cache.clear();
    cache.set(id, key);
    return key;
  };
  const destroy = async (id: string): Promise<boolean> => {
    if (!isId(id)) return false;
    cache.delete(id);
    destroyed.add(id);
    return objects.remove(objectName(id));
  };
  return { read, destroy };
}

function hourly(
  make: (id: string) => Promise<DataKey>,
  isDestroyed: (id: string) => boolean,
): (nowMs: number) => Promise<DataKey> {
  let current: Made | undefined;
  let next: Made | undefined;
  const start = (hour: number): Made => {
    const when = new Date(hour * hourMs).toISOString().slice(0, 13).replace(/[-T]/g, '');
    const id = `dk_${when}_${randomBytes(8).toString('hex')}`;
    const made = { hour, id, key: make(id) };
    made.key.catch(() => {
      if (current === made) current = undefined;
      if (next === made) next = undefined;
    });
    return made;
  };
  const usable = (made: Made | undefined, hour: number): made is Made =>
    made !== undefined && made.hour === hour && !isDestroyed(made.id);
  return (nowMs) => {
    const hour = Math.floor(nowMs / hourMs);
    if (!usable(current, hour)) {
      current = usable(next, hour) ? next : start(hour);
      next = undefined;
    }
    const { key } = current;
    if (nowMs % hourMs >= hourMs - aheadMs && !usable(next, hour + 1)) next = start(hour + 1);
    return key;
  };
}
