import type { Item } from './item.ts';
import type { OracleAnswer } from './oracle-answer.ts';
import { type Verdict, verdictOf } from './verdict.ts';

export type Judgement = {
  readonly verdict: Verdict;
  /** `file`: Google's test file of July 2026 decides, because the oracle of January 2026 lacks the syntax. */
  readonly by: 'oracle' | 'file';
};

/**
 * What counts for an item. BigQuery's options decide, as the oracle reads them; where the oracle disagrees with Google's file
 * under the file's very options, its grammar is the older one and the file decides, unless its options are no BigQuery's.
 */
export function judge(item: Item, asBigQuery: OracleAnswer, asFile: OracleAnswer | undefined): Judgement {
  const verdict = verdictOf(asBigQuery);
  const wanted = item.expectation;
  if (wanted === undefined || asFile === undefined || verdict.is === 'none') return { verdict, by: 'oracle' };
  const older = verdictOf(asFile);
  const agrees = (side: Verdict): boolean => (side.is === 'accepted') === wanted.accepts;
  if (older.is === 'none' || agrees(older) || agrees(verdict)) return { verdict, by: 'oracle' };
  if (wanted.accepts) return { verdict: { is: 'accepted', statements: undefined }, by: 'file' };
  const error = wanted.error ?? { message: '', line: 0, column: 0 };
  return { verdict: { is: 'rejected', ...error }, by: 'file' };
}
