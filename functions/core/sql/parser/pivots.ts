import type { Expression, Identifier, Path, TablePostfix, Unpack } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { closeList, failExpected } from './expected.ts';
import { parseExpression, parseTight, parseUnpack } from './expression.ts';
import { parseLiteral } from './literals.ts';
import { optionalAlias, parsePath } from './names.ts';
import { lockModeFollows } from './query.ts';

function aliasOf(cursor: Cursor): { readonly alias?: Identifier } {
  const alias = optionalAlias(cursor);
  return alias === undefined ? {} : { alias };
}

function aliasedExpression(cursor: Cursor): { expression: Expression; alias?: Identifier } {
  const expression = parseExpression(cursor);
  return { expression, ...aliasOf(cursor) };
}

/** `PIVOT (SUM(x) FOR y IN (1, 2))` */
export function parsePivot(cursor: Cursor): TablePostfix {
  const { start } = cursor.expectWord('PIVOT');
  cursor.expectOp('(');
  const aggregates = commaList(cursor, aliasedExpression);
  if (lockModeFollows(cursor) || !cursor.takeWord('FOR')) failExpected(cursor, ',', 'FOR');
  const on = parseTight(cursor);
  if (!cursor.takeWord('IN')) cursor.unexpected();
  cursor.expectOp('(');
  const values = commaList(cursor, aliasedExpression);
  cursor.expectOp(')');
  cursor.expectOp(')');
  const alias = aliasOf(cursor);
  return { kind: 'Pivot', span: cursor.spanFrom(start), aggregates, on, values, ...alias };
}

/** `UNPIVOT [INCLUDE NULLS | EXCLUDE NULLS] (values FOR name IN (a, b AS 'x'))` */
export function parseUnpivot(cursor: Cursor): TablePostfix {
  const { start } = cursor.expectWord('UNPIVOT');
  const includeNulls = cursor.takeWord('INCLUDE');
  const excludeNulls = !includeNulls && cursor.takeWord('EXCLUDE');
  if (includeNulls || excludeNulls) cursor.expectWord('NULLS');
  cursor.expectOp('(');
  const values = cursor.isOp('(') ? columnsInParentheses(cursor) : [parsePath(cursor)];
  if (lockModeFollows(cursor) || !cursor.takeWord('FOR')) failExpected(cursor, 'FOR');
  const nameColumn = parsePath(cursor);
  if (!cursor.takeWord('IN')) failExpected(cursor, '.', 'IN');
  cursor.expectOp('(');
  const inputs = commaList(cursor, unpivotInput);
  closeList(cursor);
  cursor.expectOp(')');
  const alias = aliasOf(cursor);
  return {
    kind: 'Unpivot',
    span: cursor.spanFrom(start),
    includeNulls,
    ...(excludeNulls ? { excludeNulls } : {}),
    values,
    nameColumn,
    inputs,
    ...alias,
  };
}

function columnsInParentheses(cursor: Cursor): (Path | Unpack)[] {
  cursor.expectOp('(');
  const columns = commaList(cursor, column);
  closeList(cursor);
  return columns;
}

function column(cursor: Cursor): Path | Unpack {
  return cursor.isOp('**') ? parseUnpack(cursor) : parsePath(cursor);
}

type UnpivotInput = Extract<TablePostfix, { kind: 'Unpivot' }>['inputs'][number];

function unpivotInput(cursor: Cursor): UnpivotInput {
  if (cursor.isOp('**')) return { columns: [parseUnpack(cursor)] };
  const parenthesized = cursor.isOp('(');
  const columns = parenthesized ? columnsInParentheses(cursor) : [parsePath(cursor)];
  const label = inputLabel(cursor);
  return {
    columns,
    ...(parenthesized ? { parenthesized } : {}),
    ...(label === undefined ? {} : { label }),
  };
}

function inputLabel(cursor: Cursor): Expression | undefined {
  const marked = cursor.takeWord('AS');
  const { kind } = cursor.token;
  if (kind === 'string' || kind === 'int') return parseLiteral(cursor);
  return marked ? failExpected(cursor, 'integer literal', 'string literal') : undefined;
}
