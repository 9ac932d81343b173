import { createHash } from 'node:crypto';
import type { AnswerStatement, OracleAnswer } from './oracle-answer.ts';

/** A statement as both sides are compared: a name is its parts as JSON, or the hash of that where only hashes are known. */
export type VerdictStatement = {
  readonly kind: string;
  readonly depth: number;
  readonly start: number;
  readonly end: number;
  readonly names: readonly string[];
};

/** What a side says of a text. */
export type Verdict =
  /** `statements` is undefined where only the acceptance is known */
  | { readonly is: 'accepted'; readonly statements: readonly VerdictStatement[] | undefined }
  | { readonly is: 'rejected'; readonly message: string; readonly line: number; readonly column: number }
  /** no statement about the text: a crash, a timeout, no way to ask */
  | { readonly is: 'none'; readonly reason: string };

/** How a name is compared. */
export const nameKey = (parts: readonly string[]): string => JSON.stringify(parts);

/** What stands for a text in recorded answers: 12 hex digits. */
export const textHash = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 12);

export function verdictStatement(statement: AnswerStatement): VerdictStatement {
  const { kind, depth = 0, start, end, paths = [] } = statement;
  return { kind, depth, start, end, names: paths.map(({ parts }) => nameKey(parts)) };
}

export function verdictOf(answer: OracleAnswer): Verdict {
  if (answer.ok) return { is: 'accepted', statements: (answer.statements ?? []).map(verdictStatement) };
  if (typeof answer.error !== 'object')
    return { is: 'none', reason: answer.error ?? 'an answer without a reason' };
  const { message, line, column } = answer.error;
  return { is: 'rejected', message, line, column };
}
