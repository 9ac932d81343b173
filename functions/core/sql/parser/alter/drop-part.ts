import type { AlterAction } from '../../ast/index.ts';
import type { Cursor } from '../cursor.ts';
import { takeIfExists } from '../object-kinds.ts';
import { refuseRowDeletion } from './row-deletion.ts';
import { subEntityName } from './sub-entity.ts';

/** What follows DROP inside of ALTER. */
export function dropAction(cursor: Cursor, start: number): AlterAction {
  cursor.expectWord('DROP');
  switch (cursor.token.word) {
    case 'COLUMN':
      return dropNamed(cursor, start, 'DropColumnAction');
    case 'CONSTRAINT':
      return dropNamed(cursor, start, 'DropConstraintAction');
    case 'PRIMARY': {
      cursor.advance();
      cursor.expectWord('KEY');
      const ifExists = takeIfExists(cursor);
      return { kind: 'DropPrimaryKeyAction', span: cursor.spanFrom(start), ifExists };
    }
    case 'ROW':
      return refuseRowDeletion(cursor, 'DROP');
    default:
      return dropSubEntity(cursor, start);
  }
}

function dropNamed(
  cursor: Cursor,
  start: number,
  kind: 'DropColumnAction' | 'DropConstraintAction',
): AlterAction {
  cursor.advance();
  const ifExists = takeIfExists(cursor);
  const name = cursor.name();
  return { kind, span: cursor.spanFrom(start), ifExists, name };
}

function dropSubEntity(cursor: Cursor, start: number): AlterAction {
  const entity = subEntityName(cursor) ?? cursor.unexpected();
  const ifExists = takeIfExists(cursor);
  const name = cursor.name();
  return { kind: 'DropSubEntityAction', span: cursor.spanFrom(start), entity, ifExists, name };
}
