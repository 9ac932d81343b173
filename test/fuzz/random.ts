/** Numbers that look random and are the same for the same seed (mulberry32). */
export type Random = {
  /** 0 to below 1. */
  next(): number;
  /** 0 to below `n`. */
  below(n: number): number;
  pick<T>(from: readonly T[]): T;
  chance(share: number): boolean;
};

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    pick: (from) => from[below(from.length)] as never,
    chance: (share) => next() < share,
  };
}
