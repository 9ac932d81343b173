/**
 * What can be made again from the log: losing it loses time, no evidence, and nobody trusts it more than the log. Promises: an
 * object is created whole or not at all, only if its name is free, and does not change after. Failure to reach it
 * throws SluiceError `sink_unavailable`.
 */
export type DerivedStore = {
  /** Names are `headers/...`: see core/audit/header-lines.ts. Throws SluiceError `internal` for any other. */
  create(name: string, bytes: Uint8Array): Promise<'created' | 'exists'>;
  read(name: string): Promise<Uint8Array | undefined>;
  /** Names below the prefix, in byte order. */
  list(prefix: string): AsyncIterable<string>;
};
