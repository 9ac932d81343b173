import { answersTo } from './answers.ts';
import { cacheFile, openCache, questionHash } from './cache.ts';
import type { Item } from './item.ts';
import { type Judgement, judge } from './judge.ts';
import { findOracle, oracleName } from './oracle.ts';
import { fileQuestionOf, type OracleAnswer, questionOf } from './oracle-answer.ts';
import { readRecorded, recordKey } from './recorded.ts';

export type Theirs = {
  /** What counts for an item; undefined where nobody can say. */
  judgementOf(item: Item): Judgement | undefined;
  /** The oracle's own words; undefined where only what is recorded is known. */
  answerOf(item: Item): OracleAnswer | undefined;
  /** Names and messages are hashes. */
  readonly hashed: boolean;
};

/** The other side's answers to items: the oracle's, where it can run, else the recorded ones. */
export async function theirsOf(items: readonly Item[], say: (line: string) => void): Promise<Theirs> {
  const program = findOracle();
  if (program === undefined) {
    say('The oracle is not here: recorded answers only.');
    const recorded = readRecorded();
    return {
      judgementOf: (item) => recorded.get(recordKey(item)),
      answerOf: () => undefined,
      hashed: true,
    };
  }
  const cache = openCache(cacheFile(), oracleName(program));
  const questions = items.flatMap((item) => [questionOf(item), fileQuestionOf(item) ?? questionOf(item)]);
  const answers = await answersTo(questions, cache, program, (done, count) =>
    say(`oracle: ${done} of ${count}`),
  );
  cache.close();
  const answerOf = (item: Item): OracleAnswer | undefined => answers.get(questionHash(questionOf(item)));
  return {
    judgementOf(item) {
      const [answer, asFile] = [answerOf(item), fileQuestionOf(item)];
      return answer && judge(item, answer, asFile && answers.get(questionHash(asFile)));
    },
    answerOf,
    hashed: false,
  };
}
