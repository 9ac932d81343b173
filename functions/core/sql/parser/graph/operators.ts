import type {
  GraphCall,
  GraphInsert,
  GraphMatch,
  GraphOperator,
  GraphOrderBy,
  GraphPage,
  GraphReturn,
  GraphWith,
  Identifier,
  OrderingItem,
  SelectItem,
} from '../../ast/index.ts';
import { parseCastCount } from '../counts.ts';
import { type Cursor, commaList } from '../cursor.ts';
import { failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { parseGroupBy } from '../group-by.ts';
import { hintPart, parseHintedBy } from '../hints.ts';
import { parseTableSample } from '../table-postfix.ts';
import { orderingItem } from '../windows.ts';
import { parseGraphCall } from './call.ts';
import { parseInsertPath } from './insert.ts';
import { parseGraphPattern } from './pattern.ts';

const operatorWords: ReadonlySet<string> = new Set([
  'MATCH',
  'OPTIONAL',
  'LET',
  'FILTER',
  'ORDER',
  'OFFSET',
  'SKIP',
  'LIMIT',
  'WITH',
  'FOR',
  'TABLESAMPLE',
  'CALL',
  'RETURN',
  'INSERT',
]);

/** Whether an operator begins here and no path that has the name of one: `match = (a)`. */
export function startsGraphOperator(cursor: Cursor): boolean {
  return operatorWords.has(cursor.token.word) && cursor.peek(1).op !== '=';
}

/** The operator that begins here, or nothing. */
export function parseGraphOperator(cursor: Cursor): GraphOperator | undefined {
  const { start, word } = cursor.token;
  switch (word) {
    case 'MATCH':
      return parseGraphMatch(cursor, start, false);
    case 'OPTIONAL':
      return optionalOperator(cursor, start);
    case 'LET':
      return graphLet(cursor, start);
    case 'FILTER':
      return graphFilter(cursor, start);
    case 'ORDER':
      return graphOrderBy(cursor);
    case 'OFFSET':
    case 'SKIP':
    case 'LIMIT':
      return graphPage(cursor);
    case 'WITH':
      return graphWith(cursor, start);
    case 'FOR':
      return graphFor(cursor, start);
    case 'TABLESAMPLE':
      cursor.foreign('TABLESAMPLE in a graph query');
      return { kind: 'GraphSample', sample: parseTableSample(cursor, true), span: cursor.spanFrom(start) };
    case 'CALL':
      return parseGraphCall(cursor, start, false);
    case 'RETURN':
      return graphReturn(cursor, start);
    case 'INSERT':
      return graphInsert(cursor, start);
    default:
      return undefined;
  }
}

export function parseGraphMatch(cursor: Cursor, start: number, optional: boolean): GraphMatch {
  cursor.expectWord('MATCH');
  const hint = hintPart(cursor);
  const pattern = parseGraphPattern(cursor);
  return { kind: 'GraphMatch', span: cursor.spanFrom(start), optional, ...hint, pattern };
}

function optionalOperator(cursor: Cursor, start: number): GraphMatch | GraphCall {
  cursor.advance();
  if (cursor.isWord('MATCH')) return parseGraphMatch(cursor, start, true);
  if (!cursor.isWord('CALL')) failExpected(cursor, 'CALL', 'MATCH');
  return parseGraphCall(cursor, start, true);
}

function graphLet(cursor: Cursor, start: number): GraphOperator {
  cursor.advance();
  const items = commaList(cursor, (at) => {
    const name = at.name();
    at.expectOp('=');
    return { name, value: parseExpression(at) };
  });
  return { kind: 'GraphLet', span: cursor.spanFrom(start), items };
}

function graphFilter(cursor: Cursor, start: number): GraphOperator {
  cursor.advance();
  cursor.takeWord('WHERE');
  const condition = parseExpression(cursor);
  return { kind: 'GraphFilter', span: cursor.spanFrom(start), condition };
}

function graphOrderBy(cursor: Cursor): GraphOrderBy {
  const { start } = cursor.expectWord('ORDER');
  const hint = parseHintedBy(cursor);
  const items = commaList(cursor, graphOrderingItem);
  return { kind: 'GraphOrderBy', span: cursor.spanFrom(start), ...hint, items };
}

/** As elsewhere, and ASCENDING and DESCENDING in full. */
function graphOrderingItem(cursor: Cursor): OrderingItem {
  const { start } = cursor.token;
  return orderingItem(cursor, start, parseExpression(cursor), true);
}

function graphPage(cursor: Cursor): GraphPage {
  const { start } = cursor.token;
  const skips = cursor.takeWord('OFFSET') || cursor.takeWord('SKIP');
  const offset = skips ? { offset: parseCastCount(cursor) } : {};
  const limit = cursor.takeWord('LIMIT') ? { limit: parseCastCount(cursor) } : {};
  return { kind: 'GraphPage', span: cursor.spanFrom(start), ...offset, ...limit };
}

function allOrDistinct(cursor: Cursor): boolean {
  if (cursor.takeWord('DISTINCT')) return true;
  cursor.takeWord('ALL');
  return false;
}

function projectionItems(cursor: Cursor): Pick<GraphWith, 'items' | 'groupBy'> {
  const items = commaList(cursor, projectionItem);
  return cursor.isWord('GROUP') ? { items, groupBy: parseGroupBy(cursor) } : { items };
}

/** An alias needs AS: a bare name would be the next operator. */
function projectionItem(cursor: Cursor): SelectItem {
  const { start } = cursor.token;
  if (cursor.takeOp('*')) {
    return { kind: 'SelectStar', span: cursor.spanFrom(start), except: [], replace: [] };
  }
  const expression = parseExpression(cursor);
  if (cursor.takeOp('.')) cursor.unexpected();
  const alias = optionalAs(cursor);
  return { kind: 'SelectExpression', span: cursor.spanFrom(start), expression, ...alias };
}

/** `AS name`, or nothing. */
export function optionalAs(cursor: Cursor): { readonly alias?: Identifier } {
  return cursor.takeWord('AS') ? { alias: cursor.name() } : {};
}

function graphWith(cursor: Cursor, start: number): GraphWith {
  cursor.advance();
  const distinct = allOrDistinct(cursor);
  const hint = hintPart(cursor);
  const projection = projectionItems(cursor);
  return { kind: 'GraphWith', span: cursor.spanFrom(start), ...hint, distinct, ...projection };
}

function graphReturn(cursor: Cursor, start: number): GraphReturn {
  cursor.advance();
  const hint = hintPart(cursor);
  const distinct = allOrDistinct(cursor);
  const projection = projectionItems(cursor);
  const orderBy = cursor.isWord('ORDER') ? { orderBy: graphOrderBy(cursor) } : {};
  const paged = cursor.isWord('OFFSET') || cursor.isWord('SKIP') || cursor.isWord('LIMIT');
  const page = paged ? { page: graphPage(cursor) } : {};
  const span = cursor.spanFrom(start);
  return { kind: 'GraphReturn', span, ...hint, distinct, ...projection, ...orderBy, ...page };
}

function graphFor(cursor: Cursor, start: number): GraphOperator {
  cursor.advance();
  const name = cursor.name();
  cursor.expectWord('IN');
  const array = parseExpression(cursor);
  const withOffset = cursor.takeWord('WITH') ? { withOffset: offsetName(cursor) } : {};
  return { kind: 'GraphFor', span: cursor.spanFrom(start), name, array, ...withOffset };
}

function offsetName(cursor: Cursor): { readonly alias?: Identifier } {
  cursor.expectWord('OFFSET');
  return optionalAs(cursor);
}

function graphInsert(cursor: Cursor, start: number): GraphInsert {
  cursor.foreign('INSERT in a graph query');
  cursor.advance();
  const paths = commaList(cursor, parseInsertPath);
  return { kind: 'GraphInsert', span: cursor.spanFrom(start), paths };
}
