import type { Expression, Identifier, Path, TablePostfix } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseExpression, parseTight } from './expression.ts';
import { parseLiteral, parseParameter } from './literals.ts';
import { parseMatchRecognize } from './match-recognize.ts';
import { optionalAlias, parsePath } from './names.ts';

/** Whether PIVOT or UNPIVOT begins its clause here and is no alias. */
export function pivotFollows(cursor: Cursor): boolean {
  const next = cursor.peek(1);
  if (cursor.isWord('PIVOT')) return next.op === '(';
  const filtered = (next.word === 'INCLUDE' || next.word === 'EXCLUDE') && cursor.peek(2).word === 'NULLS';
  return cursor.isWord('UNPIVOT') && (next.op === '(' || filtered);
}

/** At most one PIVOT or UNPIVOT, as a list. */
export function parsePivots(cursor: Cursor): TablePostfix[] {
  if (!pivotFollows(cursor)) return [];
  return [cursor.isWord('PIVOT') ? parsePivot(cursor) : parseUnpivot(cursor)];
}

/** TABLESAMPLE and MATCH_RECOGNIZE, any number, after what is there already. */
export function parseAfterwards(cursor: Cursor, before: TablePostfix[]): TablePostfix[] {
  const postfix = [...before];
  for (;;) {
    if (cursor.isWord('TABLESAMPLE')) postfix.push(parseTableSample(cursor));
    else if (cursor.isWord('MATCH_RECOGNIZE')) postfix.push(parseMatchRecognize(cursor));
    else return postfix;
  }
}

function aliasOf(cursor: Cursor): { readonly alias?: Identifier } {
  const alias = optionalAlias(cursor);
  return alias === undefined ? {} : { alias };
}

function aliasedExpression(cursor: Cursor): { expression: Expression; alias?: Identifier } {
  const expression = parseExpression(cursor);
  return { expression, ...aliasOf(cursor) };
}

export function parsePivot(cursor: Cursor): TablePostfix {
  const { start } = cursor.expectWord('PIVOT');
  cursor.expectOp('(');
  const aggregates = commaList(cursor, aliasedExpression);
  cursor.expectWord('FOR');
  const on = parseTight(cursor);
  cursor.expectWord('IN');
  cursor.expectOp('(');
  const values = commaList(cursor, aliasedExpression);
  cursor.expectOp(')');
  cursor.expectOp(')');
  const alias = aliasOf(cursor);
  return { kind: 'Pivot', span: cursor.spanFrom(start), aggregates, on, values, ...alias };
}

/** BigQuery names new columns with single names. */
function newColumn(cursor: Cursor): Identifier {
  const path = parsePath(cursor);
  if (path.parts.length > 1) cursor.fail('UNPIVOT names a new column with more than one part');
  return path.parts[0]!;
}

function pathsInParentheses(cursor: Cursor): Path[] {
  cursor.expectOp('(');
  const paths = commaList(cursor, parsePath);
  cursor.expectOp(')');
  return paths;
}

export function parseUnpivot(cursor: Cursor): TablePostfix {
  const { start } = cursor.expectWord('UNPIVOT');
  const includeNulls = cursor.takeWords('INCLUDE', 'NULLS');
  if (!includeNulls) cursor.takeWords('EXCLUDE', 'NULLS');
  cursor.expectOp('(');
  const values = unpivotValues(cursor);
  cursor.expectWord('FOR');
  const nameColumn = newColumn(cursor);
  cursor.expectWord('IN');
  cursor.expectOp('(');
  const inputs = commaList(cursor, unpivotInput);
  cursor.expectOp(')');
  cursor.expectOp(')');
  const alias = aliasOf(cursor);
  return {
    kind: 'Unpivot',
    span: cursor.spanFrom(start),
    includeNulls,
    values,
    nameColumn,
    inputs,
    ...alias,
  };
}

function unpivotValues(cursor: Cursor): Identifier[] {
  if (!cursor.isOp('(')) return [newColumn(cursor)];
  cursor.advance();
  const values = commaList(cursor, newColumn);
  cursor.expectOp(')');
  return values;
}

function unpivotInput(cursor: Cursor): { columns: Path[]; label?: Expression } {
  const columns = cursor.isOp('(') ? pathsInParentheses(cursor) : [parsePath(cursor)];
  const marked = cursor.takeWord('AS');
  const { kind } = cursor.token;
  const label = kind === 'string' || kind === 'int' ? parseLiteral(cursor) : undefined;
  if (label === undefined && marked) cursor.unexpected();
  return label === undefined ? { columns } : { columns, label };
}

/** `TABLESAMPLE SYSTEM (10 PERCENT)` */
export function parseTableSample(cursor: Cursor): TablePostfix {
  const { start } = cursor.expectWord('TABLESAMPLE');
  const method = cursor.name();
  cursor.expectOp('(');
  const size = sampleSize(cursor);
  const unit = cursor.takeWord('ROWS') ? 'ROWS' : 'PERCENT';
  if (unit === 'PERCENT') cursor.expectWord('PERCENT');
  if (cursor.isWord('PARTITION')) cursor.unsupported('TABLESAMPLE with PARTITION BY');
  cursor.expectOp(')');
  if (cursor.areWords('WITH', 'WEIGHT')) cursor.unsupported('TABLESAMPLE WITH WEIGHT');
  if (cursor.isWord('REPEATABLE') && cursor.peek(1).op === '(') cursor.unsupported('TABLESAMPLE REPEATABLE');
  return { kind: 'TableSample', span: cursor.spanFrom(start), method, size, unit };
}

function sampleSize(cursor: Cursor): Expression {
  if (cursor.isWord('CAST') || cursor.isOp('@@')) return parseTight(cursor);
  const { kind } = cursor.token;
  if (kind === 'int' || kind === 'float') return parseLiteral(cursor) ?? cursor.unexpected();
  return parseParameter(cursor) ?? cursor.unexpected();
}
