import type { Finding } from './compare.ts';
import type { Item } from './item.ts';
import type { Judgement } from './judge.ts';
import type { Ours } from './ours.ts';
import type { Verdict, VerdictStatement } from './verdict.ts';

/** Names of cells for `--show`. */
export const cells = {
  refused: 'refusedValid',
  accepted: 'acceptedInvalid',
  kinds: 'kindsDiffer',
  spans: 'spansDiffer',
  missed: 'tableMissed',
  extra: 'tableExtra',
  position: 'positionDiffers',
  message: 'messageDiffers',
  none: 'noVerdict',
  crash: 'crash',
} as const satisfies Record<string, Finding>;

export type Cell = keyof typeof cells | 'dialect' | 'file';

const shownLines = 30;

/** One item with both answers, for people. */
export function itemText(item: Item, ours: Ours, theirs: Judgement): string {
  const refusals = ours.refusals.map(
    ({ message, line, column }) => `  dialect: ${message} [${line}:${column}]`,
  );
  return [
    `--- ${item.id} (${item.area}${item.entry === 'script' ? '' : `, ${item.entry}`})`,
    textLines(item.text, ours.verdict, theirs.verdict),
    `  ours:   ${verdictText(ours.verdict)}`,
    `  theirs: ${verdictText(theirs.verdict)}${theirs.by === 'file' ? ' (by the file)' : ''}`,
    ...refusals,
    '',
  ].join('\n');
}

/** The text, with a caret below each place at which a side rejects it. */
function textLines(text: string, ours: Verdict, theirs: Verdict): string {
  const carets = [
    ...(ours.is === 'rejected' ? [{ ...ours, who: 'ours' }] : []),
    ...(theirs.is === 'rejected' ? [{ ...theirs, who: 'theirs' }] : []),
  ];
  const lines = text.split(/\r\n|\r|\n/);
  const first = Math.max(0, Math.min(...carets.map(({ line }) => line - 4), lines.length));
  return lines
    .map((line, i) => {
      const below = carets
        .filter((caret) => caret.line === i + 1)
        .map(({ column, who }) => `\n  ${' '.repeat(Math.max(0, column - 1))}^ ${who}`);
      return `  ${line}${below.join('')}`;
    })
    .slice(carets.length === 0 ? 0 : first)
    .slice(0, shownLines)
    .join('\n');
}

function verdictText(verdict: Verdict): string {
  switch (verdict.is) {
    case 'accepted':
      return verdict.statements === undefined
        ? 'accepts'
        : `accepts ${verdict.statements.map(statementText).join('; ')}`;
    case 'rejected':
      return `${verdict.message} [${verdict.line}:${verdict.column}]`;
    case 'none':
      return `no verdict: ${verdict.reason}`;
  }
}

const statementText = ({ kind, depth, start, end, names }: VerdictStatement): string =>
  `${'>'.repeat(depth)}${kind} [${start}-${end}]${names.length === 0 ? '' : ` ${names.join(' ')}`}`;
