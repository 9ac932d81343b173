/**
 * Where the log's objects lie. Promises: an object is created whole or not at all, only if its name is free, durably before
 * the promise resolves, and never changes after. Failure to reach it throws SluiceError `sink_unavailable`.
 */
export type AuditStore = {
  /** `generation`: the store's own number of this object (1 where the store has none). */
  create(name: string, bytes: Uint8Array): Promise<{ readonly generation: string } | 'exists'>;
  read(name: string): Promise<{ readonly bytes: Uint8Array; readonly generation: string } | undefined>;
  /** Names below the prefix, in byte order. */
  list(prefix: string): AsyncIterable<string>;
  /** Why this store must not be used, e.g. a bucket without a locked retention policy. */
  check(): Promise<readonly string[]>;
};
