import { analysisFindings, compareAnalyses } from './compare-analysis.ts';
import { hashedVerdict, tablesOf, type Verdict, type VerdictStatement } from './verdict.ts';

/** The ways in which two answers to one text can differ or agree: each is a cell of the table. */
export const findings = [
  'bothAccept',
  'bothReject',
  'refusedValid',
  'acceptedInvalid',
  'kindsDiffer',
  'spansDiffer',
  'tableMissed',
  'tableExtra',
  'pathsDiffer',
  'positionSame',
  'positionDiffers',
  'messageSame',
  'messageDiffers',
  'noVerdict',
  'crash',
  /** our canonical text is read by the oracle as the same tree, as another one, or not at all */
  'printSame',
  'printDiffers',
  'printRejected',
  ...analysisFindings,
] as const;
export type Finding = (typeof findings)[number];

/**
 * What is to be said of our answer beside theirs. `hashed`: theirs has hashes in place of names and messages.
 */
export function compare(full: Verdict, theirs: Verdict, hashed = false): Set<Finding> {
  const found = new Set<Finding>();
  const ours = hashed ? hashedVerdict(full) : full;
  if (ours.is === 'none') found.add('crash');
  if (theirs.is === 'none') found.add('noVerdict');
  if (ours.is === 'none' || theirs.is === 'none') return found;
  if (theirs.is === 'rejected') {
    if (ours.is === 'accepted') return found.add('acceptedInvalid');
    found.add('bothReject');
    const samePlace = ours.line === theirs.line && ours.column === theirs.column;
    found.add(samePlace ? 'positionSame' : 'positionDiffers');
    found.add(ours.message === theirs.message ? 'messageSame' : 'messageDiffers');
    return found;
  }
  if (ours.is === 'rejected') return found.add('refusedValid');
  found.add('bothAccept');
  if (ours.statements && theirs.statements) compareStatements(ours.statements, theirs.statements, found);
  return found;
}

type Statements = readonly VerdictStatement[];

const kindsOf = (list: Statements): string => list.map(({ kind, depth }) => `${depth} ${kind}`).join();
const spansOf = (list: Statements): string => list.map(({ start, end }) => `${start}-${end}`).join();

function compareStatements(ours: Statements, theirs: Statements, found: Set<Finding>): void {
  if (kindsOf(ours) !== kindsOf(theirs)) found.add('kindsDiffer');
  else if (spansOf(ours) !== spansOf(theirs)) found.add('spansDiffer');
  for (const { missed, extra } of tableDifferences(ours, theirs)) {
    if (missed.length > 0) found.add('tableMissed');
    if (extra.length > 0) found.add('tableExtra');
  }
  const paths = (list: Statements): string => JSON.stringify(list.map((statement) => statement.paths));
  if (paths(ours) !== paths(theirs)) found.add('pathsDiffer');
  for (const finding of compareAnalyses(ours, theirs)) found.add(finding);
}

export type TableDifference = {
  readonly statement: number;
  readonly missed: readonly string[];
  readonly extra: readonly string[];
};

/** What each side names that the other does not: statement by statement where they are the same ones, else in the whole text. */
export function tableDifferences(ours: Statements, theirs: Statements): TableDifference[] {
  const groups = (list: Statements): string[][] =>
    kindsOf(ours) === kindsOf(theirs) ? list.map(tablesOf) : [list.flatMap(tablesOf)];
  const mine = groups(ours);
  return groups(theirs).map((names, statement) => ({
    statement,
    missed: without(names, mine[statement] ?? []),
    extra: without(mine[statement] ?? [], names),
  }));
}

/** What is left of a list after each element of another took one equal element away. */
export function without(list: readonly string[], taken: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const name of taken) counts.set(name, (counts.get(name) ?? 0) + 1);
  return list.filter((name) => {
    const left = counts.get(name) ?? 0;
    if (left > 0) counts.set(name, left - 1);
    return left === 0;
  });
}
