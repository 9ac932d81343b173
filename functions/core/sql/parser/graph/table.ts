import type { GraphTable, SelectItem } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { failExpected } from '../expected.ts';
import { optionalAlias } from '../names.ts';
import { parseSelectItems } from '../select.ts';
import { parseAfterwards } from '../table-postfix.ts';
import { parseGraphMatch } from './operators.ts';
import { graphName, parseGraphBlock } from './query.ts';

/** `GRAPH_TABLE (g ...)` with its alias and what follows a table. */
export function parseGraphTable(cursor: Cursor): GraphTable {
  const { start } = cursor.expectWord('GRAPH_TABLE');
  cursor.expectOp('(');
  const graph = graphName(cursor);
  const body = tableBody(cursor);
  if (!cursor.takeOp(')')) {
    if (body.kind === 'GraphShape') cursor.expectOp(')');
    failExpected(cursor, ')', 'NEXT');
  }
  // no PIVOT can follow, so the word is an alias
  const alias = optionalAlias(cursor);
  const postfix = parseAfterwards(cursor, []);
  const span = cursor.spanFrom(start);
  return { kind: 'GraphTable', span, graph, body, ...(alias === undefined ? {} : { alias }), postfix };
}

/** A single MATCH with or without COLUMNS, or a whole query. */
function tableBody(cursor: Cursor): GraphTable['body'] {
  if (!cursor.isWord('MATCH')) return parseGraphBlock(cursor);
  const match = parseGraphMatch(cursor, cursor.token.start, false);
  const columns = cursor.isWord('COLUMNS') ? shape(cursor) : undefined;
  if (columns === undefined && !cursor.isOp(')')) return parseGraphBlock(cursor, false, [match]);
  const span = cursor.spanFrom(match.span.start);
  return { kind: 'GraphShape', span, match, ...(columns === undefined ? {} : { columns }) };
}

function shape(cursor: Cursor): SelectItem[] {
  cursor.expectWord('COLUMNS');
  cursor.expectOp('(');
  const items = parseSelectItems(cursor, true);
  cursor.expectOp(')');
  return items;
}
