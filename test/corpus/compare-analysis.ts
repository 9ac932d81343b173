import { without } from './compare.ts';
import type { VerdictAnalysis, VerdictStatement } from './verdict.ts';

/** The ways in which two analyses of one text can differ. */
export const analysisFindings = [
  /** a base column that the other side reads, or that flows into an output column, is not in ours */
  'columnMissed',
  /** ours has columns that the other side has not */
  'superset',
  /** other output columns, or other names of them */
  'outputDiffers',
  'typeDiffers',
  /** a table read or written that ours lacks */
  'tableUnread',
] as const;
export type AnalysisFinding = (typeof analysisFindings)[number];

const none: VerdictAnalysis = { tables: [], writes: [], reads: [], output: [] };

/** Compares statement by statement; `theirs` without an analysis (a block, a syntax-only statement) is passed over. */
export function compareAnalyses(
  ours: readonly VerdictStatement[],
  theirs: readonly VerdictStatement[],
): Set<AnalysisFinding> {
  const found = new Set<AnalysisFinding>();
  theirs.forEach(({ analysis: his }, i) => {
    if (his === undefined) return;
    const mine = ours[i]?.analysis ?? none;
    const gap = (a: readonly string[], b: readonly string[]): boolean => without(a, b).length > 0;
    if (gap(his.tables, mine.tables) || gap(his.writes, mine.writes)) found.add('tableUnread');
    if (gap(his.reads, mine.reads)) found.add('columnMissed');
    if (gap(mine.reads, his.reads)) found.add('superset');
    const names = ({ output }: VerdictAnalysis): string => JSON.stringify(output.map(givenName));
    if (names(mine) !== names(his)) {
      found.add('outputDiffers');
      if (gap(his.output.flatMap(columnsOf), mine.output.flatMap(columnsOf))) found.add('columnMissed');
      return;
    }
    his.output.forEach((column, at) => {
      const own = mine.output[at]!;
      if (own.type !== column.type) found.add('typeDiffers');
      if (gap(column.columns, own.columns)) found.add('columnMissed');
      if (gap(own.columns, column.columns)) found.add('superset');
    });
  });
  return found;
}

/** Names that nobody gave, such as `$col1` and `$value_column`, are alike: each side makes its own. */
export const givenName = ({ name }: { readonly name: string }): string => (name.startsWith('$') ? '$' : name);

const columnsOf = ({ columns }: VerdictAnalysis['output'][number]): readonly string[] => columns;
