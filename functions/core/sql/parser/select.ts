import type { Expression, Identifier, Select, SelectItem, WindowSpec } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { parseExpression } from './expression.ts';
import { parseFromClause } from './from.ts';
import { parseGroupBy } from './group-by.ts';
import { startsSetOperation } from './query.ts';
import { columnList } from './set-operations.ts';
import { parseWindowSpec } from './windows.ts';

/** A SELECT with its clauses up to WINDOW. */
export function parseSelect(cursor: Cursor): Select {
  const start = cursor.token.start;
  const head = parseSelectHead(cursor);
  const from = cursor.isWord('FROM') ? parseFromClause(cursor) : undefined;
  const where = cursor.takeWord('WHERE') ? parseExpression(cursor) : undefined;
  const groupBy = cursor.isWord('GROUP') ? parseGroupBy(cursor) : undefined;
  const having = cursor.takeWord('HAVING') ? parseExpression(cursor) : undefined;
  const qualify = cursor.takeWord('QUALIFY') ? parseExpression(cursor) : undefined;
  const windows = parseWindowClause(cursor);
  return {
    kind: 'Select',
    span: cursor.spanFrom(start),
    ...head,
    ...(from === undefined ? {} : { from }),
    ...(where === undefined ? {} : { where }),
    ...(groupBy === undefined ? {} : { groupBy }),
    ...(having === undefined ? {} : { having }),
    ...(qualify === undefined ? {} : { qualify }),
    windows,
  };
}

type SelectHead = Pick<Select, 'distinct' | 'as' | 'withModifier' | 'items'>;

/** `SELECT [WITH ...] [ALL | DISTINCT] [AS STRUCT | VALUE] items` */
export function parseSelectHead(cursor: Cursor): SelectHead {
  cursor.expectWord('SELECT');
  cursor.refuseHint();
  const withModifier = parseWithModifier(cursor);
  const distinct = cursor.takeWord('DISTINCT');
  if (!distinct) cursor.takeWord('ALL');
  const as = cursor.takeWord('AS') ? selectAs(cursor) : undefined;
  if (cursor.isWord('FROM')) cursor.fail('SELECT list must not be empty');
  const items = parseSelectItems(cursor, true);
  return {
    ...(withModifier === undefined ? {} : { withModifier }),
    distinct,
    ...(as === undefined ? {} : { as }),
    items,
  };
}

function selectAs(cursor: Cursor): 'STRUCT' | 'VALUE' {
  if (cursor.takeWord('STRUCT')) return 'STRUCT';
  if (cursor.isWord('VALUE') && cursor.peek(1).op !== '.') {
    cursor.advance();
    return 'VALUE';
  }
  return cursor.isName() ? cursor.unsupported('SELECT AS a protocol buffer') : cursor.unexpected();
}

/** `WITH DIFFERENTIAL_PRIVACY OPTIONS(...)`; `WITH (` begins an expression. */
export function parseWithModifier(cursor: Cursor): Select['withModifier'] {
  if (!cursor.isWord('WITH') || cursor.peek(1).op === '(') return undefined;
  cursor.advance();
  const name = cursor.name();
  if (!cursor.isWord('OPTIONS') || cursor.peek(1).op !== '(') return { name };
  cursor.advance();
  return { name, options: parseOptions(cursor) };
}

/** `(name = value, ...)` */
export function parseOptions(cursor: Cursor): { name: Identifier; value: Expression }[] {
  cursor.expectOp('(');
  if (cursor.takeOp(')')) return [];
  const options = commaList(cursor, (at) => {
    const name = at.name();
    at.expectOp('=');
    return { name, value: parseExpression(at) };
  });
  cursor.expectOp(')');
  return options;
}

const afterItems: ReadonlySet<string> = new Set([
  'FROM',
  'WHERE',
  'GROUP',
  'HAVING',
  'QUALIFY',
  'WINDOW',
  'ORDER',
  'LIMIT',
  'UNION',
  'INTERSECT',
  'EXCEPT',
  'FULL',
  'INNER',
]);

/** Whether a list may end here after a trailing comma. */
export function endsList(cursor: Cursor): boolean {
  const { kind, op, word } = cursor.token;
  return (
    kind === 'eof' ||
    op === ')' ||
    op === ';' ||
    op === '|>' ||
    afterItems.has(word) ||
    startsSetOperation(cursor, cursor.index)
  );
}

/** A select list; a comma may trail. `star`: whether a bare `*` may stand in it. */
export function parseSelectItems(cursor: Cursor, star: boolean): SelectItem[] {
  const items = [parseSelectItem(cursor, star)];
  while (cursor.takeOp(',')) {
    if (endsList(cursor)) break;
    items.push(parseSelectItem(cursor, star));
  }
  return items;
}

export function parseSelectItem(cursor: Cursor, star: boolean): SelectItem {
  const start = cursor.token.start;
  if (star && cursor.takeOp('*')) return starModifiers(cursor, start, undefined);
  const startIndex = cursor.index;
  const expression = parseExpression(cursor);
  if (cursor.isOp('.') && cursor.peek(1).op === '*') {
    if (cursor.dotStarFrom !== startIndex) cursor.unexpected();
    cursor.advance();
    cursor.advance();
    return starModifiers(cursor, start, expression);
  }
  const alias = cursor.takeWord('AS') ? cursor.name() : cursor.isName() ? cursor.name() : undefined;
  const span = cursor.spanFrom(start);
  return { kind: 'SelectExpression', span, expression, ...(alias === undefined ? {} : { alias }) };
}

function starModifiers(cursor: Cursor, start: number, base: Expression | undefined): SelectItem {
  const except = cursor.isWord('EXCEPT') && cursor.peek(1).op === '(' ? exceptColumns(cursor) : [];
  const replace = cursor.isWord('REPLACE') && cursor.peek(1).op === '(' ? replaceColumns(cursor) : [];
  if (cursor.isWord('RENAME') && cursor.peek(1).op === '(') cursor.unsupported('SELECT * RENAME');
  const span = cursor.spanFrom(start);
  return { kind: 'SelectStar', span, ...(base === undefined ? {} : { base }), except, replace };
}

function exceptColumns(cursor: Cursor): Identifier[] {
  cursor.advance();
  return columnList(cursor);
}

function replaceColumns(cursor: Cursor): { expression: Expression; name: Identifier }[] {
  cursor.advance();
  cursor.expectOp('(');
  const replace = commaList(cursor, (at) => {
    const expression = parseExpression(at);
    at.expectWord('AS');
    return { expression, name: at.name() };
  });
  cursor.expectOp(')');
  return replace;
}

/** `WINDOW a AS (...), b AS (...)`, or nothing. */
export function parseWindowClause(cursor: Cursor): { name: Identifier; spec: WindowSpec }[] {
  if (!cursor.takeWord('WINDOW')) return [];
  const windows = [windowDefinition(cursor)];
  while (cursor.isOp(',') && cursor.isName(cursor.peek(1))) {
    cursor.advance();
    windows.push(windowDefinition(cursor));
  }
  return windows;
}

export function windowDefinition(cursor: Cursor): { name: Identifier; spec: WindowSpec } {
  const name = cursor.name();
  cursor.expectWord('AS');
  return { name, spec: parseWindowSpec(cursor) };
}
