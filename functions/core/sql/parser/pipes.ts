import type { GroupingItem, Identifier, OrderingItem, PipeOperator, SelectItem } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseTable, tableArguments } from './from.ts';
import { parseGroupingForm } from './group-by.ts';
import { parseJoinCondition, parseJoinType } from './joins.ts';
import { parseMatchRecognize } from './match-recognize.ts';
import { functionKeywords, optionalAlias, parsePath, pathOf } from './names.ts';
import { parseLimit, parseParenthesizedQuery, startsSetOperation } from './query.ts';
import {
  endsList,
  parseSelectHead,
  parseSelectItem,
  parseSelectItems,
  parseWindowClause,
  parseWithModifier,
} from './select.ts';
import { parseSetOperationHead } from './set-operations.ts';
import { parsePivot, parseTableSample, parseUnpivot } from './table-postfix.ts';
import { orderingItem, parseOrderBy } from './windows.ts';

/** All `|>` operators that follow. */
export function parsePipes(cursor: Cursor): PipeOperator[] {
  const pipes: PipeOperator[] = [];
  while (cursor.takeOp('|>')) pipes.push(parsePipe(cursor));
  return pipes;
}

function parsePipe(cursor: Cursor): PipeOperator {
  const { start, word } = cursor.token;
  const span = () => cursor.spanFrom(start);
  if (startsSetOperation(cursor, cursor.index)) return pipeSetOperation(cursor, start);
  switch (word) {
    case 'WHERE':
      cursor.advance();
      return { kind: 'PipeWhere', condition: parseExpression(cursor), span: span() };
    case 'SELECT':
      return pipeSelect(cursor, start);
    case 'EXTEND':
      return pipeExtend(cursor, start);
    case 'SET':
      cursor.advance();
      return { kind: 'PipeSet', items: trailingList(cursor, setItem), span: span() };
    case 'DROP':
      cursor.advance();
      return { kind: 'PipeDrop', columns: trailingList(cursor, columnName), span: span() };
    case 'RENAME':
      cursor.advance();
      return { kind: 'PipeRename', items: trailingList(cursor, renameItem), span: span() };
    case 'AS':
      cursor.advance();
      return { kind: 'PipeAs', alias: cursor.name(), span: span() };
    case 'LIMIT':
      return pipeLimit(cursor, start);
    case 'AGGREGATE':
      return pipeAggregate(cursor, start);
    case 'DISTINCT':
      cursor.advance();
      return { kind: 'PipeDistinct', span: span() };
    case 'ORDER':
      return pipeOrderBy(cursor, start);
    case 'CALL':
      return pipeCall(cursor, start);
    case 'TABLESAMPLE':
      return { kind: 'PipePostfix', postfix: parseTableSample(cursor), span: span() };
    case 'PIVOT':
      return { kind: 'PipePostfix', postfix: parsePivot(cursor), span: span() };
    case 'UNPIVOT':
      return { kind: 'PipePostfix', postfix: parseUnpivot(cursor), span: span() };
    case 'MATCH_RECOGNIZE':
      return { kind: 'PipePostfix', postfix: parseMatchRecognize(cursor), span: span() };
    default:
      return pipeJoin(cursor, start) ?? pipeOther(cursor, start);
  }
}

/** A list where a comma may trail. */
function trailingList<T>(cursor: Cursor, part: (cursor: Cursor) => T): T[] {
  const parts = [part(cursor)];
  while (cursor.takeOp(',')) {
    if (endsList(cursor)) break;
    parts.push(part(cursor));
  }
  return parts;
}

function columnName(cursor: Cursor): Identifier {
  const name = cursor.name();
  if (cursor.isOp('.')) cursor.fail('A pipe operator names columns only, not their fields');
  return name;
}

function setItem(cursor: Cursor) {
  const name = columnName(cursor);
  cursor.expectOp('=');
  return { name, value: parseExpression(cursor) };
}

function renameItem(cursor: Cursor) {
  const from = columnName(cursor);
  cursor.takeWord('AS');
  return { from, to: columnName(cursor) };
}

function windowsAndComma(cursor: Cursor) {
  const windows = parseWindowClause(cursor);
  if (windows.length > 0) cursor.takeOp(',');
  return windows;
}

function pipeSelect(cursor: Cursor, start: number): PipeOperator {
  const head = parseSelectHead(cursor);
  const windows = windowsAndComma(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'PipeSelect', span, select: { kind: 'Select', span, ...head, windows } };
}

function pipeExtend(cursor: Cursor, start: number): PipeOperator {
  cursor.advance();
  const items = parseSelectItems(cursor, false);
  const windows = windowsAndComma(cursor);
  return { kind: 'PipeExtend', span: cursor.spanFrom(start), items, windows };
}

function pipeLimit(cursor: Cursor, start: number): PipeOperator {
  if (cursor.peek(1).word === 'ALL') cursor.unsupported('|> LIMIT ALL');
  const { limit, offset } = parseLimit(cursor);
  if (limit === undefined) return cursor.unexpected();
  return {
    kind: 'PipeLimit',
    span: cursor.spanFrom(start),
    limit,
    ...(offset === undefined ? {} : { offset }),
  };
}

