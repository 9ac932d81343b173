import type { Statement } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';

export function parseOtherStatement(cursor: Cursor): Statement {
  return cursor.unexpected();
}
