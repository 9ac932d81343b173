import type { GroupingItem, OrderingItem, PipeOperator, SelectItem } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseGroupingForm } from './group-by.ts';
import { hintPart } from './hints.ts';
import { optionalAlias } from './names.ts';
import { trailingList } from './pipe-lists.ts';
import { endsList, parseSelectItem, parseWithModifier } from './select.ts';
import { orderingItem } from './windows.ts';

/** `AGGREGATE [WITH modifier] items [GROUP [AND ORDER] BY items]` */
export function pipeAggregate(cursor: Cursor, start: number): PipeOperator {
  cursor.advance();
  const withModifier = parseWithModifier(cursor);
  const ends = cursor.isWord('GROUP') || cursor.isOp('*') || endsList(cursor);
  const items = ends ? [] : trailingList(cursor, aggregateItem);
  const grouping = cursor.isWord('GROUP') ? groupBy(cursor) : undefined;
  return {
    kind: 'PipeAggregate',
    span: cursor.spanFrom(start),
    ...(withModifier === undefined ? {} : { withModifier }),
    items,
    ...(grouping === undefined ? {} : { groupBy: grouping.groupBy }),
    groupOrder: grouping?.order ?? [],
    andOrder: grouping?.andOrder ?? false,
  };
}

/** Marks such as DESC sort by the column before them. */
function orderMarks(
  cursor: Cursor,
  start: number,
  item: SelectItem | GroupingItem,
  nullsAlone: boolean,
): OrderingItem | undefined {
  const { word } = cursor.token;
  if (word !== 'ASC' && word !== 'DESC' && !(nullsAlone && word === 'NULLS')) return undefined;
  if (!('expression' in item)) return undefined;
  return orderingItem(cursor, start, item.expression);
}

function aggregateItem(cursor: Cursor): { item: SelectItem; order?: OrderingItem } {
  const { start } = cursor.token;
  const item = parseSelectItem(cursor, false);
  const order = orderMarks(cursor, start, item, false);
  return order === undefined ? { item } : { item, order };
}

function groupBy(cursor: Cursor) {
  const { start } = cursor.expectWord('GROUP');
  const hint = hintPart(cursor);
  const andOrder = cursor.takeWord('AND');
  if (andOrder) cursor.expectWord('ORDER');
  cursor.expectWord('BY');
  const order: (OrderingItem | undefined)[] = [];
  const items = trailingList(cursor, (at) => {
    const itemStart = at.token.start;
    const item = groupingItem(at);
    order.push(orderMarks(at, itemStart, item, true));
    return item;
  });
  const clause = { kind: 'GroupBy' as const, span: cursor.spanFrom(start), ...hint, all: false, items };
  return { groupBy: clause, order, andOrder };
}

function groupingItem(cursor: Cursor): GroupingItem {
  const form = parseGroupingForm(cursor);
  if (form !== undefined) return form;
  const { start } = cursor.token;
  const expression = parseExpression(cursor);
  const alias = optionalAlias(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'GroupingExpression', span, expression, ...(alias === undefined ? {} : { alias }) };
}
