import { compare, type Finding, tableDifferences } from '../../corpus/compare.ts';
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
    group: groupOf(trouble, ours.verdict, theirs),
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

function groupOf(trouble: Trouble, ours: Verdict, theirs: Verdict): string {
  switch (trouble) {
    case 'crash':
      return ours.is === 'none' ? ours.reason.slice(0, 120) : '';
    case 'slow':
      return 'slow';
    case 'acceptedInvalid':
      return shape(theirs);
    case 'refusedValid':
      return shape(ours);
    case 'position':
      return `${shape(ours)} / ${shape(theirs)}`;
    case 'unseen':
    case 'extra':
      return difference(ours, theirs);
  }
}

/** A message without the names and numbers that are in it. */
const shape = (verdict: Verdict): string =>
  verdict.is === 'rejected'
    ? verdict.message
        .replace(/^Syntax error: /, '')
        .replace(/(identifier|literal) (?:"(?:[^"\\]|\\.)*"|`[^`]*`|\S+)/g, '$1 …')
        .replace(/\d+/g, '0')
        .slice(0, 120)
    : verdict.is;

function difference(ours: Verdict, theirs: Verdict): string {
  if (ours.is !== 'accepted' || theirs.is !== 'accepted') return '';
  const [mine, his] = [ours.statements ?? [], theirs.statements ?? []];
  const kinds = (list: typeof mine): string => list.map(({ kind }) => kind).join(' ');
  if (kinds(mine) !== kinds(his)) {
    const i = his.findIndex(({ kind }, at) => kind !== mine[at]?.kind);
    return i < 0
      ? `${mine.length} statements for ${his.length}`
      : `${mine[i]?.kind ?? 'nothing'} for ${his[i]?.kind}`;
  }
  const at = tableDifferences(mine, his).find(({ missed, extra }) => missed.length + extra.length > 0);
  if (at === undefined) return 'other places';
  const role = (list: typeof mine, name: string | undefined): string =>
    list[at.statement]?.paths.find((path) => path.name === name)?.role ?? '';
  return at.missed.length > 0
    ? `a name missed: ${role(his, at.missed[0])} in ${his[at.statement]?.kind}`
    : `a name too many: ${role(mine, at.extra[0])} in ${mine[at.statement]?.kind}`;
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
