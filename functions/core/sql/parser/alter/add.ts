import type { AlterAction, Expression } from '../../ast/index.ts';
import { parseColumnDefinition } from '../columns.ts';
import { parseConstraint } from '../constraints.ts';
import { takeIfNotExists } from '../create/head.ts';
import type { Cursor } from '../cursor.ts';
import { failExpected } from '../expected.ts';
import { parseExpression } from '../expression.ts';
import { given } from '../given.ts';
import { optionalOptions } from '../options.ts';
import { refuseRowDeletion } from './row-deletion.ts';
import { subEntityName } from './sub-entity.ts';

/** `(condition)` */
export function parseCondition(cursor: Cursor): Expression {
  cursor.expectOp('(');
  const condition = parseExpression(cursor);
  cursor.expectOp(')');
  return condition;
}

/** What follows ADD. */
export function addAction(cursor: Cursor, start: number): AlterAction {
  cursor.expectWord('ADD');
  switch (cursor.token.word) {
    case 'COLUMN':
      return addColumn(cursor, start);
    case 'CONSTRAINT':
      return addNamedConstraint(cursor, start);
    case 'CHECK':
      cursor.foreign('CHECK constraint');
      return addConstraint(cursor, start);
    case 'FOREIGN':
    case 'PRIMARY':
      return addConstraint(cursor, start);
    case 'ROW':
      return refuseRowDeletion(cursor, 'ADD');
    default:
      return addSubEntity(cursor, start);
  }
}

function addColumn(cursor: Cursor, start: number): AlterAction {
  cursor.expectWord('COLUMN');
  const ifNotExists = takeIfNotExists(cursor);
  const column = parseColumnDefinition(cursor);
  const position = columnPosition(cursor);
  const fill = fillUsing(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'AddColumnAction', span, ifNotExists, column, ...given({ position, fill }) };
}

/** `PRECEDING column`, `FOLLOWING column` */
function columnPosition(cursor: Cursor) {
  const { word } = cursor.token;
  if (word !== 'PRECEDING' && word !== 'FOLLOWING') return undefined;
  cursor.foreign(`ADD COLUMN ${word}`);
  cursor.advance();
  const side: 'PRECEDING' | 'FOLLOWING' = word;
  return { side, column: cursor.name() };
}

/** `FILL USING expression` */
function fillUsing(cursor: Cursor): Expression | undefined {
  if (!cursor.isWord('FILL')) return undefined;
  cursor.foreign('FILL USING');
  cursor.advance();
  cursor.expectWord('USING');
  return parseExpression(cursor);
}

function addNamedConstraint(cursor: Cursor, start: number): AlterAction {
  cursor.expectWord('CONSTRAINT');
  const ifNotExists = takeIfNotExists(cursor);
  const name = cursor.name();
  const { word } = cursor.token;
  if (word === 'CHECK') cursor.foreign('CHECK constraint');
  else if (word !== 'FOREIGN' && word !== 'PRIMARY') failExpected(cursor, 'CHECK', 'FOREIGN', 'PRIMARY');
  const constraint = parseConstraint(cursor, name, name.span.start);
  return { kind: 'AddConstraintAction', span: cursor.spanFrom(start), ifNotExists, constraint };
}

function addConstraint(cursor: Cursor, start: number): AlterAction {
  const constraint = parseConstraint(cursor);
  return { kind: 'AddConstraintAction', span: cursor.spanFrom(start), ifNotExists: false, constraint };
}

/** `ADD REPLICA [IF NOT EXISTS] name [OPTIONS (...)]` */
function addSubEntity(cursor: Cursor, start: number): AlterAction {
  const entity = subEntityName(cursor) ?? cursor.unexpected();
  const ifNotExists = takeIfNotExists(cursor);
  const name = cursor.name();
  const options = optionalOptions(cursor);
  const span = cursor.spanFrom(start);
  return { kind: 'AddSubEntityAction', span, entity, ifNotExists, name, ...options };
}
