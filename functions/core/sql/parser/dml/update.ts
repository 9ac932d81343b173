import type { DeleteStatement, UpdateItem, UpdateStatement } from '../../ast/index.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { failExpected } from '../expected.ts';
import { parseExpressionOrDefault } from '../expression.ts';
import { parseFromClause } from '../from.ts';
import { given } from '../given.ts';
import { parseHint } from '../hints.ts';
import { optionalAlias } from '../names.ts';
import { failAction, parseDmlOffset, parseDmlTail, parseVersion, parseWhere } from './clauses.ts';
import { parseInsert } from './insert.ts';
import { parseColumnTarget, parseDmlTarget } from './targets.ts';

/** `UPDATE t [AS a] SET x = 1, ... [FROM ...] [WHERE ...]` */
export function parseUpdate(cursor: Cursor): UpdateStatement {
  const { start } = cursor.expectWord('UPDATE');
  const target = changed(cursor);
  if (!cursor.isWord('SET')) failSet(cursor, 'alias' in target);
  cursor.advance();
  const items = parseUpdateItems(cursor);
  const from = cursor.isWord('FROM') ? parseFromClause(cursor) : undefined;
  const where = parseWhere(cursor);
  const tail = parseDmlTail(cursor);
  const parts = { ...target, items, ...given({ from, where }), ...tail };
  return { kind: 'UpdateStatement', span: cursor.spanFrom(start), ...parts };
}

function failSet(cursor: Cursor, named: boolean): never {
  return named ? failExpected(cursor, 'AT', 'SET', 'WITH') : cursor.unexpected();
}

/** `DELETE [FROM] t [AS a] [WHERE ...]` */
export function parseDelete(cursor: Cursor): DeleteStatement {
  const { start } = cursor.expectWord('DELETE');
  cursor.takeWord('FROM');
  const target = changed(cursor);
  const where = parseWhere(cursor);
  const tail = parseDmlTail(cursor);
  return {
    kind: 'DeleteStatement',
    span: cursor.spanFrom(start),
    ...target,
    ...given({ where }),
    ...tail,
  };
}

/** The target and what says which of it. */
function changed(cursor: Cursor) {
  const target = parseDmlTarget(cursor);
  const hint = parseHint(cursor);
  const alias = optionalAlias(cursor);
  const version = parseVersion(cursor);
  const withOffset = parseDmlOffset(cursor);
  return { target, ...given({ hint, alias, version, withOffset }) };
}

/** `a = 1, b.c = DEFAULT, (DELETE d WHERE e)` */
export const parseUpdateItems = (cursor: Cursor): UpdateItem[] => commaList(cursor, updateItem);

function updateItem(cursor: Cursor): UpdateItem {
  if (cursor.isOp('(')) return cursor.nested(nestedStatement);
  if (!cursor.isName()) failExpected(cursor, '(');
  const { start } = cursor.token;
  const target = parseColumnTarget(cursor, cursor.name());
  if (!cursor.isOp('=')) failExpected(cursor, '.', '=', '[');
  cursor.advance();
  const value = parseExpressionOrDefault(cursor);
  return { kind: 'UpdateAssignment', span: cursor.spanFrom(start), target, value };
}

function nestedStatement(cursor: Cursor): UpdateItem {
  cursor.foreign('nested DML');
  cursor.expectOp('(');
  const statement = oneOf(cursor);
  cursor.expectOp(')');
  return statement;
}

function oneOf(cursor: Cursor): UpdateItem {
  switch (cursor.token.word) {
    case 'INSERT':
      return parseInsert(cursor);
    case 'UPDATE':
      return parseUpdate(cursor);
    case 'DELETE':
      return parseDelete(cursor);
    default:
      return failAction(cursor);
  }
}
