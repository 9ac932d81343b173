import type { AuditStore } from '../../functions/ports/audit-store.ts';

/** A log in memory whose objects a test may change behind its back. */
export type MemoryAuditStore = AuditStore & { readonly objects: Map<string, Uint8Array> };

export function memoryAuditStore(objects: Map<string, Uint8Array> = new Map()): MemoryAuditStore {
  return {
    objects,
    create: async (name, bytes) => {
      if (objects.has(name)) return 'exists';
      objects.set(name, Uint8Array.from(bytes));
      return { generation: '1' };
    },
    read: async (name) => {
      const bytes = objects.get(name);
      return bytes === undefined ? undefined : { bytes, generation: '1' };
    },
    async *list(prefix) {
      const names = [...objects.keys()].filter((name) => name.startsWith(prefix));
      yield* names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    },
    check: async () => [],
  };
}

/** The same objects again, to be changed without touching the first. */
export const copyOf = (store: MemoryAuditStore): MemoryAuditStore => memoryAuditStore(new Map(store.objects));
