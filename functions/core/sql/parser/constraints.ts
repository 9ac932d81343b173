import type { ForeignKeyAction, ForeignKeyReference, Identifier, TableConstraint } from '../ast/index.ts';
import { type Cursor, commaList } from './cursor.ts';
import { closeList, failBare, failExpected } from './expected.ts';
import { parseExpression } from './expression.ts';
import { wholePath } from './object-names.ts';
import { optionalOptions } from './options.ts';

/** Whether `CHECK (`, `FOREIGN KEY` or `PRIMARY KEY` begins `ahead` of here. */
export function startsConstraint(cursor: Cursor, ahead: number): boolean {
  const next = cursor.peek(ahead + 1);
  switch (cursor.peek(ahead).word) {
    case 'CHECK':
      return next.op === '(';
    case 'FOREIGN':
    case 'PRIMARY':
      return next.word === 'KEY';
    default:
      return false;
  }
}

/**
 * `PRIMARY KEY (...)`, `FOREIGN KEY (...) REFERENCES ...` or `CHECK (...)` without a name before it; the
 * caller, who read the name, gives it with the place where the whole constraint begins.
 */
export function parseConstraint(
  cursor: Cursor,
  name?: Identifier,
  start: number = cursor.token.start,
): TableConstraint {
  const named = name === undefined ? {} : { name };
  switch (cursor.token.word) {
    case 'PRIMARY':
      return { ...primaryKey(cursor), span: cursor.spanFrom(start), ...named };
    case 'FOREIGN':
      return { ...foreignKey(cursor), span: cursor.spanFrom(start), ...named };
    case 'CHECK':
      return { ...check(cursor), span: cursor.spanFrom(start), ...named };
    default:
      return cursor.unexpected();
  }
}

type Bare<K extends TableConstraint['kind']> = Omit<Extract<TableConstraint, { kind: K }>, 'span' | 'name'>;

function primaryKey(cursor: Cursor): Bare<'PrimaryKeyConstraint'> {
  cursor.expectWord('PRIMARY');
  cursor.expectWord('KEY');
  const columns = keyColumns(cursor);
  const enforced = optionalEnforcement(cursor);
  return { kind: 'PrimaryKeyConstraint', columns, enforced, ...optionalOptions(cursor) };
}

/** `(a, b)`, or `()` for a key without columns. */
export function keyColumns(cursor: Cursor): Identifier[] {
  cursor.expectOp('(');
  if (cursor.takeOp(')')) return [];
  const columns = commaList(cursor, keyColumn);
  closeList(cursor);
  return columns;
}

/** The order of a key's column is a feature of another engine, and named as such once it is read. */
function keyColumn(cursor: Cursor): Identifier {
  const name = cursor.name();
  const { start } = cursor.token;
  const ordered = cursor.takeWord('ASC') || cursor.takeWord('DESC');
  const nulls = cursor.takeWord('NULLS');
  if (nulls && !cursor.takeWord('FIRST') && !cursor.takeWord('LAST')) failExpected(cursor, 'FIRST', 'LAST');
  if (ordered || nulls) failBare('Ordering for primary keys is not supported', start);
  return name;
}

function foreignKey(cursor: Cursor): Bare<'ForeignKeyConstraint'> {
  cursor.expectWord('FOREIGN');
  cursor.expectWord('KEY');
  const columns = columnNames(cursor);
  const reference = foreignKeyReference(cursor);
  const enforced = optionalEnforcement(cursor);
  return {
    kind: 'ForeignKeyConstraint',
    columns,
    reference: { ...reference, enforced, span: cursor.spanFrom(reference.span.start) },
    ...optionalOptions(cursor),
  };
}

function check(cursor: Cursor): Bare<'CheckConstraint'> {
  cursor.foreign('CHECK constraint');
  cursor.expectWord('CHECK');
  cursor.expectOp('(');
  const condition = parseExpression(cursor);
  cursor.expectOp(')');
  const enforced = optionalEnforcement(cursor);
  return { kind: 'CheckConstraint', condition, enforced, ...optionalOptions(cursor) };
}

