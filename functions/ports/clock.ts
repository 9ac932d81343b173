/** Time and chance, so that the rest is a function of its arguments. */
export type Clock = {
  /** Milliseconds since the epoch. */
  nowMs(): number;
  /** `bytes` random bytes, lower-case hex. */
  randomHex(bytes: number): string;
  /** Resolves after `ms`, or as soon as `signal` aborts (it never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};
