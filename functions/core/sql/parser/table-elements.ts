import type { Identifier, TableConstraint, TableElement } from '../ast/index.ts';
import { columnAfterName } from './columns.ts';
import { parseConstraint, startsConstraint } from './constraints.ts';
import type { Cursor } from './cursor.ts';
import { closeList, failAt, failBare } from './expected.ts';

/** `(column, ..., constraint, ...)` after a table's name; a comma may stand at its end. */
export function parseTableElements(cursor: Cursor): TableElement[] {
  cursor.expectOp('(');
  if (cursor.isOp(')')) failBare('A table must define at least one column.', cursor.token.start);
  const elements = [tableElement(cursor)];
  while (cursor.takeOp(',')) {
    // every element begins with a name or a word that could be one
    if (!cursor.isName()) break;
    elements.push(tableElement(cursor));
  }
  closeList(cursor);
  return elements;
}

function tableElement(cursor: Cursor): TableElement {
  if (startsConstraint(cursor, 0)) return parseConstraint(cursor);
  const first = cursor.name();
  return namedConstraintFollows(cursor) ? namedConstraint(cursor, first) : columnAfterName(cursor, first);
}

/** The third token of an element tells a named constraint from a column: no type goes on with it. */
function namedConstraintFollows(cursor: Cursor): boolean {
  const { word } = cursor.peek(1);
  return cursor.isName() && (word === 'CHECK' || word === 'FOREIGN');
}

function namedConstraint(cursor: Cursor, first: Identifier): TableConstraint {
  const name = cursor.name();
  const constraint = parseConstraint(cursor, name, first.span.start);
  if (first.name.toUpperCase() === 'CONSTRAINT') return constraint;
  if (constraint.kind === 'ForeignKeyConstraint') {
    return failAt('Expected CONSTRAINT for foreign key definition', first.span.start);
  }
  const advice =
    'Check constraints on columns are not supported. Define check constraints as table elements instead';
  return failAt(`Expected CONSTRAINT for check constraint definition. ${advice}`, first.span.start);
}
