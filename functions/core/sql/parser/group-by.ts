import type { Expression, GroupBy, GroupingItem } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { closeList } from './expected.ts';
import { parseExpression } from './expression.ts';
import { parseHintedBy } from './hints.ts';

/** `GROUP BY` and what follows: ALL, or a list of expressions and grouping sets. */
export function parseGroupBy(cursor: Cursor): GroupBy {
  const start = cursor.expectWord('GROUP').start;
  const hint = parseHintedBy(cursor);
  const all = cursor.takeWord('ALL');
  const items = all ? [] : commaList(cursor, groupingItem);
  return { kind: 'GroupBy', span: cursor.spanFrom(start), ...hint, all, items };
}

function groupingItem(cursor: Cursor): GroupingItem {
  const special = parseGroupingForm(cursor);
  if (special !== undefined) return special;
  const start = cursor.token.start;
  const expression = parseExpression(cursor);
  return { kind: 'GroupingExpression', span: cursor.spanFrom(start), expression };
}

/** `()`, ROLLUP, CUBE or GROUPING SETS; nothing when an expression stands here. */
export function parseGroupingForm(cursor: Cursor): GroupingItem | undefined {
  const { start, word } = cursor.token;
  if (cursor.isOp('(') && cursor.peek(1).op === ')') {
    cursor.advance();
    cursor.advance();
    return { kind: 'GroupingSet', span: cursor.spanFrom(start), expressions: [] };
  }
  if (word === 'ROLLUP' || word === 'CUBE') {
    cursor.advance();
    const sets = parenthesized(cursor, (at) => setOf(parseExpression(at)));
    return { kind: word === 'ROLLUP' ? 'Rollup' : 'Cube', span: cursor.spanFrom(start), sets };
  }
  if (word === 'GROUPING' && cursor.peek(1).word === 'SETS') {
    cursor.advance();
    cursor.advance();
    const items = parenthesized(cursor, groupingSet);
    return { kind: 'GroupingSets', span: cursor.spanFrom(start), items };
  }
  return undefined;
}

function parenthesized<T>(cursor: Cursor, part: (cursor: Cursor) => T): T[] {
  cursor.expectOp('(');
  const parts = commaList(cursor, part);
  closeList(cursor);
  return parts;
}

/** Within these lists `(a, b)` is a set of two columns, not a struct. */
function setOf(expression: Expression): Expression[] {
  return expression.kind === 'StructConstructor' && expression.tuple
    ? expression.fields.map((field) => field.value)
    : [expression];
}

function groupingSet(cursor: Cursor): GroupingItem {
  const start = cursor.token.start;
  if (cursor.areWords('GROUPING', 'SETS')) {
    cursor.advance();
    cursor.expectOp('(');
  }
  const form = parseGroupingForm(cursor);
  if (form !== undefined) return form;
  const expression = parseExpression(cursor);
  const span = cursor.spanFrom(start);
  if (expression.kind !== 'StructConstructor' || !expression.tuple) {
    return { kind: 'GroupingExpression', span, expression };
  }
  return { kind: 'GroupingSet', span, expressions: setOf(expression) };
}
