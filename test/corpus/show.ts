import type { Finding } from './compare.ts';
import type { Item } from './item.ts';
import type { Judgement } from './judge.ts';
import type { Ours } from './ours.ts';
import type { RoundTrip } from './round-trip.ts';
import type { Verdict, VerdictPath, VerdictStatement } from './verdict.ts';

/** Names of cells for `--show`. */
export const cells = {
  refused: 'refusedValid',
  accepted: 'acceptedInvalid',
  kinds: 'kindsDiffer',
  spans: 'spansDiffer',
  missed: 'tableMissed',
  extra: 'tableExtra',
  paths: 'pathsDiffer',
  position: 'positionDiffers',
  message: 'messageDiffers',
  none: 'noVerdict',
  crash: 'crash',
  print: 'printDiffers',
  reprint: 'printRejected',
  column: 'columnMissed',
  superset: 'superset',
  output: 'outputDiffers',
  type: 'typeDiffers',
  table: 'tableUnread',
} as const satisfies Record<string, Finding>;

export type Cell = keyof typeof cells | 'dialect' | 'file';

const shownLines = 30;

/** One item with both answers, for people. */
export function itemText(item: Item, ours: Ours, theirs: Judgement, trip?: RoundTrip): string {
  const refusals = ours.refusals.map(
    ({ message, line, column }) => `  dialect: ${message} [${line}:${column}]`,
  );
  return [
    `--- ${item.id} (${item.area}${item.entry === 'script' ? '' : `, ${item.entry}`})`,
    textLines(item.text, ours.verdict, theirs.verdict),
    `  ours:   ${verdictText(ours.verdict)}`,
    `  theirs: ${verdictText(theirs.verdict)}${theirs.by === 'file' ? ' (by the file)' : ''}`,
    ...statementLines(ours.verdict, theirs.verdict),
    ...refusals,
    ...(trip === undefined || trip.result === 'printSame'
      ? []
      : [`  print:  ${trip.why}`, indented(trip.printed)]),
    '',
  ].join('\n');
}

const indented = (text = ''): string =>
  text
    .split('\n')
    .slice(0, shownLines)
    .map((line) => `          ${line}`)
    .join('\n');

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
    .slice(0, carets.length === 0 ? 12 : shownLines)
    .join('\n');
}

function verdictText(verdict: Verdict): string {
  switch (verdict.is) {
    case 'accepted':
      return 'accepts';
    case 'rejected':
      return `${verdict.message} [${verdict.line}:${verdict.column}]`;
    case 'none':
      return `no verdict: ${verdict.reason}`;
  }
}

/** What both sides see, statement by statement: one line where they agree, both where they differ. */
function statementLines(ours: Verdict, theirs: Verdict): string[] {
  const list = (verdict: Verdict): readonly VerdictStatement[] =>
    verdict.is === 'accepted' ? (verdict.statements ?? []) : [];
  const [mine, his] = [list(ours), list(theirs)];
  const lines: string[] = [];
  for (let i = 0; i < Math.max(mine.length, his.length); i++) {
    const [one, other] = [mine[i], his[i]];
    const [left, right] = [statementText(one, other), statementText(other, one)];
    if (left !== right) lines.push(`  ours:   ${left}`, `  theirs: ${right}`);
  }
  return lines.length > 0 || mine.length === 0 ? lines : [`  both:   ${mine.length} statements`];
}

/** A statement with those of its names that the other side lacks. */
function statementText(statement: VerdictStatement | undefined, other: VerdictStatement | undefined): string {
  if (statement === undefined) return 'nothing';
  const { kind, depth, start, end } = statement;
  const key = (path: VerdictPath): string => `${path.name} ${path.role} ${path.start}-${path.end}`;
  const others = new Set(other?.paths.map(key));
  const own = statement.paths.map(key).filter((name) => !others.has(name));
  const analysis = analysisLines(statement, other);
  return [`${'>'.repeat(depth)}${kind} [${start}-${end}]`, ...own, ...analysis].join('\n            ');
}

/** The parts of an analysis that are not the same on the other side. */
function analysisLines(statement: VerdictStatement, other: VerdictStatement | undefined): string[] {
  const parts = ({ analysis }: VerdictStatement): (readonly [string, string])[] =>
    analysis === undefined
      ? []
      : [
          ['tables', analysis.tables.join(', ')],
          ['writes', analysis.writes.join(', ')],
          ['reads', analysis.reads.join(', ')],
          ...analysis.output.map(
            ({ name, type, columns }, i) =>
              [`output ${i + 1}`, `${name} ${type} from ${columns.join(', ')}`] as const,
          ),
        ];
  const others = new Map(other === undefined ? [] : parts(other));
  return parts(statement)
    .filter(([name, text]) => others.get(name) !== text)
    .map(([name, text]) => `${name}: ${text}`);
}
