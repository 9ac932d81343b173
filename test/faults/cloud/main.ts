import { parseArgs } from 'node:util';
import { allNeeds, look } from '../../support/emulators/requires.ts';
import { clockCases, eachOf, faultCases, nameOf, restartCases, type Survey, sampleOf } from './cases.ts';
import { type Case, type CaseResult, runCase } from './run-case.ts';
import { openSite, type Site } from './site.ts';
import { pairs } from './world.ts';

/*
 * Every fault between every pair of parts, at every request of the story: `npm run faults`. Hours on two cores; `--sample N`
 * takes N cases of each pair, `--case NAME` the one that is called so, `--only PAIR` (again for more) some pairs, `--only clock` and `--only restart` the mishaps.
 * Ends with 1 where a promise is broken.
 */
const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    sample: { type: 'string' },
    seed: { type: 'string', default: '1' },
    concurrency: { type: 'string', default: '4' },
    case: { type: 'string' },
    part: { type: 'string', default: '1/1' },
    json: { type: 'boolean', default: false },
  },
});
process.env.METADATA_SERVER_DETECTION = 'none';

const wanted = flags.only;
const isWanted = (name: string): boolean => wanted === undefined || wanted.includes(name);
const known: readonly string[] = [...pairs, 'clock', 'restart'];
for (const name of wanted ?? [])
  if (!known.includes(name)) fail(`--only ${name} is none of: ${known.join(', ')}`);
for (const need of allNeeds.filter((each) => ['java', 'firestore', 'pubsub'].includes(each))) {
  const found = look(need);
  if (!found.ok) fail(found.reason);
}

type Count = { cases: number; struck: number; broken: number; refusals: number };
type Summary = {
  readonly seed: number;
  readonly counts: Record<string, Record<string, Count>>;
  readonly broken: { readonly case: string; readonly promises: readonly string[] }[];
  /** Queries that ended without rows, which the agent had to submit again. */
  submittedAgain: number;
  cases: number;
  struck: number;
  refusals: number;
  seconds: number;
};
const summary: Summary = {
  ...{ seed: Number(flags.seed), counts: {}, broken: [], submittedAgain: 0 },
  ...{ cases: 0, struck: 0, refusals: 0, seconds: 0 },
};
const unhandled: string[] = [];
process.on('unhandledRejection', (error) => {
  unhandled.push(error instanceof Error ? String(error.stack) : String(error));
});

const startMs = performance.now();
const site = await openSite({ own: true });
// The first tells nothing of how often parts are asked: the libraries are loaded in it.
await runCase(site);
const untroubled = await runCase(site);
if (untroubled.broken.length > 0) fail(`without any trouble: ${untroubled.broken.join('\n')}`);
const cases = chosen(untroubled.asked);
say(
  `${cases.length} cases; the story asks ${pairs.map((pair) => `${pair} ${untroubled.asked[pair].length}`).join(', ')}`,
);
const alone = cases.filter((one) => one.kind === 'mishap' && one.mishap.kind === 'restart');
const others = cases.filter((one) => !alone.includes(one));
let toldMs = performance.now();
await eachOf(others, Number(flags.concurrency), (one) => run(site, one));
await eachOf(alone, 1, (one) => run(site, one));
await site.stop();
finish();

function chosen(survey: Survey): readonly Case[] {
  const [part = 1, parts = 1] = flags.part.split('/').map(Number);
  const all = faultCases(survey, wanted);
  const sample = flags.sample === undefined ? undefined : Number(flags.sample);
  const mishaps = [
    ...(isWanted('clock') ? clockCases(survey) : []),
    ...(isWanted('restart') ? restartCases(survey, sample === undefined ? 1 : 20) : []),
  ];
  if (flags.case !== undefined) return [...all, ...mishaps].filter((one) => nameOf(one) === flags.case);
  const some =
    sample === undefined ? mishaps : mishaps.filter((_, at) => at % Math.ceil(mishaps.length / sample) === 0);
  const taken = [...(sample === undefined ? all : sampleOf(all, sample, summary.seed)), ...some];
  return taken.filter((_, at) => at % parts === part - 1);
}

async function run(at: Site, one: Case): Promise<void> {
  const result = await runCase(at, one).catch(
    (error: unknown): Partial<CaseResult> => ({
      broken: [`the case itself failed: ${error instanceof Error ? error.stack : String(error)}`],
    }),
  );
  const broken = [...(result.broken ?? []), ...unhandled.splice(0).map((text) => `unhandled: ${text}`)];
  count(one, result, broken.length > 0);
  summary.submittedAgain += (result.outcomes ?? []).filter(({ failed }) => failed !== undefined).length;
  if (broken.length > 0) {
    summary.broken.push({ case: nameOf(one), promises: broken });
    const told = [...new Set(result.told)].slice(0, 20).map((text) => `told: ${text}`);
    say(
      [`BROKEN ${nameOf(one)}`, ...[...broken, ...told].map((text) => `    ${text.slice(0, 1000)}`)].join(
        '\n',
      ),
    );
  }
  if (performance.now() - toldMs < 15_000) return;
  toldMs = performance.now();
  say(`${summary.cases} of ${cases.length}, ${summary.broken.length} broken, ${seconds()} s`);
}

function count(one: Case, { struck = false, refusals = 0 }: Partial<CaseResult>, isBroken: boolean): void {
  const place = one.kind === 'fault' ? one.pair : one.mishap.kind;
  summary.counts[place] ??= {};
  const counts = summary.counts[place];
  const of = counts[one.what] ?? { cases: 0, struck: 0, broken: 0, refusals: 0 };
  counts[one.what] = of;
  for (const each of [of, summary] as const) {
    each.cases += 1;
    each.struck += struck ? 1 : 0;
    each.refusals += refusals;
  }
  of.broken += isBroken ? 1 : 0;
}

function finish(): void {
  summary.seconds = seconds();
  if (flags.json) process.stdout.write(`${JSON.stringify(summary, null, 2)}\n`);
  for (const [place, faults] of Object.entries(summary.counts)) {
    const all = Object.values(faults);
    const sum = (of: (each: Count) => number): number => all.reduce((total, each) => total + of(each), 0);
    say(
      `${place}: ${sum((c) => c.cases)} cases, ${sum((c) => c.struck)} struck, ${sum((c) => c.broken)} broken`,
    );
  }
  say(
    `${summary.cases} cases, ${summary.struck} struck, ${summary.broken.length} broken, ` +
      `${summary.submittedAgain} queries submitted again, ${summary.refusals} refusals, ${summary.seconds} s`,
  );
  process.exit(summary.broken.length > 0 ? 1 : 0);
}

function seconds(): number {
  return Math.round((performance.now() - startMs) / 1000);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

function fail(problem: string): never {
  say(`faults: ${problem}`);
  process.exit(1);
}
