import { randomBytes } from 'node:crypto';
import type { Clock } from '../../ports/clock.ts';

/** The machine's own clock and randomness. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  randomHex: (bytes) => randomBytes(bytes).toString('hex'),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done);
    }),
};
