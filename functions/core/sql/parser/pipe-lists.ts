import type { Cursor } from './cursor.ts';
import { endsList } from './select.ts';

const startsExpression = (cursor: Cursor): boolean => !endsList(cursor);

/** A list in a pipe operator, where a comma may trail; `starts` tells whether one more part begins. */
export function trailingList<T>(
  cursor: Cursor,
  part: (cursor: Cursor) => T,
  starts: (cursor: Cursor) => boolean = startsExpression,
): T[] {
  const parts = [part(cursor)];
  while (cursor.takeOp(',')) {
    if (!starts(cursor)) break;
    parts.push(part(cursor));
  }
  return parts;
}
