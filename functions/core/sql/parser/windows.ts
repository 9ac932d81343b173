import type { Expression, OrderingItem, WindowFrameBound, WindowSpec } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { parseHintedBy } from './hints.ts';
import { parseOrderByClause } from './order-by.ts';
import { parseCollation } from './types.ts';

export function parseOrderingItem(cursor: Cursor): OrderingItem {
  const start = cursor.token.start;
  const expression = parseExpression(cursor);
  return orderingItem(cursor, start, expression);
}

/** The marks that follow an expression that is sorted by. */
export function orderingItem(
  cursor: Cursor,
  start: number,
  expression: Expression,
  /** graph queries may write ASCENDING and DESCENDING */
  spelledOut = false,
): OrderingItem {
  const collate = parseCollation(cursor);
  const direction = directionHere(cursor, spelledOut);
  const nulls = cursor.takeWord('NULLS') ? firstOrLast(cursor) : undefined;
  return {
    kind: 'OrderingItem',
    span: cursor.spanFrom(start),
    expression,
    ...(collate === undefined ? {} : { collate }),
    ...(direction === undefined ? {} : { direction }),
    ...(nulls === undefined ? {} : { nulls }),
  };
}

function directionHere(cursor: Cursor, spelledOut: boolean): OrderingItem['direction'] {
  if (cursor.takeWord('ASC') || (spelledOut && cursor.takeWord('ASCENDING'))) return 'ASC';
  return cursor.takeWord('DESC') || (spelledOut && cursor.takeWord('DESCENDING')) ? 'DESC' : undefined;
}

function firstOrLast(cursor: Cursor): 'FIRST' | 'LAST' {
  if (cursor.takeWord('FIRST')) return 'FIRST';
  if (!cursor.takeWord('LAST')) failExpected(cursor, 'FIRST', 'LAST');
  return 'LAST';
}

/** After OVER: a window's name or its definition. */
export function parseOver(cursor: Cursor): WindowSpec {
  if (cursor.isOp('(')) return parseWindowSpec(cursor);
  const base = cursor.name();
  return { kind: 'WindowSpec', span: base.span, base, partitionBy: [], orderBy: [] };
}

export function parseWindowSpec(cursor: Cursor): WindowSpec {
  const start = cursor.token.start;
  if (!cursor.isOp('(')) return parseOver(cursor);
  cursor.advance();
  const base = cursor.isName() ? cursor.name() : undefined;
  const partitionPart = partition(cursor);
  const order = parseOrderByClause(cursor);
  const frame = windowFrame(cursor);
  if (!cursor.takeOp(')')) {
    if (frame !== undefined) failExpected(cursor, ')');
    failExpected(cursor, ')', ...(order.orderBy.length === 0 ? ['ORDER'] : []), 'RANGE', 'ROWS');
  }
  return {
    kind: 'WindowSpec',
    span: cursor.spanFrom(start),
    ...(base === undefined ? {} : { base }),
    ...partitionPart,
    ...order,
    ...(frame === undefined ? {} : { frame }),
  };
}

function partition(cursor: Cursor): Pick<WindowSpec, 'partitionBy' | 'partitionHint'> {
  if (!cursor.takeWord('PARTITION')) return { partitionBy: [] };
  const { hint } = parseHintedBy(cursor);
  const partitionBy = commaList(cursor, parseExpression);
  return hint === undefined ? { partitionBy } : { partitionHint: hint, partitionBy };
}

function windowFrame(cursor: Cursor): WindowSpec['frame'] {
  const unit = cursor.isWord('ROWS') ? 'ROWS' : cursor.isWord('RANGE') ? 'RANGE' : undefined;
  if (unit === undefined) return undefined;
  cursor.advance();
  if (!cursor.takeWord('BETWEEN')) return { unit, start: frameBound(cursor) };
  const start = frameBound(cursor);
  cursor.expectWord('AND');
  return { unit, start, end: frameBound(cursor) };
}

function frameBound(cursor: Cursor): WindowFrameBound {
  const { start } = cursor.token;
  if (cursor.takeWord('CURRENT')) {
    cursor.expectWord('ROW');
    return { type: 'CURRENT_ROW', span: cursor.spanFrom(start) };
  }
  if (cursor.takeWord('UNBOUNDED')) {
    const type = precedingOrFollowing(cursor) === 'PRECEDING' ? 'UNBOUNDED_PRECEDING' : 'UNBOUNDED_FOLLOWING';
    return { type, span: cursor.spanFrom(start) };
  }
  const offset = parseExpression(cursor);
  const type = precedingOrFollowing(cursor);
  return { type, span: cursor.spanFrom(start), offset };
}

function precedingOrFollowing(cursor: Cursor): 'PRECEDING' | 'FOLLOWING' {
  if (cursor.takeWord('PRECEDING')) return 'PRECEDING';
  if (!cursor.takeWord('FOLLOWING')) failExpected(cursor, 'FOLLOWING', 'PRECEDING');
  return 'FOLLOWING';
}
