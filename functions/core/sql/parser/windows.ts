import type { Expression, OrderingItem, WindowFrameBound, WindowSpec } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseLiteral, parseParameter } from './literals.ts';

/** `ORDER BY ...` if it stands here, else an empty list. */
export function parseOrderBy(cursor: Cursor): OrderingItem[] {
  if (!cursor.isWord('ORDER')) return [];
  cursor.advance();
  cursor.refuseHint();
  cursor.expectWord('BY');
  return commaList(cursor, parseOrderingItem);
}

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
  const collate = cursor.takeWord('COLLATE') ? collationName(cursor) : undefined;
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
  cursor.expectWord('LAST');
  return 'LAST';
}

function collationName(cursor: Cursor): Expression {
  if (cursor.token.kind === 'string') return parseLiteral(cursor) ?? cursor.unexpected();
  return parseParameter(cursor) ?? cursor.unexpected();
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
  const partitionBy = partition(cursor);
  const orderBy = parseOrderBy(cursor);
  const frame = windowFrame(cursor);
  cursor.expectOp(')');
  return {
    kind: 'WindowSpec',
    span: cursor.spanFrom(start),
    ...(base === undefined ? {} : { base }),
    partitionBy,
    orderBy,
    ...(frame === undefined ? {} : { frame }),
  };
}

function partition(cursor: Cursor): Expression[] {
  if (!cursor.takeWord('PARTITION')) return [];
  cursor.refuseHint();
  cursor.expectWord('BY');
  return commaList(cursor, parseExpression);
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
  cursor.expectWord('FOLLOWING');
  return 'FOLLOWING';
}
