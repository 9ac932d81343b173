import type { Identifier, PipeOperator, SelectItem, Unpack } from '../ast/index.ts';
import type { Cursor } from './cursor.ts';
import { failAt, failExpected } from './expected.ts';
import { parseExpression, parseUnpack } from './expression.ts';
import { trailingList } from './pipe-lists.ts';
import { parseSelectHead, parseSelectItem, parseSelectItems, parseWindowClause } from './select.ts';

export function pipeSelect(cursor: Cursor, start: number): PipeOperator {
  const head = parseSelectHead(cursor);
  const windows = parseWindowClause(cursor, true);
  const span = cursor.spanFrom(start);
  return { kind: 'PipeSelect', span, select: { kind: 'Select', span, ...head, windows } };
}

export function pipeExtend(cursor: Cursor, start: number): PipeOperator {
  cursor.advance();
  const items = parseSelectItems(cursor, false);
  const windows = parseWindowClause(cursor, true);
  return { kind: 'PipeExtend', span: cursor.spanFrom(start), items, windows };
}

export function pipeWindow(cursor: Cursor, start: number): PipeOperator {
  cursor.advance();
  const items: SelectItem[] = trailingList(cursor, (at) => parseSelectItem(at, false));
  return { kind: 'PipeWindow', span: cursor.spanFrom(start), items };
}

const startsName = (cursor: Cursor): boolean => cursor.isName();

const startsDropped = (cursor: Cursor): boolean => cursor.isName() || cursor.isOp('**');

/** A column's name, which no path follows; `what` is that which the operator does in GoogleSQL's words. */
function columnAlone(cursor: Cursor, what: string): Identifier {
  const name = cursor.name();
  if (cursor.isOp('.')) failAt(`Pipe ${what} under paths is not supported`, name.span.start);
  return name;
}

export function pipeSet(cursor: Cursor, start: number): PipeOperator {
  cursor.advance();
  const items = trailingList(cursor, setItem, startsName);
  return { kind: 'PipeSet', span: cursor.spanFrom(start), items };
}

function setItem(cursor: Cursor) {
  const name = columnAlone(
    cursor,
    'SET can only update columns by column name alone; Setting columns under table aliases or fields',
  );
  if (!cursor.takeOp('=')) failExpected(cursor, '.', '=');
  return { name, value: parseExpression(cursor) };
}

export function pipeDrop(cursor: Cursor, start: number): PipeOperator {
  cursor.advance();
  const columns = trailingList(cursor, dropItem, startsDropped);
  return { kind: 'PipeDrop', span: cursor.spanFrom(start), columns };
}

function dropItem(cursor: Cursor): Identifier | Unpack {
  if (cursor.isOp('**')) return parseUnpack(cursor);
  return columnAlone(
    cursor,
    'DROP can only drop columns by name alone; Dropping columns under table aliases or fields',
  );
}

export function pipeRename(cursor: Cursor, start: number): PipeOperator {
  cursor.advance();
  const items = trailingList(cursor, renameItem, startsName);
  return { kind: 'PipeRename', span: cursor.spanFrom(start), items };
}

function renameItem(cursor: Cursor) {
  const from = columnAlone(
    cursor,
    'RENAME can only rename columns by name alone; Renaming columns under table aliases or fields',
  );
  cursor.takeWord('AS');
  return { from, to: cursor.name() };
}
