import type { Identifier, TablePostfix } from '../ast/index.ts';
import { parseAlign } from './align.ts';
import type { Cursor } from './cursor.ts';
import { parseMatchRecognize } from './match-recognize.ts';
import { parsePivot, parseUnpivot } from './pivots.ts';
import { parseTableSample } from './table-sample.ts';

export { parseTableSample } from './table-sample.ts';

/** Whether PIVOT or UNPIVOT begins its clause here and is no alias. */
export function pivotFollows(cursor: Cursor): boolean {
  const next = cursor.peek(1);
  if (cursor.isWord('PIVOT')) return next.op === '(';
  const filtered = next.word === 'INCLUDE' || next.word === 'EXCLUDE';
  return cursor.isWord('UNPIVOT') && (next.op === '(' || filtered);
}

/** Whether `ALIGN (` begins its clause here; nothing else has a parenthesis after a table's alias. */
export function alignFollows(cursor: Cursor): boolean {
  return cursor.isWord('ALIGN') && cursor.peek(1).op === '(';
}

/** At most one PIVOT or UNPIVOT, as a list; after an alias the words can be nothing else. */
export function parsePivots(cursor: Cursor, alias?: Identifier): TablePostfix[] {
  const word = alias !== undefined && (cursor.isWord('PIVOT') || cursor.isWord('UNPIVOT'));
  if (!word && !pivotFollows(cursor)) return [];
  return [cursor.isWord('PIVOT') ? parsePivot(cursor) : parseUnpivot(cursor)];
}

/** TABLESAMPLE, MATCH_RECOGNIZE and ALIGN, any number, after what is there already. */
export function parseAfterwards(cursor: Cursor, before: TablePostfix[]): TablePostfix[] {
  const postfix = before;
  for (;;) {
    if (cursor.isWord('TABLESAMPLE')) postfix.push(parseTableSample(cursor));
    else if (cursor.isWord('MATCH_RECOGNIZE')) postfix.push(parseMatchRecognize(cursor));
    else if (alignFollows(cursor)) postfix.push(parseAlign(cursor));
    else return postfix;
  }
}
