import type { DerivedStore } from '../../functions/ports/derived-store.ts';

/** What is derived, in memory, where a test may change it. */
export type MemoryDerivedStore = DerivedStore & { readonly files: Map<string, string> };

export function memoryDerivedStore(files: Map<string, string> = new Map()): MemoryDerivedStore {
  return {
    files,
    create: async (name, bytes) => {
      if (files.has(name)) return 'exists';
      files.set(name, Buffer.from(bytes).toString('utf8'));
      return 'created';
    },
    read: async (name) => {
      const text = files.get(name);
      return text === undefined ? undefined : Buffer.from(text, 'utf8');
    },
    async *list(prefix) {
      yield* [...files.keys()].filter((name) => name.startsWith(prefix)).sort();
    },
  };
}
