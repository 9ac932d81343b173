import { tableDifferences, without } from './compare.ts';
import { givenName } from './compare-analysis.ts';
import type { Verdict, VerdictStatement } from './verdict.ts';

type Statements = readonly VerdictStatement[];

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
  if (theirs.statements === undefined) return 'accepted by the file';
  const [mine, his] = [ours.statements ?? [], theirs.statements];
  const kinds = (list: typeof mine): string => list.map(({ kind }) => kind).join(' ');
  if (kinds(mine) !== kinds(his)) {
    const i = his.findIndex(({ kind }, at) => kind !== mine[at]?.kind);
    return i < 0
      ? `${mine.length} statements for ${his.length}`
      : `${mine[i]?.kind ?? 'nothing'} for ${his[i]?.kind}`;
  }
  const at = tableDifferences(mine, his).find(({ missed, extra }) => missed.length + extra.length > 0);
  if (at === undefined) return analysisDifference(mine, his) ?? 'other places or roles';
  const role = (list: typeof mine, name: string | undefined): string =>
    list[at.statement]?.paths.find((path) => path.name === name)?.role ?? '';
  return at.missed.length > 0
    ? `a name missed: ${role(his, at.missed[0])} in ${his[at.statement]?.kind}`
    : `a name too many: ${role(mine, at.extra[0])} in ${mine[at.statement]?.kind}`;
}

/** In which part of an analysis two statements differ first. */
function analysisDifference(mine: Statements, his: Statements): string | undefined {
  const parts = ['tables', 'writes', 'reads'] as const;
  for (const [i, { kind, analysis }] of his.entries()) {
    const own = mine[i]?.analysis;
    if (analysis === undefined || own === undefined) {
      if (analysis !== own) return `${kind}: ${own === undefined ? 'no analysis' : 'an analysis too many'}`;
      continue;
    }
    for (const part of parts) {
      if (without(analysis[part], own[part]).length > 0) return `${kind}: missing in ${part}`;
      if (without(own[part], analysis[part]).length > 0) return `${kind}: too many in ${part}`;
    }
    for (const [at, column] of analysis.output.entries()) {
      const other = own.output[at];
      if (other === undefined || givenName(other) !== givenName(column))
        return `${kind}: output ${column.name} is ${other?.name ?? 'missing'}`;
      if (without(column.columns, other.columns).length > 0) return `${kind}: output lacks a column`;
      if (without(other.columns, column.columns).length > 0) return `${kind}: output has a column too many`;
      if (other.type !== column.type) return `${kind}: ${other.type} for ${column.type}`;
    }
    if (own.output.length > analysis.output.length) return `${kind}: output too many`;
  }
  return undefined;
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
