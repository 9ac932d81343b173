import { type AnswerCache, questionHash } from './cache.ts';
import { openOracle } from './oracle.ts';
import type { OracleAnswer, Question } from './oracle-answer.ts';

export type Progress = (done: number, all: number) => void;

/** In flight at once: enough to keep every worker busy, few enough to keep little in memory. */
const batchSize = 500;

/**
 * Answers to questions by their hash: from the cache, else from the oracle, whose answers are kept.
 * Without a program only what the cache holds is answered.
 */
export async function answersTo(
  questions: readonly Question[],
  cache: AnswerCache,
  program: string | undefined,
  progress: Progress,
  ast = false,
): Promise<Map<string, OracleAnswer>> {
  const answers = new Map<string, OracleAnswer>();
  const open = new Map<string, Question>();
  for (const question of questions) {
    const hash = questionHash(question);
    if (answers.has(hash) || open.has(hash)) continue;
    const kept = cache.get(hash);
    if (kept === undefined) open.set(hash, question);
    else answers.set(hash, kept);
  }
  if (open.size === 0 || program === undefined) return answers;
  const oracle = openOracle({ program, ast });
  const todo = [...open];
  for (let at = 0; at < todo.length; at += batchSize) {
    const batch = todo.slice(at, at + batchSize);
    const answered = await Promise.all(
      batch.map(async ([hash, question]) => [hash, await oracle.ask(question)] as const),
    );
    for (const [hash, answer] of answered) answers.set(hash, answer);
    cache.put(answered.filter(([, { error }]) => typeof error !== 'string'));
    progress(Math.min(at + batchSize, todo.length), todo.length);
  }
  await oracle.close();
  return answers;
}
