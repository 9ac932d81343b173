import type { DerivedStore } from '../../ports/derived-store.ts';
import { checkedName, checkedPrefix } from './names.ts';

/** Objects of the derived bucket: `openKeyObjects` gives them. */
export type DerivedObjects = {
  create(name: string, bytes: Uint8Array): Promise<{ readonly generation: string } | 'exists'>;
  read(name: string): Promise<{ readonly bytes: Uint8Array } | undefined>;
  list(prefix: string): AsyncIterable<string>;
};

/** What is derived, beside the wrapped data keys in one bucket. */
export const bucketDerivedStore = (objects: DerivedObjects): DerivedStore => ({
  create: async (name, bytes) =>
    (await objects.create(checkedName(name), bytes)) === 'exists' ? 'exists' : 'created',
  read: async (name) => (await objects.read(checkedName(name)))?.bytes,
  list: (prefix) => objects.list(checkedPrefix(prefix)),
});
