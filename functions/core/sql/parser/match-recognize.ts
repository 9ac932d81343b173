import type { MatchRecognize, NamedExpression, RowPattern } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { parseHintedBy } from './hints.ts';
import { optionalAlias } from './names.ts';
import { optionalOptions } from './options.ts';
import { parseRowPattern } from './row-pattern.ts';
import { parseOrderingItem } from './windows.ts';

/** `MATCH_RECOGNIZE (PARTITION BY .. ORDER BY .. MEASURES .. AFTER .. PATTERN (..) DEFINE ..) alias` */
export function parseMatchRecognize(cursor: Cursor): MatchRecognize {
  return cursor.nested(matchRecognize);
}

function matchRecognize(cursor: Cursor): MatchRecognize {
  const { start } = cursor.expectWord('MATCH_RECOGNIZE');
  cursor.expectOp('(');
  const partition = partitionBy(cursor);
  const order = orderBy(cursor);
  cursor.expectWord('MEASURES');
  const measures = commaList(cursor, measure);
  const skip = cursor.isWord('AFTER') ? { afterMatchSkip: afterMatchSkip(cursor) } : {};
  const pattern = patternClause(cursor);
  cursor.expectWord('DEFINE');
  const definitions = commaList(cursor, definition);
  const options = optionalOptions(cursor);
  cursor.expectOp(')');
  const alias = optionalAlias(cursor);
  return {
    kind: 'MatchRecognize',
    span: cursor.spanFrom(start),
    ...partition,
    ...order,
    measures,
    ...skip,
    pattern,
    definitions,
    ...options,
    ...(alias === undefined ? {} : { alias }),
  };
}

function partitionBy(cursor: Cursor): Pick<MatchRecognize, 'partitionBy' | 'partitionHint'> {
  if (!cursor.takeWord('PARTITION')) return { partitionBy: [] };
  const { hint } = parseHintedBy(cursor);
  const list = commaList(cursor, parseExpression);
  return { partitionBy: list, ...(hint === undefined ? {} : { partitionHint: hint }) };
}

function orderBy(cursor: Cursor): Pick<MatchRecognize, 'orderBy' | 'orderHint'> {
  cursor.expectWord('ORDER');
  const { hint } = parseHintedBy(cursor);
  const list = commaList(cursor, parseOrderingItem);
  return { orderBy: list, ...(hint === undefined ? {} : { orderHint: hint }) };
}

/** `value AS name` */
function measure(cursor: Cursor): NamedExpression {
  const { start } = cursor.token;
  const value = parseExpression(cursor);
  cursor.expectWord('AS');
  const name = cursor.name();
  return { kind: 'NamedExpression', span: cursor.spanFrom(start), name, value };
}

/** `symbol AS condition` */
function definition(cursor: Cursor): NamedExpression {
  const { start } = cursor.token;
  const name = cursor.name();
  cursor.expectWord('AS');
  const value = parseExpression(cursor);
  return { kind: 'NamedExpression', span: cursor.spanFrom(start), name, value };
}

function afterMatchSkip(cursor: Cursor): MatchRecognize['afterMatchSkip'] {
  cursor.advance();
  cursor.expectWord('MATCH');
  cursor.expectWord('SKIP');
  if (cursor.takeWord('PAST')) {
    cursor.expectWord('LAST');
    cursor.expectWord('ROW');
    return 'PAST_LAST_ROW';
  }
  if (!cursor.takeWord('TO')) failExpected(cursor, 'PAST', 'TO');
  cursor.expectWord('NEXT');
  cursor.expectWord('ROW');
  return 'TO_NEXT_ROW';
}

function patternClause(cursor: Cursor): RowPattern {
  cursor.expectWord('PATTERN');
  cursor.expectOp('(');
  const pattern = parseRowPattern(cursor);
  cursor.expectOp(')');
  return pattern;
}