/** `(a, b)` */
export function columnNames(cursor: Cursor): Identifier[] {
  cursor.expectOp('(');
  const names = commaList(cursor, (at) => at.name());
  closeList(cursor);
  return names;
}

/** `REFERENCES table (columns) [MATCH ...] [ON UPDATE ...] [ON DELETE ...]`, without its enforcement. */
export function foreignKeyReference(cursor: Cursor): ForeignKeyReference {
  const { start } = cursor.expectWord('REFERENCES');
  const path = wholePath(cursor);
  if (!cursor.isOp('(')) failExpected(cursor, '(', '.');
  const columns = columnNames(cursor);
  const match = cursor.isWord('MATCH') ? matchMode(cursor) : 'SIMPLE';
  const actions = foreignKeyActions(cursor);
  return {
    kind: 'ForeignKeyReference',
    span: cursor.spanFrom(start),
    table: { kind: 'ObjectName', span: path.span, path, role: 'ForeignKeyReference' },
    columns,
    match,
    ...actions,
    enforced: true,
  };
}

function matchMode(cursor: Cursor): ForeignKeyReference['match'] {
  cursor.foreign('MATCH');
  cursor.expectWord('MATCH');
  if (cursor.takeWord('SIMPLE')) return 'SIMPLE';
  if (cursor.takeWord('FULL')) return 'FULL';
  // without DISTINCT after it the word is not part of the clause
  const distinct = cursor.isWord('NOT') && cursor.peek(1).word === 'DISTINCT';
  if (!distinct) failExpected(cursor, 'FULL', 'NOT', 'SIMPLE');
  cursor.takeWords('NOT', 'DISTINCT');
  return 'NOT_DISTINCT';
}

/** Each of UPDATE and DELETE at most once, in either order. */
function foreignKeyActions(cursor: Cursor): Pick<ForeignKeyReference, 'onUpdate' | 'onDelete'> {
  const actions: { UPDATE?: ForeignKeyAction; DELETE?: ForeignKeyAction } = {};
  while (cursor.isWord('ON')) {
    const event = cursor.peek(1).word;
    if (actions.UPDATE !== undefined && actions.DELETE !== undefined) break;
    cursor.foreign('ON UPDATE and ON DELETE of a foreign key');
    cursor.advance();
    const left = (['DELETE', 'UPDATE'] as const).filter((word) => actions[word] === undefined);
    const known = left.find((word) => word === event);
    if (known === undefined) return failExpected(cursor, ...left);
    cursor.advance();
    actions[known] = foreignKeyAction(cursor);
  }
  return { onUpdate: actions.UPDATE ?? 'NO_ACTION', onDelete: actions.DELETE ?? 'NO_ACTION' };
}

/** `NO ACTION`, `RESTRICT`, `CASCADE` or `SET NULL` */
function foreignKeyAction(cursor: Cursor): ForeignKeyAction {
  if (cursor.takeWord('RESTRICT')) return 'RESTRICT';
  if (cursor.takeWord('CASCADE')) return 'CASCADE';
  if (cursor.takeWord('NO')) {
    cursor.expectWord('ACTION');
    return 'NO_ACTION';
  }
  if (!cursor.takeWord('SET')) failExpected(cursor, 'CASCADE', 'NO', 'RESTRICT', 'SET');
  cursor.expectWord('NULL');
  return 'SET_NULL';
}

/** `[NOT] ENFORCED` */
export function enforcement(cursor: Cursor): boolean {
  const not = cursor.takeWord('NOT');
  if (!cursor.takeWord('ENFORCED')) cursor.expectWord('ENFORCED');
  return !not;
}

/** A constraint is enforced where nothing else is said. */
function optionalEnforcement(cursor: Cursor): boolean {
  return cursor.isWord('NOT') || cursor.isWord('ENFORCED') ? enforcement(cursor) : true;
}
