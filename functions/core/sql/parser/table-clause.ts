import type { TableClause } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { functionKeywords, parsePath, pathOf } from './names.ts';
import { parseTableFunction } from './table-function.ts';

/** `TABLE t [WHERE condition]`, `TABLE f(x) [AS a] [WHERE condition]` */
export function parseTableClause(cursor: Cursor): TableClause {
  const { start } = cursor.expectWord('TABLE');
  const table = clauseTable(cursor);
  const where = cursor.takeWord('WHERE') ? parseExpression(cursor) : undefined;
  const span = cursor.spanFrom(start);
  return { kind: 'TableClause', span, table, ...(where === undefined ? {} : { where }) };
}

function clauseTable(cursor: Cursor): TableClause['table'] {
  const { start } = cursor.token;
  const isIf = cursor.isWord('IF');
  const path = isIf ? pathOf([cursor.nameOr(functionKeywords)]) : parsePath(cursor);
  if (isIf && !cursor.isOp('(')) failExpected(cursor, '(');
  if (cursor.isOp('(')) return parseTableFunction(cursor, start, path);
  return { kind: 'ObjectName', span: path.span, path, role: 'TableClause' };
}
