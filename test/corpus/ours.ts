import { explainAnalyze } from '../../functions/core/sql/explain/analyze-answer.ts';
import type { AnalyzeAnswer, AnswerRefusal, ParseAnswer } from '../../functions/core/sql/explain/answer.ts';
import { namedCatalog, readCatalogFile } from '../../functions/core/sql/explain/catalog-file.ts';
import { explainParse } from '../../functions/core/sql/explain/parse-answer.ts';
import { parseGoogleSqlExpression, parseGoogleSqlType } from '../../functions/core/sql/parser/parse.ts';
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
  if (item.mode === 'analyze' && item.entry !== 'script') return undefined;
  const ask = item.mode === 'analyze' ? analyzer(item) : explainParse;
  const startMs = performance.now();
  const spentUs = (): number => (performance.now() - startMs) * 1000;
  try {
    if (item.entry !== 'script') return partAnswer(item, spentUs);
    const answer = ask(item.text);
    return { verdict: verdictIn(answer), refusals: answer.refusals ?? [], us: spentUs() };
  } catch (failure) {
    return {
      verdict: { is: 'none', reason: `exception: ${String(failure)}` },
      refusals: [],
      us: spentUs(),
    };
  }
}

type Answer = ParseAnswer | AnalyzeAnswer;

const catalogs = new WeakMap<object, ReturnType<typeof namedCatalog>>();

/** Reads a catalog once for all the items that share it; the time for that is not counted. */
function analyzer({ catalog }: Item): (text: string) => Answer {
  const file = typeof catalog === 'object' && catalog !== null ? catalog : noTables;
  const named = catalogs.get(file) ?? namedCatalog(readCatalogFile(file));
  catalogs.set(file, named);
  return (text) => explainAnalyze(text, named);
}

const noTables = {};

function verdictIn(answer: Answer): Verdict {
  if (answer.ok) return { is: 'accepted', statements: answer.statements.map(verdictStatement) };
  const { message, line, column } = answer.error;
  return { is: 'rejected', message, line, column };
}

function partAnswer({ entry, text }: Item, spentUs: () => number): Ours {
  const parsed = entry === 'type' ? parseGoogleSqlType(text) : parseGoogleSqlExpression(text);
  const us = spentUs();
  if (parsed.ok) return { verdict: { is: 'accepted', statements: [] }, refusals: [], us };
  const { message, line, column } = parsed.error;
  return { verdict: { is: 'rejected', message, line, column }, refusals: [], us };
}

const again = 1_000;

/** Our answer with the least time of three where one took more than a millisecond: other work on the machine does not count. */
export function timeUs(item: Item): Ours | undefined {
  const first = askUs(item);
  if (first === undefined || first.us < again) return first;
  return { ...first, us: Math.min(first.us, askUs(item)?.us ?? first.us, askUs(item)?.us ?? first.us) };
}
