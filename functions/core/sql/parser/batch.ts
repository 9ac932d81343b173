import type { BatchStatement } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { given } from './given.ts';

/** `START BATCH [type]` */
export function parseStartBatch(cursor: Cursor): BatchStatement {
  cursor.foreign('START BATCH');
  const { start } = cursor.expectWord('START');
  cursor.expectWord('BATCH');
  const type = cursor.isName() ? cursor.name() : undefined;
  return { kind: 'StartBatchStatement', span: cursor.spanFrom(start), ...given({ type }) };
}

export function parseAbortBatch(cursor: Cursor): BatchStatement {
  cursor.foreign('ABORT BATCH');
  const { start } = cursor.expectWord('ABORT');
  cursor.expectWord('BATCH');
  return { kind: 'AbortBatchStatement', span: cursor.spanFrom(start) };
}