function pipeOrderBy(cursor: Cursor, start: number): PipeOperator {
  const items = parseOrderBy(cursor);
  cursor.takeOp(',');
  return { kind: 'PipeOrderBy', span: cursor.spanFrom(start), items };
}

function pipeAggregate(cursor: Cursor, start: number): PipeOperator {
  cursor.advance();
  if (parseWithModifier(cursor) !== undefined) cursor.unsupported('|> AGGREGATE WITH');
  const ends = cursor.isWord('GROUP') || endsList(cursor);
  const items = ends ? [] : trailingList(cursor, aggregateItem);
  const grouping = cursor.isWord('GROUP') ? pipeGroupBy(cursor) : undefined;
  return {
    kind: 'PipeAggregate',
    span: cursor.spanFrom(start),
    items,
    ...(grouping === undefined ? {} : { groupBy: grouping.groupBy }),
    groupOrder: grouping?.order ?? [],
    andOrder: grouping?.andOrder ?? false,
  };
}

/** Marks such as DESC sort by the column before them. */
function orderMarks(
  cursor: Cursor,
  start: number,
  item: SelectItem | GroupingItem,
  nullsAlone: boolean,
): OrderingItem | undefined {
  const { word } = cursor.token;
  if (word !== 'ASC' && word !== 'DESC' && !(nullsAlone && word === 'NULLS')) return undefined;
  if (!('expression' in item)) return cursor.unexpected();
  return orderingItem(cursor, start, item.expression);
}

function aggregateItem(cursor: Cursor): { item: SelectItem; order?: OrderingItem } {
  const { start } = cursor.token;
  const item = parseSelectItem(cursor, false);
  const order = orderMarks(cursor, start, item, false);
  return order === undefined ? { item } : { item, order };
}

function pipeGroupBy(cursor: Cursor) {
  const { start } = cursor.expectWord('GROUP');
  cursor.refuseHint();
  const andOrder = cursor.takeWords('AND', 'ORDER');
  cursor.expectWord('BY');
  const order: (OrderingItem | undefined)[] = [];
  const items = trailingList(cursor, (at) => {
    const itemStart = at.token.start;
    const item = groupingItem(at);
    order.push(orderMarks(at, itemStart, item, true));
    return item;
  });
  const groupBy = { kind: 'GroupBy' as const, span: cursor.spanFrom(start), all: false, items };
  return { groupBy, order, andOrder };
}

function groupingItem(cursor: Cursor): GroupingItem {
  const form = parseGroupingForm(cursor);
  if (form !== undefined) return form;
  const { start } = cursor.token;
  const expression = parseExpression(cursor);
  const alias = optionalAlias(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'GroupingExpression', span, expression, ...(alias === undefined ? {} : { alias }) };
}

function pipeJoin(cursor: Cursor, start: number): PipeOperator | undefined {
  const type = parseJoinType(cursor);
  if (type === undefined) return undefined;
  const right = parseTable(cursor);
  const condition = parseJoinCondition(cursor);
  return { kind: 'PipeJoin', span: cursor.spanFrom(start), type, right, ...condition };
}

function pipeSetOperation(cursor: Cursor, start: number): PipeOperator {
  const head = parseSetOperationHead(cursor);
  const queries = [setInput(cursor)];
  while (cursor.takeOp(',')) {
    if (endsList(cursor)) break;
    queries.push(setInput(cursor));
  }
  return { kind: 'PipeSetOperation', span: cursor.spanFrom(start), ...head, queries };
}

function setInput(cursor: Cursor) {
  if (cursor.isWord('TABLE')) cursor.unsupported('TABLE clause');
  return parseParenthesizedQuery(cursor);
}

function pipeCall(cursor: Cursor, start: number): PipeOperator {
  cursor.advance();
  const name = cursor.isWord('IF') ? pathOf([cursor.nameOr(functionKeywords)]) : parsePath(cursor);
  const list = tableArguments(cursor);
  const alias = optionalAlias(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'PipeCall', span, name, arguments: list, ...(alias === undefined ? {} : { alias }) };
}

/** They only look at the rows, or add columns; the rest BigQuery lacks or they read and write tables. */
const otherOperators: ReadonlySet<string> = new Set(['ASSERT', 'WINDOW']);

const refusedOperators: ReadonlySet<string> = new Set([
  'ALIGN',
  'CREATE',
  'DESCRIBE',
  'EXPORT',
  'FINISH',
  'FORK',
  'IF',
  'INSERT',
  'LOG',
  'RECURSIVE',
  'STATIC_DESCRIBE',
  'TEE',
  'WITH',
]);

/** Known by name and not analyzed; what it computes is in the tree, so that no table in it is missed. */
function pipeOther(cursor: Cursor, start: number): PipeOperator {
  const name = cursor.token.word;
  if (refusedOperators.has(name)) cursor.unsupported(`|> ${name}`);
  if (!otherOperators.has(name)) return cursor.unexpected();
  cursor.advance();
  const items = trailingList(cursor, (at) => parseSelectItem(at, false));
  if (name === 'ASSERT' && items.some((item) => item.kind === 'SelectStar' || item.alias !== undefined)) {
    cursor.fail('|> ASSERT takes expressions without aliases');
  }
  return { kind: 'PipeOther', span: cursor.spanFrom(start), name, items };
}
