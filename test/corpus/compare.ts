import { textHash, type Verdict, type VerdictStatement } from './verdict.ts';

/** The ways in which two answers to one text can differ, and the ways in which they can agree on a rejection. */
export type Finding =
  | 'bothAccept'
  | 'bothReject'
  | 'refusedValid'
  | 'acceptedInvalid'
  | 'kindsDiffer'
  | 'spansDiffer'
  | 'tableMissed'
  | 'tableExtra'
  | 'positionSame'
  | 'positionDiffers'
  | 'messageSame'
  | 'messageDiffers'
  | 'noVerdict'
  | 'crash';

/**
 * What is to be said of our answer beside theirs. `hashed`: theirs has hashes in place of names and messages.
 */
export function compare(ours: Verdict, theirs: Verdict, hashed = false): Set<Finding> {
  const found = new Set<Finding>();
  if (ours.is === 'none') found.add('crash');
  if (theirs.is === 'none') found.add('noVerdict');
  if (ours.is === 'none' || theirs.is === 'none') return found;
  if (theirs.is === 'rejected') {
    if (ours.is === 'accepted') return found.add('acceptedInvalid');
    const message = hashed ? textHash(ours.message) : ours.message;
    found.add('bothReject');
    found.add(
      ours.line === theirs.line && ours.column === theirs.column ? 'positionSame' : 'positionDiffers',
    );
    found.add(message === theirs.message ? 'messageSame' : 'messageDiffers');
    return found;
  }
  if (ours.is === 'rejected') return found.add('refusedValid');
  found.add('bothAccept');
  if (ours.statements && theirs.statements)
    compareStatements(ours.statements, theirs.statements, hashed, found);
  return found;
}

function compareStatements(
  ours: readonly VerdictStatement[],
  theirs: readonly VerdictStatement[],
  hashed: boolean,
  found: Set<Finding>,
): void {
  const kinds = (list: readonly VerdictStatement[]) =>
    list.map(({ kind, depth }) => `${depth} ${kind}`).join();
  const sameKinds = kinds(ours) === kinds(theirs);
  if (!sameKinds) found.add('kindsDiffer');
  const spans = (list: readonly VerdictStatement[]) => list.map(({ start, end }) => `${start}-${end}`).join();
  if (sameKinds && spans(ours) !== spans(theirs)) found.add('spansDiffer');
  // Statement by statement where they are the same ones, else all names together.
  const groups = (list: readonly VerdictStatement[]): readonly (readonly string[])[] =>
    sameKinds ? list.map(({ names }) => names) : [list.flatMap(({ names }) => names)];
  const [mine, his] = [groups(ours), groups(theirs)];
  his.forEach((names, i) => {
    const own = (mine[i] ?? []).map((name) => (hashed ? textHash(name) : name));
    if (without(names, own).length > 0) found.add('tableMissed');
    if (without(own, names).length > 0) found.add('tableExtra');
  });
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
