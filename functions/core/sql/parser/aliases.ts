import type { Identifier } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { optionalAlias } from './names.ts';
import { alignFollows, pivotFollows } from './table-postfix.ts';

/** A table's alias. PIVOT, UNPIVOT and ALIGN are names too: they begin a clause only where it can follow. */
export function aliasHere(cursor: Cursor): Identifier | undefined {
  return pivotFollows(cursor) || alignFollows(cursor) ? undefined : optionalAlias(cursor);
}
