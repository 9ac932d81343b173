import type { Cursor } from './cursor.ts';
import { endsList } from './select.ts';

/** A list in a pipe operator, where a comma may trail. */
export function trailingList<T>(cursor: Cursor, part: (cursor: Cursor) => T): T[] {
  const parts = [part(cursor)];
  while (cursor.takeOp(',')) {
    if (endsList(cursor)) break;
    parts.push(part(cursor));
  }
  return parts;
}
