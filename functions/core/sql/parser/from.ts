import type { Argument, Identifier, TableExpression, TablePostfix } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseArgument } from './functions.ts';
import { parseGraphTable } from './graph/table.ts';
import { parseJoins } from './joins.ts';
import { functionKeywords, optionalAlias, parseTablePath, pathOf } from './names.ts';
import { parseParenthesizedQuery, startsQuery } from './query.ts';
import { parseAfterwards, parsePivots, pivotFollows } from './table-postfix.ts';

/** `FROM` and all tables after it. */
export function parseFromClause(cursor: Cursor): TableExpression {
  cursor.expectWord('FROM');
  return parseJoins(cursor, true);
}

/** One table with its alias and everything that belongs to it alone. */
export function parseTable(cursor: Cursor): TableExpression {
  return cursor.nested(tableBody);
}

function tableBody(cursor: Cursor): TableExpression {
  const { start, word } = cursor.token;
  if (cursor.isOp('('))
    return startsQuery(cursor, 1) ? subquery(cursor, start, false) : joinInParentheses(cursor);
  if (word === 'UNNEST') return unnest(cursor, start);
  if (word === 'LATERAL') return lateral(cursor, start);
  if (word === 'GRAPH_TABLE') return parseGraphTable(cursor);
  if (word === 'GROUP') cursor.unsupported('FROM GROUP ROWS');
  if (word === 'IF' && cursor.peek(1).op === '(') {
    return tableFunction(cursor, start, pathOf([cursor.nameOr(functionKeywords)]));
  }
  if (cursor.isOp('/')) cursor.unsupported('table path with slashes');
  const path = parseTablePath(cursor);
  if (cursor.isOp('(')) return tableFunction(cursor, start, path);
  if (cursor.isOp('[') || cursor.isOp('.')) {
    cursor.fail('Syntax is not supported in a table path: use UNNEST for an array element or field');
  }
  return tableName(cursor, start, path);
}

/** PIVOT and UNPIVOT are names too: they begin a clause only where their parenthesis follows. */
function aliasHere(cursor: Cursor): Identifier | undefined {
  return pivotFollows(cursor) ? undefined : optionalAlias(cursor);
}

const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [key in K]?: V };

function tableName(cursor: Cursor, start: number, path: ReturnType<typeof pathOf>): TableExpression {
  cursor.refuseHint();
  const alias = aliasHere(cursor);
  const withOffset = parseWithOffset(cursor);
  const pivots = parsePivots(cursor);
  if (pivots.length > 0 && cursor.isWord('FOR'))
    cursor.fail('PIVOT and FOR SYSTEM TIME AS OF may not be combined');
  const systemTime = parseSystemTime(cursor);
  const postfix = parseAfterwards(cursor, pivots);
  const span = cursor.spanFrom(start);
  return {
    kind: 'TableName',
    span,
    path,
    ...optional('alias', alias),
    ...optional('withOffset', withOffset),
    ...optional('systemTime', systemTime),
    postfix,
  };
}

function parseWithOffset(cursor: Cursor): { alias?: Identifier } | undefined {
  if (!cursor.areWords('WITH', 'OFFSET')) return undefined;
  cursor.advance();
  cursor.advance();
  return optional('alias', aliasHere(cursor));
}

function parseSystemTime(cursor: Cursor) {
  if (!cursor.isWord('FOR')) return undefined;
  cursor.advance();
  if (!cursor.takeWords('SYSTEM', 'TIME')) cursor.expectWord('SYSTEM_TIME');
  cursor.expectWord('AS');
  cursor.expectWord('OF');
  return parseExpression(cursor);
}

function subquery(cursor: Cursor, start: number, isLateral: boolean): TableExpression {
  const query = parseParenthesizedQuery(cursor);
  const alias = aliasHere(cursor);
  const postfix: TablePostfix[] = parseAfterwards(cursor, parsePivots(cursor));
  const span = cursor.spanFrom(start);
  return { kind: 'TableSubquery', span, query, ...optional('alias', alias), lateral: isLateral, postfix };
}

function lateral(cursor: Cursor, start: number): TableExpression {
  cursor.advance();
  if (cursor.isOp('(')) return subquery(cursor, start, true);
  return cursor.unsupported('LATERAL table function');
}

function joinInParentheses(cursor: Cursor): TableExpression {
  const { start } = cursor.expectOp('(');
  const join = parseJoins(cursor, false);
  if (join.kind !== 'Join') cursor.unexpected();
  cursor.expectOp(')');
  const postfix = parseAfterwards(cursor, []);
  return { kind: 'ParenthesizedJoin', span: cursor.spanFrom(start), join, postfix };
}

function unnest(cursor: Cursor, start: number): TableExpression {
  cursor.advance();
  cursor.expectOp('(');
  if (cursor.isWord('SELECT')) {
    cursor.fail('A query in UNNEST needs parentheses of its own');
  }
  const arrays = commaList(cursor, parseArgument);
  cursor.expectOp(')');
  if (cursor.isOp('[') || cursor.isOp('.')) cursor.unexpected();
  cursor.refuseHint();
  const alias = aliasHere(cursor);
  const withOffset = parseWithOffset(cursor);
  const pivots = parsePivots(cursor);
  if (cursor.isWord('FOR')) cursor.fail('FOR SYSTEM_TIME cannot follow UNNEST');
  const postfix = parseAfterwards(cursor, pivots);
  const span = cursor.spanFrom(start);
  return {
    kind: 'UnnestTable',
    span,
    arrays,
    ...optional('alias', alias),
    ...optional('withOffset', withOffset),
    postfix,
  };
}

/** An argument that is a parenthesized query and nothing more may be a table. */
function tableArgument(cursor: Cursor): Argument {
  const argument = parseArgument(cursor);
  if (argument.kind !== 'PlainArgument' || argument.alias !== undefined) return argument;
  const { value, span } = argument;
  return value.kind === 'ScalarSubquery' ? { kind: 'QueryArgument', span, query: value.query } : argument;
}

/** The arguments of a table function, with their parentheses. */
export function tableArguments(cursor: Cursor): Argument[] {
  cursor.expectOp('(');
  const list = cursor.isOp(')') ? [] : commaList(cursor, tableArgument);
  cursor.expectOp(')');
  cursor.refuseHint();
  return list;
}

function tableFunction(cursor: Cursor, start: number, name: ReturnType<typeof pathOf>): TableExpression {
  const list = tableArguments(cursor);
  const alias = aliasHere(cursor);
  const postfix = parseAfterwards(cursor, parsePivots(cursor));
  const span = cursor.spanFrom(start);
  return { kind: 'TableFunction', span, name, arguments: list, ...optional('alias', alias), postfix };
}
