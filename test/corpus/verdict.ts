import { createHash } from 'node:crypto';
import type { AnswerStatement, OracleAnswer } from './oracle-answer.ts';

/** A name: its parts as JSON, or the hash of that where only hashes are known. */
export type VerdictPath = {
  readonly name: string;
  readonly role: string;
  readonly start: number;
  readonly end: number;
};

/** A statement as both sides are compared. */
export type VerdictStatement = {
  readonly kind: string;
  readonly depth: number;
  readonly start: number;
  readonly end: number;
  readonly paths: readonly VerdictPath[];
  /** What the analyzer says of it; undefined for a statement that is only parsed. */
  readonly analysis?: VerdictAnalysis;
};

/** Tables and columns behind views, where the side can say; else as they are named. */
export type VerdictAnalysis = {
  readonly tables: readonly string[];
  readonly writes: readonly string[];
  readonly reads: readonly string[];
  readonly output: readonly {
    readonly name: string;
    readonly type: string;
    readonly columns: readonly string[];
  }[];
};

/** What a side says of a text. */
export type Verdict =
  /** `statements` is undefined where only the acceptance is known */
  | { readonly is: 'accepted'; readonly statements: readonly VerdictStatement[] | undefined }
  | { readonly is: 'rejected'; readonly message: string; readonly line: number; readonly column: number }
  /** no statement about the text: a crash, a timeout, no way to ask */
  | { readonly is: 'none'; readonly reason: string };

/** Places where the oracle lists a name that is no table: the columns of UNPIVOT, a variable. */
const noTable: ReadonlySet<string> = new Set(['PathExpressionList', 'AssignmentFromStruct']);

/** The names of a statement that stand for tables and other objects. */
export const tablesOf = ({ paths }: VerdictStatement): string[] =>
  paths.filter(({ role }) => !noTable.has(role)).map(({ name }) => name);

/** What stands for a text in recorded answers: 8 hex digits. */
export const textHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

export function verdictStatement(statement: AnswerStatement): VerdictStatement {
  const { kind, depth = 0, start, end, paths = [] } = statement;
  return {
    kind,
    depth,
    start,
    end,
    paths: paths.map(({ parts, ...rest }) => ({ name: JSON.stringify(parts), ...rest })),
    ...analysisOf(statement),
  };
}

function analysisOf(statement: AnswerStatement): Pick<VerdictStatement, 'analysis'> {
  const { resolvedKind, tables, writes, reads, output, error } = statement;
  if (error !== undefined || (resolvedKind ?? tables ?? writes ?? reads ?? output) === undefined) return {};
  return {
    analysis: {
      tables: statement.baseTables ?? tables ?? [],
      writes: writes ?? [],
      reads: statement.baseReads ?? reads ?? [],
      output: (output ?? []).map(({ name, type, columns = [] }) => ({ name, type, columns })),
    },
  };
}

/** The same verdict with hashes for names and messages, and no places of names: all that recorded answers hold. */
export function hashedVerdict(verdict: Verdict): Verdict {
  if (verdict.is === 'rejected') return { ...verdict, message: textHash(verdict.message) };
  if (verdict.is === 'none' || verdict.statements === undefined) return verdict;
  const statements = verdict.statements.map((statement) => ({
    ...statement,
    paths: statement.paths.map(({ name, role }) => ({ name: textHash(name), role, start: 0, end: 0 })),
  }));
  return { is: 'accepted', statements };
}

export function verdictOf(answer: OracleAnswer): Verdict {
  if (answer.ok) return { is: 'accepted', statements: (answer.statements ?? []).map(verdictStatement) };
  if (typeof answer.error !== 'object')
    return { is: 'none', reason: answer.error ?? 'an answer without a reason' };
  const { message, line, column } = answer.error;
  return { is: 'rejected', message, line, column };
}
