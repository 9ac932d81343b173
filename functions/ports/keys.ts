import type { WriterCertificate } from '../core/audit/writer-key.ts';

/** A key that encrypts record content for one instance and one hour. `wrapped` is what the record carries. */
export type DataKey = { readonly id: string; readonly key: Uint8Array; readonly wrapped: string };

/** Signs records until `certificate.untilMs` (for ever without one), Ed25519. */
export type RecordSigner = {
  readonly sign: (bytes: Uint8Array) => Promise<Uint8Array>;
  readonly certificate?: WriterCertificate;
};

/**
 * Signing, wrapping and keyed hashes. Private keys never leave it. Failure to reach it throws SluiceError
 * `sink_unavailable`: without keys nothing can be recorded.
 */
export type Keys = {
  /** Ed25519 over the bytes, with the log's key. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
  /** Who signs this process's records now: the log's key where it is at hand, else a key of the process that it certified. */
  recordSigner(nowMs: number): Promise<RecordSigner>;
  /** Raw 32-byte Ed25519 public key of the log. */
  readonly publicKey: Uint8Array;
  /** The log's name in checkpoints (C2SP signed-note key name), e.g. `sluice.local/audit`. */
  readonly logName: string;
  /** Ed25519 over an approval link's payload, with a key of its own; `kid` names it. */
  signLink(payload: Uint8Array): Promise<{ readonly kid: string; readonly signature: Uint8Array }>;
  verifyLink(kid: string, payload: Uint8Array, signature: Uint8Array): Promise<boolean>;
  dataKey(nowMs: number): Promise<DataKey>;
  /** The data key behind `wrapped`, or undefined once it has been destroyed. */
  unwrap(wrapped: string): Promise<Uint8Array | undefined>;
  /** HMAC-SHA256 with a key that only serves `purpose`. */
  hmac(
    purpose: 'query-id' | 'session' | 'mask' | 'commitment' | 'page-token' | 'csrf',
    bytes: Uint8Array,
  ): Promise<Uint8Array>;
};
