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
  /** we see fewer statements or names than the oracle, or other statements */
  'unseen',
  'slow',
  'acceptedInvalid',
  'refusedValid',
  /** we see names that the oracle does not see */
  'extra',
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

export const asItem = (text: string): Item => ({
  id: '',
  file: '',
  area: '',
  bigQuery: true,
  text,
  mode: 'parse',
  entry: 'script',
});

/** What is to be said of our answer to a text; undefined if nothing, or if the oracle has no verdict. */
export function check(text: string, answer: OracleAnswer, positions = false): Find | undefined {
  const ours = askUs(asItem(text));
  const theirs = verdictOf(answer);
  if (ours === undefined) return undefined;
  const found = compare(ours.verdict, theirs);
  const trouble = isSlow(text, ours) ? 'slow' : worst(found, positions);
  if (trouble === undefined) return undefined;
  return {
    trouble,
    group: trouble === 'slow' ? 'slow' : pairGroup(ours.verdict, theirs),
    ours: brief(ours.verdict),
    theirs: brief(theirs),
  };
}

/** Other work on the machine can make one answer late, not three. */
function isSlow(text: string, { us }: Ours): boolean {
  const allowedUs = slowUs * Math.max(1, Buffer.byteLength(text) / 100_000);
  if (us <= allowedUs) return false;
  return [1, 2].every(() => (askUs(asItem(text))?.us ?? 0) > allowedUs);
}

function worst(found: ReadonlySet<Finding>, positions: boolean): Trouble | undefined {
  if (found.has('crash')) return 'crash';
  if (found.has('kindsDiffer') || found.has('tableMissed')) return 'unseen';
  if (found.has('acceptedInvalid')) return 'acceptedInvalid';
  if (found.has('refusedValid')) return 'refusedValid';
  if (found.has('tableExtra') || found.has('spansDiffer')) return 'extra';
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
