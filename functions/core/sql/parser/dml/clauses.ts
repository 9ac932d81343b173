import type { DmlVersion, Expression, Identifier, ReturningClause } from '../../ast/index.ts';
import { parseCastCount } from '../counts.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { given } from '../given.ts';
import { optionalAlias } from '../names.ts';
import { parseSelectItems } from '../select.ts';

/** `AT (time)`, `WITH TIMESTAMP [AS name]` */
export function parseVersion(cursor: Cursor): DmlVersion | undefined {
  const { start } = cursor.token;
  if (cursor.isWord('AT')) return temporalAt(cursor);
  if (!cursor.areWords('WITH', 'TIMESTAMP')) return undefined;
  cursor.foreign('WITH TIMESTAMP');
  cursor.takeWords('WITH', 'TIMESTAMP');
  // without a name after it, AS goes on with something else
  const named = cursor.isWord('AS') && cursor.isName(cursor.peek(1));
  const alias = named ? optionalAlias(cursor) : undefined;
  return { kind: 'WithTimestamp', span: cursor.spanFrom(start), ...given({ alias }) };
}

function temporalAt(cursor: Cursor): DmlVersion {
  const { start } = cursor.token;
  cursor.foreign('AT');
  cursor.expectWord('AT');
  cursor.expectOp('(');
  const time = parseExpression(cursor);
  cursor.expectOp(')');
  return { kind: 'TemporalAt', span: cursor.spanFrom(start), time };
}

/** `WITH OFFSET [[AS] name]` */
export function parseDmlOffset(cursor: Cursor): { readonly alias?: Identifier } | undefined {
  if (!cursor.isWord('WITH')) return undefined;
  cursor.foreign('DML WITH OFFSET');
  cursor.expectWord('WITH');
  cursor.expectWord('OFFSET');
  return given({ alias: optionalAlias(cursor) });
}

/** `(a, b)` */
export function parseColumns(cursor: Cursor): Identifier[] {
  cursor.expectOp('(');
  const columns = commaList(cursor, (at) => at.name());
  cursor.expectOp(')');
  return columns;
}

export const parseWhere = (cursor: Cursor): Expression | undefined =>
  cursor.takeWord('WHERE') ? parseExpression(cursor) : undefined;

/** `ASSERT_ROWS_MODIFIED n` and `THEN RETURN ...`, which BigQuery has not. */
export function parseDmlTail(cursor: Cursor) {
  const assertRowsModified = assertedRows(cursor);
  const returning = cursor.isWord('THEN') ? returningClause(cursor) : undefined;
  return given({ assertRowsModified, returning });
}

function assertedRows(cursor: Cursor): Expression | undefined {
  if (!cursor.isWord('ASSERT_ROWS_MODIFIED')) return undefined;
  cursor.foreign('ASSERT_ROWS_MODIFIED');
  cursor.advance();
  return parseCastCount(cursor);
}

function returningClause(cursor: Cursor): ReturningClause {
  const { start } = cursor.token;
  cursor.foreign('THEN RETURN');
  cursor.expectWord('THEN');
  cursor.expectWord('RETURN');
  const withAction = cursor.takeWord('WITH');
  if (withAction) cursor.expectWord('ACTION');
  const action = withAction && cursor.takeWord('AS') ? cursor.name() : undefined;
  const items = parseSelectItems(cursor, true);
  const span = cursor.spanFrom(start);
  return { kind: 'ReturningClause', span, withAction, ...given({ action }), items };
}

/** Fails where a word must say what to do. */
export const failAction = (cursor: Cursor): never => failExpected(cursor, 'DELETE', 'INSERT', 'UPDATE');
