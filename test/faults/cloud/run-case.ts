import { setTimeout as pause } from 'node:timers/promises';
import { startPushRelay } from '../../support/push-relay.ts';
import { type Gate, httpGate, type Trouble } from './gate.ts';
import { type Instance, openInstance, serviceAccount, serviceAudience } from './instance.ts';
import { brokenPromises, type Evidence } from './promises.ts';
import type { Site } from './site.ts';
import { type Outcome, Story } from './story.ts';
import { openWorld, type Pair, type World } from './world.ts';

/** Trouble that is not on a way to a part: the gateway's clock is off, or an emulator crashes and forgets everything. */
export type Mishap =
  | { readonly kind: 'clock'; readonly byMs: number }
  | { readonly kind: 'restart'; readonly emulator: 'firestore' | 'pubsub' };

/**
 * One case: what goes wrong, and when. A fault strikes at a request to its pair; a mishap when the pair named here has been
 * asked so often, 0 = before anything starts.
 */
export type Case =
  | { readonly kind: 'fault'; readonly pair: Pair; readonly what: string; readonly trouble: Trouble }
  | {
      readonly kind: 'mishap';
      readonly pair: Pair;
      readonly what: string;
      readonly mishap: Mishap;
      readonly at: number;
    };
export type CaseResult = {
  readonly broken: readonly string[];
  /** Whether the story came to where the trouble is. */
  readonly struck: boolean;
  readonly asked: Readonly<Record<Pair, readonly string[]>>;
  readonly outcomes: readonly Outcome[];
  /** Pushes that were taken. */
  readonly pushed: number;
  /** How far time had to pass for the sweep to move what was left. */
  readonly offsetMs: number;
  readonly refusals: number;
  /** What an operator would read, a line each. */
  readonly told: readonly string[];
  readonly tookMs: number;
};

/** So long a part is away that does not come back at once: longer than every deadline but the front's. */
const outageMs = 1_200;

/**
 * Tells the story in a world of its own with one trouble in it (or none), and checks every promise at its end. `look` sees
 * what was checked before it is gone.
 */
export async function runCase(
  site: Site,
  one?: Case,
  look: (evidence: Evidence) => Promise<void> = async () => {},
): Promise<CaseResult> {
  const startMs = performance.now();
  const opened: { close(): Promise<void> }[] = [];
  const kept = <T extends { close(): Promise<void> }>(part: T): T => {
    opened.push(part);
    return part;
  };
  try {
    const world = kept(await openWorld(site));
    const { back, front, gates } = await openGateway(world, kept, one);
    const relay = await startPushRelay({
      target: () => gates['pub/sub to resume'].url,
      token: () => site.google.token(serviceAudience, serviceAccount),
    });
    kept({ close: () => relay.stop() });
    await world.makeTopic(relay.url);

    const story = await Story.begin(world, { front, back, sweepUrl: gates['scheduler to sweep'].url });
    const trouble = one === undefined ? noTrouble : troubleOf(one, world, gates[one.pair], relay.url);
    const told = await story.tell();
    const asked = askedOf(gates);
    const struck = trouble.struck();
    await trouble.end();
    const unfinished = told.stuck === undefined ? await story.end() : undefined;
    const evidence: Evidence = {
      world,
      // What the scheduler is answered on a broken way is not the gateway's answer.
      exchanges: story.exchanges.filter(
        ({ who }) => who !== 'scheduler' || one?.pair !== 'scheduler to sweep',
      ),
      told: [...front.told, ...back.told],
      explained: one?.kind === 'mishap' ? explained[one.mishap.kind] : [],
    };
    const broken = await brokenPromises(evidence);
    await look(evidence);
    const stuck = [told.stuck, unfinished].flatMap((each) =>
      each === undefined ? [] : [`P8: stuck: ${each}`],
    );
    return {
      ...{ struck, outcomes: story.outcomes, offsetMs: world.offsetMs },
      broken: [...stuck, ...broken, ...wrongRows(story.outcomes)],
      asked,
      told: [...front.told, ...back.told].map(String),
      pushed: relay.statuses.filter((status) => status === 204).length,
      refusals: story.exchanges.filter(({ status }) => status === 0 || status >= 400).length,
      tookMs: performance.now() - startMs,
    };
  } finally {
    for (const each of opened.reverse()) await each.close();
    site.forget();
  }
}

