import { compare } from './compare.ts';
import { type Flags, help, readFlags } from './flags.ts';
import { pairGroup } from './groups.ts';
import type { Item } from './item.ts';
import type { Judgement } from './judge.ts';
import { findOracle } from './oracle.ts';
import { askUs, type Ours, timeUs } from './ours.ts';
import { readCatalog, readItems } from './read-items.ts';
import { writeRecorded } from './recorded.ts';
import { type RoundTrip, roundTrips } from './round-trip.ts';
import { type Cell, cells, itemText } from './show.ts';
import { countsOf, groupsOf, type Row, sharesOf, tableText } from './table.ts';
import { type Theirs, theirsOf } from './theirs.ts';

type Compared = {
  readonly item: Item;
  readonly ours: Ours;
  readonly theirs: Judgement;
  readonly row: Row;
  readonly trip?: RoundTrip;
};

const say = (line: string): boolean => process.stderr.write(`${line}\n`);

async function main(flags: Flags): Promise<number> {
  const catalog = flags.catalog === undefined ? undefined : readCatalog(flags.catalog, flags.project);
  const { items, skips } = readItems(flags.paths, flags.mode, catalog);
  const wanted = items.filter((item) => isWanted(item, flags)).filter((_, i) => i % flags.sample === 0);
  const others = await theirsOf(wanted, say);
  if (flags.record !== undefined) record(flags.record, wanted, others);
  warmUp(wanted);
  const skipped = new Map<string, number>();
  const skip = (reason: string): void => void skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  for (const { reason } of skips) skip(reason);
  const compared = wanted.flatMap((item): Compared[] => {
    const ours = timeUs(item);
    if (ours === undefined) {
      skip(`no way in for ${item.entry}`);
      return [];
    }
    const theirs = others.judgementOf(item);
    if (theirs === undefined) {
      skip('no oracle and no recorded answer');
      return [];
    }
    return [{ item, ours, theirs, row: rowOf(item, ours, theirs, others.hashed) }];
  });
  const all = flags.print ? await withRoundTrips(compared) : compared;
  report(all, skipped, flags);
  return withinLimits(all, flags) ? 0 : 1;
}

async function withRoundTrips(all: readonly Compared[]): Promise<readonly Compared[]> {
  const program = findOracle();
  if (program === undefined) {
    say('The oracle is not here: nothing is printed.');
    return all;
  }
  const accepted = all.filter(({ item, row }) => row.found.has('bothAccept') && item.entry === 'script');
  const trips = await roundTrips(
    accepted.map(({ item }) => item),
    program,
    say,
  );
  return all.map((one) => {
    const trip = trips.get(one.item);
    if (trip === undefined) return one;
    return { ...one, trip, row: { ...one.row, found: new Set([...one.row.found, trip.result]) } };
  });
}

function record(name: string, items: readonly Item[], others: Theirs): void {
  if (others.hashed) throw new Error('only the answers of the oracle itself can be recorded');
  const judged = items.flatMap((item) => {
    const judgement = others.judgementOf(item);
    return judgement === undefined ? [] : [[item, judgement] as const];
  });
  writeRecorded(name, judged);
}

function isWanted(item: Item, flags: Flags): boolean {
  if (flags.onlyBigQuery && !item.bigQuery) return false;
  if (flags.areas.length > 0 && !flags.areas.includes(item.area)) return false;
  return flags.name === undefined || item.id.includes(flags.name);
}

const warmUpMs = 1_500;

/** Code is compiled while it runs for the first time: everything once, for a while, before the clock counts. */
function warmUp(items: readonly Item[]): void {
  const untilMs = performance.now() + warmUpMs;
  for (const item of items) {
    if (performance.now() > untilMs) return;
    askUs(item);
  }
}

function rowOf(item: Item, ours: Ours, theirs: Judgement, hashed: boolean): Row {
  return {
    file: item.file,
    area: item.area,
    bigQuery: item.bigQuery,
    found: compare(ours.verdict, theirs.verdict, hashed),
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
  if (flags.show !== undefined) show(all, flags.show, flags);
  const groups = groupsOf(inside, by).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines: [string, ReturnType<typeof countsOf>][] = [...groups, ['TOTAL', countsOf(inside)]];
  if (outside.length > 0) lines.push(...groupsOf(outside, (row) => `(not BigQuery) ${by(row)}`));
  process.stdout.write(
    tableText(
      lines,
      all.some(({ item }) => item.mode === 'analyze'),
    ),
  );
  const { refused, accepted, position } = sharesOf(countsOf(inside));
  const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
  process.stdout.write(
    `refused of the valid: ${percent(refused)}; accepted of the invalid: ${percent(accepted)}; errors elsewhere: ${percent(position)}\n`,
  );
  for (const [reason, count] of skipped) process.stdout.write(`skipped ${count}: ${reason}\n`);
}

function show(all: readonly Compared[], cell: Cell, { limit, groups }: Flags): void {
  const isIn = ({ row }: Compared): boolean =>
    cell === 'dialect' ? row.refused : cell === 'file' ? row.byFile : row.found.has(cells[cell]);
  const members = all.filter(isIn);
  if (groups) {
    const byCause = [...Map.groupBy(members, (one) => causeOf(one, cell))];
    const most = byCause.sort(([, a], [, b]) => b.length - a.length).slice(0, limit);
    for (const [cause, { length, 0: first }] of most)
      process.stdout.write(`${String(length).padStart(6)}  ${cause}  (${first!.item.id})\n`);
    process.stdout.write(`${most.length} of ${byCause.length} causes of ${members.length} in "${cell}"\n\n`);
    return;
  }
  for (const { item, ours, theirs, trip } of members.slice(0, limit))
    process.stdout.write(`${itemText(item, ours, theirs, trip)}\n`);
  process.stdout.write(`${Math.min(limit, members.length)} of ${members.length} in "${cell}"\n\n`);
}

function causeOf({ ours, theirs, trip }: Compared, cell: Cell): string {
  if (cell === 'print' || cell === 'reprint') return trip?.why ?? '';
  if (cell === 'dialect') return ours.refusals.map(({ message }) => message).join('; ');
  return pairGroup(ours.verdict, theirs.verdict);
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
