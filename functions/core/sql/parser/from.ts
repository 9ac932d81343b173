import type { Identifier, Path, TableExpression } from '../ast/index.ts';
import { aliasHere } from './aliases.ts';
import type { Cursor } from './cursor.ts';
import { failAt, failBare, failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { parseGraphTable } from './graph/table.ts';
import { parseHint } from './hints.ts';
import { parseJoins, parseJoinsInside } from './joins.ts';
import { functionKeywords, parsePath, parseTablePath, pathOf } from './names.ts';
import { parseParenthesizedQuery, startsQuery } from './query.ts';
import { parseSlashedPath } from './slashed-path.ts';
import { parseTableFunction } from './table-function.ts';
import { parseAfterwards, parsePivots } from './table-postfix.ts';
import { parseUnnestArguments } from './unnest.ts';

export { parseTableFunction, tableArguments } from './table-function.ts';

/** `FROM` and all tables after it. */
export function parseFromClause(cursor: Cursor): TableExpression {
  cursor.expectWord('FROM');
  const { op, start } = cursor.token;
  if (op === '@' || op === '?') failBare('Query parameters cannot be used in place of table names', start);
  if (op === '@@') failBare('System variables cannot be used in place of table names', start);
  return parseJoins(cursor);
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
  if (word === 'GROUP') return groupRows(cursor, start);
  if (word === 'IF') return functionCall(cursor, start, false);
  const path = cursor.isOp('/') ? parseSlashedPath(cursor) : parseTablePath(cursor);
  if (cursor.isOp('(') && !hasDashes(path)) return parseTableFunction(cursor, start, path);
  refuseElement(cursor);
  return tableName(cursor, start, path);
}

/** A table function, where nothing else can stand; IF is a reserved word and one all the same. */
function functionCall(cursor: Cursor, start: number, isLateral: boolean): TableExpression {
  const plain = cursor.isWord('IF');
  const name = plain ? pathOf([cursor.nameOr(functionKeywords)]) : parsePath(cursor);
  if (cursor.takeOp('.')) cursor.unexpected();
  if (!cursor.isOp('(')) failExpected(cursor, ...(plain ? ['('] : ['(', '.']));
  return parseTableFunction(cursor, start, name, isLateral);
}

/** A project with dashes and no backticks is the start of a table's name only. */
const hasDashes = ({ parts }: Path): boolean => !parts[0]!.quoted && /[-/]/.test(parts[0]!.name);

function refuseElement(cursor: Cursor): void {
  const { op, start } = cursor.token;
  const advice = 'is not allowed in the FROM clause without UNNEST; Use UNNEST(<expression>)';
  if (op === '[') failAt(`Array element access ${advice}`, start);
  if (op !== '.') return;
  const next = cursor.peek(1);
  if (next.op === '(') failAt(`Generalized field access ${advice}`, next.start);
  cursor.advance();
  cursor.unexpected();
}

const optional = <K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [key in K]?: V };

function tableName(cursor: Cursor, start: number, path: Path): TableExpression {
  const hint = parseHint(cursor);
  const alias = aliasHere(cursor);
  const withOffset = parseWithOffset(cursor);
  const pivots = parsePivots(cursor, withOffset === undefined ? alias : withOffset.alias);
  const systemTime = parseSystemTime(cursor, pivots[0]?.kind);
  const postfix = parseAfterwards(cursor, pivots);
  const span = cursor.spanFrom(start);
  return {
    kind: 'TableName',
    span,
    path,
    ...optional('hint', hint),
    ...optional('alias', alias),
    ...optional('withOffset', withOffset),
    ...optional('systemTime', systemTime),
    postfix,
  };
}

function parseWithOffset(cursor: Cursor): { alias?: Identifier } | undefined {
  if (!cursor.isWord('WITH')) return undefined;
  cursor.advance();
  cursor.expectWord('OFFSET');
  return optional('alias', aliasHere(cursor));
}

function parseSystemTime(cursor: Cursor, pivot: string | undefined) {
  if (!cursor.isWord('FOR') || cursor.peek(1).word === 'UPDATE') return undefined;
  const { start } = cursor.advance();
  if (cursor.takeWord('SYSTEM')) cursor.expectWord('TIME');
  else if (!cursor.takeWord('SYSTEM_TIME')) {
    cursor.fail(`Expected SYSTEM_TIME or keyword SYSTEM but got ${cursor.here()}`);
  }
  cursor.expectWord('AS');
  cursor.expectWord('OF');
  const time = parseExpression(cursor);
  if (pivot !== undefined) {
    failAt(`${pivot.toUpperCase()} and FOR SYSTEM TIME AS OF may not be combined`, start);
  }
  return time;
}

function subquery(cursor: Cursor, start: number, isLateral: boolean): TableExpression {
  const query = parseParenthesizedQuery(cursor);
  const alias = aliasHere(cursor);
  const postfix = parseAfterwards(cursor, parsePivots(cursor, alias));
  const span = cursor.spanFrom(start);
  return { kind: 'TableSubquery', span, query, ...optional('alias', alias), lateral: isLateral, postfix };
}

function lateral(cursor: Cursor, start: number): TableExpression {
  cursor.advance();
  if (cursor.isOp('(')) return subquery(cursor, start, true);
  if (!cursor.isName() && !cursor.isWord('IF')) cursor.unexpected();
  return functionCall(cursor, start, true);
}

function groupRows(cursor: Cursor, start: number): TableExpression {
  if (cursor.peek(1).word !== 'ROWS') cursor.unexpected();
  cursor.foreign('FROM GROUP ROWS');
  cursor.advance();
  cursor.advance();
  const alias = aliasHere(cursor);
  const postfix = parseAfterwards(cursor, parsePivots(cursor, alias));
  return { kind: 'GroupRows', span: cursor.spanFrom(start), ...optional('alias', alias), postfix };
}

function joinInParentheses(cursor: Cursor): TableExpression {
  const { start } = cursor.expectOp('(');
  const join = parseJoinsInside(cursor);
  const postfix = parseAfterwards(cursor, []);
  return { kind: 'ParenthesizedJoin', span: cursor.spanFrom(start), join, postfix };
}

function unnest(cursor: Cursor, start: number): TableExpression {
  const arrays = parseUnnestArguments(cursor);
  refuseElement(cursor);
  const hint = parseHint(cursor);
  const alias = aliasHere(cursor);
  const withOffset = parseWithOffset(cursor);
  const pivots = parsePivots(cursor, withOffset === undefined ? alias : withOffset.alias);
  if (cursor.isWord('FOR') && cursor.peek(1).word !== 'UPDATE')
    cursor.foreign('FOR SYSTEM_TIME after UNNEST');
  const systemTime = parseSystemTime(cursor, pivots[0]?.kind);
  const postfix = parseAfterwards(cursor, pivots);
  const span = cursor.spanFrom(start);
  return {
    kind: 'UnnestTable',
    span,
    arrays,
    ...optional('hint', hint),
    ...optional('alias', alias),
    ...optional('withOffset', withOffset),
    ...optional('systemTime', systemTime),
    postfix,
  };
}
