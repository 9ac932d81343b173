import { tableDifferences } from './compare.ts';
import type { Verdict } from './verdict.ts';

/** A rejection's message without the names and numbers that are in it: what rejections of one cause have in common. */
export const messageShape = (verdict: Verdict): string =>
  verdict.is === 'rejected'
    ? verdict.message
        .replace(/^Syntax error: /, '')
        .replace(/(identifier|literal) (?:"(?:[^"\\]|\\.)*"|`[^`]*`|\S+)/g, '$1 …')
        .replace(/\d+/g, '0')
        .slice(0, 120)
    : verdict.is;

/** How two readings of a text that both accept differ, by kinds and roles. */
export function readingDifference(ours: Verdict, theirs: Verdict): string {
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
  if (at === undefined) return 'other places or roles';
  const role = (list: typeof mine, name: string | undefined): string =>
    list[at.statement]?.paths.find((path) => path.name === name)?.role ?? '';
  return at.missed.length > 0
    ? `a name missed: ${role(his, at.missed[0])} in ${his[at.statement]?.kind}`
    : `a name too many: ${role(mine, at.extra[0])} in ${mine[at.statement]?.kind}`;
}

/** What the two verdicts of one cell have in common with others of the same cause. */
export function pairGroup(ours: Verdict, theirs: Verdict): string {
  if (ours.is === 'none') return ours.reason.slice(0, 120);
  if (theirs.is === 'none') return theirs.reason.slice(0, 120);
  if (ours.is === 'rejected' && theirs.is === 'rejected')
    return `${messageShape(ours)} / ${messageShape(theirs)}`;
  if (ours.is === 'rejected') return messageShape(ours);
  if (theirs.is === 'rejected') return messageShape(theirs);
  return readingDifference(ours, theirs);
}
