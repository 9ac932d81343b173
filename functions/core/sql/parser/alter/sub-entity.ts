import type { Identifier } from '../../ast/index.ts';
import { nonReservedKeywords } from '../../lexer/keywords.ts';
import { quoteIdentifier } from '../../print/quote.ts';
import type { Cursor } from '../cursor.ts';
import { failBare } from '../expected.ts';

const plainName = /^[A-Za-z_]\w*$/;

/**
 * The kind of a thing inside of an altered object, if one stands here: a name that is no keyword. BigQuery
 * knows REPLICA of a schema; any other is refused as GoogleSQL refuses what an engine does not know.
 */
export function subEntityName(cursor: Cursor): Identifier | undefined {
  const { word, start } = cursor.token;
  if (word === 'REPLICA') return cursor.name();
  if (!cursor.isName() || nonReservedKeywords.has(word)) return undefined;
  const { name } = cursor.name();
  const shown = plainName.test(name) ? name : quoteIdentifier(name);
  return failBare(`${shown} is not a supported nested object type`, start);
}
