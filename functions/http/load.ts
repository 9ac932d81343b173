import { AsyncLocalStorage } from 'node:async_hooks';
import { SluiceError } from '../core/errors.ts';

/** Bytes of memory that requests share: who wants some waits for its turn, first come first served. */
export type Budget = {
  /** Takes `bytes` (at most the whole budget) within `waitMs`, or answers undefined. The result gives them back, once. */
  take(bytes: number, waitMs: number, signal?: AbortSignal): Promise<Taken | undefined>;
  readonly freeBytes: number;
};
export type Taken = {
  /** Keeps only so many of the bytes that were taken. */
  shrink(bytes: number): void;
  release(): void;
};

type Waiting = { readonly bytes: number; readonly start: () => void };

export function openBudget(totalBytes: number): Budget {
  let freeBytes = totalBytes;
  const queue: Waiting[] = [];
  const serve = (): void => {
    while (queue[0] !== undefined && queue[0].bytes <= freeBytes) {
      const next = queue.shift() as Waiting;
      freeBytes -= next.bytes;
      next.start();
    }
  };
  const held = (bytes: number): Taken => {
    let keptBytes = bytes;
    const shrink = (to: number): void => {
      const given = keptBytes - Math.min(keptBytes, Math.max(0, to));
      keptBytes -= given;
      freeBytes += given;
      serve();
    };
    return { shrink, release: () => shrink(0) };
  };
  return {
    get freeBytes() {
      return freeBytes;
    },
    take(wanted, waitMs, signal) {
      const bytes = Math.min(wanted, totalBytes);
      return new Promise((resolve) => {
        const giveUp = (): void => {
          const at = queue.indexOf(waiting);
          if (at < 0) return;
          queue.splice(at, 1);
          settle(undefined);
          serve();
        };
        const settle = (taken: Taken | undefined): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', giveUp);
          resolve(taken);
        };
        const waiting: Waiting = { bytes, start: () => settle(held(bytes)) };
        const timer = setTimeout(giveUp, waitMs);
        signal?.addEventListener('abort', giveUp);
        queue.push(waiting);
        serve();
        if (signal?.aborted) giveUp();
      });
    },
  };
}

/** One request's share of the budget; everything is given back when the request has ended. */
export type Share = {
  /** Throws SluiceError `overloaded` where there is no room within a few seconds. */
  take(bytes: number): Promise<Taken>;
  end(): void;
};

/** How long a request waits for room: shorter than a client's patience, longer than most pages take. */
const roomWaitMs = 5_000;

const shares = new AsyncLocalStorage<Share>();

export function openShare(budget: Budget, signal?: AbortSignal): Share {
  const taken = new Set<Taken>();
  let ended = false;
  return {
    async take(bytes) {
      const room = await budget.take(bytes, roomWaitMs, signal);
      if (room === undefined)
        throw new SluiceError('overloaded', 'there is no memory left for another body or page');
      if (ended) room.release();
      else taken.add(room);
      return room;
    },
    end() {
      ended = true;
      for (const room of taken) room.release();
      taken.clear();
    },
  };
}

/** Runs `work` with a share of the budget that whatever it calls finds again. */
export const withShare = <T>(share: Share, work: () => T): T => shares.run(share, work);

/** The share of the request that this runs in; undefined where nothing is bounded (the embedded gateway). */
export const currentShare = (): Share | undefined => shares.getStore();
