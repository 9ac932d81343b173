import { answersTo } from './answers.ts';
import { cacheFile, openCache, questionHash } from './cache.ts';
import { compare } from './compare.ts';
import { type Flags, help, readFlags } from './flags.ts';
import type { Item } from './item.ts';
import { type Judgement, judge } from './judge.ts';
import { findOracle, oracleName } from './oracle.ts';
import { fileQuestionOf, questionOf } from './oracle-answer.ts';
import { askUs, type Ours } from './ours.ts';
import { readItems } from './read-items.ts';
import { type Cell, cells, itemText } from './show.ts';
import { countsOf, groupsOf, type Row, sharesOf, tableText } from './table.ts';

type Compared = { readonly item: Item; readonly ours: Ours; readonly theirs: Judgement; readonly row: Row };

const say = (line: string): boolean => process.stderr.write(`${line}\n`);

async function main(flags: Flags): Promise<number> {
  const { items, skips } = readItems(flags.paths, flags.mode);
  const wanted = items.filter((item) => isWanted(item, flags)).filter((_, i) => i % flags.sample === 0);
  const answer = await theirAnswers(wanted);
  warmUp(wanted);
  const skipped = new Map<string, number>();
  const skip = (reason: string): void => void skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  for (const { reason } of skips) skip(reason);
  const all = wanted.flatMap((item): Compared[] => {
    const ours = askUs(item);
    if (ours === undefined) {
      skip(`no way in for ${item.entry}`);
      return [];
    }
    const theirs = answer(item);
    if (theirs === undefined) {
      skip('no oracle and no recorded answer');
      return [];
    }
    return [{ item, ours, theirs, row: rowOf(item, ours, theirs) }];
  });
  report(all, skipped, flags);
  return withinLimits(all, flags) ? 0 : 1;
}

function isWanted(item: Item, flags: Flags): boolean {
  if (flags.onlyBigQuery && !item.bigQuery) return false;
  if (flags.areas.length > 0 && !flags.areas.includes(item.area)) return false;
  return flags.name === undefined || item.id.includes(flags.name);
}

async function theirAnswers(items: readonly Item[]): Promise<(item: Item) => Judgement | undefined> {
  const program = findOracle();
  if (program === undefined) say('no oracle here: kept answers only');
  const cache = openCache(cacheFile(), program === undefined ? '' : oracleName(program));
  const questions = items.flatMap((item) => {
    const asFile = fileQuestionOf(item);
    return asFile === undefined ? [questionOf(item)] : [questionOf(item), asFile];
  });
  const answers = await answersTo(questions, cache, program, (done, count) =>
    say(`oracle: ${done} of ${count}`),
  );
  cache.close();
  return (item) => {
    const asBigQuery = answers.get(questionHash(questionOf(item)));
    const asFile = fileQuestionOf(item);
    if (asBigQuery === undefined) return undefined;
    return judge(item, asBigQuery, asFile && answers.get(questionHash(asFile)));
  };
}

/** The first calls of ours are slow because they compile; a few dozen before the clock runs make the times those of a server. */
function warmUp(items: readonly Item[]): void {
  for (let i = 0; i < items.length && i < 300; i++)
    askUs(items[Math.floor((i * items.length) / 300)] ?? items[i]!);
}

function rowOf(item: Item, ours: Ours, theirs: Judgement): Row {
  return {
    file: item.file,
    area: item.area,
    bigQuery: item.bigQuery,
    found: compare(ours.verdict, theirs.verdict),
    refused: ours.refusals.length > 0,
    byFile: theirs.by === 'file',
    us: ours.us,
  };
}

function report(all: readonly Compared[], skipped: ReadonlyMap<string, number>, flags: Flags): void {
  const rows = all.map(({ row }) => row);
  const by = (row: Row): string => (flags.by === 'file' ? row.file : row.area);
  const [inside, outside] = [rows.filter((row) => row.bigQuery), rows.filter((row) => !row.bigQuery)];
  if (flags.json) {
    const numbers = {
      groups: Object.fromEntries(groupsOf(rows, by)),
      total: countsOf(inside),
      outside: countsOf(outside),
      skipped: Object.fromEntries(skipped),
    };
    process.stdout.write(`${JSON.stringify(numbers, null, 2)}\n`);
    return;
  }
  if (flags.show !== undefined) show(all, flags.show, flags.limit);
  const groups = groupsOf(inside, by).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines: [string, ReturnType<typeof countsOf>][] = [...groups, ['TOTAL', countsOf(inside)]];
  if (outside.length > 0) lines.push(...groupsOf(outside, (row) => `(not BigQuery) ${by(row)}`));
  process.stdout.write(tableText(lines));
  const { refused, accepted, position } = sharesOf(countsOf(inside));
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  process.stdout.write(
    `refused of the valid: ${percent(refused)}; accepted of the invalid: ${percent(accepted)}; errors elsewhere: ${percent(position)}\n`,
  );
  for (const [reason, count] of skipped) process.stdout.write(`skipped ${count}: ${reason}\n`);
}

function show(all: readonly Compared[], cell: Cell, limit: number): void {
  const isIn = ({ row }: Compared): boolean =>
    cell === 'dialect' ? row.refused : cell === 'file' ? row.byFile : row.found.has(cells[cell]);
  const members = all.filter(isIn);
  for (const { item, ours, theirs } of members.slice(0, limit))
    process.stdout.write(`${itemText(item, ours, theirs)}\n`);
  process.stdout.write(`${Math.min(limit, members.length)} of ${members.length} in "${cell}"\n\n`);
}

function withinLimits(all: readonly Compared[], { most, mostMissed }: Flags): boolean {
  const counts = countsOf(all.map(({ row }) => row).filter(({ bigQuery }) => bigQuery));
  const shares = sharesOf(counts);
  const missed = counts.tableMissed + counts.kindsDiffer;
  return (
    shares.refused <= (most.refused ?? 1) &&
    shares.accepted <= (most.accepted ?? 1) &&
    shares.position <= (most.position ?? 1) &&
    missed <= (mostMissed ?? Number.POSITIVE_INFINITY)
  );
}

const flags = readFlags(process.argv.slice(2));
if (typeof flags === 'string') {
  const asked = flags === help;
  (asked ? process.stdout : process.stderr).write(`${flags}\n`);
  process.exitCode = asked && process.argv.includes('--help') ? 0 : 2;
} else {
  process.exitCode = await main(flags);
}
