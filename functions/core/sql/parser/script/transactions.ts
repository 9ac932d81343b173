import type { BeginStatement, CommitStatement, RollbackStatement, TransactionMode } from '../../ast/index.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { failExpected } from '../expected.ts';

const modeWords: ReadonlySet<string> = new Set(['READ', 'ISOLATION']);

/** Whether the token `ahead` begins `READ ONLY` or the like. */
export const startsTransactionMode = (cursor: Cursor, ahead: number): boolean =>
  modeWords.has(cursor.peek(ahead).word);

/** `READ ONLY`, `READ WRITE`, `ISOLATION LEVEL name [name]`, with commas between them. BigQuery has none. */
export function parseTransactionModes(cursor: Cursor): TransactionMode[] {
  return commaList(cursor, transactionMode);
}

function transactionMode(cursor: Cursor): TransactionMode {
  const { start } = cursor.token;
  if (!startsTransactionMode(cursor, 0)) return failExpected(cursor, 'ISOLATION', 'READ');
  cursor.foreign('transaction mode');
  if (cursor.takeWord('READ')) {
    const write = cursor.isWord('WRITE');
    if (!write && !cursor.isWord('ONLY')) return failExpected(cursor, 'ONLY', 'WRITE');
    cursor.advance();
    return { kind: 'TransactionReadWrite', span: cursor.spanFrom(start), write };
  }
  cursor.expectWord('ISOLATION');
  cursor.expectWord('LEVEL');
  const level = [cursor.name()];
  if (cursor.isName()) level.push(cursor.name());
  return { kind: 'TransactionIsolation', span: cursor.spanFrom(start), level };
}

/** `BEGIN [TRANSACTION] [modes]`, `START TRANSACTION [modes]` */
export function parseBeginTransaction(cursor: Cursor): BeginStatement {
  const { start, word } = cursor.token;
  if (word === 'START') cursor.foreign('START TRANSACTION');
  cursor.advance();
  if (!cursor.takeWord('TRANSACTION') && word === 'START') failExpected(cursor, 'BATCH', 'TRANSACTION');
  const modes = startsTransactionMode(cursor, 0) ? parseTransactionModes(cursor) : [];
  return { kind: 'BeginStatement', span: cursor.spanFrom(start), modes };
}

export function parseCommit(cursor: Cursor): CommitStatement {
  const { start } = cursor.expectWord('COMMIT');
  cursor.takeWord('TRANSACTION');
  return { kind: 'CommitStatement', span: cursor.spanFrom(start) };
}

export function parseRollback(cursor: Cursor): RollbackStatement {
  const { start } = cursor.expectWord('ROLLBACK');
  cursor.takeWord('TRANSACTION');
  return { kind: 'RollbackStatement', span: cursor.spanFrom(start) };
}
