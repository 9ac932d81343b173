import type { AnswerRefusal } from '../../functions/core/sql/explain/answer.ts';
import { explainParse } from '../../functions/core/sql/explain/parse-answer.ts';
import { parseExpression } from '../../functions/core/sql/parser/parse.ts';
import type { Item } from './item.ts';
import { type Verdict, verdictStatement } from './verdict.ts';

export type Ours = {
  readonly verdict: Verdict;
  /** What is GoogleSQL and yet would not run: BigQuery lacks it, or we know it by name only. */
  readonly refusals: readonly AnswerRefusal[];
  /** Microseconds of our answer alone. */
  readonly us: number;
};

/** Our answer to an item; undefined where we have no way in. */
export function askUs(item: Item): Ours | undefined {
  if (item.mode !== 'parse' || item.entry === 'type') return undefined;
  const startMs = performance.now();
  const spentUs = (): number => (performance.now() - startMs) * 1000;
  try {
    if (item.entry === 'expression') return expressionAnswer(item.text, spentUs);
    const answer = explainParse(item.text);
    const us = spentUs();
    if (answer.ok) {
      const statements = answer.statements.map(verdictStatement);
      return { verdict: { is: 'accepted', statements }, refusals: answer.refusals, us };
    }
    const { message, line, column } = answer.error;
    return { verdict: { is: 'rejected', message, line, column }, refusals: [], us };
  } catch (failure) {
    return {
      verdict: { is: 'none', reason: `exception: ${String(failure)}` },
      refusals: [],
      us: spentUs(),
    };
  }
}

function expressionAnswer(text: string, spentUs: () => number): Ours {
  const parsed = parseExpression(text);
  const us = spentUs();
  if (parsed.ok) return { verdict: { is: 'accepted', statements: [] }, refusals: [], us };
  const { message, line, column } = parsed.error;
  return { verdict: { is: 'rejected', message, line, column }, refusals: [], us };
}
