import { type Random, randomOf } from '../../fuzz/random.ts';
import { faultList } from '../../support/stand-ins/fault-list.ts';
import type { Case, CaseResult } from './run-case.ts';
import { type Pair, pairs } from './world.ts';

/** How many times a part is asked in the story, and for what. */
export type Survey = CaseResult['asked'];

/** Every fault at every request of the story to that part: once, and from then on until it is healed. */
export function faultCases(survey: Survey, only?: readonly string[]): readonly Case[] {
  return pairs
    .filter((pair) => only === undefined || only.includes(pair))
    .flatMap((pair) =>
      survey[pair].flatMap((_, index) =>
        faultList.flatMap(([what, fault]) =>
          [false, true].map(
            (lasting): Case => ({
              ...{ kind: 'fault', pair, what },
              trouble: { fault, at: index + 1, lasting },
            }),
          ),
        ),
      ),
    );
}

const tenMinutesMs = 600_000;

/** The gateway's clock, ten minutes off for a while: from the start, and from every request to the log on. */
export const clockCases = (survey: Survey): readonly Case[] =>
  [0, ...survey['audit bucket'].keys()].flatMap((at) =>
    [tenMinutesMs, -tenMinutesMs].map(
      (byMs): Case => ({
        ...{ kind: 'mishap', pair: 'audit bucket', at },
        what: `the clock ten minutes ${byMs > 0 ? 'ahead' : 'behind'}`,
        mishap: { kind: 'clock', byMs },
      }),
    ),
  );

/** An emulator crashes and comes back with nothing in memory; `every` so many requests. */
export const restartCases = (survey: Survey, every: number): readonly Case[] =>
  (
    [
      ['firestore', 'firestore'],
      ['pub/sub', 'pubsub'],
    ] as const
  ).flatMap(([pair, emulator]) =>
    survey[pair]
      .map((_, index) => index + 1)
      .filter((at) => at % every === 1 || every === 1)
      .map(
        (at): Case => ({
          ...{ kind: 'mishap', pair, at },
          what: 'the emulator crashes and forgets',
          mishap: { kind: 'restart', emulator },
        }),
      ),
  );

/** As many cases of each pair and each fault as it takes, spread over the positions by chance that `seed` fixes. */
export function sampleOf(cases: readonly Case[], perPair: number, seed: number): readonly Case[] {
  const random = randomOf(seed);
  return pairs.flatMap((pair) => spread(random, pair, cases, perPair));
}

function spread(random: Random, pair: Pair, cases: readonly Case[], most: number): readonly Case[] {
  const left = cases.filter((one) => one.pair === pair);
  const names = faultList.map(([what]) => what);
  const chosen: Case[] = [];
  const begin = random.below(names.length);
  for (let at = 0; chosen.length < most && left.length > 0; at++) {
    const what = names[(begin + at) % names.length];
    const fitting = left.filter((one) => one.what === what);
    if (fitting.length === 0) continue;
    const one = random.pick(fitting);
    left.splice(left.indexOf(one), 1);
    chosen.push(one);
  }
  return chosen;
}

export function nameOf(one: Case): string {
  switch (one.kind) {
    case 'fault': {
      const { at, lasting } = one.trouble;
      return `${one.pair}, request ${at}: ${one.what}, ${lasting ? 'until it is healed' : 'once'}`;
    }
    case 'mishap':
      return `${one.what}, after ${one.at} requests to ${one.pair}`;
  }
}

/** Runs `work` on each, some at a time; what is done is told at once. */
export async function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const left = items.values();
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
