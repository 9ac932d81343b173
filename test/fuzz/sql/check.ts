import { compare, type Finding } from '../../corpus/compare.ts';
import { pairGroup } from '../../corpus/groups.ts';
import type { Item } from '../../corpus/item.ts';
import type { OracleAnswer } from '../../corpus/oracle-answer.ts';
import { askUs, type Ours } from '../../corpus/ours.ts';
import { type Verdict, verdictOf } from '../../corpus/verdict.ts';

/** What is wrong with our answer, the worst first. */
export const troubles = [
  /** an exception instead of an answer */
  'crash',
  /** we see fewer statements, names or columns than the oracle, or other statements */
  'unseen',
  'slow',
  'acceptedInvalid',
  'refusedValid',
  /** we see names or columns that the oracle does not see */
  'extra',
  /** other output columns, or other types of them, though no base column is missed */
  'output',
  'position',
] as const;
export type Trouble = (typeof troubles)[number];

/** Those that no release may have. */
export const fatal: ReadonlySet<Trouble> = new Set(['crash', 'unseen', 'slow']);

export type Find = {
  readonly trouble: Trouble;
  /** What finds of one cause have in common. */
  readonly group: string;
  readonly ours: string;
  readonly theirs: string;
};

/** More than this for 100 kB, or for anything shorter, is slow. */
export const slowUs = 50_000;

/** A text to parse, or with a catalog to analyze. */
export const asItem = (text: string, catalog?: unknown): Item => ({
  ...(catalog === undefined ? {} : { catalog }),
  id: '',
  file: '',
  area: '',
  bigQuery: true,
  text,
  mode: catalog === undefined ? 'parse' : 'analyze',
  entry: 'script',
});

/** What is to be said of our answer to a text; undefined if nothing, or if the oracle has no verdict. */
export function check(item: Item, answer: OracleAnswer, positions = false): Find | undefined {
  const ours = askUs(item);
  const theirs = verdictOf(answer);
  if (ours === undefined) return undefined;
  const found = compare(ours.verdict, theirs);
  const trouble = isSlow(item, ours) ? 'slow' : worst(found, positions);
  if (trouble === undefined) return undefined;
  return {
    trouble,
    group: trouble === 'slow' ? 'slow' : pairGroup(ours.verdict, theirs),
    ours: brief(ours.verdict),
    theirs: brief(theirs),
  };
}

/** Other work on the machine makes an answer late, so a late one is asked for again, by the processor's time for this thread. */
function isSlow(item: Item, { us }: Ours): boolean {
  const allowedUs = slowUs * Math.max(1, Buffer.byteLength(item.text) / 100_000);
  if (us <= allowedUs) return false;
  return [1, 2, 3].every(() => {
    const before = process.threadCpuUsage();
    askUs(item);
    const { user, system } = process.threadCpuUsage(before);
    return user + system > allowedUs;
  });
}

function worst(found: ReadonlySet<Finding>, positions: boolean): Trouble | undefined {
  if (found.has('crash')) return 'crash';
  if (['kindsDiffer', 'tableMissed', 'columnMissed', 'tableUnread'].some((f) => found.has(f as Finding)))
    return 'unseen';
  if (found.has('acceptedInvalid')) return 'acceptedInvalid';
  if (found.has('refusedValid')) return 'refusedValid';
  if (found.has('tableExtra') || found.has('spansDiffer') || found.has('superset')) return 'extra';
  if (found.has('outputDiffers') || found.has('typeDiffers')) return 'output';
  return positions && found.has('positionDiffers') ? 'position' : undefined;
}

/** A verdict on one line. */
export function brief(verdict: Verdict): string {
  if (verdict.is === 'none') return `no verdict: ${verdict.reason}`;
  if (verdict.is === 'rejected') return `${verdict.message} [${verdict.line}:${verdict.column}]`;
  const texts = (verdict.statements ?? []).map(({ kind, depth, paths }) =>
    [`${'>'.repeat(depth)}${kind}`, ...paths.map(({ name }) => name)].join(' '),
  );
  return `accepts ${texts.join('; ')}`;
}
