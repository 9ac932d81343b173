import { percentile } from '../../bench/support/stats.ts';
import { type Finding, findings } from './compare.ts';

/** One compared item as the table counts it. */
export type Row = {
  readonly file: string;
  readonly area: string;
  readonly bigQuery: boolean;
  readonly found: ReadonlySet<Finding>;
  /** our dialect check refuses what both accept */
  readonly refused: boolean;
  /** Google's file decided */
  readonly byFile: boolean;
  readonly us: number;
};

/** Numbers of a group of rows. */
export type Counts = Readonly<Record<Finding, number>> & {
  readonly items: number;
  readonly refused: number;
  readonly byFile: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
};

export function countsOf(rows: readonly Row[]): Counts {
  const counts = Object.fromEntries(findings.map((name) => [name, 0])) as Record<Finding, number>;
  for (const { found } of rows) for (const name of found) counts[name] += 1;
  const times = rows.map(({ us }) => us).sort((a, b) => a - b);
  const at = (share: number): number => Math.round(times.length === 0 ? 0 : percentile(times, share));
  return {
    ...counts,
    items: rows.length,
    refused: rows.filter(({ refused }) => refused).length,
    byFile: rows.filter(({ byFile }) => byFile).length,
    p50Us: at(0.5),
    p99Us: at(0.99),
    maxUs: Math.round(times.at(-1) ?? 0),
  };
}

/** Shares of what the oracle accepts and rejects: what thresholds are compared with. */
export function sharesOf(counts: Counts): Readonly<Record<'refused' | 'accepted' | 'position', number>> {
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    refused: share(counts.refusedValid, counts.bothAccept + counts.refusedValid),
    accepted: share(counts.acceptedInvalid, counts.bothReject + counts.acceptedInvalid),
    position: share(counts.positionDiffers, counts.bothReject),
  };
}

type Columns = readonly (readonly [heading: string, of: (counts: Counts) => number | string])[];

const parseColumns: Columns = [
  ['items', (c) => c.items],
  ['both accept', (c) => c.bothAccept],
  ['refuse valid', (c) => c.refusedValid],
  ['both reject', (c) => c.bothReject],
  ['accept invalid', (c) => c.acceptedInvalid],
  ['kinds', (c) => c.kindsDiffer],
  ['spans', (c) => c.spansDiffer],
  ['missed', (c) => c.tableMissed],
  ['extra', (c) => c.tableExtra],
  ['paths', (c) => c.pathsDiffer],
  ['position', (c) => percent(c.positionSame, c.bothReject)],
  ['message', (c) => percent(c.messageSame, c.bothReject)],
  ['dialect', (c) => c.refused],
  ['by file', (c) => c.byFile],
  ['no verdict', (c) => c.noVerdict],
  ['crash', (c) => c.crash],
  ['reprint', (c) => c.printRejected],
  ['tree differs', (c) => c.printDiffers],
  ['tree same', (c) => percent(c.printSame, c.printSame + c.printDiffers + c.printRejected)],
  ['p50 us', (c) => c.p50Us],
  ['p99 us', (c) => c.p99Us],
  ['max us', (c) => c.maxUs],
];

/** Which columns say something of analyses. */
const analysisColumns: Columns = [
  ...parseColumns.filter(([name]) => !/^(paths|position|message|by file)$/.test(name)),
  ['column missed', (c) => c.columnMissed],
  ['superset', (c) => c.superset],
  ['output', (c) => c.outputDiffers],
  ['type', (c) => c.typeDiffers],
  ['table', (c) => c.tableUnread],
];

const percent = (part: number, whole: number): string =>
  whole === 0 ? '' : `${((part / whole) * 100).toFixed(1)}%`;

/** Groups with their names as lines of text; zeros are dots, so that what differs stands out. */
export function tableText(
  groups: readonly (readonly [name: string, counts: Counts])[],
  analyzed = false,
): string {
  const columns = analyzed ? analysisColumns : parseColumns;
  const body = groups.map(([name, counts]) => [name, ...columns.map(([, of]) => cell(of(counts)))]);
  const lines = [['', ...columns.map(([heading]) => heading)], ...body];
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines
    .map((line) =>
      line.map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!))).join('  '),
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

const cell = (value: number | string): string => (value === 0 ? '.' : String(value));

/** Rows by a name of theirs, in the order in which the names appear. */
export function groupsOf(rows: readonly Row[], by: (row: Row) => string): [string, Counts][] {
  return [...Map.groupBy(rows, by)].map(([name, members]) => [name, countsOf(members)]);
}