/** What a trouble explains: see Evidence. */
const explained = { clock: [401], restart: [404] } as const;

type Kept = <T extends { close(): Promise<void> }>(part: T) => T;

/** Two processes: who is asked by agents and people, and who is called by the platform. Trouble may meet their start. */
async function openGateway(
  world: World,
  kept: Kept,
  one: Case | undefined,
): Promise<{ back: Instance; front: Instance; gates: Readonly<Record<Pair, Gate>> }> {
  if (one?.kind === 'mishap' && one.mishap.kind === 'clock' && one.at === 0) world.skewMs = one.mishap.byMs;
  const [fault, within] =
    one?.kind === 'fault'
      ? [one, Object.entries(world.gates).find(([name]) => name === one.pair)?.[1]]
      : [undefined, undefined];
  if (fault !== undefined) await within?.arm(fault.trouble);
  const back = kept(await openInstance(world, ['resume', 'sweep']));
  const front = kept(await openInstance(world, ['api', 'approvals']));
  const gates = {
    ...world.gates,
    'pub/sub to resume': kept(await httpGate(back.urls.resume)),
    'scheduler to sweep': kept(await httpGate(back.urls.sweep)),
  };
  if (fault !== undefined && within === undefined) await gates[fault.pair].arm(fault.trouble);
  return { back, front, gates };
}

type Running = { readonly struck: () => boolean; end(): Promise<void> };
const noTrouble: Running = { struck: () => true, end: async () => {} };

/** What is to happen in the course of the story, and its end: some time after it struck, or when `end` is called. */
function troubleOf(one: Case, world: World, gate: Gate, pushEndpoint: string): Running {
  switch (one.kind) {
    case 'fault':
      return watched(
        () => gate.struckMs(),
        () => (one.trouble.lasting ? gate.heal() : undefined),
        () => gate.heal(),
      );
    case 'mishap': {
      let sinceMs: number | undefined;
      let begun: Promise<void> | undefined;
      return watched(
        () => {
          if (begun === undefined && gate.requests() >= one.at) {
            sinceMs = performance.now();
            begun = begin(one.mishap, world, pushEndpoint);
          }
          return sinceMs;
        },
        async () => {
          await begun;
          world.skewMs = 0;
        },
        async () => {
          await begun;
          world.skewMs = 0;
        },
      );
    }
  }
}

async function begin(mishap: Mishap, world: World, pushEndpoint: string): Promise<void> {
  switch (mishap.kind) {
    case 'clock':
      world.skewMs = mishap.byMs;
      return;
    case 'restart': {
      const emulator = world.site[mishap.emulator];
      await emulator.kill();
      await emulator.restart();
      if (mishap.emulator === 'pubsub') await world.makeTopic(pushEndpoint);
    }
  }
}

/** Looks when something strikes, ends it some time after, and in any case at the end. */
function watched(
  struckMs: () => number | undefined,
  over: () => Promise<void> | undefined,
  last: () => Promise<void>,
): Running {
  const ended = new AbortController();
  let struck = false;
  const watching = (async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const sinceMs = struckMs();
      struck ||= sinceMs !== undefined;
      if (sinceMs !== undefined && performance.now() - sinceMs > outageMs) return over();
      await pause(10, undefined, { signal: ended.signal }).catch(() => {});
    }
  })();
  return {
    struck: () => struck || struckMs() !== undefined,
    async end() {
      ended.abort();
      await watching;
      await last();
    },
  };
}

const wanted: readonly [RegExp, string][] = [
  [/^job-b/, '[["5"]]'],
  [/./, JSON.stringify(Array.from({ length: 5 }, (_, at) => [String(at + 1), `canary${at}@shop.example`]))],
];

/** What an agent was given as the rows of a query are its rows, all of them, each once. */
const wrongRows = (outcomes: readonly Outcome[]): readonly string[] =>
  outcomes.flatMap(({ jobId, rows }) => {
    const right = wanted.find(([name]) => name.test(jobId))?.[1];
    return rows === undefined || rows === right ? [] : [`P4: the rows of ${jobId} are ${rows}`];
  });

const askedOf = (gates: Readonly<Record<Pair, Gate>>): CaseResult['asked'] =>
  Object.fromEntries(
    Object.entries(gates).map(([name, gate]) => [name, [...gate.asked()]]),
  ) as unknown as CaseResult['asked'];
