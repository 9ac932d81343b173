import type { Identifier, Unpack } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { closeList } from './expected.ts';
import { parseUnpack } from './expression.ts';

/** `(a, b)` */
export function columnList(cursor: Cursor): Identifier[] {
  cursor.expectOp('(');
  const columns = commaList(cursor, (at) => at.name());
  closeList(cursor);
  return columns;
}

/** `(a, **b)` */
export function columnListWithUnpack(cursor: Cursor): (Identifier | Unpack)[] {
  cursor.expectOp('(');
  const columns = commaList(cursor, columnOrUnpack);
  closeList(cursor);
  return columns;
}

function columnOrUnpack(cursor: Cursor): Identifier | Unpack {
  return cursor.isOp('**') ? parseUnpack(cursor) : cursor.name();
}
