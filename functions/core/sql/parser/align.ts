import type { Align, AlignBound, AlignWithin, Expression, Identifier } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { optionalAlias } from './names.ts';

/** `ALIGN ([TIMESTAMP x] PERIOD p [ORIGIN o] [OUTPUT WITHIN ...] [PARTITION BY ...] [METRICS ...])` */
export function parseAlign(cursor: Cursor): Align {
  cursor.foreign('ALIGN');
  const { start } = cursor.expectWord('ALIGN');
  cursor.expectOp('(');
  const timestamp = cursor.takeWord('TIMESTAMP') ? withAlias(cursor) : undefined;
  cursor.expectWord('PERIOD');
  const period = parseExpression(cursor);
  const origin = cursor.takeWord('ORIGIN') ? parseExpression(cursor) : undefined;
  const within = outputWithin(cursor);
  const partitionBy = partition(cursor);
  const metrics = cursor.takeWord('METRICS') ? commaList(cursor, metric) : [];
  cursor.expectOp(')');
  const alias = optionalAlias(cursor);
  return {
    kind: 'Align',
    span: cursor.spanFrom(start),
    ...(timestamp === undefined ? {} : { timestamp }),
    period,
    ...(origin === undefined ? {} : { origin }),
    ...(within === undefined ? {} : { within }),
    partitionBy,
    metrics,
    ...(alias === undefined ? {} : { alias }),
  };
}

function withAlias(cursor: Cursor): { expression: Expression; alias?: Identifier } {
  const expression = parseExpression(cursor);
  return cursor.takeWord('AS') ? { expression, alias: cursor.name() } : { expression };
}

function metric(cursor: Cursor): { expression: Expression; alias: Identifier } {
  const expression = parseExpression(cursor);
  cursor.takeWord('AS');
  return { expression, alias: cursor.name() };
}

function partition(cursor: Cursor): Align['partitionBy'] {
  if (!cursor.takeWord('PARTITION')) return [];
  cursor.expectWord('BY');
  return commaList(cursor, withAlias);
}

function outputWithin(cursor: Cursor): AlignWithin | undefined {
  if (!cursor.takeWord('OUTPUT')) return undefined;
  cursor.expectWord('WITHIN');
  if (!cursor.isWord('RANGE') || (cursor.peek(1).word !== 'FROM' && cursor.peek(1).word !== 'TO')) {
    return { form: 'BOUND', bound: bound(cursor) };
  }
  cursor.advance();
  const from = cursor.takeWord('FROM') ? rangeBound(cursor) : undefined;
  const to = cursor.takeWord('TO') ? rangeBound(cursor) : undefined;
  return { form: 'RANGE', ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function bound(cursor: Cursor): AlignBound {
  if (cursor.takeWord('UNBOUNDED')) return { period: false, side: side(cursor) ?? cursor.unexpected() };
  const expression = parseExpression(cursor);
  const period = cursor.takeWord('PERIOD');
  const found = side(cursor);
  return { expression, period, ...(found === undefined ? {} : { side: found }) };
}

/** In a range a number of periods says on which side of the row. */
function rangeBound(cursor: Cursor): AlignBound {
  const found = bound(cursor);
  if (found.period && found.side === undefined) cursor.unexpected();
  return found;
}

function side(cursor: Cursor): AlignBound['side'] {
  if (cursor.takeWord('PRECEDING')) return 'PRECEDING';
  return cursor.takeWord('FOLLOWING') ? 'FOLLOWING' : undefined;
}
