import type { Hint, OrderingItem } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseHintedBy } from './hints.ts';
import { parseOrderingItem } from './windows.ts';

export type OrderByClause = { readonly orderHint?: Hint; readonly orderBy: readonly OrderingItem[] };

const none: OrderByClause = { orderBy: [] };

/** `ORDER BY ...` of a query if it stands here. */
export function parseOrderByClause(cursor: Cursor): OrderByClause {
  if (!cursor.isWord('ORDER')) return none;
  const orderHint = orderByWords(cursor);
  return { ...(orderHint === undefined ? {} : { orderHint }), orderBy: commaList(cursor, parseOrderingItem) };
}

/** `ORDER BY` and the hint in it. */
export function orderByWords(cursor: Cursor): Hint | undefined {
  cursor.expectWord('ORDER');
  return parseHintedBy(cursor).hint;
}
