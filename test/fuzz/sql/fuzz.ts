import { parseArgs } from 'node:util';
import type { Item } from '../../corpus/item.ts';
import { findOracle, type Oracle, openOracle } from '../../corpus/oracle.ts';
import { questionOf } from '../../corpus/oracle-answer.ts';
import { asItem, check, type Find, fatal, type Trouble, troubles } from './check.ts';
import { type KeptFind, readFinds, recheck, writeFinds } from './finds.ts';
import { analyzedCatalog } from './grammar-analyzed.ts';
import { analyzedInputOf, inputOf, readSeeds } from './inputs.ts';
import { minimize } from './minimize.ts';

const help = `npm run fuzz -- [flags]

Asks our GoogleSQL front end and the oracle about texts from a grammar and about mutated texts, and prints where they differ.

  --minutes N      how long (1)
  --count N        how many inputs instead
  --workers N      processes of the oracle (2)
  --analyze        texts to resolve against a catalog of the fuzzer instead of texts to parse
  --seed N         the first seed; seed N is always the same input: --seed N --count 1 asks that one again
  --corpus PATH    texts to mutate: files or folders as npm run corpus reads them; may be repeated
  --trouble NAME   only these: ${troubles.join(', ')}; may be repeated
  --positions      errors that point elsewhere are trouble too
  --groups N       groups to print for each trouble (15)
  --keep           write the shortest text of each group to test/cases/fuzz/finds.jsonl; what is no fatal trouble as open
  --replay         ask about the kept finds again instead, and with --keep close those that are mended
  --json           a summary as JSON

Exits 1 if a fatal trouble was found: ${[...fatal].join(', ')}.
`;

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '1' },
    count: { type: 'string' },
    workers: { type: 'string', default: '2' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    corpus: { type: 'string', multiple: true, default: [] },
    trouble: { type: 'string', multiple: true, default: [] },
    analyze: { type: 'boolean', default: false },
    positions: { type: 'boolean', default: false },
    groups: { type: 'string', default: '15' },
    keep: { type: 'boolean', default: false },
    replay: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

type Group = { count: number; text: string; seed: number; find: Find };
/** Asked and not answered yet: keeps the workers busy while our side runs. */
const inFlight = 256;
const reportMs = 5_000;

const say = (line: string): boolean => process.stderr.write(`${line}\n`);

async function main(program: string): Promise<number> {
  const texts = readSeeds(values.corpus);
  const first = Number(values.seed);
  say(`first seed ${first}, ${texts.length} texts to mutate`);
  const groups = new Map<string, Group>();
  const startMs = performance.now();
  const endMs = startMs + Number(values.minutes) * 60_000;
  const most = values.count === undefined ? Number.POSITIVE_INFINITY : Number(values.count);
  let [asked, answered, valid, saidMs] = [0, 0, 0, startMs];
  const oracle = openOracle({ program, workers: Number(values.workers) });
  const rate = (): number => Math.round((answered / (performance.now() - startMs)) * 1000);
  const one = async (): Promise<void> => {
    while (asked < most && (values.count !== undefined || performance.now() < endMs)) {
      const seed = first + asked;
      asked += 1;
      const { text } = values.analyze ? analyzedInputOf(seed) : inputOf(seed, texts);
      const item = itemOf(text);
      const answer = await oracle.ask(questionOf(item));
      answered += 1;
      valid += answer.ok ? 1 : 0;
      const find = check(item, answer, values.positions);
      if (find !== undefined && isWanted(find)) add(groups, { count: 1, text, seed, find });
      if (performance.now() - saidMs < reportMs) continue;
      saidMs = performance.now();
      say(`${answered} inputs, ${rate()}/s, ${groups.size} groups: ${totals(groups)}`);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, one));
  const perSecond = rate();
  const shown = shownGroups(groups);
  await Promise.all(shown.map((group) => shorten(group, oracle)));
  if (values.keep) await keep(shown, oracle);
  await oracle.close();
  const isFatal = [...groups.values()].some(({ find }) => fatal.has(find.trouble));
  report({ first, answered, valid, perSecond }, groups, shown);
  return isFatal ? 1 : 0;
}

/** Puts the shortest text of a group in its place, with what both sides say of that. */
async function shorten(group: Group, oracle: Oracle): Promise<void> {
  group.text = await minimize(itemOf(group.text), group.find, oracle);
  const item = itemOf(group.text);
  group.find = check(item, await oracle.ask(questionOf(item)), values.positions) ?? group.find;
}

const itemOf = (text: string): Item => asItem(text, values.analyze ? analyzedCatalog : undefined);

const isWanted = ({ trouble }: Find): boolean =>
  values.trouble.length === 0 || values.trouble.includes(trouble);

/** Keeps the shortest text of each group. */
function add(groups: Map<string, Group>, found: Group): void {
  const key = `${found.find.trouble}: ${found.find.group}`;
  const known = groups.get(key);
  if (known === undefined) groups.set(key, found);
  else {
    known.count += 1;
    if (found.text.length < known.text.length) Object.assign(known, found, { count: known.count });
  }
}

function shownGroups(groups: ReadonlyMap<string, Group>): Group[] {
  const all = [...groups.values()];
  return troubles.flatMap((trouble) =>
    all
      .filter(({ find }) => find.trouble === trouble)
      .sort((a, b) => b.count - a.count)
      .slice(0, Number(values.groups)),
  );
}

function totals(groups: ReadonlyMap<string, Group>): string {
  const counts = Map.groupBy(groups.values(), ({ find }) => find.trouble);
  const sum = (trouble: Trouble): number =>
    (counts.get(trouble) ?? []).reduce((n, { count }) => n + count, 0);
  return troubles
    .filter((trouble) => counts.has(trouble))
    .map((trouble) => `${trouble} ${sum(trouble)}`)
    .join(', ');
}

type Summary = {
  readonly first: number;
  readonly answered: number;
  readonly valid: number;
  readonly perSecond: number;
};

function report(summary: Summary, groups: ReadonlyMap<string, Group>, shown: readonly Group[]): void {
  if (values.json) {
    const list = shown.map(({ count, text, seed, find }) => ({ ...find, count, seed, text }));
    process.stdout.write(`${JSON.stringify({ ...summary, groups: list }, null, 2)}\n`);
    return;
  }
  for (const { count, text, seed, find } of shown) {
    process.stdout.write(
      `${find.trouble} ${count} x: ${find.group}\n  seed ${seed}, at its shortest: ${JSON.stringify(text)}\n  ours:   ${find.ours.slice(0, 300)}\n  theirs: ${find.theirs.slice(0, 300)}\n`,
    );
  }
  const { first, answered, valid, perSecond } = summary;
  process.stdout.write(
    `${answered} inputs from seed ${first}, ${perSecond}/s, ${valid} of them valid; ${groups.size} groups of differences${groups.size > 0 ? `: ${totals(groups)}` : ''}\n`,
  );
}

async function keep(shown: readonly Group[], oracle: Oracle): Promise<void> {
  const kept = await Promise.all(
    shown.map(async ({ text, seed, find: { trouble, group } }): Promise<KeptFind> => {
      const answer = await oracle.ask(questionOf(itemOf(text)));
      const mode = values.analyze ? 'analyze' : 'parse';
      return { trouble, group, seed, mode, text, oracle: answer, open: true };
    }),
  );
  writeFinds([...kept, ...readFinds()]);
}

/** Asks about the kept finds again. */
function replay(): number {
  const all = readFinds().map((find) => ({ find, now: recheck(find) }));
  for (const { find, now } of all)
    if (now !== undefined)
      say(`${find.open ? 'open' : 'FAILED'} ${now.trouble}: ${JSON.stringify(find.text)}`);
  if (values.keep)
    writeFinds(
      all.map(({ find: { open, ...find }, now }) => (now !== undefined && open ? { ...find, open } : find)),
    );
  const mended = all.filter(({ now }) => now === undefined).length;
  process.stdout.write(`${all.length} finds, ${mended} without trouble\n`);
  return all.some(({ find, now }) => now !== undefined && !find.open) ? 1 : 0;
}

if (values.help) process.stdout.write(help);
else if (values.replay) process.exitCode = replay();
else {
  const program = findOracle();
  if (program === undefined) {
    say('The oracle is not here: name its program in SLUICE_ORACLE.');
    process.exitCode = 2;
  } else process.exitCode = await main(program);
}
