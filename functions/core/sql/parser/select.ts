import type { Expression, Identifier, Path, Select, SelectItem, WindowSpec } from '../ast/index.ts';
import { columnListWithUnpack } from './columns-listed.ts';
import { type Cursor, commaList } from './cursor.ts';
import { closeList } from './expected.ts';
import { parseExpression } from './expression.ts';
import { parseFromClause } from './from.ts';
import { parseGroupBy } from './group-by.ts';
import { hintPart } from './hints.ts';
import { parsePath } from './names.ts';
import { parseOptionsList } from './options.ts';
import { startsSetOperation } from './query.ts';
import { startsWithExpression } from './special-forms.ts';
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
  const windows = parseWindowClause(cursor, false);
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

type SelectHead = Pick<Select, 'hint' | 'distinct' | 'as' | 'asType' | 'withModifier' | 'items'>;

/** `SELECT [WITH ...] [ALL | DISTINCT] [AS STRUCT | VALUE] items` */
export function parseSelectHead(cursor: Cursor): SelectHead {
  cursor.expectWord('SELECT');
  const hint = hintPart(cursor);
  const withModifier = parseWithModifier(cursor);
  const distinct = cursor.takeWord('DISTINCT');
  if (!distinct) cursor.takeWord('ALL');
  const as = cursor.takeWord('AS') ? selectAs(cursor) : undefined;
  if (cursor.isWord('FROM')) cursor.fail('SELECT list must not be empty');
  const items = parseSelectItems(cursor, true);
  return { ...hint, ...(withModifier === undefined ? {} : { withModifier }), distinct, ...as, items };
}

function selectAs(cursor: Cursor): Pick<Select, 'as' | 'asType'> {
  if (cursor.takeWord('STRUCT')) return { as: 'STRUCT' };
  const at = cursor.token;
  if (!cursor.isName()) return cursor.unexpected();
  const asType: Path = parsePath(cursor);
  if (at.word === 'VALUE' && asType.parts.length === 1) return { as: 'VALUE' };
  cursor.foreign('SELECT AS a protocol buffer', at);
  return { asType };
}

/** `WITH DIFFERENTIAL_PRIVACY OPTIONS(...)`; `WITH (` begins an expression. */
export function parseWithModifier(cursor: Cursor): Select['withModifier'] {
  if (!cursor.isWord('WITH') || startsWithExpression(cursor, 0)) return undefined;
  cursor.advance();
  const name = cursor.name();
  if (!cursor.isWord('OPTIONS') || cursor.peek(1).op !== '(') return { name };
  cursor.advance();
  return { name, options: parseOptionsList(cursor) };
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
    op === ',' ||
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
  const outerItem = cursor.selectItemFrom;
  cursor.selectItemFrom = cursor.index;
  const expression = parseExpression(cursor);
  cursor.selectItemFrom = outerItem;
  if (cursor.token.kind === 'attached') cursor.fail('Missing whitespace between literal and alias');
  if (cursor.isOp('.') && cursor.peek(1).op === '*') {
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
  const replace = cursor.isWord('REPLACE') ? replaceColumns(cursor) : [];
  const span = cursor.spanFrom(start);
  return { kind: 'SelectStar', span, ...(base === undefined ? {} : { base }), except, replace };
}

function exceptColumns(cursor: Cursor) {
  cursor.advance();
  return columnListWithUnpack(cursor);
}

function replaceColumns(cursor: Cursor): { expression: Expression; name: Identifier }[] {
  cursor.advance();
  cursor.expectOp('(');
  const replace = commaList(cursor, (at) => {
    const expression = parseExpression(at);
    at.expectWord('AS');
    return { expression, name: at.name() };
  });
  closeList(cursor);
  return replace;
}

type NamedWindow = { readonly name: Identifier; readonly spec: WindowSpec };

/** `WINDOW a AS (...), b AS (...)`, or nothing; in a pipe a comma may trail. */
export function parseWindowClause(cursor: Cursor, trailing: boolean): NamedWindow[] {
  if (!cursor.takeWord('WINDOW')) return [];
  const windows = [windowDefinition(cursor)];
  while (cursor.isOp(',') && (!trailing || cursor.isName(cursor.peek(1)))) {
    cursor.advance();
    windows.push(windowDefinition(cursor));
  }
  if (trailing) cursor.takeOp(',');
  return windows;
}

function windowDefinition(cursor: Cursor): NamedWindow {
  const name = cursor.name();
  cursor.expectWord('AS');
  return { name, spec: parseWindowSpec(cursor) };
}
